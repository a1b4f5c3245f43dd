using Abi.Posix;
using Records;
using Scenarios;
using Scenarios.Model;
using Telemetry.Tests;

namespace Cli.Tests;

/// <summary>Answers with results made by hand, one for each placement asked for.</summary>
internal sealed class FakeRunner : IScenarioRunner
{
    /// <summary>What becomes of each placement's result.</summary>
    public Func<RunResult, RunResult> Change { get; init; } = result => result;

    /// <summary>What became of expectations.</summary>
    public IReadOnlyList<ExpectationResult> Expectations { get; init; } = [];

    /// <summary>Thrown instead of an answer.</summary>
    public Exception? Failure { get; init; }

    /// <summary>Done before the answer.</summary>
    public Action<RunOptions>? Meanwhile { get; init; }

    /// <summary>What it was asked, newest last.</summary>
    public List<(Scenario Scenario, IReadOnlyList<string> Placements, RunOptions Options)> Asked
    {
        get;
    } = [];

    public Comparison Compare(
        Scenario scenario, IReadOnlyList<string> placements, RunOptions options)
    {
        Asked.Add((scenario, placements, options));
        foreach (var placement in placements)
        {
            options.PlacementBegins?.Invoke(placement);
            options.Calls?.Invoke(placement)?.Record(new FinishedCall(
                1, "reader", 0, PosixCall.Read, 3, 4096, 0, "", 4096, 3_400, 6_800));
        }

        Meanwhile?.Invoke(options);
        return Failure is not null ? throw Failure : Samples.Comparison with
        {
            Scenario = scenario.Name,
            Seed = options.Seed ?? scenario.Seed,
            Profile = options.Profile ?? scenario.Machine.Profile,
            Expectations = Expectations,
            Warnings = [],
            Placements =
            [
                .. placements.Select(name => Change(Samples.Microkernel with { Name = name })),
            ],
        };
    }
}
