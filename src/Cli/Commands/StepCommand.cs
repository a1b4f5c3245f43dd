using System.CommandLine;
using Scenarios;
using Telemetry.Stepping;

namespace Cli.Commands;

/// <summary>`step`: walks a run forward and back.</summary>
internal static class StepCommand
{
    private const int Margin = 1;

    /// <summary>The command.</summary>
    public static Command Create(Settings settings, IScenarioRunner runner)
    {
        var input = new RunCommandOptions(settings);
        var placement = new Option<string>("--placement")
        {
            Description = "The placement to run in.",
            HelpName = "PLACEMENT",
            DefaultValueFactory = _ => "microkernel",
        };
        placement.CompletionSources.Add("microkernel", "monolithic");
        var commands = new Option<string?>("--commands")
        {
            Description = "What to do, separated by semicolons, instead of keys: \"n;n;g 5us\".",
            HelpName = "LIST",
        };
        var at = new Option<string?>("--at")
        {
            Description = "Show the machine there and end: a record (1234) or a time (5us).",
            HelpName = "WHERE",
        };
        var ascii = AsciiOption.Create();
        var command = new Command(
            "step",
            "Walk a run forward and back: cores, threads, queues, devices, who waits for whom. "
            + "By keys on a terminal, else by lines of the standard input.");
        input.AddInputTo(command);
        command.Add(placement);
        command.Add(commands);
        command.Add(at);
        command.Add(ascii);
        command.SetAction(arguments =>
        {
            var script = arguments.GetValue(at) is { } where
                ? "g " + where
                : arguments.GetValue(commands);
            if (arguments.GetValue(at) is not null && arguments.GetValue(commands) is not null)
            {
                throw new BadInputException("expected one of --at and --commands");
            }

            var scenarioInput = new ScenarioInput(input, arguments);
            var scenario = scenarioInput.LoadScenario();
            var name = scenarioInput.Placements(
                scenario, [arguments.GetRequiredValue(placement)])[0];
            var (profile, _) = scenarioInput.LoadProfile(scenario);
            using var tape = MakeTape();
            using (var display = new ProgressDisplay(settings.Terminal, scenario, 1))
            {
                display.Begin(name);
                var how = scenarioInput.HowToRun(profile, settings.Terminal.Interrupted) with
                {
                    Trace = _ => tape,
                    Progress = display,
                };
                display.While(() => runner.Compare(scenario, [name], how));
            }

            var glyphs = settings.GlyphsFor(arguments.GetValue(ascii));
            var view = new StepView(tape, $"{scenario.Name}, {name}", glyphs);
            return (int)Walk(settings, arguments, tape, view, script);
        });
        return command;
    }

    private static RunTape MakeTape()
    {
        try
        {
            return new RunTape();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new BadInputException(
                $"expected a directory for temporary files (TMPDIR): {exception.Message}",
                exception);
        }
    }

    private static ExitCode Walk(
        Settings settings, ParseResult arguments, RunTape tape, StepView view, string? script)
    {
        var walk = new Walk(tape, view.Words);
        if (script is null && settings.Terminal.Keyboard is { } keyboard)
        {
            return new StepScreen(settings, arguments, walk, view, keyboard).Run();
        }

        var console = settings.ConsoleFor(arguments);
        var width = console.Profile.Width - Margin;
        var lines = script?.Split(';') ?? Lines(settings.Terminal);
        if (script is null)
        {
            Show();
        }

        foreach (var line in lines)
        {
            if (settings.Terminal.Interrupted.IsCancellationRequested)
            {
                return ExitCode.Interrupted;
            }

            var answer = walk.Do(line);
            if (answer.IsBad)
            {
                throw new BadInputException(answer.Message);
            }

            if (answer.IsOver)
            {
                break;
            }

            if (answer.Message.Length > 0)
            {
                console.Profile.Out.Writer.WriteLine(answer.Message);
                console.Profile.Out.Writer.WriteLine();
            }

            if (line.Trim() is not ("" or "?" or "help"))
            {
                Show();
            }
        }

        return ExitCode.Success;

        void Show() => StepScreen.Write(console, [.. view.Draw(walk.At, width), new ViewLine("")]);
    }

    private static IEnumerable<string> Lines(Terminal terminal)
    {
        var input = terminal.Input();
        while (input.ReadLine() is { } line)
        {
            yield return line;
        }
    }
}
