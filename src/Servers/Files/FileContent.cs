using System.Runtime.CompilerServices;
using Abi;
using Abi.Costs;
using Abi.Kernel;
using LibSys;

namespace Servers.Files;

/// <summary>
/// The bytes of files and directories: from file blocks to disk blocks and between cache and lent
/// memory. Callers hold the inode's lock. The order of disk writes is always: bitmap, data,
/// pointers, so that a death in between loses blocks, never data.
/// </summary>
/// <param name="cache">The disk.</param>
/// <param name="bits">Which blocks are in use.</param>
/// <param name="inodes">Stores inodes.</param>
public sealed class FileContent(BlockCache cache, Bitmap bits, InodeTable inodes)
{
    private static readonly byte[] Zeros = new byte[DiskLayout.BlockSize];

    private readonly Stack<Run> unusedRuns = new();

    /// <summary>The disk block of a file's block, or 0 if it is a hole.</summary>
    public ValueTask<uint> Map(Inode inode, long fileBlock, Activation self)
    {
        var place = DiskLayout.PlaceOf(fileBlock);
        return place.Level == PointerLevel.Inode
            ? new ValueTask<uint>(inode.Pointers[place.Index])
            : MapByBlocks(inode, place, self);
    }

    /// <summary>
    /// Copies from a file to lent memory; the count, less at the end of the file.
    /// </summary>
    [AsyncMethodBuilder(typeof(ActivationBuilder<>))]
    public async ValueTask<long> Read(
        Inode inode, long offset, int count, Lease lease, Activation self)
    {
        var wanted = (int)Math.Clamp(inode.Size - offset, 0, count);
        for (var done = 0; done < wanted;)
        {
            var start = (int)((offset + done) % DiskLayout.BlockSize);
            var length = Math.Min(wanted - done, DiskLayout.BlockSize - start);
            self.Work(Part.FileBlock);
            var pointer = await Map(inode, (offset + done) / DiskLayout.BlockSize, self);
            long copied;
            if (pointer == 0)
            {
                copied = await self.WriteLease(lease, done, Zeros.AsMemory(0, length));
            }
            else
            {
                var block = await cache.Get(pointer, self);
                block.Pins++;
                copied = await self.WriteLease(lease, done, block.Memory.Slice(start, length));
                block.Pins--;
            }

            if (copied < 0)
            {
                return copied;
            }

            done += length;
        }

        return wanted;
    }

    /// <summary>
    /// Writes lent memory to a file, durably; the count, less if the disk or the file is full, or
    /// ENOSPC, EFBIG.
    /// </summary>
    [AsyncMethodBuilder(typeof(ActivationBuilder<>))]
    public async ValueTask<long> Write(
        Inode inode, long offset, int count, Lease lease, Activation self)
    {
        if (count > 0 && offset >= DiskLayout.SizeLimit)
        {
            return -(long)Errno.EFBIG;
        }

        count = (int)Math.Min(count, DiskLayout.SizeLimit - offset);
        if (count > 0 && offset > inode.Size)
        {
            await ClearTail(inode, offset, self);
        }

        for (var done = 0; done < count;)
        {
            var run = unusedRuns.TryPop(out var unused) ? unused : new Run();
            run.Lease = lease;
            run.LeaseOffset = done;
            var written = await WriteRun(run, inode, offset + done, count - done, self);
            unusedRuns.Push(run);
            if (written < 0)
            {
                return done > 0 ? done : written;
            }

            done += (int)written;
            if (run.IsCut)
            {
                return done;
            }
        }

        return count;
    }

    /// <summary>Adds a block at the end of a directory: 0, or ENOSPC.</summary>
    public async ValueTask<long> Append(
        Inode directory, ReadOnlyMemory<byte> bytes, Activation self)
    {
        var run = new Run { Own = bytes };
        var written = await WriteRun(run, directory, directory.Size, bytes.Length, self);
        return Math.Min(written, 0);
    }

    /// <summary>Makes a file empty.</summary>
    public async ValueTask Empty(Inode inode, Activation self)
    {
        if (inode.Size == 0 && inode.Blocks == 0)
        {
            return;
        }

        var pointers = inode.Pointers.ToArray();
        InodeTable.Clear(inode);
        await inodes.Store(inode, self);
        await GiveBack(pointers, self);
    }

