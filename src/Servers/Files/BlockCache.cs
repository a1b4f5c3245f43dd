using System.Runtime.CompilerServices;
using Abi;
using Abi.Costs;
using Abi.Kernel;
using LibSys;
using LibSys.Protocols;

namespace Servers.Files;

/// <summary>A block of the disk in memory.</summary>
/// <param name="memory">Where its bytes are.</param>
/// <param name="changed">Advanced when it has been read or written.</param>
public sealed class CachedBlock(byte[] memory, EventCount changed)
{
    /// <summary>Its number on the disk.</summary>
    public long Number { get; internal set; }

    /// <summary>Its bytes.</summary>
    public Span<byte> Bytes => memory;

    /// <summary>Its bytes, to lend or copy.</summary>
    public Memory<byte> Memory => memory;

    /// <summary>While this is not 0 the block stays in the cache.</summary>
    public int Pins { get; set; }

    internal bool IsReading { get; set; }
    internal bool IsWriting { get; set; }
    internal int Waiting { get; set; }
    internal EventCount Changed { get; } = changed;
    internal CachedBlock? Newer { get; set; }
    internal CachedBlock? Older { get; set; }
}

/// <summary>
/// The disk driver could not do it: the one failure that travels as an exception here.
/// </summary>
/// <param name="error">EIO, or EAGAIN if there was no driver to ask.</param>
public sealed class DiskFailedException(Errno error) : Exception("the disk failed: " + error)
{
    /// <summary>What to answer.</summary>
    public Errno Error { get; } = error;
}

/// <summary>
/// The most recently used blocks of the disk. Written through: a block is changed here only when
/// the disk may hold the change, and then written. A block that <see cref="Get"/> returned is valid
/// until the next await, unless it is pinned.
/// </summary>
/// <param name="capacity">Blocks to keep; pinned ones can exceed it for a while.</param>
/// <param name="newEventCount">Makes event counts of this component.</param>
public sealed class BlockCache(int capacity, Func<Cause, EventCount> newEventCount)
{
    private readonly Dictionary<long, CachedBlock> blocks = new(capacity);
    private readonly Stack<CachedBlock> unused = new();
    private CachedBlock? newest;
    private CachedBlock? oldest;

    /// <summary>
    /// The block, from the disk if it is not here. Who finds it being read waits for that read.
    /// </summary>
    /// <exception cref="DiskFailedException">It cannot be read.</exception>
    public ValueTask<CachedBlock> Get(long number, Activation self)
    {
        if (!blocks.TryGetValue(number, out var block))
        {
            return Load(number, self);
        }

        if (block.IsReading)
        {
            return Join(block, self);
        }

        Touch(block);
        return new ValueTask<CachedBlock>(block);
    }

    /// <summary>
    /// The block filled with zeros, whatever the disk holds: for blocks that are new or
    /// overwritten.
    /// </summary>
    public CachedBlock GetCleared(long number)
    {
        // A reader of what this block was before cannot exist: it held the lock of the file that
        // had it.
        if (blocks.TryGetValue(number, out var block))
        {
            Touch(block);
        }
        else
        {
            block = Add(number);
        }

        block.Bytes.Clear();
        return block;
    }

    /// <summary>Makes a block durable. Writes of one block go one after the other.</summary>
    /// <exception cref="DiskFailedException">
    /// It cannot be written; it has left the cache.
    /// </exception>
    [AsyncMethodBuilder(typeof(ActivationBuilder))]
    public async ValueTask Write(CachedBlock block, Activation self)
    {
        block.Pins++;
        while (block.IsWriting)
        {
            await Wait(block, self);
        }

        block.IsWriting = true;
        var error = await Ask(
            DiskProtocol.WriteTo(block.Number * DiskLayout.SectorsPerBlock), block,
            LeaseAccess.Read, self);
        block.IsWriting = false;

        // Pinned until nothing is awaited any more: else it could be another block by then.
        await Wake(block, self);
        block.Pins--;
        if (error != Errno.None)
        {
            Drop(block);
            throw new DiskFailedException(error);
        }
    }

