using System.Buffers.Binary;

namespace Servers.Files;

/// <summary>
/// Where everything is on the disk, and how it is encoded: no other type knows. In blocks of 4096
/// bytes: superblock, intent block, block bitmap, inode bitmap, inode table, then directories and
/// files. All numbers are little-endian. A simplification of ext2 (Card, Ts'o, Tweedie 1994): one
/// group, the same inode with twelve direct, one indirect and one double-indirect pointer, the same
/// directory records.
/// </summary>
/// <param name="blockCount">Blocks on the disk.</param>
/// <param name="inodeCount">Inodes; numbers are 1 to this.</param>
public sealed class DiskLayout(int blockCount, int inodeCount)
{
    /// <summary>Bytes in a block.</summary>
    public const int BlockSize = 4096;

    /// <summary>Sectors of the disk in a block.</summary>
    public const int SectorsPerBlock = BlockSize / Abi.Devices.ISectorStore.SectorSize;

    /// <summary>The inode of the root directory.</summary>
    public const int RootInode = 1;

    /// <summary>Pointers in an inode that name data blocks.</summary>
    public const int DirectPointers = 12;

    /// <summary>The index of the pointer to a block of pointers.</summary>
    public const int IndirectPointer = 12;

    /// <summary>The index of the pointer to a block of pointers to blocks of pointers.</summary>
    public const int DoublePointer = 13;

    /// <summary>Pointers in an inode.</summary>
    public const int PointerCount = 14;

    /// <summary>Pointers in a block.</summary>
    public const int PointersPerBlock = BlockSize / sizeof(uint);

    /// <summary>The most blocks that a file can have.</summary>
    public const long BlockLimit =
        DirectPointers + PointersPerBlock + (long)PointersPerBlock * PointersPerBlock;

    /// <summary>The largest size of a file, bytes.</summary>
    public const long SizeLimit = BlockLimit * BlockSize;

    /// <summary>The block of the superblock.</summary>
    public const int Superblock = 0;

    /// <summary>The block that holds a rename in progress.</summary>
    public const int IntentBlock = 1;

    private const uint Magic = 0x3146_634D; // "McF1"
    private const int BitmapStart = 2;
    private const int InodeSize = 128;
    private const int InodesPerBlock = BlockSize / InodeSize;
    private const int BitsPerBlock = BlockSize * 8;
    private const int RecordHeader = 8;

    /// <summary>Blocks on the disk.</summary>
    public int BlockCount { get; } = blockCount;

    /// <summary>Inodes on the disk.</summary>
    public int InodeCount { get; } = inodeCount;

    /// <summary>First block of the block bitmap; a set bit is a block in use.</summary>
    public int BlockBitmap { get; } = BitmapStart;

    /// <summary>Blocks of the block bitmap.</summary>
    public int BlockBitmapLength { get; } = Divide(blockCount, BitsPerBlock);

    /// <summary>First block of the inode bitmap; bit n is inode n + 1.</summary>
    public int InodeBitmap => BlockBitmap + BlockBitmapLength;

    /// <summary>Blocks of the inode bitmap.</summary>
    public int InodeBitmapLength { get; } = Divide(inodeCount, BitsPerBlock);

    /// <summary>
    /// First block behind the inode table: from here on blocks are given to files.
    /// </summary>
    public int DataStart => InodeTable + Divide(InodeCount, InodesPerBlock);

    private int InodeTable => InodeBitmap + InodeBitmapLength;

    private static int Divide(int number, int by) => (number + by - 1) / by;

    // The superblock.

    /// <summary>Encodes the superblock.</summary>
    /// <param name="block">A whole block.</param>
    /// <param name="mounts">How often the file system was mounted.</param>
    public void WriteSuperblock(Span<byte> block, int mounts)
    {
        block.Clear();
        BinaryPrimitives.WriteUInt32LittleEndian(block, Magic);
        BinaryPrimitives.WriteInt32LittleEndian(block[4..], BlockCount);
        BinaryPrimitives.WriteInt32LittleEndian(block[8..], InodeCount);
        BinaryPrimitives.WriteInt32LittleEndian(block[12..], mounts);
    }