    /// <summary>
    /// Gives back all blocks that an inode's pointers named; it no longer names them on the disk.
    /// </summary>
    public async ValueTask GiveBack(uint[] pointers, Activation self)
    {
        var touched = new bool[bits.BlockCount];
        Give(pointers.AsSpan(0, DiskLayout.DirectPointers), touched);
        await GiveIndirect(pointers[DiskLayout.IndirectPointer], touched, self);
        if (pointers[DiskLayout.DoublePointer] is not 0 and var outer)
        {
            var inner = ReadPointers(await cache.Get(outer, self));
            foreach (var pointer in inner)
            {
                await GiveIndirect(pointer, touched, self);
            }

            touched[bits.Give((int)outer)] = true;
        }

        for (var i = 0; i < touched.Length; i++)
        {
            if (touched[i])
            {
                await bits.WriteBlock(i, self);
            }
        }
    }

    private async ValueTask GiveIndirect(uint pointer, bool[] touched, Activation self)
    {
        if (pointer != 0)
        {
            Give(ReadPointers(await cache.Get(pointer, self)), touched);
            touched[bits.Give((int)pointer)] = true;
        }
    }

    private void Give(ReadOnlySpan<uint> pointers, bool[] touched)
    {
        foreach (var pointer in pointers)
        {
            if (pointer != 0)
            {
                touched[bits.Give((int)pointer)] = true;
            }
        }
    }

    private static uint[] ReadPointers(CachedBlock block)
    {
        var pointers = new uint[DiskLayout.PointersPerBlock];
        for (var i = 0; i < pointers.Length; i++)
        {
            pointers[i] = DiskLayout.ReadPointer(block.Bytes, i);
        }

        return pointers;
    }

    [AsyncMethodBuilder(typeof(ActivationBuilder<>))]
    private async ValueTask<uint> MapByBlocks(Inode inode, PointerPlace place, Activation self)
    {
        var leaf = inode.Pointers[DiskLayout.IndirectPointer];
        if (place.Level == PointerLevel.DoubleIndirect)
        {
            var outer = inode.Pointers[DiskLayout.DoublePointer];
            leaf = outer == 0
                ? 0
                : DiskLayout.ReadPointer((await cache.Get(outer, self)).Bytes, place.Outer);
        }

        return leaf == 0
            ? 0
            : DiskLayout.ReadPointer((await cache.Get(leaf, self)).Bytes, place.Index);
    }

    /// <summary>
    /// A write that starts behind the end leaves a gap that reads as zeros. What is in the last
    /// block behind the end usually is zeros; not so if the server died between writing data and
    /// the inode.
    /// </summary>
    private async ValueTask ClearTail(Inode inode, long until, Activation self)
    {
        var start = (int)(inode.Size % DiskLayout.BlockSize);
        var pointer = await Map(inode, inode.Size / DiskLayout.BlockSize, self);
        if (start == 0 || pointer == 0)
        {
            return;
        }

        var block = await cache.Get(pointer, self);
        var length = (int)Math.Min(DiskLayout.BlockSize - start, until - inode.Size);
        var tail = block.Memory.Slice(start, length);
        if (tail.Span.ContainsAnyExcept((byte)0))
        {
            tail.Span.Clear();
            await cache.Write(block, self);
        }
    }

    /// <summary>
    /// Writes consecutive blocks whose pointers are in one place: the count, or ENOSPC.
    /// </summary>
    [AsyncMethodBuilder(typeof(ActivationBuilder<>))]
    private async ValueTask<long> WriteRun(
        Run run, Inode inode, long offset, int count, Activation self)
    {
        run.Begin(DiskLayout.PlaceOf(offset / DiskLayout.BlockSize), offset, count);
        await FindPointers(run, inode, self);
        if (!TakeBlocks(run, inode))
        {
            return -(long)Errno.ENOSPC;
        }

        await bits.Write(run.Taken, self);
        var written = await WriteData(run, self);
        if (written < 0)
        {
            await Undo(run, self);
            return written;
        }

        await WritePointers(run, inode, offset + run.Length, self);
        return run.Length;
    }

