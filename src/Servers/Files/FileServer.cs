using System.Runtime.CompilerServices;
using Abi;
using Abi.Costs;
using Abi.Kernel;
using Abi.Posix;
using LibSys;
using LibSys.Protocols;

namespace Servers.Files;

/// <summary>
/// The file server: a file system on the disk, written through, for clients that hold handles. See
/// README.md for what always holds.
/// </summary>
/// <param name="cacheBlocks">Blocks of 4096 bytes that the cache keeps; at least 16.</param>
public sealed class FileServer(int cacheBlocks = 1024) : Component
{
    private const int ListLimit = 32 * 1024;

    private readonly HandleTable handles = new();
    private readonly Stack<byte[]> listBuffers = new();
    private Volume volume = null!;
    private PathWalk walk = null!;
    private Names names = null!;

    /// <inheritdoc/>
    public override string Name => FileProtocol.Name;

    /// <inheritdoc/>
    public override async ValueTask Start(Activation self)
    {
        var cache = new BlockCache(Math.Max(cacheBlocks, 16), NewEventCount);
        volume = await Volume.Mount(cache, NewEventCount, self);
        walk = new PathWalk(volume);
        names = new Names(volume, walk, new SharedLock(NewEventCount(Cause.LockWait)));
        handles.Epoch = volume.Mounts;
    }

    // The frequent ones turn a failure of the disk into their answers themselves.
    /// <inheritdoc/>
    public override ValueTask<Message> Handle(Request request, Activation self) =>
        request.Message.Operation switch
        {
            FileProtocol.Read => Read(in request, self),
            FileProtocol.Write => Write(request, self),
            _ => HandleOther(request, self),
        };

    [AsyncMethodBuilder(typeof(ActivationBuilder<>))]
    private async ValueTask<Message> HandleOther(Request request, Activation self)
    {
        try
        {
            return await Dispatch(request, self);
        }
        catch (DiskFailedException failure)
        {
            return Message.Fail(failure.Error);
        }
    }

    private ValueTask<Message> Dispatch(Request request, Activation self) =>
        request.Message.Operation switch
        {
            FileProtocol.HandleStatus => HandleStatus(request, self),
            FileProtocol.ReadDirectory => ReadDirectory(request, self),
            FileProtocol.Close => Close(request, self),
            FileProtocol.Reopen => Reopen(request, self),
            FileProtocol.Open or FileProtocol.Status or FileProtocol.Unlink
                or FileProtocol.MakeDirectory or FileProtocol.RemoveDirectory
                or FileProtocol.Rename => WithPath(request, self),
            FileProtocol.ClientGone => CloseAll(request, self),
            FileProtocol.Usage => new(Usage()),
            _ => new(Message.Fail(Errno.ENOSYS)),
        };

    // By handle.

    private ValueTask<Message> Read(in Request request, Activation self)
    {
        self.Work(Part.FileRequest);
        var message = request.Message;
        var error = handles.Find(message.A, request.Client, out var handle);
        error = error != Errno.None ? error
            : !handle.CanRead ? Errno.EBADF
            : handle.Inode.IsDirectory ? Errno.EISDIR
            : CheckRange(message.B, message.C, message.Lease);
        return error == Errno.None
            ? Read(handle.Inode, message.B, (int)message.C, message.Lease, self)
            : new(Message.Fail(error));
    }

    [AsyncMethodBuilder(typeof(ActivationBuilder<>))]
    private async ValueTask<Message> Read(
        Inode inode, long offset, int count, Lease lease, Activation self)
    {
        inode.References++;
        await inode.Lock.Share(self);
        long result;
        try
        {
            await MendIfStale(inode, self);
            result = await volume.Content.Read(inode, offset, count, lease, self);
        }
        catch (DiskFailedException failure)
        {
            result = -(long)failure.Error;
        }

        await inode.Lock.Unshare(self);
        await volume.Release(inode, self);
        return Message.Reply(result);
    }

