using System.Runtime.CompilerServices;
using LibSys;

namespace Servers.Files;

/// <summary>
/// Which of many numbered things are in use: a bitmap on the disk, whole in memory. Taking and
/// giving back happen at once here; <see cref="Write(int, Activation)"/> makes them durable.
/// </summary>
/// <param name="cache">Holds the bitmap's blocks.</param>
/// <param name="firstBlock">Where the bitmap begins on the disk.</param>
/// <param name="blockCount">Blocks that it has.</param>
public sealed class Bitmap(BlockCache cache, int firstBlock, int blockCount)
{
    private const int BitsPerBlock = DiskLayout.BlockSize * 8;

    private readonly CachedBlock[] blocks = new CachedBlock[blockCount];
    private int next;

    /// <summary>How many are not in use.</summary>
    public int Free { get; private set; }

    /// <summary>Blocks of the bitmap.</summary>
    public int BlockCount => blocks.Length;

    /// <summary>Reads it from the disk and counts.</summary>
    public async ValueTask Load(Activation self)
    {
        for (var i = 0; i < blocks.Length; i++)
        {
            blocks[i] = await cache.Get(firstBlock + i, self);
            blocks[i].Pins++;
            foreach (var octet in blocks[i].Bytes)
            {
                Free += 8 - int.PopCount(octet);
            }
        }
    }

    /// <summary>Whether a number is in use.</summary>
    public bool IsTaken(int number) =>
        (blocks[number / BitsPerBlock].Bytes[number % BitsPerBlock / 8] & (1 << (number % 8))) != 0;

    /// <summary>
    /// Takes the first free number at or behind <paramref name="near"/>, else any; -1 if none is
    /// free.
    /// </summary>
    /// <param name="near">A number, or -1 for the one behind the last that was taken.</param>
    public int Take(int near)
    {
        if (Free == 0)
        {
            return -1;
        }

        var start = near < 0 ? next : near;
        var number = Find(start, blocks.Length * BitsPerBlock);
        if (number < 0)
        {
            number = Find(0, start);
        }

        blocks[number / BitsPerBlock].Bytes[number % BitsPerBlock / 8] |= (byte)(1 << (number % 8));
        Free--;
        next = number + 1 < blocks.Length * BitsPerBlock ? number + 1 : 0;
        return number;
    }

    /// <summary>Gives a number back.</summary>
    /// <returns>The block of the bitmap, counted from 0, that is to be written.</returns>
    public int Give(int number)
    {
        ref var octet = ref blocks[number / BitsPerBlock].Bytes[number % BitsPerBlock / 8];
        octet = (byte)(octet & ~(1 << (number % 8)));
        Free++;
        return number / BitsPerBlock;
    }

    /// <summary>Makes what happened to a number durable.</summary>
    public ValueTask Write(int number, Activation self) => WriteBlock(number / BitsPerBlock, self);

    /// <summary>Makes what happened to many numbers durable.</summary>
    [AsyncMethodBuilder(typeof(ActivationBuilder))]
    public async ValueTask Write(List<int> numbers, Activation self)
    {
        var written = -1;
        foreach (var number in numbers)
        {
            if (number / BitsPerBlock != written)
            {
                written = number / BitsPerBlock;
                await WriteBlock(written, self);
            }
        }
    }

    /// <summary>Makes one block of the bitmap durable, counted from 0.</summary>
    public ValueTask WriteBlock(int index, Activation self) => cache.Write(blocks[index], self);

    private int Find(int from, int to)
    {
        for (var number = from; number < to;)
        {
            var bytes = blocks[number / BitsPerBlock].Bytes;
            var octet = bytes[number % BitsPerBlock / 8];
            if (octet == byte.MaxValue)
            {
                var skipped = bytes[(number % BitsPerBlock / 8)..]
                    .IndexOfAnyExcept(byte.MaxValue);
                number = skipped < 0
                    ? (number / BitsPerBlock + 1) * BitsPerBlock
                    : (number / 8 + skipped) * 8;
            }
            else if ((octet & (1 << (number % 8))) == 0)
            {
                return number;
            }
            else
            {
                number++;
            }
        }

        return -1;
    }
}