    [AsyncMethodBuilder(typeof(ActivationBuilder))]
    private async ValueTask FindPointers(Run run, Inode inode, Activation self)
    {
        var place = run.Place;
        if (place.Level == PointerLevel.Inode)
        {
            inode.Pointers.AsSpan(place.Index, run.Blocks).CopyTo(run.Pointers);
            return;
        }

        run.Leaf = inode.Pointers[DiskLayout.IndirectPointer];
        if (place.Level == PointerLevel.DoubleIndirect)
        {
            run.Outer = inode.Pointers[DiskLayout.DoublePointer];
            run.Leaf = run.Outer == 0
                ? 0
                : DiskLayout.ReadPointer((await cache.Get(run.Outer, self)).Bytes, place.Outer);
        }

        if (run.Leaf != 0)
        {
            var leaf = await cache.Get(run.Leaf, self);
            for (var i = 0; i < run.Blocks; i++)
            {
                run.Pointers[i] = DiskLayout.ReadPointer(leaf.Bytes, place.Index + i);
            }
        }
    }

    /// <summary>
    /// Takes blocks for the holes of a run and for the pointer blocks that it lacks. If there are
    /// too few, the run is cut before the first hole that gets none; false if nothing is left of
    /// it.
    /// </summary>
    private bool TakeBlocks(Run run, Inode inode)
    {
        run.FindHoles();
        if (run.Holes == 0)
        {
            return true;
        }

        var needsLeaf = run.Place.Level != PointerLevel.Inode && run.Leaf == 0;
        var needsOuter = run.Place.Level == PointerLevel.DoubleIndirect && run.Outer == 0;
        var overhead = (needsLeaf ? 1 : 0) + (needsOuter ? 1 : 0);
        var fillable = Math.Clamp(bits.Free - overhead, 0, run.Holes);
        if (fillable < run.Holes)
        {
            run.CutAfter(fillable);
        }

        if (run.Holes == 0)
        {
            return run.Blocks > 0;
        }

        var near = Near(run, inode);
        if (needsOuter)
        {
            run.IsOuterNew = true;
            run.Outer = Take(run, ref near);
        }

        if (needsLeaf)
        {
            run.IsLeafNew = true;
            run.Leaf = Take(run, ref near);
        }

        for (var i = 0; i < run.Blocks; i++)
        {
            if (run.IsHole[i])
            {
                run.Pointers[i] = Take(run, ref near);
            }
        }

        return true;
    }

    /// <summary>Where the next block of a file is best put: behind the one before it.</summary>
    private static int Near(Run run, Inode inode)
    {
        var before = run.Place.Level switch
        {
            PointerLevel.Inode when run.Place.Index > 0 => inode.Pointers[run.Place.Index - 1],
            PointerLevel.Inode => 0u,
            PointerLevel.Indirect or PointerLevel.DoubleIndirect =>
                run.Leaf != 0 ? run.Leaf : inode.Pointers[DiskLayout.DirectPointers - 1],
        };
        return before == 0 ? -1 : (int)before + 1;
    }

    private uint Take(Run run, ref int near)
    {
        var taken = bits.Take(near);
        run.Taken.Add(taken);
        near = taken + 1;
        return (uint)taken;
    }

    [AsyncMethodBuilder(typeof(ActivationBuilder<>))]
    private async ValueTask<long> WriteData(Run run, Activation self)
    {
        for (int i = 0, done = 0; i < run.Blocks; i++)
        {
            var start = i == 0 ? run.Start : 0;
            var length = Math.Min(DiskLayout.BlockSize - start, run.Length - done);
            self.Work(Part.FileBlock);
            var block = run.IsHole[i] || length == DiskLayout.BlockSize
                ? cache.GetCleared(run.Pointers[i])
                : await cache.Get(run.Pointers[i], self);
            var bytes = block.Memory.Slice(start, length);
            if (run.Own.IsEmpty)
            {
                block.Pins++;
                var copied = await self.ReadLease(run.Lease, run.LeaseOffset + done, bytes);
                block.Pins--;
                if (copied < 0)
                {
                    cache.Drop(block);
                    return copied;
                }
            }
            else
            {
                run.Own.Slice(done, length).CopyTo(bytes);
            }

            await cache.Write(block, self);
            done += length;
        }

        return run.Length;
    }

