using Records;
using Scenarios;
using Scenarios.Model;

namespace Cli;

/// <summary>Stands where the machine will: refuses to run instead of pretending.</summary>
internal sealed class NoMachine : IScenarioRunner
{
    /// <inheritdoc/>
    public Comparison Compare(
        Scenario scenario, IReadOnlyList<string> placements, RunOptions options) =>
        throw new BadInputException("this build has no machine to run scenarios on");
}
