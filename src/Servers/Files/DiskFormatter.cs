using Abi.Costs;
using Abi.Devices;
using Abi.Posix;
using LibSys;
using LibSys.Protocols;

namespace Servers.Files;

/// <summary>What was to be put on a disk does not fit.</summary>
/// <param name="message">What does not fit.</param>
public sealed class DiskFullException(string message) : Exception(message);

/// <summary>
/// Makes a file system on a disk and fills it, before any machine runs. Files lie in the order in
/// which they are added, each in one piece. Nothing is readable until <see cref="Finish"/>.
/// </summary>
public sealed class DiskFormatter
{
    private readonly ISectorStore store;
    private readonly DiskLayout layout;
    private readonly List<Inode> inodes = [];
    private readonly SortedDictionary<int, List<byte[]>> directories = [];
    private readonly byte[] block = new byte[DiskLayout.BlockSize];
    private int next;

    /// <summary>Starts on a disk that holds nothing but zeros.</summary>
    /// <param name="store">The disk.</param>
    /// <param name="inodeCount">How many files and directories it can ever have.</param>
    /// <exception cref="DiskFullException">Not even an empty file system fits.</exception>
    public DiskFormatter(ISectorStore store, int inodeCount)
    {
        this.store = store;
        var blocks = Math.Min(store.SectorCount / DiskLayout.SectorsPerBlock, int.MaxValue);
        layout = new DiskLayout((int)blocks, inodeCount);
        next = layout.DataStart;
        if (next >= blocks)
        {
            throw new DiskFullException("the disk is too small for a file system");
        }

        AddInode(ModeBits.S_IFDIR | 0x1ED, 2);
        directories.Add(
            Root, [Directories.FirstBlock(DiskLayout.RootInode, DiskLayout.RootInode)]);
    }

    /// <summary>The inode of the root directory.</summary>
    public static int Root => DiskLayout.RootInode;

    /// <summary>
    /// The inodes that a disk of this many bytes gets unless told otherwise: one for each 16 KiB
    /// (as mke2fs does).
    /// </summary>
    public static int DefaultInodes(long bytes) => (int)Math.Clamp(bytes / 16384, 64, 1 << 24);

    /// <summary>
    /// The bytes that a file of this size occupies: whole blocks, pointer blocks included.
    /// </summary>
    public static long SpaceFor(long size)
    {
        var blocks = (size + DiskLayout.BlockSize - 1) / DiskLayout.BlockSize;
        var behindDirect = Math.Max(0, blocks - DiskLayout.DirectPointers);
        var leaves = (behindDirect + DiskLayout.PointersPerBlock - 1) / DiskLayout.PointersPerBlock;
        return (blocks + leaves + (leaves > 1 ? 1 : 0)) * DiskLayout.BlockSize;
    }

    /// <summary>
    /// The bytes that the file system itself occupies on a disk of this many bytes.
    /// </summary>
    public static long OverheadOf(long bytes, int inodeCount) =>
        (long)new DiskLayout(
            (int)(bytes / DiskLayout.BlockSize), inodeCount).DataStart * DiskLayout.BlockSize;

    /// <summary>Adds an empty directory; its inode.</summary>
    /// <exception cref="DiskFullException">It does not fit.</exception>
    public int AddDirectory(int parent, ReadOnlySpan<byte> name, int mode)
    {
        var made = AddInode(
            ModeBits.S_IFDIR | (mode & ModeBits.Permissions), 2);
        directories.Add(made.Number, [Directories.FirstBlock(made.Number, parent)]);
        inodes[parent - 1].Links++;
        AddName(parent, name, made);
        return made.Number;
    }

    /// <summary>Adds a file with what the stream has up to its end; its inode.</summary>
    /// <exception cref="DiskFullException">
    /// It does not fit, or is larger than a file can be.
    /// </exception>
    public int AddFile(int parent, ReadOnlySpan<byte> name, int mode, Stream content)
    {
        var file = AddInode(
            ModeBits.S_IFREG | (mode & ModeBits.Permissions), 1);
        while (true)
        {
            var read = content.ReadAtLeast(block, block.Length, throwOnEndOfStream: false);
            if (read > 0)
            {
                block.AsSpan(read).Clear();
                AddBlock(file, file.Size / DiskLayout.BlockSize, block);
                file.Size += read;
            }

            if (read < block.Length)
            {
                break;
            }
        }

        AddName(parent, name, file);
        return file.Number;
    }

    /// <summary>Writes down everything that is not yet on the disk.</summary>
    /// <exception cref="DiskFullException">The directories do not fit.</exception>
    public void Finish()
    {
        foreach (var (number, blocks) in directories)
        {
            for (var i = 0; i < blocks.Count; i++)
            {
                AddBlock(inodes[number - 1], i, blocks[i]);
            }

            inodes[number - 1].Size = (long)blocks.Count * DiskLayout.BlockSize;
        }

        foreach (var inode in inodes)
        {
            ReadBlock(layout.BlockOfInode(inode.Number), block);
            DiskLayout.WriteInode(block, inode);
            WriteBlock(layout.BlockOfInode(inode.Number), block);
        }

        WriteBitmap(layout.BlockBitmap, layout.BlockBitmapLength, next, layout.BlockCount);
        WriteBitmap(layout.InodeBitmap, layout.InodeBitmapLength, inodes.Count, layout.InodeCount);
        layout.WriteSuperblock(block, mounts: 0);
        WriteBlock(DiskLayout.Superblock, block);
    }

