using System.Runtime.CompilerServices;
using System.Text;
using Abi;
using Abi.Kernel;
using Abi.Posix;
using LibSys.Descriptors;
using LibSys.Protocols;

namespace LibSys;

// Files and descriptors. Paths are UTF-8, absolute or relative to the root, which is every
// process's current directory. There is no umask, and permissions are kept but not enforced: every
// process is root.
public sealed partial class Sys
{
    private byte[] pathBytes = new byte[FileProtocol.PathLimit + 1];

    /// <summary>What the descriptors of this process stand for.</summary>
    public DescriptorTable Descriptors { get; } = new();

    /// <summary>What the last stat() or fstat() that did not fail told.</summary>
    public FileStatus FileStatus { get; private set; }

    private Connection Files => field ??= Connections.To(FileProtocol.Name);

    /// <summary>
    /// open(): the lowest free descriptor. EEXIST, EINVAL, EISDIR, EMFILE, ENAMETOOLONG, ENOENT,
    /// ENOSPC, ENOTDIR as on Linux; EINVAL also if the path has a NUL; EIO: see
    /// <see cref="Retries"/>.
    /// </summary>
    public ValueTask<SysResult> Open(string path, OpenFlags flags, int mode = 0)
    {
        Begin(PosixCall.Open, (long)flags, mode, text: path);
        return OpenAt(Descriptor.AT_FDCWD, path, flags, mode);
    }

    /// <summary>
    /// openat(): open(), relative to an open directory. EBADF: the descriptor is none.
    /// </summary>
    public ValueTask<SysResult> Openat(int directory, string path, OpenFlags flags, int mode = 0)
    {
        Begin(PosixCall.Openat, directory, (long)flags, mode, path);
        return OpenAt(directory, path, flags, mode);
    }

    /// <summary>close(). EBADF: the descriptor is none.</summary>
    public async ValueTask<SysResult> Close(int descriptor)
    {
        Begin(PosixCall.Close, descriptor);
        if (Descriptors.Find(descriptor) is not { } description)
        {
            return Fail(Errno.EBADF);
        }

        return End(Descriptors.Remove(descriptor) ? await description.Close(this) : 0);
    }

    /// <summary>
    /// read(): the count, 0 at the end. EBADF: no descriptor, or not open for reading. EISDIR.
    /// </summary>
    [AsyncMethodBuilder(typeof(ActivationBuilder<>))]
    public async ValueTask<SysResult> Read(int descriptor, Memory<byte> buffer)
    {
        Begin(PosixCall.Read, descriptor, buffer.Length);
        return Descriptors.Find(descriptor) is { } description
            ? End(await description.Read(this, buffer))
            : Fail(Errno.EBADF);
    }

    /// <summary>
    /// write(): the count, less if the disk is full. EBADF: no descriptor, or not open for writing.
    /// ENOSPC, EFBIG.
    /// </summary>
    [AsyncMethodBuilder(typeof(ActivationBuilder<>))]
    public async ValueTask<SysResult> Write(int descriptor, ReadOnlyMemory<byte> buffer)
    {
        Begin(PosixCall.Write, descriptor, buffer.Length);
        return Descriptors.Find(descriptor) is { } description
            ? End(await description.Write(this, buffer))
            : Fail(Errno.EBADF);
    }

    /// <summary>
    /// pread(): read() at an offset; the position stays. EINVAL: the offset is negative. ESPIPE.
    /// </summary>
    [AsyncMethodBuilder(typeof(ActivationBuilder<>))]
    public async ValueTask<SysResult> Pread(int descriptor, Memory<byte> buffer, long offset)
    {
        Begin(PosixCall.Pread, descriptor, buffer.Length, offset);
        return offset < 0 ? Fail(Errno.EINVAL)
            : Descriptors.Find(descriptor) is { } description
                ? End(await description.ReadAt(this, offset, buffer))
                : Fail(Errno.EBADF);
    }

