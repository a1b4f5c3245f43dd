using Spectre.Console;

namespace Cli;

/// <summary>Where the program's words go and what it can do there.</summary>
public sealed record Terminal
{
    /// <summary>The narrowest report.</summary>
    public const int MinWidth = 80;

    /// <summary>The width of a report that goes into a file or a pipe.</summary>
    public const int FileWidth = 100;

    /// <summary>Results.</summary>
    public required TextWriter Output { get; init; }

    /// <summary>Messages and progress.</summary>
    public required TextWriter Error { get; init; }

    /// <summary>Whether results go to a terminal that shows colors.</summary>
    public bool HasColor { get; init; }

    /// <summary>Whether messages go to a terminal, so that progress can be shown there.</summary>
    public bool ShowsProgress { get; init; }

    /// <summary>Whether the output is in UTF-8, so that pictures need not be drawn in
    /// ASCII.</summary>
    public bool IsUtf8 { get; init; } = true;

    /// <summary>Columns of the output.</summary>
    public int Width { get; init; } = FileWidth;

    /// <summary>A variable of the environment; null: it is not set. Without this none
    /// is.</summary>
    public Func<string, string?> Variable { get; init; } = _ => null;

    /// <summary>Opens what the user types or wrote to a file.</summary>
    public Func<TextReader> Input { get; init; } = () => TextReader.Null;

    /// <summary>Keys, if input and output are a terminal that can be drawn on; else
    /// null.</summary>
    internal IKeyboard? Keyboard { get; init; }

    /// <summary>Cancelled by the first Ctrl-C.</summary>
    public CancellationToken Interrupted { get; init; }

    /// <summary>Output with markup.</summary>
    /// <param name="color">False: none, even on a terminal.</param>
    public IAnsiConsole ConsoleFor(bool color)
    {
        var isColored = color && HasColor;
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = isColored ? AnsiSupport.Yes : AnsiSupport.No,
            ColorSystem = isColored ? ColorSystemSupport.Standard : ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
            Out = new AnsiConsoleOutput(Output),
        });
        console.Profile.Width = Math.Max(MinWidth, Width);
        return console;
    }

    /// <summary>Output that is drawn on: the cursor moves, with or without colors.</summary>
    /// <param name="color">False: none.</param>
    public IAnsiConsole ScreenFor(bool color)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.Yes,
            ColorSystem = color && HasColor
                ? ColorSystemSupport.Standard
                : ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
            Out = new AnsiConsoleOutput(Output),
        });
        console.Profile.Capabilities.AlternateBuffer = true;
        return console;
    }

    /// <summary>One line to the user, behind the program's name.</summary>
    public void Say(string message) => Error.WriteLine("micro: " + message);
}