    /// <summary>Forgets a block whose bytes here are not those of the disk.</summary>
    public void Drop(CachedBlock block)
    {
        if (block.Pins == 0 && blocks.Remove(block.Number))
        {
            Unlink(block);
            unused.Push(block);
        }
    }

    [AsyncMethodBuilder(typeof(ActivationBuilder<>))]
    private async ValueTask<CachedBlock> Load(long number, Activation self)
    {
        var block = Add(number);
        block.Pins++;
        block.IsReading = true;
        var error = await Ask(
            DiskProtocol.ReadFrom(number * DiskLayout.SectorsPerBlock), block, LeaseAccess.Write,
            self);
        block.IsReading = false;
        if (error != Errno.None)
        {
            block.Pins--;
            blocks.Remove(number);
            Unlink(block);
            await Wake(block, self);
            throw new DiskFailedException(error);
        }

        await Wake(block, self);
        block.Pins--;
        return block;
    }

    [AsyncMethodBuilder(typeof(ActivationBuilder<>))]
    private async ValueTask<CachedBlock> Join(CachedBlock block, Activation self)
    {
        var number = block.Number;
        block.Pins++;
        while (block.IsReading)
        {
            await Wait(block, self);
        }

        block.Pins--;
        return blocks.GetValueOrDefault(number) == block ? block : await Get(number, self);
    }

    [AsyncMethodBuilder(typeof(ActivationBuilder<>))]
    private static async ValueTask<Errno> Ask(
        Message request, CachedBlock block, LeaseAccess access, Activation self)
    {
        self.Step(FaultStep.BeforeDiskRequest);
        var answer = await self.Call(
            self.Connections.To(DiskProtocol.Name), request, Retry.Idempotent, block.Memory,
            access);
        self.Step(FaultStep.AfterDiskRequest);
        return answer.A < 0 ? (Errno)(-answer.A) : Errno.None;
    }

    private static async ValueTask Wait(CachedBlock block, Activation self)
    {
        block.Waiting++;
        await self.Await(block.Changed, block.Changed.Value);
        block.Waiting--;
    }

    private static ValueTask Wake(CachedBlock block, Activation self) =>
        block.Waiting > 0 ? self.Advance(block.Changed) : ValueTask.CompletedTask;

    private CachedBlock Add(long number)
    {
        var block = Evict() ?? NewBlock();
        block.Number = number;
        blocks.Add(number, block);
        Link(block);
        return block;
    }

    private CachedBlock NewBlock() => unused.TryPop(out var block)
        ? block
        : new CachedBlock(new byte[DiskLayout.BlockSize], newEventCount(Cause.Shared));

    /// <summary>The least recently used block that nothing holds, if the cache is full.</summary>
    private CachedBlock? Evict()
    {
        if (blocks.Count < capacity)
        {
            return null;
        }

        for (var block = oldest; block is not null; block = block.Newer)
        {
            if (block.Pins == 0)
            {
                blocks.Remove(block.Number);
                Unlink(block);
                return block;
            }
        }

        return null;
    }

    private void Touch(CachedBlock block)
    {
        if (block != newest)
        {
            Unlink(block);
            Link(block);
        }
    }

    private void Link(CachedBlock block)
    {
        block.Older = newest;
        block.Newer = null;
        if (newest is not null)
        {
            newest.Newer = block;
        }

        newest = block;
        oldest ??= block;
    }

    private void Unlink(CachedBlock block)
    {
        if (block.Older is { } older)
        {
            older.Newer = block.Newer;
        }
        else
        {
            oldest = block.Newer;
        }

        if (block.Newer is { } newer)
        {
            newer.Older = block.Older;
        }
        else
        {
            newest = block.Older;
        }
    }
}
