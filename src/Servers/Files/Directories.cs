using System.Runtime.CompilerServices;
using Abi;
using Abi.Posix;
using LibSys;

namespace Servers.Files;

/// <summary>A name found in a directory.</summary>
/// <param name="Inode">The inode it names; 0 if there is no such name.</param>
/// <param name="Type">Its d_type.</param>
/// <param name="Block">The block of the disk that holds the record.</param>
/// <param name="Offset">The record's offset there.</param>
public readonly record struct FoundName(int Inode, byte Type, long Block, int Offset);

/// <summary>
/// What directories contain. Callers hold the directory's lock, exclusively for changes.
/// </summary>
/// <param name="cache">The disk.</param>
/// <param name="content">The directories' blocks.</param>
public sealed class Directories(BlockCache cache, FileContent content)
{
    private static readonly byte[] EmptyBlock = MakeEmptyBlock();

    /// <summary>The name ".".</summary>
    public static ReadOnlyMemory<byte> Self { get; } = "."u8.ToArray();

    /// <summary>The name "..".</summary>
    public static ReadOnlyMemory<byte> Parent { get; } = ".."u8.ToArray();

    /// <summary>Finds a name.</summary>
    [AsyncMethodBuilder(typeof(ActivationBuilder<>))]
    public async ValueTask<FoundName> Find(
        Inode directory, ReadOnlyMemory<byte> name, Activation self)
    {
        for (var i = 0L; i * DiskLayout.BlockSize < directory.Size; i++)
        {
            var block = await cache.Get(await content.Map(directory, i, self), self);
            var offset = DiskLayout.FindRecord(block.Bytes, name.Span);
            if (offset >= 0)
            {
                var record = DiskLayout.ReadRecord(block.Bytes, offset);
                return new FoundName(record.Inode, record.Type, block.Number, offset);
            }
        }

        return default;
    }

    /// <summary>Makes sure that a name of this length can be added: 0, or ENOSPC.</summary>
    public async ValueTask<long> EnsureRoom(Inode directory, int nameLength, Activation self) =>
        Math.Min(await BlockWithRoom(directory, nameLength, self), 0);

    /// <summary>Adds a name that is not there: 0, or ENOSPC.</summary>
    public async ValueTask<long> Add(
        Inode directory, ReadOnlyMemory<byte> name, int inode, byte type, Activation self)
    {
        var number = await BlockWithRoom(directory, name.Length, self);
        if (number < 0)
        {
            return number;
        }

        var block = await cache.Get(number, self);
        DiskLayout.AddRecord(block.Bytes, name.Span, inode, type);
        await cache.Write(block, self);
        return 0;
    }

    /// <summary>Removes a name.</summary>
    public async ValueTask Remove(FoundName found, Activation self)
    {
        var block = await cache.Get(found.Block, self);
        DiskLayout.RemoveRecord(block.Bytes, found.Offset);
        await cache.Write(block, self);
    }

    /// <summary>Lets a name name another inode.</summary>
    public async ValueTask Redirect(FoundName found, int inode, byte type, Activation self)
    {
        var block = await cache.Get(found.Block, self);
        DiskLayout.RedirectRecord(block.Bytes, found.Offset, inode, type);
        await cache.Write(block, self);
    }

    /// <summary>Whether a directory has no names but "." and "..".</summary>
    public async ValueTask<bool> IsEmpty(Inode directory, Activation self)
    {
        for (var i = 0L; i * DiskLayout.BlockSize < directory.Size; i++)
        {
            var block = await cache.Get(await content.Map(directory, i, self), self);
            if (HasOtherNames(block))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Gives a new directory its names "." and "..": 0, or ENOSPC.</summary>
    public ValueTask<long> Begin(Inode directory, int parent, Activation self) =>
        content.Append(directory, FirstBlock(directory.Number, parent), self);

    /// <summary>The first block of a new directory.</summary>
    public static byte[] FirstBlock(int directory, int parent)
    {
        var bytes = MakeEmptyBlock();
        DiskLayout.AddRecord(bytes, Self.Span, directory, DirectoryEntry.DT_DIR);
        DiskLayout.AddRecord(bytes, Parent.Span, parent, DirectoryEntry.DT_DIR);
        return bytes;
    }

    /// <summary>
    /// Lists entries from a position on, as getdents64() lays them out: the bytes used, 0 at the
    /// end, EINVAL if not one fits; and the next position. A position is the offset of a record
    /// that was there once: records do not move, so whatever is added or removed, each name that
    /// stays is listed once.
    /// </summary>
    public async ValueTask<(long Bytes, long Next)> List(
        Inode directory, long position, Memory<byte> into, Activation self)
    {
        var used = 0;
        while (position < directory.Size)
        {
            var index = position / DiskLayout.BlockSize;
            var block = await cache.Get(await content.Map(directory, index, self), self);
            var start = index * DiskLayout.BlockSize;
            var (bytes, offset) = ListBlock(
                block, start, (int)(position - start), into.Span[used..]);
            used += bytes;
            position = start + offset;
            if (offset < DiskLayout.BlockSize)
            {
                return (used == 0 ? -(long)Errno.EINVAL : used, position);
            }
        }

        return (used, position);
    }

    /// <summary>
    /// Lists a block's records until one does not fit: the bytes used and that record's offset.
    /// </summary>
    private static (int Bytes, int Offset) ListBlock(
        CachedBlock block, long start, int from, Span<byte> into)
    {
        var used = 0;
        for (var offset = 0; offset < DiskLayout.BlockSize;)
        {
            var record = DiskLayout.ReadRecord(block.Bytes, offset);
            if (offset >= from && record.Inode != 0)
            {
                if (DirectoryEntry.SizeOf(record.Name.Length) > into.Length - used)
                {
                    return (used, offset);
                }

                used += DirectoryEntry.Write(
                    into[used..], record.Inode, start + record.End, record.Type, record.Name);
            }

            offset = record.End;
        }

        return (used, DiskLayout.BlockSize);
    }

    private async ValueTask<long> BlockWithRoom(Inode directory, int nameLength, Activation self)
    {
        for (var i = 0L; i * DiskLayout.BlockSize < directory.Size; i++)
        {
            var block = await cache.Get(await content.Map(directory, i, self), self);
            if (DiskLayout.HasRoom(block.Bytes, nameLength))
            {
                return block.Number;
            }
        }

        var error = await content.Append(directory, EmptyBlock, self);
        return error < 0
            ? error
            : await content.Map(directory, directory.Size / DiskLayout.BlockSize - 1, self);
    }

    private static bool HasOtherNames(CachedBlock block)
    {
        for (var offset = 0; offset < DiskLayout.BlockSize;)
        {
            var record = DiskLayout.ReadRecord(block.Bytes, offset);
            if (record.Inode != 0 && !record.Name.SequenceEqual(Self.Span)
                && !record.Name.SequenceEqual(Parent.Span))
            {
                return true;
            }

            offset = record.End;
        }

        return false;
    }

    private static byte[] MakeEmptyBlock()
    {
        var bytes = new byte[DiskLayout.BlockSize];
        DiskLayout.ClearDirectoryBlock(bytes);
        return bytes;
    }
}
