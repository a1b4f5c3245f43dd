using Abi.Units;

namespace Telemetry.OpenTelemetry;

/// <summary>
/// How long virtual time is shown in spans. Jaeger shows whole microseconds, and the SDK's clock
/// has a resolution of 100 ns: true nanoseconds are too short for both.
/// </summary>
public enum TimeScale
{
    /// <summary>1 virtual ns is shown as 1 us: the default.</summary>
    Thousand,
    /// <summary>As it is; what is shorter than 100 ns is cut off.</summary>
    One,
    /// <summary>1 cycle is shown as 1 us.</summary>
    Cycles,
}

/// <summary>Questions about time scales.</summary>
public static class TimeScales
{
    private const long TicksPerMicrosecond = TimeSpan.TicksPerMicrosecond;
    private const long NanosecondsPerTick = TimeSpan.NanosecondsPerTick;

    /// <summary>How users write them: "1000", "1", "cycles".</summary>
    public static IReadOnlyList<string> Names { get; } = ["1", "1000", "cycles"];

    /// <summary>The scale that is written so, or null.</summary>
    public static TimeScale? Parse(string name) => name switch
    {
        "1000" => TimeScale.Thousand,
        "1" => TimeScale.One,
        "cycles" => TimeScale.Cycles,
        _ => null,
    };

    /// <summary>How it is written.</summary>
    public static string Name(this TimeScale scale) => scale switch
    {
        TimeScale.Thousand => "1000",
        TimeScale.One => "1",
        TimeScale.Cycles => "cycles",
    };

    /// <summary>What is shown as what: "1 ns = 1 us".</summary>
    public static string Label(this TimeScale scale) => scale switch
    {
        TimeScale.Thousand => "1 ns = 1 us",
        TimeScale.One => "1 ns = 1 ns",
        TimeScale.Cycles => "1 cycle = 1 us",
    };

    /// <summary>As what a length of virtual time is shown.</summary>
    public static TimeSpan Show(this TimeScale scale, long cycles, Frequency frequency) =>
        TimeSpan.FromTicks(scale switch
        {
            TimeScale.Thousand =>
                frequency.ToNanoseconds(new Cycles(cycles)) * TicksPerMicrosecond,
            TimeScale.One => frequency.ToNanoseconds(new Cycles(cycles)) / NanosecondsPerTick,
            TimeScale.Cycles => cycles * TicksPerMicrosecond,
        });
}
