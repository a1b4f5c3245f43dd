namespace Records;

/// <summary>
/// What the kernel measured of one of its queues: the requests at an endpoint, or before a
/// component of the kernel's domain. Means over time are from the first arrival to the last
/// departure, or to the run's end if requests are left; means over requests are over all that came
/// in, and those that are left count up to the run's end. So L = lambda W holds of these numbers:
/// MeanInSystem = Arrivals / PeriodCycles x MeanSojournCycles.
/// </summary>
public sealed record QueueStatistics
{
    /// <summary>The component, or the process that made the endpoint; ":2" is its second
    /// one.</summary>
    public required string Name { get; init; }
    /// <summary>How many requests can be in service at once.</summary>
    public required int Servers { get; init; }
    /// <summary>From the first arrival to the last departure, or to the run's end if requests are
    /// left; cycles.</summary>
    public required long PeriodCycles { get; init; }
    /// <summary>Requests that came in.</summary>
    public required long Arrivals { get; init; }
    /// <summary>Requests that were answered, or, if they want no answer, dealt with.</summary>
    public required long Served { get; init; }
    /// <summary>Requests that were turned away because the queue was full; not among the
    /// arrivals.</summary>
    public required long Blocked { get; init; }
    /// <summary>Requests whose server or sender died first.</summary>
    public required long Abandoned { get; init; }
    /// <summary>The part of the servers' time in which they served, 0 to 1.</summary>
    public required double Utilisation { get; init; }
    /// <summary>Arrivals a second of virtual time; if unstable, up to the last one: what is left
    /// then is only worked off.</summary>
    public required double ArrivalRatePerSecond { get; init; }
    /// <summary>Arrivals x mean service / servers, from the first arrival to the last: 1 or more is
    /// more than can be served.</summary>
    public required double OfferedLoad { get; init; }
    /// <summary>Mean service time of the requests received, cycles; null if there were
    /// none.</summary>
    public double? MeanServiceCycles { get; init; }
    /// <summary>The squared coefficient of variation of the service times that are over: variance
    /// by squared mean; 0 if they are all alike, 1 if exponential; null if there were
    /// none.</summary>
    public double? ServiceVariation { get; init; }
    /// <summary>Mean number of waiting requests; null if unstable.</summary>
    public double? MeanQueueLength { get; init; }
    /// <summary>Mean number of requests that wait or are served; null if unstable.</summary>
    public double? MeanInSystem { get; init; }
    /// <summary>Mean time from arrival to service, cycles; null if unstable or empty.</summary>
    public double? MeanWaitCycles { get; init; }
    /// <summary>Mean time from arrival to departure, cycles; null if unstable or empty.</summary>
    public double? MeanSojournCycles { get; init; }
    /// <summary>What 99 of 100 requests received had waited at most, cycles, to three digits; null
    /// if unstable or empty.</summary>
    public double? WaitP99Cycles { get; init; }
    /// <summary>What 99 of 100 requests served were in the system at most, cycles, to three digits;
    /// null if unstable or empty.</summary>
    public double? SojournP99Cycles { get; init; }
    /// <summary>The part of the requests received that had waited, 0 to 1; null if unstable or
    /// empty.</summary>
    public double? Delayed { get; init; }
    /// <summary>
    /// Whether the queue did not outgrow its servers. Unstable means: from the first arrival to the
    /// last the offered load was 1 or more, the mean number in the system over the second half was
    /// at least twice that over the first (3 times if it grows linearly), and at the last arrival
    /// it was at least 3 sqrt(arrivals), twice what chance makes of a queue that does not grow.
    /// </summary>
    public required bool Stable { get; init; }
    /// <summary>Of an unstable queue: by how many requests it grows in a second of virtual time,
    /// arrival rate less service rate; else null.</summary>
    public double? GrowthPerSecond { get; init; }
}
