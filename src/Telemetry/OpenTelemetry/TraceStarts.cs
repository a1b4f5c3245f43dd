namespace Telemetry.OpenTelemetry;

/// <summary>
/// Where on the wall clock traces start: in the five minutes before now, in the order of virtual
/// time, for what lies further off is not found by the searches of a trace viewer. In the first
/// half of these minutes distances between starts are true on the scale; after it they shrink,
/// however long the run. Within a trace the scale always holds.
/// </summary>
/// <param name="now">The end of the window.</param>
public sealed class TraceStarts(DateTimeOffset now)
{
    private static readonly long Half = TimeSpan.FromMinutes(2.5).Ticks;

    // Whole microseconds, which Jaeger can show.
    private readonly long first = Whole(now.UtcTicks - 2 * Half);

    /// <summary>How long starts are at true distances.</summary>
    public static TimeSpan Exact => TimeSpan.FromTicks(Half);

    /// <summary>When a trace starts whose beginning lies so far, as shown, behind virtual time
    /// 0.</summary>
    public DateTime Of(TimeSpan shown)
    {
        // Beyond the half: continued smoothly by a hyperbola that stays below the whole.
        var offset = shown.Ticks <= Half
            ? shown.Ticks
            : 2 * Half - (long)((Int128)Half * Half / shown.Ticks);
        return new DateTime(first + Whole(offset), DateTimeKind.Utc);
    }

    private static long Whole(long ticks) => ticks - ticks % TimeSpan.TicksPerMicrosecond;
}
