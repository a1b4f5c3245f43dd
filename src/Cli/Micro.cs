using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using Cli.Commands;
using Programs.Language;
using Scenarios;

namespace Cli;

/// <summary>
/// The program: arguments in, exit code out. Everything it says goes through the terminal it is
/// given.
/// </summary>
/// <param name="terminal">Where its words go.</param>
/// <param name="runner">What runs scenarios.</param>
public sealed class Micro(Terminal terminal, IScenarioRunner runner)
{
    private readonly Option<Verbosity?> verbosity = new("--verbosity")
    {
        Description =
            "How much the program says about itself, on the error output; normal without it.",
        Recursive = true,
        HelpName = "quiet|normal|detailed|debug",
    };

    private readonly Option<bool> noColor = new("--no-color")
    {
        Description = "No colors, even on a terminal; so does the variable NO_COLOR.",
        Recursive = true,
    };

    /// <summary>Whether this host is a Linux, which `calibrate` needs; found out by
    /// default.</summary>
    public bool IsLinux { get; init; } = OperatingSystem.IsLinux();

    /// <summary>Does what the arguments say.</summary>
    public ExitCode Run(IReadOnlyList<string> arguments)
    {
        var result = Build().Parse(arguments);
        if (result.Action is ParseErrorAction)
        {
            foreach (var error in result.Errors)
            {
                terminal.Say(error.Message + HintFor(error.Message, result));
            }

            terminal.Say($"try 'micro {NameOf(result)}--help'");
            return ExitCode.BadInput;
        }

        try
        {
            return (ExitCode)result.Invoke(new InvocationConfiguration
            {
                Output = terminal.Output,
                Error = terminal.Error,
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = null,
            });
        }
        catch (BadInputException exception)
        {
            Say(exception);
            return ExitCode.BadInput;
        }
        catch (OperationCanceledException)
        {
            terminal.Say("interrupted");
            return ExitCode.Interrupted;
        }
        catch (Exception exception)
        {
            DefectMessage.Write(
                terminal, exception, arguments, result.GetValue(verbosity) == Verbosity.Debug);
            return ExitCode.Defect;
        }
    }

    // The library's message names the token in quotes; it guesses at commands, not at options.
    private static string HintFor(string message, ParseResult result)
    {
        var options = result.CommandResult.Command.Options.Select(option => option.Name).ToList();
        var misspelled = result.UnmatchedTokens.FirstOrDefault(token =>
            token.StartsWith("--") && message.Contains($"'{token}'", StringComparison.Ordinal));
        return misspelled is null ? "" : Suggestion.Hint(misspelled, options);
    }

    private static string NameOf(ParseResult result) => result.CommandResult.Command is RootCommand
        ? ""
        : result.CommandResult.Command.Name + " ";

    private void Say(BadInputException exception)
    {
        if (exception.Diagnostics.Count == 0)
        {
            terminal.Say(exception.Message);
        }

        foreach (var diagnostic in exception.Diagnostics)
        {
            terminal.Say(diagnostic.ToString());
        }
    }

    private RootCommand Build()
    {
        var root = new RootCommand(
            "A laboratory for operating-system structure: run a workload in a microkernel, in a "
            + "monolith and in anything between, and see where every cycle goes.")
        {
            HelpName = "micro",
        };
        var settings = new Settings(terminal, verbosity, noColor);
        root.Add(verbosity);
        root.Add(noColor);
        root.Add(RunCommand.Run(settings, runner));
        root.Add(RunCommand.Compare(settings, runner));
        root.Add(TraceCommand.Create(settings, runner));
        root.Add(StepCommand.Create(settings, runner));
        root.Add(CheckCommand.Create(settings));
        root.Add(NewCommand.Create(settings));
        root.Add(ListCommand.Create(settings));
        root.Add(ExplainCommand.Create(settings));
        root.Add(DiffCommand.Create(settings));
        root.Add(BenchCommand.Create(settings));
        root.Add(ValidateCommand.Create(settings));
        root.Add(CalibrateCommand.Create(settings, IsLinux));
        root.Add(CompletionCommand.Create(settings));
        foreach (var help in root.Options.OfType<HelpOption>())
        {
            help.Action = new HelpWithExamples((HelpAction)help.Action!);
        }

        return root;
    }
}
