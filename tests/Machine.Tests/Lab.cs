using Machine.Devices;
using Records;
using Scenarios;
using Scenarios.Model;

namespace Machine.Tests;

/// <summary>A run and everything that could be seen of it.</summary>
internal sealed record Observed(
    RunResult Result, Board Board, List<TraceRecord> Trace, CallRecorder Calls);

/// <summary>Where scenarios are loaded and run under observation.</summary>
internal static class Lab
{
    /// <summary>A scenario of the repository.</summary>
    public static Scenario File(string name) =>
        Loaded(ScenarioLoader.Load(Path.Combine(Repository.Scenarios, name)));

    /// <summary>A scenario that a test writes.</summary>
    public static Scenario Text(string text) =>
        Loaded(ScenarioLoader.LoadText(text, Path.Combine(Repository.Scenarios, "test.yaml")));

    public static Observed Run(
        Scenario scenario, Placement placement, DiskImage? disk = null,
        Func<BoardOptions, BoardOptions>? change = null, Action<Board>? built = null)
    {
        var trace = new TraceRecorder();
        var calls = new CallRecorder();
        Board? used = null;
        var result = ScenarioRunner.Run(
            scenario, placement, disk,
            new RunOptions { Trace = _ => trace, Calls = _ => calls },
            plan =>
            {
                used = new Board(change?.Invoke(plan) ?? plan);
                built?.Invoke(used);
                return used;
            });
        return new Observed(result, used!, trace.Records, calls);
    }

    private static Scenario Loaded(LoadResult loaded)
    {
        Assert.Empty(loaded.Diagnostics);
        return loaded.Scenario!;
    }
}
