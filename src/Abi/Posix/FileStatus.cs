namespace Abi.Posix;

/// <summary>What stat() tells of a file: the fields of struct stat that Micro has.</summary>
/// <param name="Inode">st_ino: its number, unique while it exists.</param>
/// <param name="Mode">st_mode: its type (<see cref="ModeBits"/>) and permission bits.</param>
/// <param name="Links">
/// st_nlink: names that it has; for a directory 2 plus its subdirectories.
/// </param>
/// <param name="Size">st_size, bytes.</param>
/// <param name="Blocks">
/// st_blocks: what it occupies, in units of 512 bytes, its pointer blocks included.
/// </param>
public readonly record struct FileStatus(long Inode, int Mode, int Links, long Size, long Blocks);

/// <summary>The bits of st_mode (Linux, include/uapi/linux/stat.h).</summary>
public static class ModeBits
{
    /// <summary>The bits that hold the type.</summary>
    public const int S_IFMT = 0xF000;

    /// <summary>A character device: the console.</summary>
    public const int S_IFCHR = 0x2000;

    /// <summary>A directory.</summary>
    public const int S_IFDIR = 0x4000;

    /// <summary>A regular file.</summary>
    public const int S_IFREG = 0x8000;

    /// <summary>A socket.</summary>
    public const int S_IFSOCK = 0xC000;

    /// <summary>The permission bits, with set-user-ID, set-group-ID and sticky bit.</summary>
    public const int Permissions = 0xFFF;

    /// <summary>Whether the mode is a directory's.</summary>
    public static bool IsDirectory(int mode) => (mode & S_IFMT) == S_IFDIR;
}
