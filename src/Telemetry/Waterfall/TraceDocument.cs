namespace Telemetry.Waterfall;

/// <summary>
/// What `micro trace --format json` prints: one call in each placement as a tree of spans, or, if
/// none was asked for, the calls that there are. A versioned contract, described by
/// schemas/trace.schema.json.
/// </summary>
public sealed record TraceDocument
{
    /// <summary>The version that this program writes.</summary>
    public const int CurrentVersion = 1;

    /// <summary>
    /// The version of the JSON contract; raised when a field changes meaning or goes.
    /// </summary>
    public int SchemaVersion { get; init; } = CurrentVersion;
    /// <summary>The scenario's name.</summary>
    public required string Scenario { get; init; }
    /// <summary>The seed of its random streams.</summary>
    public required long Seed { get; init; }
    /// <summary>The cost profile's name.</summary>
    public required string Profile { get; init; }
    /// <summary>The clock of the simulated cores, hertz.</summary>
    public required long FrequencyHertz { get; init; }
    /// <summary>The call that was asked for, in each placement; empty: none was.</summary>
    public IReadOnlyList<TracedCall> Placements { get; init; } = [];
    /// <summary>The calls that there are, if none was asked for; else null.</summary>
    public RequestList? Requests { get; init; }
}

/// <summary>Calls to choose from.</summary>
/// <param name="Placement">The placement whose requests these are.</param>
/// <param name="Total">How many there are; the list may be shorter.</param>
/// <param name="Calls">The first of them, in the order of their ends.</param>
public sealed record RequestList(string Placement, long Total, IReadOnlyList<ListedCall> Calls);

/// <summary>One call to choose.</summary>
/// <param name="Request">Its number in the run, from 1: in the order of their begins.</param>
/// <param name="Process">The number of the process that makes it.</param>
/// <param name="ProcessName">The name of that process in the scenario.</param>
/// <param name="Position">Its ordinal number among that thread's calls, from 0.</param>
/// <param name="Call">The call and its result as strace writes them.</param>
/// <param name="LatencyCycles">From begin to end, cycles.</param>
/// <param name="LatencyNanoseconds">The same in nanoseconds.</param>
/// <param name="Spans">How many spans it has.</param>
public sealed record ListedCall(
    long Request, int Process, string ProcessName, long Position, string Call, long LatencyCycles,
    long LatencyNanoseconds, int Spans);

/// <summary>One call in one placement.</summary>
/// <param name="Placement">The placement's name.</param>
/// <param name="Request">Its number in that run, from 1.</param>
/// <param name="Process">The number of the process that makes it.</param>
/// <param name="ProcessName">The name of that process in the scenario.</param>
/// <param name="Position">Its ordinal number among that thread's calls, from 0.</param>
/// <param name="Call">The call and its result as strace writes them.</param>
/// <param name="IsOver">Whether it returned before its process or the run ended.</param>
/// <param name="BeganCycles">When it began: cycles of virtual time.</param>
/// <param name="LatencyCycles">From begin to end, cycles.</param>
/// <param name="LatencyNanoseconds">The same in nanoseconds.</param>
/// <param name="Root">The call as its program sees it.</param>
/// <param name="Causes">Its time by cause; sums to the latency.</param>
/// <param name="Components">Its time by component; sums to the latency.</param>
public sealed record TracedCall(
    string Placement, long Request, int Process, string ProcessName, long Position, string Call,
    bool IsOver, long BeganCycles, long LatencyCycles, long LatencyNanoseconds, TracedSpan Root,
    IReadOnlyList<TracedSum> Causes, IReadOnlyList<TracedSum> Components);

/// <summary>Cycles of a call that have something in common.</summary>
/// <param name="Name">The cause or the component.</param>
/// <param name="Cycles">How many.</param>
public sealed record TracedSum(string Name, long Cycles);

/// <summary>A part of a call between two crossings.</summary>
/// <param name="Id">Its ordinal number in its call, from 0.</param>
/// <param name="Role">program: the call itself; kernel: a trap; component: a handler.</param>
/// <param name="Component">The component; "program" or "kernel" for theirs.</param>
/// <param name="Name">
/// What is done: the POSIX call, the kernel's system call, or the component's name.
/// </param>
/// <param name="Crossing">How the call came here; null for the program and the kernel.</param>
/// <param name="Thread">The number of the thread that does it.</param>
/// <param name="ThreadName">The name of that thread.</param>
/// <param name="Core">The core it is bound to.</param>
/// <param name="BeganCycles">When it began: cycles since the call began.</param>
/// <param name="EndedCycles">When it ended: cycles since the call began.</param>
/// <param name="IsCut">Whether who worked on it died under it.</param>
/// <param name="RetryOf">The number of the cut span that this one tries again, or null.</param>
/// <param name="Costs">
/// What passed in it but in none of its children, by part or cause of waiting, in order of time.
/// </param>
/// <param name="Children">What it consists of, in order of time.</param>
public sealed record TracedSpan(
    int Id, string Role, string Component, string Name, string? Crossing, int Thread,
    string ThreadName, int Core, long BeganCycles, long EndedCycles, bool IsCut, int? RetryOf,
    IReadOnlyList<TracedCost> Costs, IReadOnlyList<TracedSpan> Children)
{
    /// <summary>This span and all below it with their depths, parents first.</summary>
    internal IEnumerable<(TracedSpan Span, int Depth)> AndBelow(int depth = 0) =>
        Children.SelectMany(child => child.AndBelow(depth + 1)).Prepend((this, depth));
}

/// <summary>What a span's own time was for.</summary>
/// <param name="Cause">The row of the bill.</param>
/// <param name="Part">The part of the profile that was charged; null: it waited.</param>
/// <param name="Component">In whose code.</param>
/// <param name="Count">How often the part was charged.</param>
/// <param name="PriceCycles">What one costs; 0: it waited.</param>
/// <param name="Cycles">
/// How many passed: count times price, unless the charge began in another span, or ends there.
/// </param>
/// <param name="Pieces">When: from and to, cycles since the call began.</param>
public sealed record TracedCost(
    string Cause, string? Part, string Component, long Count, long PriceCycles, long Cycles,
    IReadOnlyList<TracedPiece> Pieces);

/// <summary>When something passed: cycles since the call began.</summary>
public sealed record TracedPiece(long BeganCycles, long EndedCycles);