    /// <summary>
    /// pwrite(): write() at an offset; the position stays. EINVAL: the offset is negative. ESPIPE.
    /// </summary>
    [AsyncMethodBuilder(typeof(ActivationBuilder<>))]
    public async ValueTask<SysResult> Pwrite(
        int descriptor, ReadOnlyMemory<byte> buffer, long offset)
    {
        Begin(PosixCall.Pwrite, descriptor, buffer.Length, offset);
        return offset < 0 ? Fail(Errno.EINVAL)
            : Descriptors.Find(descriptor) is { } description
                ? End(await description.WriteAt(this, offset, buffer))
                : Fail(Errno.EBADF);
    }

    /// <summary>
    /// lseek(): the new position, which may lie behind the end. EINVAL: it would be negative or
    /// beyond the largest offset. ESPIPE: there are no positions.
    /// </summary>
    public async ValueTask<SysResult> Lseek(int descriptor, long offset, Whence whence)
    {
        Begin(PosixCall.Lseek, descriptor, offset, (long)whence);
        return Descriptors.Find(descriptor) is { } description
            ? End(await description.Seek(this, offset, whence))
            : Fail(Errno.EBADF);
    }

    /// <summary>
    /// dup(): another descriptor for the same description, with the same position. EBADF, EMFILE.
    /// </summary>
    public ValueTask<SysResult> Dup(int descriptor)
    {
        Begin(PosixCall.Dup, descriptor);
        return new(Descriptors.Find(descriptor) is { } description
            ? End(Descriptors.Add(description))
            : Fail(Errno.EBADF));
    }

    /// <summary>
    /// getdents64(): fills the buffer with entries, see <see cref="DirectoryEntry"/>; the bytes, 0
    /// at the end. EINVAL: not one fits. ENOENT: the directory was removed. ENOTDIR.
    /// </summary>
    public async ValueTask<SysResult> Getdents(int descriptor, Memory<byte> buffer)
    {
        Begin(PosixCall.Getdents, descriptor, buffer.Length);
        return Descriptors.Find(descriptor) is { } description
            ? End(await description.ReadDirectory(this, buffer))
            : Fail(Errno.EBADF);
    }

    /// <summary>
    /// stat(): 0, and the status in <see cref="FileStatus"/>. ENOENT, ENOTDIR, ENAMETOOLONG.
    /// </summary>
    public async ValueTask<SysResult> Stat(string path)
    {
        Begin(PosixCall.Stat, text: path);
        var answer = await AskByPath(
            FileProtocol.Status, path, Retries.Status.Retry, Descriptor.AT_FDCWD);
        return EndStatus(answer.A, OpenFile.StatusIn(answer));
    }

    /// <summary>fstat(): stat() of an open file. EBADF.</summary>
    public async ValueTask<SysResult> Fstat(int descriptor)
    {
        Begin(PosixCall.Fstat, descriptor);
        if (Descriptors.Find(descriptor) is not { } description)
        {
            return Fail(Errno.EBADF);
        }

        var (result, status) = await description.GetStatus(this);
        return EndStatus(result, status);
    }

    /// <summary>
    /// unlink(): takes a name away; the file goes with its last close. EISDIR, ENOENT, ENOTDIR.
    /// </summary>
    public async ValueTask<SysResult> Unlink(string path)
    {
        Begin(PosixCall.Unlink, text: path);
        var answer = await AskByPath(
            FileProtocol.Unlink, path, Retries.Names.Retry, Descriptor.AT_FDCWD);
        return End(answer.A);
    }

    /// <summary>mkdir(). EEXIST, ENOENT, ENOSPC, ENOTDIR, ENAMETOOLONG.</summary>
    public async ValueTask<SysResult> Mkdir(string path, int mode)
    {
        Begin(PosixCall.Mkdir, mode, text: path);
        var answer = await AskByPath(
            FileProtocol.MakeDirectory, path, Retries.Names.Retry, Descriptor.AT_FDCWD, b: mode);
        return End(answer.A);
    }

    /// <summary>rmdir(). EBUSY, EINVAL, ENOENT, ENOTDIR, ENOTEMPTY.</summary>
    public async ValueTask<SysResult> Rmdir(string path)
    {
        Begin(PosixCall.Rmdir, text: path);
        var answer = await AskByPath(
            FileProtocol.RemoveDirectory, path, Retries.Names.Retry, Descriptor.AT_FDCWD);
        return End(answer.A);
    }