    [AsyncMethodBuilder(typeof(ActivationBuilder<>))]
    private async ValueTask<Message> Write(Request request, Activation self)
    {
        self.Work(Part.FileRequest);
        var (offset, count) = (request.Message.B, request.Message.C);
        var error = handles.Find(request.Message.A, request.Client, out var handle);
        error = error != Errno.None ? error
            : !handle.CanWrite ? Errno.EBADF
            : CheckRange(offset == FileProtocol.AtEnd ? 0 : offset, count, request.Message.Lease);
        if (error != Errno.None)
        {
            return Message.Fail(error);
        }

        var inode = handle.Inode;
        inode.References++;
        await inode.Lock.Own(self);
        long result;
        try
        {
            await MendIfStale(inode, self);
            offset = offset == FileProtocol.AtEnd ? inode.Size : offset;
            result = await volume.Content.Write(
                inode, offset, (int)count, request.Message.Lease, self);
        }
        catch (DiskFailedException failure)
        {
            inode.IsStale = true;
            result = -(long)failure.Error;
        }

        await inode.Lock.Disown(self);
        await volume.Release(inode, self);
        return result < 0 ? Message.Reply(result) : Message.Request(0, result, offset + result);
    }

    private async ValueTask<Message> HandleStatus(Request request, Activation self)
    {
        self.Work(Part.FileStatus);
        var error = handles.Find(request.Message.A, request.Client, out var handle);
        if (error != Errno.None)
        {
            return Message.Fail(error);
        }

        await MendIfStale(handle.Inode, self);
        return StatusOf(handle.Inode);
    }

    private async ValueTask<Message> ReadDirectory(Request request, Activation self)
    {
        self.Work(Part.FileRequest);
        var error = handles.Find(request.Message.A, request.Client, out var handle);
        error = error != Errno.None ? error
            : !handle.Inode.IsDirectory ? Errno.ENOTDIR
            : request.Message.B < 0 ? Errno.EINVAL
            : Errno.None;
        if (error != Errno.None)
        {
            return Message.Fail(error);
        }

        var directory = handle.Inode;
        directory.References++;
        var buffer = listBuffers.TryPop(out var unused) ? unused : new byte[ListLimit];
        var size = Math.Min(ListLimit, request.Message.Lease.Length);
        long bytes, next = 0;
        await directory.Lock.Share(self);
        try
        {
            (bytes, next) = directory.Links == 0
                ? (-(long)Errno.ENOENT, 0)
                : await volume.Directories.List(
                    directory, request.Message.B, buffer.AsMemory(0, size), self);
        }
        catch (DiskFailedException failure)
        {
            bytes = -(long)failure.Error;
        }

        await directory.Lock.Unshare(self);
        if (bytes > 0)
        {
            bytes = await self.WriteLease(
                request.Message.Lease, 0, buffer.AsMemory(0, (int)bytes));
        }

        listBuffers.Push(buffer);
        await volume.Release(directory, self);
        return bytes < 0 ? Message.Reply(bytes) : Message.Request(0, bytes, next);
    }

    private async ValueTask<Message> Close(Request request, Activation self)
    {
        self.Work(Part.FileOpen);
        var error = handles.Find(request.Message.A, request.Client, out var handle);
        if (error != Errno.None)
        {
            return Message.Fail(error);
        }

        handles.Remove(request.Message.A);
        await volume.Release(handle.Inode, self);
        return Message.Reply(0);
    }

    private async ValueTask<Message> CloseAll(Request request, Activation self)
    {
        var client = new Badge(request.Message.A);
        var closed = 0;
        while (handles.FindOf(client) is { } number)
        {
            handles.Find(number, client, out var handle);
            handles.Remove(number);
            await volume.Release(handle.Inode, self);
            closed++;
        }

        return Message.Reply(closed);
    }

    private async ValueTask<Message> Reopen(Request request, Activation self)
    {
        self.Work(Part.FileOpen);
        var (number, generation) = (request.Message.A, request.Message.B);
        if (number is < 1 or > int.MaxValue || !volume.Inodes.IsTaken((int)number))
        {
            return Message.Fail(Errno.ESTALE);
        }

        var inode = await volume.Inodes.Pin((int)number, self);
        if (inode.Mode == 0 || inode.Generation != generation)
        {
            await volume.Release(inode, self);
            return Message.Fail(Errno.ESTALE);
        }

        return Message.Reply(
            handles.Add(request.Client, inode, (OpenFlags)request.Message.C));
    }

    // By path.

