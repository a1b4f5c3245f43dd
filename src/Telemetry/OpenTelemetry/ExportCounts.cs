namespace Telemetry.OpenTelemetry;

/// <summary>
/// What became of the spans of an export; shared by all its services, whose exporters run on
/// threads of their own.
/// </summary>
internal sealed class ExportCounts
{
    private long arrived;
    private int isBroken;

    /// <summary>Spans that were made.</summary>
    public long Made { get; set; }

    /// <summary>Spans that the receiver has taken.</summary>
    public long Arrived => Interlocked.Read(ref arrived);

    /// <summary>
    /// Whether spans were lost: the rest need not be tried, for each try may last as long as the
    /// time-out.
    /// </summary>
    public bool IsBroken => Volatile.Read(ref isBroken) != 0;

    /// <summary>A batch arrived.</summary>
    public void Arrive(long count) => Interlocked.Add(ref arrived, count);

    /// <summary>A batch did not.</summary>
    public void Break() => Volatile.Write(ref isBroken, 1);
}
