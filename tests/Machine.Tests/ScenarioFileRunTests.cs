using Abi.Costs;
using Records;
using Scenarios;
using Scenarios.Model;

namespace Machine.Tests;

public class ScenarioFileRunTests
{
    private static readonly string[] WorkCauses =
    [
        .. Enum.GetValues<Cause>().Where(cause => cause.IsWork()).Select(cause => cause.Name()),
    ];

    public static TheoryData<string> Files =>
    [
        .. Directory.GetFiles(Repository.Scenarios, "*.yaml")
            .Select(file => Path.GetFileName(file))
            .Order(StringComparer.Ordinal),
    ];

    [Theory]
    [MemberData(nameof(Files))]
    public void Expectations_hold_the_bill_adds_up_and_a_second_run_is_the_same(string file)
    {
        var scenario = Lab.File(file);
        var first = Compare(scenario, out var firstTraces);
        var second = Compare(scenario, out var secondTraces);

        Assert.Equal(scenario.AllPlacements.Count(), first.Placements.Count);
        first.Placements.ToList().ForEach(AssertSound);
        Assert.Equal(scenario.Expect.Count, first.Expectations.Count);
        Assert.All(first.Expectations, expectation => Assert.True(
            expectation.Holds, $"{expectation.Text}: {expectation.Detail}"));
        for (var i = 0; i < first.Placements.Count; i++)
        {
            AssertSame(firstTraces[i].Records, secondTraces[i].Records);
            Assert.Equal(first.Placements[i].Fingerprint, second.Placements[i].Fingerprint);
        }
    }

    [Fact]
    public void Two_traces_that_differ_are_told_apart_at_their_first_difference()
    {
        var trace = Lab.Run(Lab.File("spawn-wait.yaml"), Placement.Microkernel).Trace;
        var other = trace.ToList();
        other[7] = other[7] with { Detail = other[7].Detail + 1 };
        var difference = Record.Exception(() => AssertSame(trace, other));
        Assert.Contains("record 7:", difference.Message, StringComparison.Ordinal);
    }

    private static Comparison Compare(Scenario scenario, out List<TraceRecorder> traces)
    {
        var recorders = new List<TraceRecorder>();
        var comparison = new ScenarioRunner().Compare(
            scenario,
            [.. scenario.AllPlacements.Select(placement => placement.Name)],
            new RunOptions
            {
                Trace = _ =>
                {
                    recorders.Add(new TraceRecorder());
                    return recorders[^1];
                },
            });
        traces = recorders;
        return comparison;
    }

    private static void AssertSound(RunResult run)
    {
        Assert.True(run.Defects.Count == 0, string.Join('\n', run.Defects));
        Assert.Equal(RunEnd.Finished, run.End);
        Assert.Matches("^[0-9A-F]{16}$", run.Fingerprint);
        Assert.All(run.Calls, call => Assert.Equal(
            call.TotalCycles + call.UnendedCycles, call.Bill.Sum(line => line.Cycles)));
        Assert.Equal(
            run.Parts.Sum(part => part.Cycles),
            run.Bill.Where(line => WorkCauses.Contains(line.Cause)).Sum(line => line.Cycles));
        Assert.All(run.Parts, part => Assert.Equal(part.Count * part.PriceCycles, part.Cycles));
    }

    private static void AssertSame(List<TraceRecord> first, List<TraceRecord> second)
    {
        for (var i = 0; i < Math.Min(first.Count, second.Count); i++)
        {
            if (first[i] != second[i])
            {
                Assert.Fail($"record {i}: {first[i]}, then {second[i]}");
            }
        }

        Assert.Equal(first.Count, second.Count);
    }
}
