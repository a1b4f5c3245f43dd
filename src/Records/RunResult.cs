namespace Records;

/// <summary>
/// Everything known about one comparison: one scenario run in one or more placements.
/// </summary>
public sealed record Comparison
{
    /// <summary>
    /// The version of the JSON contract; raised when a field changes meaning or goes.
    /// </summary>
    public int SchemaVersion { get; init; } = 1;
    /// <summary>The scenario's name.</summary>
    public required string Scenario { get; init; }
    /// <summary>The seed of its random streams.</summary>
    public required long Seed { get; init; }
    /// <summary>The cost profile's name.</summary>
    public required string Profile { get; init; }
    /// <summary>Mechanisms that scenario and command line switched on or off, in order.</summary>
    public IReadOnlyList<string> Mechanisms { get; init; } = [];
    /// <summary>The clock of the simulated cores, hertz.</summary>
    public required long FrequencyHertz { get; init; }
    /// <summary>
    /// One run for each placement, in the order asked for; the last is the base of ratios.
    /// </summary>
    public required IReadOnlyList<RunResult> Placements { get; init; }
    /// <summary>For each call, the mean latency of each placement against the last one's.</summary>
    public IReadOnlyList<CallRatio> Ratios { get; init; } = [];
    /// <summary>What became of each expectation.</summary>
    public IReadOnlyList<ExpectationResult> Expectations { get; init; } = [];
    /// <summary>
    /// Things the user should know: skipped files, expectations that `run` does not evaluate.
    /// </summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];
}

/// <summary>How a run came to its end.</summary>
public enum RunEnd
{
    /// <summary>Every process ended.</summary>
    Finished,
    /// <summary>Threads wait for each other and nothing can happen any more.</summary>
    Deadlock,
    /// <summary>A limit of virtual time or calls was reached.</summary>
    Limit,
    /// <summary>The user interrupted it.</summary>
    Interrupted,
}

/// <summary>One run: one scenario in one placement.</summary>
public sealed record RunResult
{
    /// <summary>The placement's name.</summary>
    public required string Name { get; init; }
    /// <summary>How the run ended.</summary>
    public RunEnd End { get; init; }
    /// <summary>Deadlock: who waits for whom. Limit: which. Else empty.</summary>
    public string EndDetail { get; init; } = "";
    /// <summary>16 hexadecimal digits over every trace record.</summary>
    public required string Fingerprint { get; init; }
    /// <summary>How long the run took on the simulated machine.</summary>
    public required TimeSpanCycles VirtualTime { get; init; }
    /// <summary>Each POSIX call's statistics, by name.</summary>
    public required IReadOnlyList<CallStatistics> Calls { get; init; }
    /// <summary>The work ledger's totals and the latency ledger's waiting, by cause.</summary>
    public required IReadOnlyList<BillLine> Bill { get; init; }
    /// <summary>Every part that was charged: how often, at which price.</summary>
    public required IReadOnlyList<PartLine> Parts { get; init; }
    /// <summary>Counters by name, as `perf stat` would print them.</summary>
    public required IReadOnlyDictionary<string, long> Counters { get; init; }
    /// <summary>Each process and how it ended.</summary>
    public required IReadOnlyList<ProcessResult> Processes { get; init; }
    /// <summary>The queues that the scenario observes.</summary>
    public IReadOnlyList<QueueStatistics> Queues { get; init; } = [];
    /// <summary>Files whose digest the programs asked for.</summary>
    public IReadOnlyList<FileDigest> Files { get; init; } = [];
    /// <summary>What a crash or panic destroyed.</summary>
    public IReadOnlyList<Loss> Losses { get; init; } = [];
    /// <summary>Crashes and recoveries, in order of time.</summary>
    public IReadOnlyList<TimelineEntry> Timeline { get; init; } = [];
    /// <summary>What was written to the console.</summary>
    public string Console { get; init; } = "";
    /// <summary>Results that differ from what the program expects after `=`.</summary>
    public IReadOnlyList<string> FailedResults { get; init; } = [];
    /// <summary>Crashes that nobody ordered: defects of the simulator. Exit code 70.</summary>
    public IReadOnlyList<string> Defects { get; init; } = [];
}

