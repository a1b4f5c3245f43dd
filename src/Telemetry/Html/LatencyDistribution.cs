namespace Telemetry.Html;

/// <summary>
/// How many calls took how long, and one call as the example of each length. Lengths keep their 11
/// leading bits, which is at most 0.1 % off and what the results' percentiles are exact to; so it
/// does not grow with the number of calls.
/// </summary>
public sealed class LatencyDistribution
{
    private const int LeadingBits = 11;
    private readonly SortedDictionary<long, (long Count, CallKey Example)> buckets = [];

    /// <summary>How many calls.</summary>
    public long Count { get; private set; }

    /// <summary>One more call.</summary>
    public void Add(long cycles, CallKey call)
    {
        var longest = LongestOf(cycles);
        var bucket = buckets.GetValueOrDefault(longest, (0, call));
        buckets[longest] = (bucket.Count + 1, bucket.Example);
        Count++;
    }

    /// <summary>The length that this part of the calls, from 0 to 1, did not exceed.</summary>
    public long Percentile(double part) => At(part).Longest;

    /// <summary>A call as long as that percentile, the earliest that ended.</summary>
    public CallKey Example(double part) => At(part).Example;

    /// <summary>Lengths, each with the number of calls that took no longer; thinned out to at most
    /// so many, the first and the last always among them.</summary>
    public IReadOnlyList<long[]> Curve(int points)
    {
        var curve = new List<long[]>();
        var (index, until) = (0, 0L);
        var step = Math.Max(1, (buckets.Count + points - 2) / (points - 1));
        foreach (var (longest, bucket) in buckets)
        {
            until += bucket.Count;
            if (index % step == 0 || index == buckets.Count - 1)
            {
                curve.Add([longest, until]);
            }

            index++;
        }

        return curve;
    }

    private (long Longest, CallKey Example) At(double part)
    {
        // The nearest rank, as the percentiles of the results have it (HdrHistogram).
        var rank = Math.Max(1, (long)Math.Floor((part * Count) + 0.5));
        foreach (var (longest, bucket) in buckets)
        {
            rank -= bucket.Count;
            if (rank <= 0)
            {
                return (longest, bucket.Example);
            }
        }

        throw new InvalidOperationException("there is no call");
    }

    private static long LongestOf(long cycles)
    {
        var dropped = Math.Max(0, 64 - LeadingBits - (int)long.LeadingZeroCount(cycles));
        return cycles | ((1L << dropped) - 1);
    }
}
