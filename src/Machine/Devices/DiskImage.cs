using System.Buffers.Binary;
using System.Security.Cryptography;
using Abi.Devices;

namespace Machine.Devices;

/// <summary>
/// A disk's content in memory. Sectors never written cost nothing, and a clone shares what neither
/// it nor its original has written since. Not thread-safe; clones may be used on different threads.
/// </summary>
public sealed class DiskImage : ISectorStore
{
    private const int ChunkSize = 1 << 16;
    private const int SectorsPerChunk = ChunkSize / ISectorStore.SectorSize;

    private readonly byte[]?[] chunks;
    private readonly bool[] isShared;

    /// <summary>A disk of zeros.</summary>
    /// <param name="sectorCount">Its size in sectors of 512 bytes; positive.</param>
    public DiskImage(long sectorCount)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(sectorCount);
        SectorCount = sectorCount;
        chunks = new byte[]?[(sectorCount + SectorsPerChunk - 1) / SectorsPerChunk];
        isShared = new bool[chunks.Length];
    }

    private DiskImage(DiskImage original)
    {
        SectorCount = original.SectorCount;
        chunks = (byte[]?[])original.chunks.Clone();
        original.isShared.AsSpan().Fill(true);
        isShared = (bool[])original.isShared.Clone();
    }

    /// <inheritdoc/>
    public long SectorCount { get; }

    /// <summary>
    /// Bytes of host memory that hold the content, counting shared parts in each image.
    /// </summary>
    public long AllocatedBytes => chunks.Count(chunk => chunk is not null) * (long)ChunkSize;

    /// <summary>A disk with the same content, which changes independently from now on.</summary>
    public DiskImage Clone() => new(this);

    /// <inheritdoc/>
    public void Read(long sector, Span<byte> into)
    {
        Check(sector, into.Length);
        while (!into.IsEmpty)
        {
            var (chunk, offset, length) = Locate(sector, into.Length);
            if (chunks[chunk] is { } bytes)
            {
                bytes.AsSpan(offset, length).CopyTo(into);
            }
            else
            {
                into[..length].Clear();
            }

            into = into[length..];
            sector += length / ISectorStore.SectorSize;
        }
    }

    /// <inheritdoc/>
    public void Write(long sector, ReadOnlySpan<byte> from)
    {
        Check(sector, from.Length);
        while (!from.IsEmpty)
        {
            var (chunk, offset, length) = Locate(sector, from.Length);
            from[..length].CopyTo(Own(chunk).AsSpan(offset, length));
            from = from[length..];
            sector += length / ISectorStore.SectorSize;
        }
    }

    /// <summary>
    /// SHA-256 of the content: the number of sectors, then number and bytes of each sector that is
    /// not all zeros, in ascending order, numbers as eight bytes little-endian. Lower-case
    /// hexadecimal.
    /// </summary>
    public string ContentHash()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> number = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(number, SectorCount);
        hash.AppendData(number);
        for (var chunk = 0; chunk < chunks.Length; chunk++)
        {
            if (chunks[chunk] is not { } bytes)
            {
                continue;
            }

            for (var i = 0; i < SectorsPerChunk; i++)
            {
                var sector = bytes.AsSpan(i * ISectorStore.SectorSize, ISectorStore.SectorSize);
                if (sector.ContainsAnyExcept((byte)0))
                {
                    BinaryPrimitives.WriteInt64LittleEndian(
                        number, (long)chunk * SectorsPerChunk + i);
                    hash.AppendData(number);
                    hash.AppendData(sector);
                }
            }
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static (int Chunk, int Offset, int Length) Locate(long sector, int wanted)
    {
        var chunk = (int)(sector / SectorsPerChunk);
        var offset = (int)(sector % SectorsPerChunk) * ISectorStore.SectorSize;
        return (chunk, offset, Math.Min(wanted, ChunkSize - offset));
    }

    private byte[] Own(int chunk)
    {
        if (chunks[chunk] is not { } bytes)
        {
            bytes = new byte[ChunkSize];
        }
        else if (isShared[chunk])
        {
            bytes = (byte[])bytes.Clone();
        }
        else
        {
            return bytes;
        }

        isShared[chunk] = false;
        return chunks[chunk] = bytes;
    }

    private void Check(long sector, int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(sector);
        ArgumentOutOfRangeException.ThrowIfNotEqual(length % ISectorStore.SectorSize, 0);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(
            sector, SectorCount - length / ISectorStore.SectorSize);
    }
}
