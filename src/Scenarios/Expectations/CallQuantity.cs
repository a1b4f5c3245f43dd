using Records;

namespace Scenarios.Expectations;

/// <summary>The statistics of a call that expectations can name. Latencies are in cycles.</summary>
public static class CallQuantity
{
    /// <summary>Their names.</summary>
    public static IReadOnlyList<string> Names { get; } =
        ["count", "errors", "mean", "p50", "p99", "min", "max", "total"];

    /// <summary>The value of one of them.</summary>
    public static double Of(CallStatistics call, string name) => name switch
    {
        "count" => call.Count,
        "errors" => call.Errors,
        "mean" => call.MeanCycles,
        "p50" => call.P50Cycles,
        "p99" => call.P99Cycles,
        "min" => call.MinCycles,
        "max" => call.MaxCycles,
        "total" => call.TotalCycles,
        _ => throw new InvalidOperationException($"the loader lets '{name}' pass"),
    };
}