    private async ValueTask<Message> WithPath(Request request, Activation self)
    {
        var (startError, start) = Start(request.Message.C, request.Client);
        if (startError != Errno.None)
        {
            return Message.Fail(startError);
        }

        var path = request.Message.Data;
        if (path.IsEmpty && request.Message.Lease.Length > 0)
        {
            // Two paths, and a byte more to see that one is too long.
            var length = Math.Min(
                request.Message.Lease.Length, 2 * (FileProtocol.PathLimit + 1));
            var bytes = new byte[length];
            if (await self.ReadLease(request.Message.Lease, 0, bytes) is < 0 and var error)
            {
                return Message.Reply(error);
            }

            path = bytes;
        }

        start.References++;
        var answer = await WithPath(request, start, path, self);
        await volume.Release(start, self);
        return answer;
    }

    private async ValueTask<Message> WithPath(
        Request request, Inode start, ReadOnlyMemory<byte> path, Activation self)
    {
        var message = request.Message;
        switch (message.Operation)
        {
            case FileProtocol.Open:
                var flags = (OpenFlags)message.A;
                var (error, inode) = await names.Open(start, path, flags, (int)message.B, self);
                return error != Errno.None
                    ? Message.Fail(error)
                    : Message.Request(
                        0, handles.Add(request.Client, inode, flags), inode.Number,
                        inode.Generation, inode.Mode);
            case FileProtocol.Status:
                return await Status(start, path, self);
            case FileProtocol.Unlink:
                return Answer(await names.Unlink(start, path, self));
            case FileProtocol.MakeDirectory:
                return Answer(
                    await names.MakeDirectory(start, path, (int)message.B, self));
            case FileProtocol.RemoveDirectory:
                return Answer(await names.RemoveDirectory(start, path, self));
            default:
                return await Rename(request, start, path, self);
        }
    }

    private async ValueTask<Message> Status(
        Inode start, ReadOnlyMemory<byte> path, Activation self)
    {
        self.Work(Part.FileStatus);
        var walked = await walk.Walk(start, path, self);
        if (walked.Error != Errno.None)
        {
            return Message.Fail(walked.Error);
        }

        var (error, inode) = await walk.Target(walked, self);
        await volume.Release(walked.Directory, self);
        if (error != Errno.None)
        {
            return Message.Fail(error);
        }

        var answer = StatusOf(inode);
        await volume.Release(inode, self);
        return answer;
    }

    private async ValueTask<Message> Rename(
        Request request, Inode start, ReadOnlyMemory<byte> paths, Activation self)
    {
        var length = request.Message.D;
        if (length < 0 || length > paths.Length)
        {
            return Message.Fail(Errno.EINVAL);
        }

        var (error, newStart) = Start(request.Message.B, request.Client);
        if (error != Errno.None)
        {
            return Message.Fail(error);
        }

        newStart.References++;
        var (oldPath, newPath) = (paths[..(int)length], paths[(int)length..]);
        error = await names.Rename(start, oldPath, newStart, newPath, self);
        await volume.Release(newStart, self);
        return Answer(error);
    }

    // Small things.

    private (Errno Error, Inode Start) Start(long handle, Badge client)
    {
        if (handle == 0)
        {
            return (Errno.None, volume.Root);
        }

        var error = handles.Find(handle, client, out var found);
        return (error, error == Errno.None ? found.Inode : null!);
    }

    private ValueTask MendIfStale(Inode inode, Activation self) =>
        inode.IsStale ? volume.Inodes.Mend(inode, self) : ValueTask.CompletedTask;

    private static Errno CheckRange(long offset, long count, Lease lease) =>
        offset < 0 || count < 0 || offset > long.MaxValue - count ? Errno.EINVAL
        : count > lease.Length ? Errno.EFAULT
        : Errno.None;

    private static Message StatusOf(Inode inode)
    {
        var answer = Message.Request(0, 0, inode.Number, inode.Mode, inode.Links);
        answer.E = inode.Size;
        answer.F = (long)inode.Blocks * DiskLayout.SectorsPerBlock;
        answer.Words = 6;
        return answer;
    }

    private Message Usage()
    {
        var answer = Message.Request(
            0, 0, volume.BlockCount, volume.Blocks.Free, volume.InodeCount);
        answer.E = volume.Inodes.Free;
        answer.Words = 5;
        return answer;
    }

    private static Message Answer(Errno error) => Message.Reply(-(long)error);
}
