using System.Text;
using Abi.Devices;
using Servers.Files;

namespace Servers.Tests.Files;

/// <summary>
/// Reads a disk without the file server, as e2fsck would: the tree it holds, what contradicts
/// itself, and what is marked as used but belongs to nobody.
/// </summary>
internal sealed class DiskChecker
{
    private readonly ISectorStore store;
    private readonly DiskLayout layout;
    private readonly Dictionary<int, byte[]> bitmaps = [];
    private readonly Dictionary<uint, string> owners = [];
    private readonly SortedDictionary<int, int> names = [];

    public DiskChecker(ISectorStore store)
    {
        this.store = store;
        layout = DiskLayout.ReadSuperblock(Block(DiskLayout.Superblock))!.Value.Layout;
        Visit("", DiskLayout.RootInode, DiskLayout.RootInode);
        for (var block = (uint)layout.DataStart; block < layout.BlockCount; block++)
        {
            var isUsed = IsSet(layout.BlockBitmap, (int)block);
            LostBlocks += isUsed && !owners.ContainsKey(block) ? 1 : 0;
        }

        for (var inode = 1; inode <= layout.InodeCount; inode++)
        {
            LostInodes += IsSet(layout.InodeBitmap, inode - 1) && !names.ContainsKey(inode) ? 1 : 0;
        }
    }

    /// <summary>Content by path; null for directories, the root left out.</summary>
    public SortedDictionary<string, byte[]?> Tree { get; } = new(StringComparer.Ordinal);

    public List<string> Errors { get; } = [];

    /// <summary>Directories with more links than they should have.</summary>
    public int ExcessLinks { get; private set; }

    public int LostBlocks { get; }

    public int LostInodes { get; }

    private void Visit(string path, int number, int parent)
    {
        if (names.TryGetValue(number, out var count))
        {
            Errors.Add($"{path}: inode {number} has another name already ({count})");
            return;
        }

        names[number] = 1;
        var inode = new Inode(new SharedLock(new LibSys.EventCount(0, Abi.Costs.Cause.LockWait)));
        DiskLayout.ReadInode(Block(layout.BlockOfInode(number)), number, inode);
        if (inode.Mode == 0 || !IsSet(layout.InodeBitmap, number - 1))
        {
            Errors.Add($"{path}: inode {number} is free");
            return;
        }

        var blocks = BlocksOf(path, inode);
        if (!inode.IsDirectory)
        {
            Tree[path] = Content(inode, blocks);
            Expect(inode.Links == 1, $"{path}: {inode.Links} links");
            return;
        }

        if (path != "")
        {
            Tree[path] = null;
        }

        var subdirectories = 0;
        foreach (var bytes in blocks.Values.Select(block => Block(block)))
        {
            for (var offset = 0; offset < DiskLayout.BlockSize;)
            {
                var record = DiskLayout.ReadRecord(bytes, offset);
                offset = record.End;
                var name = Encoding.UTF8.GetString(record.Name);
                if (record.Inode == 0 || name == ".")
                {
                    Expect(record.Inode == 0 || record.Inode == number, $"{path}: \".\" is wrong");
                }
                else if (name == "..")
                {
                    Expect(record.Inode == parent, $"{path}: \"..\" is {record.Inode}");
                }
                else
                {
                    subdirectories += record.Type == Abi.Posix.DirectoryEntry.DT_DIR ? 1 : 0;
                    Visit(path + "/" + name, record.Inode, number);
                }
            }
        }

        Expect(inode.Links >= 2 + subdirectories, $"{path}: {inode.Links} links are too few");
        ExcessLinks += inode.Links - 2 - subdirectories;
    }

    private SortedDictionary<long, uint> BlocksOf(string path, Inode inode)
    {
        var blocks = new SortedDictionary<long, uint>();
        var count = 0;
        void Use(uint block)
        {
            count++;
            Expect(IsSet(layout.BlockBitmap, (int)block), $"{path}: block {block} is free");
            Expect(
                block >= layout.DataStart && block < layout.BlockCount,
                $"{path}: block {block}");
            Expect(owners.TryAdd(block, path), $"{path}: block {block} is also {owners[block]}'s");
        }

        void UseLeaf(uint leaf, long first)
        {
            if (leaf != 0)
            {
                Use(leaf);
                for (var i = 0; i < DiskLayout.PointersPerBlock; i++)
                {
                    Add(first + i, DiskLayout.ReadPointer(Block(leaf), i));
                }
            }
        }

        void Add(long index, uint block)
        {
            if (block != 0)
            {
                Use(block);
                blocks.Add(index, block);
            }
        }

        for (var i = 0; i < DiskLayout.DirectPointers; i++)
        {
            Add(i, inode.Pointers[i]);
        }

        long next = DiskLayout.DirectPointers;
        UseLeaf(inode.Pointers[DiskLayout.IndirectPointer], next);
        if (inode.Pointers[DiskLayout.DoublePointer] is not 0 and var outer)
        {
            Use(outer);
            for (var i = 0; i < DiskLayout.PointersPerBlock; i++)
            {
                next += DiskLayout.PointersPerBlock;
                UseLeaf(DiskLayout.ReadPointer(Block(outer), i), next);
            }
        }

        Expect(count <= inode.Blocks, $"{path}: has {count} blocks, says {inode.Blocks}");
        Expect(
            blocks.Keys.All(index => index * DiskLayout.BlockSize < inode.Size),
            $"{path}: has a block behind its end");
        return blocks;
    }

    private byte[] Content(Inode inode, SortedDictionary<long, uint> blocks)
    {
        var bytes = new byte[inode.Size];
        foreach (var (index, block) in blocks)
        {
            var start = index * DiskLayout.BlockSize;
            Block(block).AsSpan(0, (int)Math.Min(DiskLayout.BlockSize, inode.Size - start))
                .CopyTo(bytes.AsSpan((int)start));
        }

        return bytes;
    }

    private void Expect(bool holds, string otherwise)
    {
        if (!holds)
        {
            Errors.Add(otherwise);
        }
    }

    private bool IsSet(int firstBlock, int bit)
    {
        const int BitsPerBlock = DiskLayout.BlockSize * 8;
        var number = firstBlock + bit / BitsPerBlock;
        if (!bitmaps.TryGetValue(number, out var bitmap))
        {
            bitmaps.Add(number, bitmap = Block(number));
        }

        return (bitmap[bit % BitsPerBlock / 8] & (1 << (bit % 8))) != 0;
    }

    private byte[] Block(long number)
    {
        var bytes = new byte[DiskLayout.BlockSize];
        store.Read(number * DiskLayout.SectorsPerBlock, bytes);
        return bytes;
    }
}
