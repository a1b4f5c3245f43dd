using Records;

namespace Telemetry.Html;

/// <summary>What the page's scripts read: see page/data.js.</summary>
internal sealed record PageData(
    string Scenario, string File, long Seed, string Profile, string ProfileDescription,
    long FrequencyHertz, string ClockSource, IReadOnlyList<string> Mechanisms, string Version,
    IReadOnlyList<PagePlacement> Placements, IReadOnlyList<PageDifference> Differences,
    IReadOnlyList<ExpectationResult> Expectations, IReadOnlyList<string> Warnings,
    IReadOnlyList<PriceSource> Prices, IReadOnlyDictionary<string, string> Words,
    IReadOnlyList<string> Strings, IReadOnlyList<PageRequest> Requests, int Selected,
    int LeftOut);

/// <summary>One run.</summary>
internal sealed record PagePlacement(
    string Name, RunEnd End, string EndDetail, string Fingerprint, long Cycles,
    IReadOnlyList<PageCall> Calls, IReadOnlyList<PageBillLine> Bill,
    IReadOnlyDictionary<string, long> Counters, IReadOnlyList<ProcessResult> Processes,
    IReadOnlyList<Loss> Losses, IReadOnlyList<TimelineEntry> Timeline,
    IReadOnlyList<ComponentDescription> Components, IReadOnlyList<CrossingCount> Crossings,
    IReadOnlyList<string> Problems);

/// <summary>The latencies of one kind of call, cycles; Curve: pairs of a length and the number of
/// calls that took no longer.</summary>
internal sealed record PageCall(
    string Name, long Count, long Errors, double Mean, long Min, long P50, long P90, long P99,
    long P999, long Max, long Total, IReadOnlyList<long[]> Curve);

/// <summary>A row of the bill.</summary>
internal sealed record PageBillLine(string Cause, bool IsWork, long Cycles);

/// <summary>Why the bills of two placements differ.</summary>
internal sealed record PageDifference(
    string Left, string Right, IReadOnlyList<string> Words, string Whole,
    IReadOnlyList<PagePart> Parts);

/// <summary>A part that two runs were charged differently often.</summary>
internal sealed record PagePart(
    string Part, string Cause, long Left, long Right, long Price, long Cycles);

/// <summary>One request in each placement; null where it did not happen.</summary>
internal sealed record PageRequest(
    string Process, int Pid, long Position, string Call, string Text,
    IReadOnlyList<string> Why, IReadOnlyList<PageRun?> Runs);

/// <summary>
/// One request in one placement. Times are cycles since it began; texts are places in
/// <see cref="PageData.Strings"/>, -1 for none. A span: parent, role (0 program, 1 kernel, 2
/// component), component, name, thread, crossing, began, ended, whether it was cut, and the span
/// that it tries again. A piece: began, ended, cause, part, count, component, span.
/// </summary>
internal sealed record PageRun(
    long Began, long Length, string Text, bool IsOver, IReadOnlyList<long[]> Spans,
    IReadOnlyList<long[]> Pieces);