    /// <summary>
    /// New pointer blocks first, since nothing points to them yet; then the inode; then the pointer
    /// block that was there before: who dies in between leaves a gap of zeros at the end of the
    /// file, not somebody's old bytes.
    /// </summary>
    [AsyncMethodBuilder(typeof(ActivationBuilder))]
    private async ValueTask WritePointers(Run run, Inode inode, long end, Activation self)
    {
        var place = run.Place;
        if (run.IsLeafNew)
        {
            var leaf = cache.GetCleared(run.Leaf);
            run.CopyNewPointers(leaf);
            await cache.Write(leaf, self);
        }

        if (run.IsOuterNew)
        {
            var outer = cache.GetCleared(run.Outer);
            DiskLayout.WritePointer(outer.Bytes, place.Outer, run.Leaf);
            await cache.Write(outer, self);
        }

        if (run.Holes > 0 || end > inode.Size)
        {
            if (place.Level == PointerLevel.Inode)
            {
                run.Pointers.AsSpan(0, run.Blocks).CopyTo(inode.Pointers.AsSpan(place.Index));
            }
            else if (place.Level == PointerLevel.Indirect)
            {
                inode.Pointers[DiskLayout.IndirectPointer] = run.Leaf;
            }
            else
            {
                inode.Pointers[DiskLayout.DoublePointer] = run.Outer;
            }

            inode.Blocks += run.Taken.Count;
            inode.Size = Math.Max(inode.Size, end);
            await inodes.Store(inode, self);
        }

        if (run.Holes > 0 && place.Level != PointerLevel.Inode && !run.IsLeafNew)
        {
            var leaf = await cache.Get(run.Leaf, self);
            run.CopyNewPointers(leaf);
            await cache.Write(leaf, self);
        }
        else if (run.IsLeafNew && place.Level == PointerLevel.DoubleIndirect && !run.IsOuterNew)
        {
            var outer = await cache.Get(run.Outer, self);
            DiskLayout.WritePointer(outer.Bytes, place.Outer, run.Leaf);
            await cache.Write(outer, self);
        }
    }

    private async ValueTask Undo(Run run, Activation self)
    {
        foreach (var taken in run.Taken)
        {
            bits.Give(taken);
        }

        await bits.Write(run.Taken, self);
    }

    /// <summary>Consecutive blocks of a file that are written in one go.</summary>
    private sealed class Run
    {
        private const int Limit = 64;

        public PointerPlace Place;
        public int Start;
        public int Length;
        public int Blocks;
        public int Holes;
        public uint Leaf;
        public uint Outer;
        public bool IsLeafNew;
        public bool IsOuterNew;
        public bool IsCut;
        public Lease Lease;
        public int LeaseOffset;

        public ReadOnlyMemory<byte> Own { get; init; }
        public uint[] Pointers { get; } = new uint[Limit];
        public bool[] IsHole { get; } = new bool[Limit];
        public List<int> Taken { get; } = new(Limit + 2);

        public void Begin(PointerPlace place, long offset, int count)
        {
            var places = place.Level == PointerLevel.Inode
                ? DiskLayout.DirectPointers
                : DiskLayout.PointersPerBlock;
            var most = Math.Min(Limit, places - place.Index);
            Place = place;
            Start = (int)(offset % DiskLayout.BlockSize);
            Length = Math.Min(count, most * DiskLayout.BlockSize - Start);
            Blocks = (Start + Length + DiskLayout.BlockSize - 1) / DiskLayout.BlockSize;
            (Holes, Leaf, Outer) = (0, 0, 0);
            (IsLeafNew, IsOuterNew, IsCut) = (false, false, false);
            Taken.Clear();
            Pointers.AsSpan().Clear();
        }

        public void FindHoles()
        {
            for (var i = 0; i < Blocks; i++)
            {
                IsHole[i] = Pointers[i] == 0;
                Holes += IsHole[i] ? 1 : 0;
            }
        }

        /// <summary>Ends the run before the first hole that exceeds so many.</summary>
        public void CutAfter(int holes)
        {
            IsCut = true;
            Holes = 0;
            for (var i = 0; i < Blocks; i++)
            {
                if (IsHole[i] && Holes++ == holes)
                {
                    Holes = holes;
                    Blocks = i;
                    Length = Math.Max(0, i * DiskLayout.BlockSize - Start);
                }
            }
        }

        public void CopyNewPointers(CachedBlock leaf)
        {
            for (var i = 0; i < Blocks; i++)
            {
                if (IsHole[i])
                {
                    DiskLayout.WritePointer(leaf.Bytes, Place.Index + i, Pointers[i]);
                }
            }
        }
    }
}