    /// <summary>Decodes the superblock; null if there is no file system.</summary>
    public static (DiskLayout Layout, int Mounts)? ReadSuperblock(ReadOnlySpan<byte> block) =>
        BinaryPrimitives.ReadUInt32LittleEndian(block) != Magic
            ? null
            : (new DiskLayout(
                BinaryPrimitives.ReadInt32LittleEndian(block[4..]),
                BinaryPrimitives.ReadInt32LittleEndian(block[8..])),
                BinaryPrimitives.ReadInt32LittleEndian(block[12..]));

    // Inodes.

    /// <summary>The block of the inode table that holds this inode.</summary>
    public int BlockOfInode(int number) => InodeTable + (number - 1) / InodesPerBlock;

    /// <summary>Decodes an inode from its block of the table.</summary>
    public static void ReadInode(ReadOnlySpan<byte> block, int number, Inode into)
    {
        var bytes = block.Slice((number - 1) % InodesPerBlock * InodeSize, InodeSize);
        into.Number = number;
        into.Mode = BinaryPrimitives.ReadInt32LittleEndian(bytes);
        into.Links = BinaryPrimitives.ReadInt32LittleEndian(bytes[4..]);
        into.Generation = BinaryPrimitives.ReadInt32LittleEndian(bytes[8..]);
        into.Blocks = BinaryPrimitives.ReadInt32LittleEndian(bytes[12..]);
        into.Size = BinaryPrimitives.ReadInt64LittleEndian(bytes[16..]);
        for (var i = 0; i < PointerCount; i++)
        {
            into.Pointers[i] = BinaryPrimitives.ReadUInt32LittleEndian(bytes[(24 + 4 * i)..]);
        }
    }

