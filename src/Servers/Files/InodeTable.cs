using System.Runtime.CompilerServices;
using Abi.Costs;
using LibSys;

namespace Servers.Files;

/// <summary>The inodes that are in memory, and how they get there and back to the disk.</summary>
/// <param name="layout">Where inodes are on the disk.</param>
/// <param name="cache">The disk.</param>
/// <param name="bits">Which inodes are in use; bit n is inode n + 1.</param>
/// <param name="newEventCount">Makes event counts of this component.</param>
public sealed class InodeTable(
    DiskLayout layout, BlockCache cache, Bitmap bits, Func<Cause, EventCount> newEventCount)
{
    private readonly Dictionary<int, Inode> inodes = [];
    private readonly Stack<Inode> unused = new();

    /// <summary>Inodes that are free on the disk.</summary>
    public int Free => bits.Free;

    /// <summary>Whether an inode of this number may exist.</summary>
    public bool IsTaken(int number) =>
        number >= 1 && number <= layout.InodeCount && bits.IsTaken(number - 1);

    /// <summary>Brings an inode into memory and refers to it.</summary>
    public ValueTask<Inode> Pin(int number, Activation self)
    {
        if (inodes.TryGetValue(number, out var inode) && !inode.IsStale)
        {
            inode.References++;
            return new ValueTask<Inode>(inode);
        }

        return Load(number, self);
    }

    /// <summary>Reads again what a change that failed half-way left unclear.</summary>
    public async ValueTask Mend(Inode inode, Activation self)
    {
        var block = await cache.Get(layout.BlockOfInode(inode.Number), self);
        DiskLayout.ReadInode(block.Bytes, inode.Number, inode);
        inode.IsStale = false;
    }

    /// <summary>
    /// Takes an inode that is free; referred to, not yet stored. Null if there is none.
    /// </summary>
    public async ValueTask<Inode?> Create(int mode, int links, Activation self)
    {
        var bit = bits.Take(0);
        if (bit < 0)
        {
            return null;
        }

        await bits.Write(bit, self);
        var number = bit + 1;
        var block = await cache.Get(layout.BlockOfInode(number), self);
        var inode = Add(number);
        DiskLayout.ReadInode(block.Bytes, number, inode);
        inode.Generation++;
        inode.Mode = mode;
        inode.Links = links;
        Clear(inode);
        return inode;
    }

    /// <summary>Makes an inode's fields durable.</summary>
    [AsyncMethodBuilder(typeof(ActivationBuilder))]
    public async ValueTask Store(Inode inode, Activation self)
    {
        var block = await cache.Get(layout.BlockOfInode(inode.Number), self);
        DiskLayout.WriteInode(block.Bytes, inode);
        await cache.Write(block, self);
    }

    /// <summary>Lets an inode without references leave memory.</summary>
    public void Forget(Inode inode)
    {
        inodes.Remove(inode.Number);
        unused.Push(inode);
    }

    /// <summary>Gives an inode's number back; it has left memory and is stored as free.</summary>
    public ValueTask GiveBack(int number, Activation self)
    {
        bits.Give(number - 1);
        return bits.Write(number - 1, self);
    }

    /// <summary>Makes an inode empty, in memory only.</summary>
    public static void Clear(Inode inode)
    {
        inode.Size = 0;
        inode.Blocks = 0;
        inode.Pointers.AsSpan().Clear();
    }

    [AsyncMethodBuilder(typeof(ActivationBuilder<>))]
    private async ValueTask<Inode> Load(int number, Activation self)
    {
        var block = await cache.Get(layout.BlockOfInode(number), self);
        if (!inodes.TryGetValue(number, out var inode))
        {
            inode = Add(number);
            DiskLayout.ReadInode(block.Bytes, number, inode);
            return inode;
        }

        if (inode.IsStale)
        {
            DiskLayout.ReadInode(block.Bytes, number, inode);
            inode.IsStale = false;
        }

        inode.References++;
        return inode;
    }

    private Inode Add(int number)
    {
        if (!unused.TryPop(out var inode))
        {
            inode = new Inode(new SharedLock(newEventCount(Cause.LockWait)));
        }

        inode.IsStale = false;
        inode.References = 1;
        inodes.Add(number, inode);
        return inode;
    }
}