/// <summary>A length of virtual time in both units.</summary>
public sealed record TimeSpanCycles(long Cycles, long Nanoseconds);

/// <summary>
/// The statistics of one POSIX call in one run. Latencies are in cycles, from the call to its
/// return.
/// </summary>
/// <param name="Name">The call's name.</param>
/// <param name="Count">How many ended.</param>
/// <param name="MeanCycles">Mean latency, exact.</param>
/// <param name="P50Cycles">Median latency, to three significant digits (HdrHistogram).</param>
/// <param name="P99Cycles">99th percentile, to three significant digits.</param>
/// <param name="MinCycles">Shortest.</param>
/// <param name="MaxCycles">Longest.</param>
/// <param name="TotalCycles">Sum of all latencies, exact.</param>
/// <param name="Errors">How many ended with an errno.</param>
/// <param name="Bill">
/// Cycles by cause: cores' work for these calls, and their waiting. Sums to TotalCycles and
/// UnendedCycles, whatever crashed.
/// </param>
public sealed record CallStatistics(
    string Name, long Count, double MeanCycles, long P50Cycles, long P99Cycles, long MinCycles,
    long MaxCycles, long TotalCycles, long Errors, IReadOnlyList<BillLine> Bill)
{
    /// <summary>
    /// Cycles of calls that never ended, up to the death of their process or the end of the run.
    /// </summary>
    public long UnendedCycles { get; init; }

    /// <summary>
    /// How many took how long: buckets that are not empty, ascending, at most 60. They add up to
    /// Count and are exact. Their grid is the finest of 32, 16, ... 1 buckets an octave that keeps
    /// to 60 (see <see cref="LatencyGrid"/>).
    /// </summary>
    public IReadOnlyList<LatencyBucket> Distribution { get; init; } = [];
}

/// <summary>Calls whose latencies lie between two bounds of a grid.</summary>
/// <param name="UpperCycles">The longest that counts here, cycles; the bucket begins after the
/// grid's bound below it.</param>
/// <param name="Count">How many.</param>
public sealed record LatencyBucket(long UpperCycles, long Count);

/// <summary>One row of a bill.</summary>
/// <param name="Cause">The cause's name.</param>
/// <param name="Component">
/// The component in which the cycles passed, or empty for all of them.
/// </param>
/// <param name="Cycles">How many cycles.</param>
public sealed record BillLine(string Cause, string Component, long Cycles);

/// <summary>One part of the profile and how often it was charged.</summary>
public sealed record PartLine(string Part, string Cause, long Count, long PriceCycles, long Cycles);

/// <summary>
/// One process and how it ended. ExitCode is null while it runs; 128 plus a signal's number if it
/// was killed.
/// </summary>
public sealed record ProcessResult(string Name, int Pid, int? ExitCode, string How);

/// <summary>A file's digest over the bytes that read() delivered to the program.</summary>
public sealed record FileDigest(string Path, long Bytes, string Sha256);

/// <summary>
/// Something that a crash destroyed: what, of which kind, and why it could be lost.
/// </summary>
public sealed record Loss(string What, long Count, string Why);

/// <summary>One entry of the crash timeline.</summary>
/// <param name="Cycles">When, cycles.</param>
/// <param name="Nanoseconds">When, nanoseconds.</param>
/// <param name="Event">
/// crashed, detected, restarted, rebound, first-good-reply, panic, rebooted.
/// </param>
/// <param name="Component">Which component.</param>
/// <param name="Incarnation">Its incarnation at that time.</param>
/// <param name="Detail">What else is known: collateral, requests failed, time to repair.</param>
public sealed record TimelineEntry(
    long Cycles, long Nanoseconds, string Event, string Component, int Incarnation, string Detail);

/// <summary>A call's mean latency in one placement divided by that in the last placement.</summary>
public sealed record CallRatio(string Call, string Placement, string Against, double MeanRatio);

/// <summary>What became of one expectation: null if it could not be evaluated here.</summary>
public sealed record ExpectationResult(string Text, bool? Holds, string Detail);
