using Abi.Posix;

namespace Servers.Files;

/// <summary>
/// An inode in memory: there while something refers to it. Its fields are as they are, or are about
/// to be, on the disk; <see cref="Lock"/> guards the content, that is data and pointers, not the
/// number of links.
/// </summary>
/// <param name="contentLock">Shared by readers, exclusive for who changes the content.</param>
public sealed class Inode(SharedLock contentLock)
{
    /// <summary>Its number; 1 is the root directory.</summary>
    public int Number { get; set; }

    /// <summary>Which file of this number it is: another one after each reuse.</summary>
    public int Generation { get; set; }

    /// <summary>Type and permission bits; 0: free.</summary>
    public int Mode { get; set; }

    /// <summary>Names that it has; 0: it goes with its last reference.</summary>
    public int Links { get; set; }

    /// <summary>Bytes.</summary>
    public long Size { get; set; }

    /// <summary>Blocks of 4096 bytes that it occupies, those of pointers included.</summary>
    public int Blocks { get; set; }

    /// <summary>Blocks by <see cref="DiskLayout.PlaceOf"/>; 0 is a hole.</summary>
    public uint[] Pointers { get; } = new uint[DiskLayout.PointerCount];

    /// <summary>Handles and activations that use this object.</summary>
    public int References { get; set; }

    /// <summary>A change failed half-way, so the disk knows better than this object.</summary>
    public bool IsStale { get; set; }

    /// <summary>Shared by readers of the content, exclusive for who changes it.</summary>
    public SharedLock Lock { get; } = contentLock;

    /// <summary>Whether it is a directory.</summary>
    public bool IsDirectory => ModeBits.IsDirectory(Mode);

    /// <summary>As getdents() tells it.</summary>
    public byte EntryType => IsDirectory ? DirectoryEntry.DT_DIR : DirectoryEntry.DT_REG;
}
