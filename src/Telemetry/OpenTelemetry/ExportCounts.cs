namespace Telemetry.OpenTelemetry;

/// <summary>
/// What became of the spans of an export; shared by all its services, whose exporters run on
/// threads of their own.
/// </summary>
internal sealed class ExportCounts
{
    private readonly Lock access = new();
    private long arrived;
    private long rejected;
    private string why = "";
    private bool isBroken;

    /// <summary>Spans that were made.</summary>
    public long Made { get; set; }

    /// <summary>Spans that the receiver has taken.</summary>
    public long Arrived
    {
        get
        {
            lock (access)
            {
                return arrived - rejected;
            }
        }
    }

    /// <summary>What the receiver said when it rejected spans that had arrived; null: it did
    /// not.</summary>
    public string? Rejection
    {
        get
        {
            lock (access)
            {
                return rejected == 0 ? null : $"it rejected {rejected} of those that arrived {why}";
            }
        }
    }

    /// <summary>
    /// Whether spans were lost: the rest need not be tried, for each try may last as long as the
    /// time-out.
    /// </summary>
    public bool IsBroken
    {
        get
        {
            lock (access)
            {
                return isBroken;
            }
        }
    }

    /// <summary>A batch arrived.</summary>
    public void Arrive(long count)
    {
        lock (access)
        {
            arrived += count;
        }
    }

    /// <summary>Of those that arrived some were rejected.</summary>
    public void Reject(long count, string reason)
    {
        lock (access)
        {
            rejected += count;
            why = reason;
        }
    }

    /// <summary>A batch did not arrive.</summary>
    public void Break()
    {
        lock (access)
        {
            isBroken = true;
        }
    }
}
