using Abi.Units;
using Telemetry.OpenTelemetry;

namespace Telemetry.Tests;

/// <summary>How virtual time becomes the time of spans.</summary>
public sealed class TimeScaleTests
{
    private static readonly DateTimeOffset Now = new(2026, 2, 3, 4, 5, 6, TimeSpan.Zero);

    private static readonly Gen<TimeSpan> Shown =
        Gen.Long[0, TimeSpan.FromDays(300).Ticks].Select(TimeSpan.FromTicks);

    // 3.4 GHz: 17 cycles are 5 ns, 3 cycles 0.88 ns.
    [Theory]
    [InlineData(TimeScale.Thousand, 17, 5_000)]
    [InlineData(TimeScale.Thousand, 3, 1_000)]
    [InlineData(TimeScale.Thousand, 3_400_000_000, 1_000_000_000_000)]
    [InlineData(TimeScale.One, 17, 0)]
    [InlineData(TimeScale.One, 1_700, 500)]
    [InlineData(TimeScale.One, 3_400_000_000, 1_000_000_000)]
    [InlineData(TimeScale.Cycles, 17, 17_000)]
    public void A_length_is_shown_in_so_many_nanoseconds(
        TimeScale scale, long cycles, long nanoseconds) => Assert.Equal(
            nanoseconds, scale.Show(cycles, new Frequency(3_400_000_000)).TotalNanoseconds);

    [Fact]
    public void Names_are_read_as_they_are_written() => Assert.Equal(
        Enum.GetValues<TimeScale>().Order(),
        TimeScales.Names.Select(name => TimeScales.Parse(name)!.Value).Order());

    [Theory]
    [InlineData("")]
    [InlineData("100")]
    [InlineData("Cycles")]
    public void Other_names_are_none(string name) => Assert.Null(TimeScales.Parse(name));

    [Fact]
    public void Traces_start_in_the_five_minutes_before_now() => Shown.Sample(shown =>
        Assert.InRange(
            new TraceStarts(Now).Of(shown), Now.UtcDateTime.AddMinutes(-5), Now.UtcDateTime));

    [Fact]
    public void Traces_start_in_the_order_of_virtual_time() =>
        Gen.Select(Shown, Shown).Sample((one, other) =>
        {
            var starts = new TraceStarts(Now);
            var (first, second) = one <= other ? (one, other) : (other, one);
            Assert.True(starts.Of(first) <= starts.Of(second));
        });

    [Fact]
    public void In_the_first_half_distances_between_starts_are_true() =>
        Gen.Long[0, (long)TraceStarts.Exact.TotalMicroseconds].Sample(microseconds =>
            Assert.Equal(
                Now.UtcDateTime.AddMinutes(-5) + TimeSpan.FromMicroseconds(microseconds),
                new TraceStarts(Now).Of(TimeSpan.FromMicroseconds(microseconds))));

    [Fact]
    public void Traces_start_at_whole_microseconds() => Shown.Sample(shown =>
        Assert.Equal(0, new TraceStarts(Now.AddTicks(7)).Of(shown).Ticks % 10));
}
