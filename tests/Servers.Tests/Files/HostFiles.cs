using System.Runtime.InteropServices;
using Abi.Posix;

namespace Servers.Tests.Files;

/// <summary>
/// The host kernel's file calls, below a directory that stands for the root. Results as LibSys
/// gives them: values, or errnos negated.
/// </summary>
internal sealed partial class HostFiles(string root)
{
    private const int AT_EMPTY_PATH = 0x1000;

    public FileStatus Status { get; private set; }

    public long Open(string path, OpenFlags flags, int mode) =>
        Result(OpenNative(root + path, (int)flags, mode));

    public static long Close(int fd) => Result(CloseNative(fd));

    public static long Read(int fd, byte[] buffer) =>
        Result(ReadNative(fd, buffer, buffer.Length));

    public static long Write(int fd, byte[] buffer) =>
        Result(WriteNative(fd, buffer, buffer.Length));

    public static long Pread(int fd, byte[] buffer, long offset) =>
        Result(PreadNative(fd, buffer, buffer.Length, offset));

    public static long Pwrite(int fd, byte[] buffer, long offset) =>
        Result(PwriteNative(fd, buffer, buffer.Length, offset));

    public static long Lseek(int fd, long offset, Whence whence) =>
        Result(LseekNative(fd, offset, (int)whence));

    public static long Dup(int fd) => Result(DupNative(fd));

    public static long Getdents(int fd, byte[] buffer) =>
        Result(GetdentsNative(fd, buffer, buffer.Length));

    public long Unlink(string path) => Result(UnlinkNative(root + path));

    public long Mkdir(string path, int mode) => Result(MkdirNative(root + path, mode));

    public long Rmdir(string path) => Result(RmdirNative(root + path));

    public long Rename(string from, string to) => Result(RenameNative(root + from, root + to));

    public long Stat(string path) => Statx(Descriptor.AT_FDCWD, root + path, 0);

    public long Fstat(int fd) => Statx(fd, "", AT_EMPTY_PATH);

    // struct statx has one layout on all architectures (include/uapi/linux/stat.h); struct stat has
    // not.
    private long Statx(int fd, string path, int flags)
    {
        var buffer = new byte[256];
        var result = Result(StatxNative(fd, path, flags, 0x7FF, buffer));
        if (result == 0)
        {
            Status = new FileStatus(
                BitConverter.ToInt64(buffer, 32), BitConverter.ToUInt16(buffer, 28),
                BitConverter.ToInt32(buffer, 16), BitConverter.ToInt64(buffer, 40),
                BitConverter.ToInt64(buffer, 48));
        }

        return result;
    }

    private static long Result(long result) =>
        result < 0 ? -Marshal.GetLastPInvokeError() : result;

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true,
        StringMarshalling = StringMarshalling.Utf8)]
    private static partial int OpenNative(string path, int flags, int mode);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    private static partial int CloseNative(int fd);

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    private static partial nint ReadNative(int fd, byte[] buffer, nint count);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    private static partial nint WriteNative(int fd, byte[] buffer, nint count);

    [LibraryImport("libc", EntryPoint = "pread64", SetLastError = true)]
    private static partial nint PreadNative(int fd, byte[] buffer, nint count, long offset);

    [LibraryImport("libc", EntryPoint = "pwrite64", SetLastError = true)]
    private static partial nint PwriteNative(int fd, byte[] buffer, nint count, long offset);

    [LibraryImport("libc", EntryPoint = "lseek64", SetLastError = true)]
    private static partial long LseekNative(int fd, long offset, int whence);

    [LibraryImport("libc", EntryPoint = "dup", SetLastError = true)]
    private static partial int DupNative(int fd);

    [LibraryImport("libc", EntryPoint = "getdents64", SetLastError = true)]
    private static partial nint GetdentsNative(int fd, byte[] buffer, nint count);

    [LibraryImport("libc", EntryPoint = "unlink", SetLastError = true,
        StringMarshalling = StringMarshalling.Utf8)]
    private static partial int UnlinkNative(string path);

    [LibraryImport("libc", EntryPoint = "mkdir", SetLastError = true,
        StringMarshalling = StringMarshalling.Utf8)]
    private static partial int MkdirNative(string path, int mode);

    [LibraryImport("libc", EntryPoint = "rmdir", SetLastError = true,
        StringMarshalling = StringMarshalling.Utf8)]
    private static partial int RmdirNative(string path);

    [LibraryImport("libc", EntryPoint = "rename", SetLastError = true,
        StringMarshalling = StringMarshalling.Utf8)]
    private static partial int RenameNative(string from, string to);

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true,
        StringMarshalling = StringMarshalling.Utf8)]
    private static partial int StatxNative(
        int fd, string path, int flags, uint mask, byte[] buffer);
}
