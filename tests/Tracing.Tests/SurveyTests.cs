using Abi;
using Records;
using Scenarios;
using Scenarios.Model;
using Telemetry;
using Telemetry.Html;
using Telemetry.Requests;

namespace Tracing.Tests;

/// <summary>What the report page learns from a run, against other readers of the same
/// run.</summary>
public sealed class SurveyTests
{
    public static TheoryData<string> Files => [.. Lab.Files];

    [Theory]
    [MemberData(nameof(Files))]
    public void Latencies_are_those_of_the_results(string file)
    {
        foreach (var (run, survey, _) in Run(Lab.File(file)))
        {
            foreach (var call in run.Calls)
            {
                var latency = survey.Calls.First(each => NameOf(each.Key) == call.Name)
                    .Value.Latency;
                Assert.Equal(call.Count, latency.Count);
                if (call.Count > 0)
                {
                    Assert.Equal(call.MaxCycles, survey.Calls.Values
                        .Single(each => each.Latency == latency).SlowestCycles);
                    Assert.Equal(
                        call.P50Cycles, Math.Min(latency.Percentile(0.5), call.MaxCycles));
                    Assert.Equal(
                        call.P99Cycles, Math.Min(latency.Percentile(0.99), call.MaxCycles));
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Crossings_are_those_of_the_spans(string file)
    {
        foreach (var (_, survey, requests) in Run(Lab.File(file)))
        {
            var expected = requests.SelectMany(request => request.Spans)
                .Where(span => span.Crossing is not null)
                .GroupBy(span => (From: AskerOf(span), span.Component, span.Crossing))
                .ToDictionary(group => group.Key, group => (long)group.Count());
            Assert.Equal(
                expected,
                survey.Crossings.ToDictionary(
                    each => (each.From, each.To, (Crossing?)each.Kind), each => each.Count));
        }
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void What_is_chosen_is_what_it_is_said_to_be(string file)
    {
        var runs = Run(Lab.File(file));
        var chosen = ChosenRequests.Of(
            [.. runs.Select(each => (each.Result.Name, each.Survey))], limit: 1_000);
        foreach (var (run, survey, requests) in runs)
        {
            var byKey = requests.ToDictionary(each => CallKey.Of(each.Call));
            foreach (var (kind, calls) in survey.Calls)
            {
                var ended = requests.Where(each =>
                    each.Call.Call == kind && each.Result is not null).ToList();
                if (ended.Count == 0)
                {
                    continue;
                }

                var slowest = byKey[calls.Slowest!.Value];
                Assert.Equal(ended.Max(each => each.Length), slowest.Length);
                Assert.True(IsChosen(chosen, calls.Slowest.Value, "slowest", run.Name));

                var typical = calls.Latency.Example(0.5);
                var median = ended.Select(each => each.Length).Order()
                    .ElementAt((ended.Count - 1) / 2);
                Assert.InRange(
                    byKey[typical].Length, median - median / 1024 - 1, median + median / 1024 + 1);
                Assert.True(IsChosen(chosen, typical, "typical", run.Name));

                var first = requests.Where(each => each.Call.Call == kind)
                    .MinBy(each => each.Call.Request)!;
                Assert.Equal(CallKey.Of(first.Call), calls.First);
                Assert.True(IsChosen(chosen, calls.First, "first", run.Name));
            }
        }
    }

    [Fact]
    public void A_request_under_which_a_server_died_is_chosen()
    {
        var runs = Run(Lab.File("crash-file-server.yaml"));
        var chosen = ChosenRequests.Of(
            [.. runs.Select(each => (each.Result.Name, each.Survey))], limit: 1);
        var key = Assert.Single(chosen.Reasons).Key;
        Assert.Contains(
            runs[0].Requests.Single(each => CallKey.Of(each.Call) == key).Spans,
            span => span.IsCut);
        Assert.True(chosen.LeftOut > 0);
    }

    [Theory]
    [InlineData("many-readers.yaml")]
    [InlineData("crash-file-server.yaml")]
    public void Positions_of_a_process_count_up_whoever_reads(string file)
    {
        foreach (var (_, _, requests) in Run(Lab.File(file)))
        {
            foreach (var calls in requests.GroupBy(each => each.Call.Process))
            {
                Assert.Equal(
                    Enumerable.Range(0, calls.Count()).Select(i => (long)i),
                    calls.Select(each => each.Call.Position).Order());
            }
        }
    }

    private static bool IsChosen(
        ChosenRequests chosen, CallKey key, string reason, string placement) =>
        chosen.Reasons[key].Any(each =>
            each == reason
            || (each.StartsWith(reason + " in ", StringComparison.Ordinal)
                && each.Contains(placement, StringComparison.Ordinal)));

    private static string AskerOf(RequestSpan span)
    {
        var asker = span.Parent!;
        while (asker.Role == SpanRole.Kernel)
        {
            asker = asker.Parent!;
        }

        return asker.Component;
    }

    private static string NameOf(Abi.Posix.PosixCall call) =>
        KebabCase.Of(call.ToString()).Replace('-', '_');

    private static List<(RunResult Result, RunSurvey Survey, List<Request> Requests)> Run(
        Scenario scenario)
    {
        var names = scenario.AllPlacements.Select(placement => placement.Name).ToList();
        var surveys = names.ToDictionary(name => name, _ => new RunSurvey(10));
        var requests = names.ToDictionary(name => name, _ => new List<Request>());
        var comparison = new ScenarioRunner().Compare(
            scenario, names,
            new RunOptions
            {
                Requests = name => Fanouts.Of(
                    [surveys[name], new RequestBuilder(requests[name].Add)]),
            });
        return
        [
            .. comparison.Placements.Select(run =>
                (run, surveys[run.Name], requests[run.Name])),
        ];
    }
}