    private Inode AddInode(int mode, int links)
    {
        if (inodes.Count == layout.InodeCount)
        {
            throw new DiskFullException(
                $"the disk has room for no more than {layout.InodeCount} files and directories");
        }

        var inode = new Inode(new SharedLock(new EventCount(0, Cause.LockWait)))
        {
            Number = inodes.Count + 1,
            Generation = 1,
            Mode = mode,
            Links = links,
        };
        inodes.Add(inode);
        return inode;
    }

    private void AddName(int parent, ReadOnlySpan<byte> name, Inode inode)
    {
        ArgumentOutOfRangeException.ThrowIfZero(name.Length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(name.Length, FileProtocol.NameLimit);
        var blocks = directories[parent];
        if (!DiskLayout.HasRoom(blocks[^1], name.Length))
        {
            var added = new byte[DiskLayout.BlockSize];
            DiskLayout.ClearDirectoryBlock(added);
            blocks.Add(added);
        }

        DiskLayout.AddRecord(blocks[^1], name, inode.Number, inode.EntryType);
    }

    private void AddBlock(Inode inode, long fileBlock, ReadOnlySpan<byte> bytes)
    {
        var place = DiskLayout.PlaceOf(fileBlock);
        if (fileBlock >= DiskLayout.BlockLimit)
        {
            throw new DiskFullException(
                $"a file cannot be larger than {DiskLayout.SizeLimit} bytes");
        }

        switch (place.Level)
        {
            case PointerLevel.Inode:
                inode.Pointers[place.Index] = Put(inode, bytes);
                break;
            case PointerLevel.Indirect:
                var leaf = inode.Pointers[DiskLayout.IndirectPointer];
                if (leaf == 0)
                {
                    inode.Pointers[DiskLayout.IndirectPointer] = leaf = PutPointers(inode);
                }

                SetPointer(leaf, place.Index, Put(inode, bytes));
                break;
            case PointerLevel.DoubleIndirect:
                var outer = inode.Pointers[DiskLayout.DoublePointer];
                if (outer == 0)
                {
                    inode.Pointers[DiskLayout.DoublePointer] = outer = PutPointers(inode);
                }

                var inner = GetPointer(outer, place.Outer);
                if (inner == 0)
                {
                    inner = PutPointers(inode);
                    SetPointer(outer, place.Outer, inner);
                }

                SetPointer(inner, place.Index, Put(inode, bytes));
                break;
        }
    }

    private uint PutPointers(Inode inode)
    {
        Span<byte> zeros = stackalloc byte[DiskLayout.BlockSize];
        zeros.Clear();
        return Put(inode, zeros);
    }

    private uint Put(Inode inode, ReadOnlySpan<byte> bytes)
    {
        if (next == layout.BlockCount)
        {
            throw new DiskFullException(
                $"the disk of {(long)layout.BlockCount * DiskLayout.BlockSize} bytes is full");
        }

        WriteBlock(next, bytes);
        inode.Blocks++;
        return (uint)next++;
    }

    private uint GetPointer(uint pointers, int index)
    {
        Span<byte> bytes = stackalloc byte[DiskLayout.BlockSize];
        ReadBlock(pointers, bytes);
        return DiskLayout.ReadPointer(bytes, index);
    }

    private void SetPointer(uint pointers, int index, uint pointer)
    {
        Span<byte> bytes = stackalloc byte[DiskLayout.BlockSize];
        ReadBlock(pointers, bytes);
        DiskLayout.WritePointer(bytes, index, pointer);
        WriteBlock(pointers, bytes);
    }

    /// <summary>
    /// Marks the first numbers as in use, and those behind the last, which do not exist.
    /// </summary>
    private void WriteBitmap(int firstBlock, int blocks, int used, int count)
    {
        for (var i = 0; i < blocks; i++)
        {
            for (var bit = 0; bit < DiskLayout.BlockSize * 8; bit++)
            {
                var number = i * DiskLayout.BlockSize * 8 + bit;
                var mask = (byte)(1 << (bit % 8));
                block[bit / 8] = number < used || number >= count
                    ? (byte)(block[bit / 8] | mask)
                    : (byte)(block[bit / 8] & ~mask);
            }

            WriteBlock(firstBlock + i, block);
        }
    }

    private void ReadBlock(long number, Span<byte> into) =>
        store.Read(number * DiskLayout.SectorsPerBlock, into);

    private void WriteBlock(long number, ReadOnlySpan<byte> from) =>
        store.Write(number * DiskLayout.SectorsPerBlock, from);
}
