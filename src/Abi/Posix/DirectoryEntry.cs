using System.Buffers.Binary;

namespace Abi.Posix;

/// <summary>
/// One entry as getdents64() lays it out (struct linux_dirent64): inode (8 bytes), next position
/// (8), length of the entry (2), type (1), the name and a NUL, padded to a multiple of 8.
/// Little-endian.
/// </summary>
/// <param name="Inode">d_ino.</param>
/// <param name="Next">d_off: the directory position behind this entry.</param>
/// <param name="Type">d_type: <see cref="DT_DIR"/> or <see cref="DT_REG"/>.</param>
/// <param name="Name">d_name: any bytes but '/' and NUL.</param>
public readonly record struct DirectoryEntry(
    long Inode, long Next, byte Type, ReadOnlyMemory<byte> Name)
{
    /// <summary>d_type of a directory.</summary>
    public const byte DT_DIR = 4;

    /// <summary>d_type of a regular file.</summary>
    public const byte DT_REG = 8;

    private const int HeaderSize = 19;

    /// <summary>The bytes that an entry with a name of this length takes.</summary>
    public static int SizeOf(int nameLength) => (HeaderSize + nameLength + 1 + 7) & ~7;

    /// <summary>Writes an entry; the span begins where it goes and is long enough.</summary>
    /// <returns>Bytes written.</returns>
    public static int Write(
        Span<byte> into, long inode, long next, byte type, ReadOnlySpan<byte> name)
    {
        var size = SizeOf(name.Length);
        var entry = into[..size];
        entry.Clear();
        BinaryPrimitives.WriteInt64LittleEndian(entry, inode);
        BinaryPrimitives.WriteInt64LittleEndian(entry[8..], next);
        BinaryPrimitives.WriteUInt16LittleEndian(entry[16..], (ushort)size);
        entry[18] = type;
        name.CopyTo(entry[HeaderSize..]);
        return size;
    }

    /// <summary>
    /// Reads the entry at <paramref name="position"/> and moves behind it; false at the end.
    /// </summary>
    public static bool TryRead(
        ReadOnlyMemory<byte> entries, ref int position, out DirectoryEntry entry)
    {
        entry = default;
        if (position >= entries.Length)
        {
            return false;
        }

        var span = entries.Span[position..];
        var size = BinaryPrimitives.ReadUInt16LittleEndian(span[16..]);
        var nameLength = span[HeaderSize..size].IndexOf((byte)0);
        entry = new DirectoryEntry(
            BinaryPrimitives.ReadInt64LittleEndian(span),
            BinaryPrimitives.ReadInt64LittleEndian(span[8..]),
            span[18],
            entries.Slice(position + HeaderSize, nameLength));
        position += size;
        return true;
    }
}
