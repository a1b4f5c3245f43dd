using System.CommandLine;
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

    /// <summary>Where the calls' log goes.</summary>
    public Option<string?> Strace { get; } = new("--strace")
    {
        Description = "Write each finished call in strace's format with virtual times; - is "
            + "standard output. With several placements, each has its own file: FILE.PLACEMENT.",
        HelpName = "FILE",
    };

    /// <summary>Where the program's log goes besides the error output.</summary>
    public Option<string?> LogFile { get; } = new("--log-file")
    {
        Description = "Append what the program does, and after the run crashes and restarts in "
            + "it, to this file, with time and trace id.",
        HelpName = "FILE",
    };

    /// <summary>Where spans, metrics and log go by OTLP.</summary>
    public OtlpOptions Otlp { get; } = new(settings.Terminal.Variable);

    /// <summary>How spans are exported.</summary>
    public SpanOptions Spans { get; } = new();

    /// <summary>Where the report page goes.</summary>
    public Option<string?> Html { get; } = new("--html")
    {
        Description = "Write the results as a page for a browser: one file that needs no network.",
        HelpName = "FILE",
    };

    /// <summary>How many requests the page shows.</summary>
    public Option<int> HtmlRequests { get; } = new("--html-requests")
    {
        Description = "The most requests that the page of --html shows step by step.",
        HelpName = "NUMBER",
        DefaultValueFactory = _ => 40,
    };

    /// <summary>Adds all of them.</summary>
    public void AddTo(Command command)
    {
        Profile.CompletionSources.Add(_ => CostProfiles.Names);
        command.Add(File);
        command.Add(Seed);
        command.Add(Profile);
        command.Add(Mechanisms);
        command.Add(Format);
        command.Add(Strace);
        command.Add(LogFile);
        Otlp.AddTo(command);
        Spans.AddTo(command);
        command.Add(Html);
        command.Add(HtmlRequests);
    }
}
