using Abi.Costs;
using Records;
using Scenarios.Model;

namespace Scenarios;

/// <summary>Runs scenarios: the way from the command line to the machine.</summary>
public interface IScenarioRunner
{
    /// <summary>
    /// Runs a scenario in each of the placements, one after the other, and evaluates its
    /// expectations. When
    /// cancelled, answers with what is known so far; the run that was going on ends as
    /// <see cref="RunEnd.Interrupted"/> and those after it are left out.
    /// </summary>
    /// <param name="scenario">What to run.</param>
    /// <param name="placements">
    /// Names from <see cref="Scenario.AllPlacements"/>; at least one.
    /// </param>
    /// <param name="options">How.</param>
    /// <exception cref="BadInputException">What the scenario names cannot be used.</exception>
    /// <exception cref="DefectException">The simulator failed.</exception>
    Comparison Compare(Scenario scenario, IReadOnlyList<string> placements, RunOptions options);
}

/// <summary>How to run a scenario, besides what it says itself.</summary>
public sealed record RunOptions
{
    /// <summary>Instead of the scenario's seed.</summary>
    public long? Seed { get; init; }

    /// <summary>Instead of the scenario's profile: a name, or a full path.</summary>
    public string? Profile { get; init; }

    /// <summary>Mechanisms switched on or off, after the scenario's own.</summary>
    public IReadOnlyList<Mechanism> Mechanisms { get; init; } = [];

    /// <summary>What is done to the profile before the run, or null: what-if prices.</summary>
    public Func<CostProfile, CostProfile>? Vary { get; init; }

    /// <summary>Called before each placement's run, with its name.</summary>
    public Action<string>? PlacementBegins { get; init; }

    /// <summary>For each placement, who reads its trace; null: nobody.</summary>
    public Func<string, ITraceSink?>? Trace { get; init; }

    /// <summary>For each placement, who reads what becomes of its calls; null:
    /// nobody.</summary>
    public Func<string, IRequestSink?>? Requests { get; init; }

    /// <summary>For each placement, who reads its finished calls; null: nobody.</summary>
    public Func<string, ICallSink?>? Calls { get; init; }

    /// <summary>Told from time to time how far the run is, on the thread that runs it.</summary>
    public IProgress<RunProgress>? Progress { get; init; }

    /// <summary>Ends the run where it is.</summary>
    public CancellationToken Cancellation { get; init; }
}

/// <summary>How far a run is.</summary>
/// <param name="Placement">Which placement runs.</param>
/// <param name="CallsDone">POSIX calls that ended in it.</param>
/// <param name="VirtualCycles">Its virtual time, cycles.</param>
/// <param name="EventsDone">Events that the engine handled in it.</param>
public sealed record RunProgress(
    string Placement, long CallsDone, long VirtualCycles, long EventsDone);

/// <summary>What the user gave cannot be used, as became known only when it was used.</summary>
public sealed class BadInputException : Exception
{
    /// <summary>Bad input that nothing more is known about.</summary>
    public BadInputException() : this([]) { }

    /// <summary>Bad input in a file that cannot be pointed into.</summary>
    public BadInputException(string message) : base(message) { }

    /// <summary>Bad input, and what made it known.</summary>
    public BadInputException(string message, Exception inner) : base(message, inner) { }

    /// <summary>Bad input, with the places where it stands.</summary>
    public BadInputException(IReadOnlyList<Diagnostic> diagnostics)
        : base(string.Join('\n', diagnostics)) => Diagnostics = diagnostics;

    /// <summary>What was expected, and where; if empty, the message says it.</summary>
    public IReadOnlyList<Diagnostic> Diagnostics { get; } = [];
}

/// <summary>The simulator failed in a run: where, so that it can be made to fail again.</summary>
public sealed class DefectException : Exception
{
    /// <summary>A defect that nothing more is known about.</summary>
    public DefectException() : this("defect of the simulator") { }

    /// <summary>A defect and what is known about it.</summary>
    public DefectException(string message) : base(message) { }

    /// <summary>A defect and the exception that showed it.</summary>
    public DefectException(string message, Exception inner) : base(message, inner) { }

    /// <summary>The placement that ran; empty if none did.</summary>
    public string Placement { get; init; } = "";

    /// <summary>The run's seed.</summary>
    public long Seed { get; init; }

    /// <summary>Its virtual time, cycles.</summary>
    public long VirtualCycles { get; init; }

    /// <summary>The number of the event that was being handled, from 0.</summary>
    public long EventNumber { get; init; }
}