    /// <summary>Encodes an inode into its block of the table.</summary>
    public static void WriteInode(Span<byte> block, Inode inode)
    {
        var bytes = block.Slice((inode.Number - 1) % InodesPerBlock * InodeSize, InodeSize);
        BinaryPrimitives.WriteInt32LittleEndian(bytes, inode.Mode);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[4..], inode.Links);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[8..], inode.Generation);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[12..], inode.Blocks);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[16..], inode.Size);
        for (var i = 0; i < PointerCount; i++)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(bytes[(24 + 4 * i)..], inode.Pointers[i]);
        }
    }

    /// <summary>
    /// Reads pointer <paramref name="index"/> of a block of pointers; 0 is a hole.
    /// </summary>
    public static uint ReadPointer(ReadOnlySpan<byte> block, int index) =>
        BinaryPrimitives.ReadUInt32LittleEndian(block[(4 * index)..]);

    /// <summary>Sets pointer <paramref name="index"/> of a block of pointers.</summary>
    public static void WritePointer(Span<byte> block, int index, uint pointer) =>
        BinaryPrimitives.WriteUInt32LittleEndian(block[(4 * index)..], pointer);

    /// <summary>Where the pointer to a block of a file is.</summary>
    public static PointerPlace PlaceOf(long fileBlock)
    {
        if (fileBlock < DirectPointers)
        {
            return new PointerPlace(PointerLevel.Inode, (int)fileBlock, 0);
        }

        fileBlock -= DirectPointers;
        if (fileBlock < PointersPerBlock)
        {
            return new PointerPlace(PointerLevel.Indirect, (int)fileBlock, 0);
        }

        fileBlock -= PointersPerBlock;
        return new PointerPlace(
            PointerLevel.DoubleIndirect,
            (int)(fileBlock % PointersPerBlock), (int)(fileBlock / PointersPerBlock));
    }

    // Directories: records of inode (4 bytes, 0: unused), length of the record (2), length of the
    // name (1), type (1), name. A record never crosses a block; the last one reaches to the end of
    // its block.

    /// <summary>Bytes that a record with a name of this length needs.</summary>
    public static int RecordSize(int nameLength) => (RecordHeader + nameLength + 3) & ~3;

    /// <summary>Makes an empty block of a directory.</summary>
    public static void ClearDirectoryBlock(Span<byte> block)
    {
        block.Clear();
        SetRecord(block, 0, BlockSize, 0, 0, []);
    }

    /// <summary>The record at an offset of a directory's block; the next is at its End.</summary>
    public static DirectoryRecord ReadRecord(ReadOnlySpan<byte> block, int offset)
    {
        var record = block[offset..];
        return new DirectoryRecord(
            BinaryPrimitives.ReadInt32LittleEndian(record), record[7],
            record.Slice(RecordHeader, record[6]),
            offset + BinaryPrimitives.ReadUInt16LittleEndian(record[4..]));
    }

    /// <summary>The offset of the record with this name, or -1.</summary>
    public static int FindRecord(ReadOnlySpan<byte> block, ReadOnlySpan<byte> name)
    {
        for (var offset = 0; offset < BlockSize;)
        {
            var record = ReadRecord(block, offset);
            if (record.Inode != 0 && record.Name.SequenceEqual(name))
            {
                return offset;
            }

            offset = record.End;
        }

        return -1;
    }

    /// <summary>Whether a record with a name of this length fits into the block.</summary>
    public static bool HasRoom(ReadOnlySpan<byte> block, int nameLength) =>
        FindRoom(block, nameLength) >= 0;

    /// <summary>Adds a record; no other record moves. The block has room for it.</summary>
    public static void AddRecord(Span<byte> block, ReadOnlySpan<byte> name, int inode, byte type)
    {
        var offset = FindRoom(block, name.Length);
        var record = ReadRecord(block, offset);
        if (record.Inode == 0)
        {
            SetRecord(block, offset, record.End - offset, inode, type, name);
            return;
        }

        var used = RecordSize(record.Name.Length);
        BinaryPrimitives.WriteUInt16LittleEndian(block[(offset + 4)..], (ushort)used);
        SetRecord(block, offset + used, record.End - offset - used, inode, type, name);
    }

    /// <summary>Removes the record at an offset; no other record moves.</summary>
    public static void RemoveRecord(Span<byte> block, int offset)
    {
        var removed = ReadRecord(block, offset);
        var previous = -1;
        for (var at = 0; at < offset; at = ReadRecord(block, at).End)
        {
            previous = at;
        }

        if (previous < 0)
        {
            SetRecord(block, offset, removed.End - offset, 0, 0, []);
        }
        else
        {
            BinaryPrimitives.WriteUInt16LittleEndian(
                block[(previous + 4)..], (ushort)(removed.End - previous));
        }
    }

    /// <summary>Lets the record at an offset name another inode.</summary>
    public static void RedirectRecord(Span<byte> block, int offset, int inode, byte type)
    {
        BinaryPrimitives.WriteInt32LittleEndian(block[offset..], inode);
        block[offset + 7] = type;
    }

    private static int FindRoom(ReadOnlySpan<byte> block, int nameLength)
    {
        var needed = RecordSize(nameLength);
        for (var offset = 0; offset < BlockSize;)
        {
            var record = ReadRecord(block, offset);
            var used = record.Inode == 0 ? 0 : RecordSize(record.Name.Length);
            if (record.End - offset - used >= needed)
            {
                return offset;
            }

            offset = record.End;
        }

        return -1;
    }

    private static void SetRecord(
        Span<byte> block, int offset, int length, int inode, byte type, ReadOnlySpan<byte> name)
    {
        var record = block[offset..];
        BinaryPrimitives.WriteInt32LittleEndian(record, inode);
        BinaryPrimitives.WriteUInt16LittleEndian(record[4..], (ushort)length);
        record[6] = (byte)name.Length;
        record[7] = type;
        name.CopyTo(record[RecordHeader..]);
    }

    // The intent block.

    /// <summary>Encodes a rename in progress, or null for none.</summary>
    public static void WriteIntent(Span<byte> block, RenameIntent? intent)
    {
        block.Clear();
        if (intent is null)
        {
            return;
        }

        ReadOnlySpan<int> numbers =
        [
            intent.Moved, intent.Type, intent.OldDirectory, intent.OldLinks, intent.NewDirectory,
            intent.NewLinks, intent.Victim, intent.VictimLinks, intent.OldName.Length,
            intent.NewName.Length,
        ];
        for (var i = 0; i < numbers.Length; i++)
        {
            BinaryPrimitives.WriteInt32LittleEndian(block[(4 * i)..], numbers[i]);
        }

        intent.OldName.Span.CopyTo(block[64..]);
        intent.NewName.Span.CopyTo(block[(64 + intent.OldName.Length)..]);
    }

    /// <summary>Decodes the rename in progress; null if there is none.</summary>
    public static RenameIntent? ReadIntent(ReadOnlySpan<byte> block)
    {
        Span<int> numbers = stackalloc int[10];
        for (var i = 0; i < numbers.Length; i++)
        {
            numbers[i] = BinaryPrimitives.ReadInt32LittleEndian(block[(4 * i)..]);
        }

        return numbers[0] == 0
            ? null
            : new RenameIntent(
                numbers[0], (byte)numbers[1], numbers[2], numbers[3], numbers[4], numbers[5],
                numbers[6], numbers[7], block.Slice(64, numbers[8]).ToArray(),
                block.Slice(64 + numbers[8], numbers[9]).ToArray());
    }
}

