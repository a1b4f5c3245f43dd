using Abi;
using Abi.Costs;
using Records;
using Telemetry.Requests;
using Telemetry.Strace;
using Telemetry.Text;

namespace Telemetry.Html;

/// <summary>Puts together what a page shows.</summary>
/// <param name="comparison">The results.</param>
/// <param name="observations">What was seen of each placement's run, by name.</param>
/// <param name="choice">Which requests are shown.</param>
/// <param name="sources">Where the numbers are from.</param>
internal sealed class PageDataBuilder(
    Comparison comparison, IReadOnlyDictionary<string, Observation> observations,
    RequestChoice choice, ReportSources sources)
{
    private const int CurvePoints = 300;
    private const int MaxTimeline = 500;
    private readonly List<string> strings = [];
    private readonly Dictionary<string, long> places = [];

    private IReadOnlyList<RunResult> Runs => comparison.Placements;

    /// <summary>All of it.</summary>
    public PageData Build()
    {
        var requests = Requests();
        return new PageData(
            comparison.Scenario, sources.File, comparison.Seed, comparison.Profile,
            sources.ProfileDescription, comparison.FrequencyHertz, sources.ClockSource,
            comparison.Mechanisms, sources.Version, [.. Runs.Select(Placement)],
            [.. Runs.SkipLast(1).Select(run => Difference(run, Runs[^1]))],
            comparison.Expectations, comparison.Warnings, Prices(), Words(), strings, requests,
            Selected(requests), choice.LeftOut);
    }

    private static PageDifference Difference(RunResult run, RunResult other) => new(
        run.Name, other.Name, DifferenceWords.Of(run, other), DifferenceWords.Whole(run, other),
        [
            .. BillDifference.Between(run, other).Parts.Select(part => new PagePart(
                part.Part, part.Cause, part.LeftCount, part.RightCount, part.PriceCycles,
                part.Cycles)),
        ]);

    private PagePlacement Placement(RunResult run)
    {
        var survey = observations.GetValueOrDefault(run.Name)?.Survey;
        return new PagePlacement(
            run.Name, run.End, run.EndDetail, run.Fingerprint, run.VirtualTime.Cycles,
            [.. run.Calls.Where(call => call.Count > 0).Select(call => Call(call, survey))],
            [
                .. Enum.GetValues<Cause>().Select(cause => new PageBillLine(
                    cause.Name(), cause.IsWork(),
                    run.Bill.Where(line => line.Cause == cause.Name()).Sum(line => line.Cycles))),
            ],
            new SortedDictionary<string, long>(run.Counters.ToDictionary(), StringComparer.Ordinal),
            run.Processes, run.Losses, [.. run.Timeline.Take(MaxTimeline)],
            survey?.Components ?? [], survey?.Crossings ?? [],
            [.. run.FailedResults, .. run.Defects]);
    }

    private static PageCall Call(CallStatistics call, RunSurvey? survey)
    {
        var latency = survey?.Calls
            .FirstOrDefault(each => NameOf(each.Key) == call.Name).Value?.Latency;
        return new PageCall(
            call.Name, call.Count, call.Errors, call.MeanCycles, call.MinCycles, call.P50Cycles,
            Percentile(0.9), call.P99Cycles, Percentile(0.999), call.MaxCycles, call.TotalCycles,
            latency?.Curve(CurvePoints) ?? []);

        long Percentile(double part) => latency is { Count: > 0 }
            ? Math.Min(latency.Percentile(part), call.MaxCycles)
            : call.MaxCycles;
    }

    private List<PageRequest> Requests()
    {
        var byKey = Runs
            .Select(run => observations.GetValueOrDefault(run.Name)?.Requests ?? [])
            .Select(requests => requests.ToDictionary(each => CallKey.Of(each.Call)))
            .ToList();
        return
        [
            .. choice.Reasons
                .OrderBy(each => each.Key.Process)
                .ThenBy(each => each.Key.Position)
                .ThenBy(each => each.Key.Call)
                .Select(each => (each.Key, each.Value, Runs: byKey
                    .Select(requests => requests.GetValueOrDefault(each.Key)).ToList()))
                .Where(each => each.Runs.Exists(request => request is not null))
                .Select(each => new PageRequest(
                    each.Key.ProcessName, each.Key.Process, each.Key.Position,
                    NameOf(each.Key.Call), TextOf(each.Runs.OfType<Request>().First()),
                    each.Value, [.. each.Runs.Select(request => Run(request))])),
        ];
    }

    // A typical request of the call on which the first placement spends the most time.
    private int Selected(List<PageRequest> requests)
    {
        var dearest = Runs[0].Calls.MaxBy(call => call.TotalCycles)?.Name;
        var typical = requests.FindIndex(each =>
            each.Call == dearest
            && each.Why.Any(why => why.StartsWith("typical", StringComparison.Ordinal)));
        return Math.Max(0, typical);
    }

    private PageRun? Run(Request? request) => request is null
        ? null
        : new PageRun(
            request.Began, request.Length, TextOf(request), request.Result is not null,
            [
                .. request.Spans.OrderBy(span => span.Id).Select(span => new long[]
                {
                    span.Parent?.Id ?? -1, (int)span.Role, Place(span.Component), Place(span.Name),
                    Place(span.ThreadName),
                    span.Crossing is { } crossing ? Place(KebabCase.Of(crossing.ToString())) : -1,
                    span.Began - request.Began, span.Ended - request.Began, span.IsCut ? 1 : 0,
                    span.RetryOf?.Id ?? -1,
                }),
            ],
            [
                .. request.Pieces.Select(piece => new long[]
                {
                    piece.Began - request.Began, piece.Ended - request.Began,
                    Place(piece.Cause.Name()), piece.Part is { } part ? Place(part.Name()) : -1,
                    piece.Count, Place(piece.Component), piece.Span,
                }),
            ]);

    private long Place(string text)
    {
        if (!places.TryGetValue(text, out var place))
        {
            place = strings.Count;
            places.Add(text, place);
            strings.Add(text);
        }

        return place;
    }

    // Of the profile only what this run was charged for or could have been limited by.
    private List<PriceSource> Prices()
    {
        var charged = Runs.SelectMany(run => run.Parts).Where(part => part.Count > 0)
            .Select(part => part.Part).ToHashSet();
        var parts = Enum.GetValues<Part>().Select(part => part.Name()).ToHashSet();
        return
        [
            .. sources.Prices.Where(price =>
                charged.Contains(price.Name) || !parts.Contains(price.Name)),
        ];
    }

    private SortedDictionary<string, string> Words()
    {
        var used = new HashSet<string>(strings);
        foreach (var run in Runs)
        {
            used.UnionWith(run.Counters.Where(each => each.Value != 0).Select(each => each.Key));
            used.UnionWith(run.Bill.Select(line => line.Cause));
            used.UnionWith(run.Parts.Select(part => part.Part));
            used.UnionWith(observations.GetValueOrDefault(run.Name)?.Survey.Components
                .Select(component => component.Name) ?? []);
        }

        used.UnionWith(comparison.Mechanisms);
        return new SortedDictionary<string, string>(
            sources.Words.Where(each => used.Contains(each.Key)).ToDictionary(),
            StringComparer.Ordinal);
    }

    private static string TextOf(Request request)
    {
        var call = request.Call;
        return StraceWriter.TextOf(
            new FinishedCall(
                call.Process, call.ProcessName, call.Position, call.Call, call.A, call.B, call.C,
                call.Text, request.Result ?? 0, request.Began, request.Ended),
            isOver: request.Result is not null);
    }

    private static string NameOf(Abi.Posix.PosixCall call) =>
        KebabCase.Of(call.ToString()).Replace('-', '_');
}