    /// <summary>
    /// rename(): at no instant is the new name missing or the old one gone without it. EBUSY,
    /// EINVAL, EISDIR, ENOENT, ENOSPC, ENOTDIR, ENOTEMPTY. For observers the two paths are one
    /// text, a NUL between them.
    /// </summary>
    public async ValueTask<SysResult> Rename(string from, string to)
    {
        Begin(PosixCall.Rename, text: from + "\0" + to);
        if (from.Contains('\0', StringComparison.Ordinal)
            || to.Contains('\0', StringComparison.Ordinal))
        {
            return Fail(Errno.EINVAL);
        }

        var length = Encode(from, 0);
        var both = length + Encode(to, length);
        var paths = pathBytes.AsMemory(0, both);
        var request = Message.Request(FileProtocol.Rename, 0, 0, 0, length);
        var answer = await AskWithPath(request, paths, Retries.Names.Retry);
        return End(answer.A);
    }

    private SysResult Fail(Errno error) => End(-(long)error);

    private SysResult EndStatus(long result, FileStatus status)
    {
        if (result >= 0)
        {
            FileStatus = status;
        }

        return End(result);
    }

    private async ValueTask<SysResult> OpenAt(
        int directory, string path, OpenFlags flags, int mode)
    {
        if (Descriptors.IsFull)
        {
            return Fail(Errno.EMFILE);
        }

        var once = flags.HasFlag(OpenFlags.O_TRUNC)
            || (flags & (OpenFlags.O_CREAT | OpenFlags.O_EXCL))
                == (OpenFlags.O_CREAT | OpenFlags.O_EXCL);
        var retry = (once ? Retries.OpenOnce : Retries.Open).Retry;
        var answer = await AskByPath(
            FileProtocol.Open, path, retry, directory, (long)flags, mode);
        return End(answer.A < 0
            ? answer.A
            : Descriptors.Add(new OpenFile(Files, answer, flags)));
    }

    /// <summary>Asks about a path, from the root or from an open directory on.</summary>
    private async ValueTask<Message> AskByPath(
        int operation, string path, Retry retry, int directory, long a = 0, long b = 0)
    {
        if (path.Contains('\0', StringComparison.Ordinal))
        {
            return Message.Fail(Errno.EINVAL);
        }

        var length = Encode(path, 0);
        var bytes = pathBytes.AsMemory(0, length);
        var request = Message.Request(operation, a, b, 0, bytes.Length);
        if (directory == Descriptor.AT_FDCWD || path.StartsWith('/'))
        {
            return await AskWithPath(request, bytes, retry);
        }

        var description = Descriptors.Find(directory);
        if (description is not OpenFile start)
        {
            return Message.Fail(description is null ? Errno.EBADF : Errno.ENOTDIR);
        }

        while (true)
        {
            var error = await start.Bind(this);
            if (error != Errno.None)
            {
                return Message.Fail(error);
            }

            request.C = start.Number;
            var answer = await AskWithPath(request, bytes, retry);
            if (answer.A != -(long)Errno.ESTALE)
            {
                return answer;
            }

            start.Unbind();
        }
    }

    /// <summary>Sends a path as data if the message buffer holds it, else lends it.</summary>
    private CallResult AskWithPath(Message request, Memory<byte> path, Retry retry) =>
        path.Length <= Message.BufferLimit
            ? Call(Files, request.With(path), retry)
            : Call(Files, request, retry, path, LeaseAccess.Read);

    /// <summary>Encodes a path into the buffer from an offset on; its length.</summary>
    private int Encode(string path, int offset)
    {
        var most = offset + Encoding.UTF8.GetMaxByteCount(path.Length);
        if (most > pathBytes.Length)
        {
            Array.Resize(ref pathBytes, most);
        }

        return Encoding.UTF8.GetBytes(path, pathBytes.AsSpan(offset));
    }
}
