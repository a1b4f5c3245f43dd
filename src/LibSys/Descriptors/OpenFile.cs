using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Abi;
using Abi.Kernel;
using Abi.Posix;
using LibSys.Protocols;

namespace LibSys.Descriptors;

/// <summary>
/// An open file or directory: the file server's handle and what it takes to get another one, by
/// inode and generation, from the server's next incarnation. The position is kept here.
/// </summary>
/// <param name="files">The connection to the file server.</param>
/// <param name="opened">The answer to <see cref="FileProtocol.Open"/>.</param>
/// <param name="flags">How it was opened.</param>
public sealed class OpenFile(Connection files, Message opened, OpenFlags flags)
    : OpenDescription, IHandle
{
    private readonly long inode = opened.B;
    private readonly long generation = opened.C;
    private readonly bool isDirectory = ModeBits.IsDirectory((int)opened.D);
    private int boundAt = files.Generation;
    private long position;

    private bool CanRead => (flags & OpenFlags.O_ACCMODE) != OpenFlags.O_WRONLY;

    private bool CanWrite => (flags & OpenFlags.O_ACCMODE) != OpenFlags.O_RDONLY;

    /// <inheritdoc/>
    public bool IsBound => boundAt == files.Generation;

    /// <inheritdoc/>
    public long Number { get; private set; } = opened.A;

    /// <inheritdoc/>
    [AsyncMethodBuilder(typeof(ActivationBuilder<>))]
    public override async ValueTask<long> Read(Sys sys, Memory<byte> into)
    {
        var count = await ReadAt(sys, position, into);
        position += Math.Max(count, 0);
        return count;
    }

    /// <inheritdoc/>
    [AsyncMethodBuilder(typeof(ActivationBuilder<>))]
    public override async ValueTask<long> Write(Sys sys, ReadOnlyMemory<byte> from)
    {
        var answer = await WriteTo(sys, position, from);
        if (answer.A > 0)
        {
            position = answer.B;
        }

        return answer.A;
    }

    /// <inheritdoc/>
    public override ValueTask<long> ReadAt(Sys sys, long offset, Memory<byte> into) => CanRead
        ? files.Ask(
            sys, Message.Request(FileProtocol.Read, 0, offset, into.Length), Retries.Read.Retry,
            into, LeaseAccess.Write, this)
        : Fail(Errno.EBADF);

    /// <inheritdoc/>
    [AsyncMethodBuilder(typeof(ActivationBuilder<>))]
    public override async ValueTask<long> WriteAt(Sys sys, long offset, ReadOnlyMemory<byte> from)
    {
        var answer = await WriteTo(sys, offset, from);
        return answer.A;
    }

    /// <inheritdoc/>
    public override async ValueTask<long> Seek(Sys sys, long offset, Whence whence)
    {
        long start;
        switch (whence)
        {
            case Whence.SEEK_SET:
                start = 0;
                break;
            case Whence.SEEK_CUR:
                start = position;
                break;
            case Whence.SEEK_END when !isDirectory:
                var (result, status) = await GetStatus(sys);
                if (result < 0)
                {
                    return result;
                }

                start = status.Size;
                break;
            default:
                return -(long)Errno.EINVAL;
        }

        // Linux answers EINVAL for a sum beyond the largest offset too (fs/read_write.c,
        // vfs_setpos).
        if (offset > long.MaxValue - start || start + offset < 0)
        {
            return -(long)Errno.EINVAL;
        }

        position = start + offset;
        return position;
    }

    /// <inheritdoc/>
    public override async ValueTask<long> ReadDirectory(Sys sys, Memory<byte> into)
    {
        var answer = await Ask(
            sys, Message.Request(FileProtocol.ReadDirectory, 0, position), Retries.Read.Retry,
            into, LeaseAccess.Write);
        if (answer.A >= 0)
        {
            position = answer.B;
        }

        return answer.A;
    }

    /// <inheritdoc/>
    public override async ValueTask<(long Result, FileStatus Status)> GetStatus(Sys sys)
    {
        var answer = await Ask(
            sys, Message.Request(FileProtocol.HandleStatus, 0), Retries.Status.Retry);
        return (Math.Min(answer.A, 0), StatusIn(answer));
    }

    /// <inheritdoc/>
    public override async ValueTask<long> Close(Sys sys)
    {
        // A file without a name is freed by its last close, so even a handle that died is made
        // again to close it.
        var answer = await Ask(sys, Message.Request(FileProtocol.Close, 0), Retries.Close.Retry);
        return answer.A == -(long)Errno.ESTALE ? 0 : answer.A;
    }

    /// <inheritdoc/>
    public async ValueTask<Errno> Bind(Activation self)
    {
        var error = await files.Bind(self);
        if (error != Errno.None || IsBound)
        {
            return error;
        }

        var again = Message.Request(FileProtocol.Reopen, inode, generation, (long)flags);
        var answer = await self.Call(files, again, Retries.Open.Retry);
        if (answer.A < 0)
        {
            return (Errno)(-answer.A);
        }

        (Number, boundAt) = (answer.A, files.Generation);
        return Errno.None;
    }

    /// <inheritdoc/>
    public void Unbind() => boundAt = 0;

    /// <summary>What an answer to <see cref="FileProtocol.Status"/> says.</summary>
    internal static FileStatus StatusIn(Message answer) => answer.A < 0
        ? default
        : new FileStatus(answer.B, (int)answer.C, (int)answer.D, answer.E, answer.F);

    [AsyncMethodBuilder(typeof(ActivationBuilder<>))]
    private async ValueTask<Message> WriteTo(Sys sys, long offset, ReadOnlyMemory<byte> from)
    {
        if (!CanWrite)
        {
            return Message.Fail(Errno.EBADF);
        }

        // Linux appends even where pwrite() names an offset (pwrite(2), BUGS).
        var appends = flags.HasFlag(OpenFlags.O_APPEND);
        return await Ask(
            sys,
            Message.Request(
                FileProtocol.Write, 0, appends ? FileProtocol.AtEnd : offset, from.Length),
            appends ? Retries.Append.Retry : Retries.Write.Retry, MemoryMarshal.AsMemory(from),
            LeaseAccess.Read);
    }

    /// <summary>Asks with the handle as first word.</summary>
    private CallResult Ask(
        Sys sys, in Message request, Retry retry, Memory<byte> lend = default,
        LeaseAccess access = LeaseAccess.None) =>
        sys.Call(files, request, retry, lend, access, this);
}
