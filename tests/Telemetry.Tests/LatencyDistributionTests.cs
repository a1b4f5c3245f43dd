using Abi.Posix;
using Telemetry.Html;

namespace Telemetry.Tests;

public sealed class LatencyDistributionTests
{
    [Fact]
    public void A_percentile_is_at_most_a_thousandth_above_the_exact_one() =>
        Gen.Select(Gen.Long[0, 1L << 40].Array[1, 200], Gen.Double[0.001, 1]).Sample(
            (lengths, part) =>
            {
                var latency = Of(lengths);
                var exact = lengths.Order().ElementAt(
                    Math.Max(1, (int)Math.Floor((part * lengths.Length) + 0.5)) - 1);
                Assert.InRange(latency.Percentile(part), exact, exact + exact / 1024);
            });

    [Fact]
    public void The_example_of_a_percentile_is_a_call_of_that_length() =>
        Gen.Select(Gen.Long[0, 1L << 40].Array[1, 200], Gen.Double[0.001, 1]).Sample(
            (lengths, part) =>
            {
                var latency = Of(lengths);
                var length = lengths[latency.Example(part).Position];
                var percentile = latency.Percentile(part);
                Assert.InRange(length, percentile - percentile / 1024, percentile);
            });

    [Fact]
    public void A_curve_rises_to_all_calls_in_so_many_points() =>
        Gen.Select(Gen.Long[0, 1L << 40].Array[1, 500], Gen.Int[2, 100]).Sample(
            (lengths, points) =>
            {
                var curve = Of(lengths).Curve(points);
                Assert.InRange(curve.Count, 1, points);
                Assert.InRange(curve[0][0], lengths.Min(), lengths.Min() + lengths.Min() / 1024);
                Assert.InRange(curve[^1][0], lengths.Max(), lengths.Max() + lengths.Max() / 1024);
                Assert.Equal(lengths.Length, curve[^1][1]);
                foreach (var (length, until) in curve.Select(point => (point[0], point[1])))
                {
                    Assert.Equal(lengths.Count(each => each <= length), until);
                }
            });

    private static LatencyDistribution Of(long[] lengths)
    {
        var latency = new LatencyDistribution();
        for (var i = 0; i < lengths.Length; i++)
        {
            latency.Add(lengths[i], new CallKey(1, "reader", i, PosixCall.Read));
        }

        return latency;
    }
}
