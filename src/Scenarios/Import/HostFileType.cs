using System.Runtime.InteropServices;

namespace Scenarios.Import;

/// <summary>What a directory entry of the host is.</summary>
public enum HostFileType
{
    /// <summary>A regular file.</summary>
    File,
    /// <summary>A directory.</summary>
    Directory,
    /// <summary>A symbolic link, or a reparse point on Windows.</summary>
    SymbolicLink,
    /// <summary>A socket.</summary>
    Socket,
    /// <summary>A named pipe.</summary>
    Pipe,
    /// <summary>A device.</summary>
    Device,
}

/// <summary>
/// Tells the type of a directory entry. .NET does not tell pipes, sockets and devices from files,
/// and to open a pipe to find out would block.
/// </summary>
public static partial class HostFileTypes
{
    private const int TypeMask = 0xF000;
    private const int AT_FDCWD = -100;
    private const int AT_SYMLINK_NOFOLLOW = 0x100;
    private const uint STATX_TYPE = 1;

    /// <summary>The entry's type; links are not followed.</summary>
    public static HostFileType Of(FileSystemInfo entry)
    {
        if (entry.Attributes.HasFlag(FileAttributes.ReparsePoint))
        {
            return HostFileType.SymbolicLink;
        }

        if (entry.Attributes.HasFlag(FileAttributes.Directory))
        {
            return HostFileType.Directory;
        }

        return (ModeOf(entry.FullName) & TypeMask) switch
        {
            0xC000 => HostFileType.Socket,
            0x1000 => HostFileType.Pipe,
            0x2000 or 0x6000 => HostFileType.Device,
            _ => HostFileType.File,
        };
    }

    /// <summary>st_mode, or 0 where the system cannot be asked.</summary>
    private static int ModeOf(string path)
    {
        var buffer = new byte[256];
        if (OperatingSystem.IsLinux())
        {
            // struct statx: stx_mode is at 28 on every architecture (include/uapi/linux/stat.h).
            return Statx(AT_FDCWD, path, AT_SYMLINK_NOFOLLOW, STATX_TYPE, buffer) == 0
                ? BitConverter.ToUInt16(buffer, 28)
                : 0;
        }

        if (OperatingSystem.IsMacOS())
        {
            // struct stat with 64-bit inodes: st_mode is at 4 (bsd/sys/stat.h).
            var result = RuntimeInformation.ProcessArchitecture == Architecture.X64
                ? LstatX64(path, buffer)
                : Lstat(path, buffer);
            return result == 0 ? BitConverter.ToUInt16(buffer, 4) : 0;
        }

        return 0;
    }

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Statx(
        int directory, string path, int flags, uint mask, byte[] buffer);

    [LibraryImport("libc", EntryPoint = "lstat", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Lstat(string path, byte[] buffer);

    [LibraryImport(
        "libc", EntryPoint = "lstat$INODE64", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int LstatX64(string path, byte[] buffer);
}
