using Records;

namespace Machine.Tests;

/// <summary>How many calls took how long: the buckets of a call's latencies.</summary>
public sealed class DistributionTests
{
    // Of all magnitudes, so that buckets of all widths are met.
    private static readonly Gen<long> Latency =
        from bits in Gen.Int[0, 40]
        from value in Gen.Long[0, 1L << bits]
        select value;

    /// <summary>Counted a second time, value by value, against the bounds written down: 32 equal
    /// parts of each octave or fewer, whole cycles.</summary>
    [Fact]
    public void Each_bucket_holds_exactly_the_latencies_between_its_bounds() =>
        Latency.List[1, 200].Sample(latencies =>
        {
            var times = new CallClock.CallTimes();
            latencies.ForEach(each => times.Record(each, 0));
            var buckets = times.Distribution();
            Assert.InRange(buckets.Count, 1, 60);
            var perOctave = new[] { 32, 16, 8, 4, 2, 1 }.First(each =>
                latencies.Select(latency => Bound(latency, each)).Distinct().Count() <= 60);
            Assert.Equal(
                latencies.GroupBy(latency => Bound(latency, perOctave))
                    .OrderBy(group => group.Key)
                    .Select(group => new LatencyBucket(group.Key, group.Count())),
                buckets);
        });

    [Fact]
    public void The_shared_bounds_stand_at_whole_and_half_octaves_from_64_cycles_to_2_to_the_35() =>
        Assert.Equal(
            Enumerable.Range(6, 29).SelectMany(octave =>
                new[] { (1L << octave) - 1, (3L << (octave - 1)) - 1 }).Append((1L << 35) - 1),
            LatencyGrid.SharedBounds);

    [Fact]
    public void The_shared_bounds_are_bounds_of_every_finer_grid()
    {
        foreach (var bound in LatencyGrid.SharedBounds)
        {
            foreach (var perOctave in new[] { 2, 4, 8, 16, 32 })
            {
                Assert.Equal(bound, LatencyGrid.UpperBound(bound, perOctave));
                Assert.True(LatencyGrid.UpperBound(bound + 1, perOctave) > bound);
            }
        }
    }

    // In floating point: the fraction within the octave, cut into parts.
    private static long Bound(long latency, int perOctave)
    {
        if (latency < perOctave)
        {
            return latency;
        }

        var octave = Math.Pow(2, Math.Floor(Math.Log2(latency)));
        var part = Math.Max(1, octave / perOctave);
        return (long)(octave + (Math.Floor((latency - octave) / part) + 1) * part) - 1;
    }
}
