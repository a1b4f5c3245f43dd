using System.CommandLine;
using Programs.Language;
using Scenarios;
using Scenarios.Model;
using Scenarios.Profiles;

namespace Cli.Commands;

/// <summary>What a command is to run, from its arguments: everything is checked before anything
/// runs.</summary>
internal sealed class ScenarioInput(RunCommandOptions options, ParseResult arguments)
{
    /// <summary>The file's name as the user wrote it.</summary>
    public string File { get; } = arguments.GetRequiredValue(options.File);

    /// <summary>The seed instead of the scenario's, or null.</summary>
    public long? Seed => arguments.GetValue(options.Seed);

    /// <summary>Reads the scenario.</summary>
    public Scenario LoadScenario()
    {
        var loaded = ScenarioLoader.Load(File);
        return loaded.Scenario ?? throw new BadInputException(loaded.Diagnostics);
    }

    /// <summary>The placements to run in.</summary>
    /// <param name="scenario">Whose.</param>
    /// <param name="wanted">By name; null: all that the scenario has.</param>
    public List<string> Placements(Scenario scenario, IReadOnlyList<string>? wanted)
    {
        var known = scenario.AllPlacements.Select(placement => placement.Name).ToList();
        if (wanted is null)
        {
            // Ratios are to the last: the monolith is the base that microkernels are measured by.
            var monolithic = Placement.Monolithic.Name;
            return [.. known.Where(name => name != monolithic), monolithic];
        }

        foreach (var name in wanted)
        {
            if (!known.Contains(name))
            {
                throw new BadInputException($"{File}: expected one of its placements "
                    + $"({string.Join(", ", known)}), not '{name}'{Suggestion.Hint(name, known)}");
            }
        }

        return wanted.Distinct().Count() == wanted.Count
            ? [.. wanted]
            : throw new BadInputException("expected each placement once");
    }

    /// <summary>Reads the cost profile.</summary>
    /// <returns>It, and what a run is to be told instead of the scenario's, or null.</returns>
    public (string? Name, LoadedProfile Loaded) LoadProfile(Scenario scenario)
    {
        var given = arguments.GetValue(options.Profile);
        var isName = given is not null && CostProfiles.Names.Contains(given);
        var loaded = given is null
            ? ProfileLoader.Find(scenario.Machine.Profile, scenario.Sources.Directory)
            : ProfileLoader.Find(given, "");
        return loaded.Profile is { } profile
            ? (isName || given is null ? given : Path.GetFullPath(given), profile)
            : throw new BadInputException(loaded.Diagnostics);
    }

    /// <summary>How to run, as the arguments say.</summary>
    public RunOptions HowToRun(string? profile, CancellationToken cancellation) => new()
    {
        Seed = Seed,
        Profile = profile,
        Mechanisms = MechanismsOption.Read(arguments.GetValue(options.Mechanisms)),
        Cancellation = cancellation,
    };
}

/// <summary>The option for plain characters.</summary>
internal static class AsciiOption
{
    /// <summary>Makes it.</summary>
    public static Option<bool> Create() => new("--ascii")
    {
        Description = "Draw with ASCII characters, as where the output is not UTF-8.",
    };
}
