using System.CommandLine;
using Abi.Posix;
using Scenarios;

namespace Cli.Commands;

/// <summary>`trace`: one call as a waterfall, or the calls that there are.</summary>
internal static class TraceCommand
{
    /// <summary>How many calls are listed without --limit.</summary>
    public const int DefaultLimit = 50;

    /// <summary>The command.</summary>
    public static Command Create(Settings settings, IScenarioRunner runner)
    {
        var options = new TraceOptions(settings);
        var command = new Command(
            "trace",
            "Draw one call as a waterfall: who works for it, on which thread, for how long and "
            + "why. Without --request, --nth or --slowest: list the calls.");
        options.AddTo(command);
        command.SetAction(arguments =>
            (int)new CallTracing(settings, runner, options, arguments).Run());
        return command;
    }
}

/// <summary>The arguments of `trace`.</summary>
internal sealed class TraceOptions(Settings settings)
{
    /// <summary>Where and how to run.</summary>
    public RunCommandOptions Input { get; } = new(settings);

    /// <summary>Only one placement.</summary>
    public Option<string?> Placement { get; } = new("--placement")
    {
        Description = "Only this placement. [default: all, under each other on one scale]",
        HelpName = "PLACEMENT",
    };

    /// <summary>By number.</summary>
    public Option<long?> Request { get; } = new("--request")
    {
        Description = "The call with this number, counted from 1 in the first placement; the "
            + "others show the same call of the same process.",
        HelpName = "N",
    };

    /// <summary>Which kind of call.</summary>
    public Option<string?> Call { get; } = new("--call")
    {
        Description = "Calls of this name only.",
        HelpName = "CALL",
    };

    /// <summary>Which of them.</summary>
    public Option<long?> Nth { get; } = new("--nth")
    {
        Description = "The Nth of the calls that --call names, from 1.",
        HelpName = "N",
    };

    /// <summary>The longest.</summary>
    public Option<string?> Slowest { get; } = new("--slowest")
    {
        Description = "The call that took longest in the first placement, of all or of one name.",
        HelpName = "CALL",
        Arity = ArgumentArity.ZeroOrOne,
    };

    /// <summary>How many are listed.</summary>
    public Option<int> Limit { get; } = new("--limit")
    {
        Description = "How many calls to list.",
        HelpName = "N",
        DefaultValueFactory = _ => TraceCommand.DefaultLimit,
    };

    /// <summary>How it is printed.</summary>
    public Option<Format> Format { get; } = new("--format")
    {
        Description = "text (without it too), or json as schemas/trace.schema.json describes it.",
        HelpName = "text|json",
    };

    /// <summary>Plain characters.</summary>
    public Option<bool> Ascii { get; } = AsciiOption.Create();

    /// <summary>Questions instead of a picture.</summary>
    public QuizOptions Quiz { get; } = new();

    /// <summary>Adds all of them.</summary>
    public void AddTo(Command command)
    {
        Placement.CompletionSources.Add("microkernel", "monolithic");
        Call.CompletionSources.Add(_ => CallNames.All);
        Slowest.CompletionSources.Add(_ => CallNames.All);
        Input.AddInputTo(command);
        command.Add(Placement);
        command.Add(Request);
        command.Add(Call);
        command.Add(Nth);
        command.Add(Slowest);
        command.Add(Limit);
        command.Add(Format);
        command.Add(Ascii);
        Quiz.AddTo(command);
    }
}

/// <summary>The names of calls, as reports and scenarios have them.</summary>
internal static class CallNames
{
    /// <summary>All of them, in the order of their numbers.</summary>
    public static IReadOnlyList<string> All { get; } =
        [.. Enum.GetValues<PosixCall>().Select(NameOf)];

    /// <summary>A call's name.</summary>
    public static string NameOf(PosixCall call) =>
        Abi.KebabCase.Of(call.ToString()).Replace('-', '_');

    /// <summary>The name that the user gave behind an option.</summary>
    public static string Check(string name, string option) => All.Contains(name)
        ? name
        : throw new BadInputException($"expected a call behind {option}, not '{name}'"
            + Programs.Language.Suggestion.Hint(name, All) + " ('micro list calls' prints all)");
}
