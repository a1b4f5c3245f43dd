using Records;

namespace Scenarios.Expectations;

/// <summary>The statistics of a queue that expectations can name. Times are in cycles, rates in
/// requests a second.</summary>
public static class QueueQuantity
{
    /// <summary>Their names.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        "arrivals", "served", "blocked", "abandoned", "utilisation", "load", "length", "in-system",
        "wait", "wait-p99", "delayed", "service", "service-variation", "sojourn", "sojourn-p99",
        "rate", "growth", "stable",
    ];

    /// <summary>The value of one of them; null if the queue has none: it is unstable, or was never
    /// used. `stable` is 1 or 0.</summary>
    public static double? Of(QueueStatistics queue, string name) => name switch
    {
        "arrivals" => queue.Arrivals,
        "served" => queue.Served,
        "blocked" => queue.Blocked,
        "abandoned" => queue.Abandoned,
        "utilisation" => queue.Utilisation,
        "load" => queue.OfferedLoad,
        "length" => queue.MeanQueueLength,
        "in-system" => queue.MeanInSystem,
        "wait" => queue.MeanWaitCycles,
        "wait-p99" => queue.WaitP99Cycles,
        "delayed" => queue.Delayed,
        "service" => queue.MeanServiceCycles,
        "service-variation" => queue.ServiceVariation,
        "sojourn" => queue.MeanSojournCycles,
        "sojourn-p99" => queue.SojournP99Cycles,
        "rate" => queue.ArrivalRatePerSecond,
        "growth" => queue.GrowthPerSecond ?? 0,
        "stable" => queue.Stable ? 1 : 0,
        _ => throw new InvalidOperationException($"the loader lets '{name}' pass"),
    };
}
