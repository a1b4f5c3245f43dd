using System.Numerics;

namespace Records;

/// <summary>
/// Where the bounds of latency buckets stand: octaves (from one power of two to the next) in equal
/// parts, so that a bucket is as wide for long latencies as for short ones, relative to them.
/// Bounds of a coarser grid are bounds of each finer one too.
/// </summary>
public static class LatencyGrid
{
    /// <summary>A call's distribution has at most so many buckets.</summary>
    public const int MaxBuckets = 60;

    /// <summary>The finest grid: 32 buckets an octave, each at most 3.1 % wide.</summary>
    public const int Finest = 32;

    /// <summary>The grid that all calls of all runs share: 2 buckets an octave.</summary>
    public const int Coarse = 2;

    private const int LowestOctave = 6;
    private const int HighestOctave = 35;

    /// <summary>
    /// The bounds that all calls of all runs share, cycles, ascending: 63, 95, 127, ... 2^35 - 1
    /// (10 s at 3.4 GHz). A series database can add only what has the same bounds.
    /// </summary>
    public static IReadOnlyList<long> SharedBounds { get; } = MakeSharedBounds();

    /// <summary>The last latency of the bucket that this one falls into.</summary>
    /// <param name="cycles">A latency, from 0.</param>
    /// <param name="perOctave">How many buckets an octave has: a power of two.</param>
    public static long UpperBound(long cycles, int perOctave)
    {
        var width = Math.Max(1, (1L << BitOperations.Log2((ulong)cycles)) / perOctave);
        return (((cycles / width) + 1) * width) - 1;
    }

    private static List<long> MakeSharedBounds()
    {
        var bounds = new List<long>();
        for (var below = 1L << LowestOctave; below <= 1L << HighestOctave;
            below = UpperBound(below, Coarse) + 1)
        {
            bounds.Add(below - 1);
        }

        return bounds;
    }
}
