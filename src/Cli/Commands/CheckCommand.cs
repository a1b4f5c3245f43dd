using System.CommandLine;
using Scenarios;
using Scenarios.Profiles;

namespace Cli.Commands;

/// <summary>`check`: reads scenarios and their profiles and runs nothing.</summary>
internal static class CheckCommand
{
    /// <summary>The command.</summary>
    public static Command Create(Settings settings)
    {
        var files = new Argument<string[]>("FILE")
        {
            Description = "Scenarios.",
            Arity = ArgumentArity.OneOrMore,
        }.RefuseOptions();
        var command = new Command("check", "Check scenarios without running them.") { files };
        command.SetAction(arguments => (int)Check(
            settings.Terminal, arguments.GetRequiredValue(files)));
        return command;
    }

    private static ExitCode Check(Terminal terminal, IReadOnlyList<string> files)
    {
        var areGood = true;
        foreach (var file in files)
        {
            var diagnostics = Diagnose(file, out var summary);
            foreach (var diagnostic in diagnostics)
            {
                terminal.Say(diagnostic.ToString());
            }

            areGood &= diagnostics.Count == 0;
            if (diagnostics.Count == 0)
            {
                terminal.Output.WriteLine(summary);
            }
        }

        return areGood ? ExitCode.Success : ExitCode.BadInput;
    }

    private static IReadOnlyList<Diagnostic> Diagnose(string file, out string summary)
    {
        summary = "";
        var loaded = ScenarioLoader.Load(file);
        if (loaded.Scenario is not { } scenario)
        {
            return loaded.Diagnostics;
        }

        var profile = ProfileLoader.Find(scenario.Machine.Profile, scenario.Sources.Directory);
        var processes = scenario.Processes.Sum(process => process.Count);
        var placements = scenario.AllPlacements.Select(placement => placement.Name);
        summary = $"{file}: ok: {scenario.Name}: {processes} processes, "
            + $"{scenario.Faults.Count} faults, {scenario.Expect.Count} expectations, placements "
            + string.Join(", ", placements);
        return profile.Diagnostics;
    }
}
