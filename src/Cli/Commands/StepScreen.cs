using System.CommandLine;
using Spectre.Console;
using Telemetry.Stepping;

namespace Cli.Commands;

/// <summary>`step` on a terminal: one screen, one key a step.</summary>
internal sealed class StepScreen(
    Settings settings, ParseResult arguments, Walk walk, StepView view, IKeyboard keyboard)
{
    private const string Keys =
        "n next  p back  N P by 10  r call's end  c crash  g go to  / search  ? help  q";

    private readonly IAnsiConsole console = settings.ScreenFor(arguments);
    private string message = "";

    /// <summary>Until the user wants no more.</summary>
    public ExitCode Run()
    {
        var code = ExitCode.Success;
        if (console.Profile.Capabilities.AlternateBuffer)
        {
            console.AlternateScreen(() => code = Walk());
            return code;
        }

        return Walk();
    }

    /// <summary>Writes lines.</summary>
    public static void Write(IAnsiConsole console, IEnumerable<ViewLine> lines)
    {
        foreach (var line in lines)
        {
            var text = Markup.Escape(line.Text);
            console.Markup((line.IsTitle ? $"[bold]{text}[/]" : text) + "\n");
        }
    }

    private ExitCode Walk()
    {
        while (true)
        {
            Draw(message.Length > 0 ? message : Keys);
            message = "";
            if (keyboard.Read(settings.Terminal.Interrupted) is not { } key)
            {
                return ExitCode.Interrupted;
            }

            var command = CommandOf(key);
            if (command is null)
            {
                continue;
            }

            var answer = walk.Do(command);
            if (answer.IsOver)
            {
                return ExitCode.Success;
            }

            message = answer.Message;
        }
    }

    private string? CommandOf(ConsoleKeyInfo key) => key switch
    {
        { KeyChar: ' ' } or { Key: ConsoleKey.RightArrow or ConsoleKey.DownArrow } => "n",
        { Key: ConsoleKey.LeftArrow or ConsoleKey.UpArrow } => "p",
        { Key: ConsoleKey.PageDown } => "]",
        { Key: ConsoleKey.PageUp } => "[",
        { Key: ConsoleKey.Home } => "0",
        { Key: ConsoleKey.End } => "$",
        { Key: ConsoleKey.Escape } => "q",
        { KeyChar: 'g' } => Ask("go to record or time: ") is { Length: > 0 } where
            ? "g " + where
            : null,
        { KeyChar: '/' } => Ask("/") is { } text ? "/" + text : null,
        { KeyChar: > ' ' and <= '~' } => key.KeyChar.ToString(),
        _ => null,
    };

    // Reads the rest of a command in the last line.
    private string? Ask(string prompt)
    {
        var text = "";
        while (true)
        {
            Draw(prompt + text + "_");
            switch (keyboard.Read(settings.Terminal.Interrupted))
            {
                case null or { Key: ConsoleKey.Escape }:
                    return null;
                case { Key: ConsoleKey.Enter }:
                    return text;
                case { Key: ConsoleKey.Backspace }:
                    text = text.Length > 0 ? text[..^1] : text;
                    break;
                case { KeyChar: >= ' ' and var typed }:
                    text += typed;
                    break;
            }
        }
    }

    private void Draw(string footer)
    {
        var (width, height) = keyboard.Size;
        width = Math.Max(Terminal.MinWidth, width) - 1;
        var below = footer.Split('\n');
        console.Profile.Width = width + 1;
        console.Clear();
        var lines = view.Draw(walk.At, width, Math.Max(10, height - below.Length));
        var blank = Math.Max(0, height - 1 - lines.Count - below.Length);
        Write(console, [.. lines, .. Enumerable.Repeat(new ViewLine(""), blank)]);
        console.Markup(string.Join(
            '\n', below.Select(line => $"[bold]{Markup.Escape(line)}[/]")));
    }
}