/// <summary>What holds the pointer to a block of a file.</summary>
public enum PointerLevel
{
    /// <summary>The inode itself.</summary>
    Inode,
    /// <summary>The inode's indirect block.</summary>
    Indirect,
    /// <summary>A block of pointers that the inode's double-indirect block points to.</summary>
    DoubleIndirect,
}

/// <summary>Where the pointer to a block of a file is.</summary>
/// <param name="Level">In what.</param>
/// <param name="Index">Its index there.</param>
/// <param name="Outer">
/// If double-indirect: the index, in the outer block, of the pointer to the inner one.
/// </param>
public readonly record struct PointerPlace(PointerLevel Level, int Index, int Outer);

/// <summary>One record of a directory's block.</summary>
/// <param name="inode">The inode it names; 0 if it is unused.</param>
/// <param name="type">As d_type of getdents().</param>
/// <param name="name">Its name.</param>
/// <param name="end">The offset behind it.</param>
public readonly ref struct DirectoryRecord(int inode, byte type, ReadOnlySpan<byte> name, int end)
{
    /// <summary>The inode it names; 0 if it is unused.</summary>
    public int Inode { get; } = inode;

    /// <summary>As d_type of getdents().</summary>
    public byte Type { get; } = type;

    /// <summary>Its name.</summary>
    public ReadOnlySpan<byte> Name { get; } = name;

    /// <summary>The offset behind it.</summary>
    public int End { get; } = end;
}

/// <summary>
/// All that a rename changes, as it is afterwards, so that carrying it out again changes nothing:
/// written down before the first change, carried out again at the next mount if the server died in
/// between.
/// </summary>
/// <param name="Moved">The inode that gets a new name.</param>
/// <param name="Type">Its d_type.</param>
/// <param name="OldDirectory">Where its old name is.</param>
/// <param name="OldLinks">That directory's link count.</param>
/// <param name="NewDirectory">Where its new name is.</param>
/// <param name="NewLinks">That directory's link count.</param>
/// <param name="Victim">The inode that loses its name to it, or 0.</param>
/// <param name="VictimLinks">Its link count.</param>
/// <param name="OldName">The old name.</param>
/// <param name="NewName">The new name.</param>
public sealed record RenameIntent(
    int Moved, byte Type, int OldDirectory, int OldLinks, int NewDirectory, int NewLinks,
    int Victim, int VictimLinks, ReadOnlyMemory<byte> OldName, ReadOnlyMemory<byte> NewName);
