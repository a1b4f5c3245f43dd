using Records;
using Scenarios;
using Scenarios.Model;
using Telemetry.Requests;
using Telemetry.Tests;

namespace Tracing.Tests;

/// <summary>One placement's run and its requests.</summary>
internal sealed record Traced(RunResult Result, List<Request> Requests);

/// <summary>Where scenarios are run under observation.</summary>
internal static class Lab
{
    /// <summary>The scenario files of the repository, by name.</summary>
    public static IEnumerable<string> Files => Directory
        .GetFiles(Path.Combine(Repository.Root, "scenarios"), "*.yaml")
        .Select(file => Path.GetFileName(file))
        .Order(StringComparer.Ordinal);

    /// <summary>A scenario of the repository.</summary>
    public static Scenario File(string name) =>
        Loaded(ScenarioLoader.Load(Path.Combine(Repository.Root, "scenarios", name)));

    /// <summary>A scenario that a test writes.</summary>
    public static Scenario Text(string text) => Loaded(ScenarioLoader.LoadText(
        text, Path.Combine(Repository.Root, "scenarios", "test.yaml")));

    /// <summary>Runs it in a placement, or in all that it has, and keeps its requests.</summary>
    public static List<Traced> Run(Scenario scenario, params string[] placements)
    {
        var names = placements.Length > 0
            ? placements
            : [.. scenario.AllPlacements.Select(placement => placement.Name)];
        var requests = names.ToDictionary(name => name, _ => new List<Request>());
        var comparison = new ScenarioRunner().Compare(
            scenario, names,
            new RunOptions { Requests = name => new RequestBuilder(requests[name].Add) });
        return
        [
            .. comparison.Placements.Select(run => new Traced(run, requests[run.Name])),
        ];
    }

    private static Scenario Loaded(LoadResult loaded)
    {
        Assert.Empty(loaded.Diagnostics);
        return loaded.Scenario!;
    }
}
