using System.CommandLine;
using Cli.Outputs;
using Scenarios;
using Scenarios.Profiles;

namespace Cli.Commands;

/// <summary>`run` and `compare`: a scenario in one placement, or in several side by side.</summary>
internal static class RunCommand
{
    /// <summary>`run`</summary>
    public static Command Run(Settings settings, IScenarioRunner runner)
    {
        var placement = new Option<string>("--placement")
        {
            Description = "The placement to run in.",
            HelpName = "PLACEMENT",
            DefaultValueFactory = _ => "microkernel",
        };
        placement.CompletionSources.Add("microkernel", "monolithic");
        var options = new RunCommandOptions(settings);
        var command = new Command(
            "run",
            "Run a scenario in one placement. Relations between placements are not evaluated.");
        options.AddTo(command);
        command.Add(placement);
        command.SetAction(arguments => (int)new ScenarioRun(settings, runner, options, arguments)
            .Run([arguments.GetRequiredValue(placement)]));
        return command;
    }

    /// <summary>`compare`</summary>
    public static Command Compare(Settings settings, IScenarioRunner runner)
    {
        var placements = new Option<string>("--placements")
        {
            Description = "The placements, separated by commas; ratios are to the last. "
                + "[default: microkernel, the scenario's own, monolithic]",
            HelpName = "P,Q,...",
        };
        placements.CompletionSources.Add("microkernel,monolithic");
        var sensitivity = new Option<bool>("--sensitivity")
        {
            Description = "Change each parameter of the profile by 20 % either way, and say which "
                + "conclusions flip and where the placements break even.",
        };
        var options = new RunCommandOptions(settings);
        var command = new Command("compare", "Run a scenario in several placements, side by side.");
        options.AddTo(command);
        command.Add(placements);
        command.Add(sensitivity);
        command.SetAction(arguments =>
        {
            var run = new ScenarioRun(settings, runner, options, arguments);
            var wanted = arguments.GetValue(placements)
                ?.Split(',', StringSplitOptions.TrimEntries);
            return (int)(arguments.GetValue(sensitivity)
                ? run.RunSensitivity(wanted)
                : run.Run(wanted));
        });
        return command;
    }
}

/// <summary>How results are printed.</summary>
internal enum Format
{
    /// <summary>For people.</summary>
    Text,
    /// <summary>For programs: schemas/result.schema.json.</summary>
    Json,
}

/// <summary>The arguments that `run` and `compare` share.</summary>
internal sealed class RunCommandOptions(Settings settings)
{
    /// <summary>The scenario.</summary>
    public Argument<string> File { get; } =
        new Argument<string>("FILE") { Description = "The scenario, a YAML file." }.RefuseOptions();

    /// <summary>Instead of the scenario's seed.</summary>
    public Option<long?> Seed { get; } = new("--seed")
    {
        Description = "Seed of the random streams, instead of the scenario's.",
        HelpName = "NUMBER",
    };

    /// <summary>Instead of the scenario's profile.</summary>
    public Option<string?> Profile { get; } = new("--profile")
    {
        Description =
            "Cost profile, instead of the scenario's: a name from 'micro list', or a file.",
        HelpName = "PROFILE",
    };

    /// <summary>After the scenario's mechanisms.</summary>
    public Option<string?> Mechanisms { get; } = MechanismsOption.Create();

    /// <summary>How results are printed.</summary>
    public Option<Format> Format { get; } = new("--format")
    {
        Description =
            "text (without it too), or json as schemas/result.schema.json describes it.",
        HelpName = "text|json",
    };

    /// <summary>Where the program's log goes besides the error output.</summary>
    public Option<string?> LogFile { get; } = new("--log-file")
    {
        Description = "Append what the program does, and after the run crashes and restarts in "
            + "it, to this file, with time and trace id.",
        HelpName = "FILE",
    };

    /// <summary>What is written besides the report.</summary>
    public OutputOptions Outputs { get; } = new(settings.Terminal.Variable);

    /// <summary>Questions instead of results.</summary>
    public QuizOptions Quiz { get; } = new();

    /// <summary>Adds those that say what to run.</summary>
    public void AddInputTo(Command command)
    {
        Profile.CompletionSources.Add(_ => CostProfiles.Names);
        command.Add(File);
        command.Add(Seed);
        command.Add(Profile);
        command.Add(Mechanisms);
    }

    /// <summary>Adds all of them.</summary>
    public void AddTo(Command command)
    {
        AddInputTo(command);
        command.Add(Format);
        command.Add(LogFile);
        Outputs.AddTo(command);
        Quiz.AddTo(command);
    }
}
