using System.CommandLine;
using Spectre.Console;
using Telemetry.Text;

namespace Cli;

/// <summary>What all commands share: the terminal and the options that each of them has.</summary>
internal sealed class Settings(
    Terminal terminal, Option<Verbosity?> verbosity, Option<bool> noColor)
{
    /// <summary>Where words go.</summary>
    public Terminal Terminal { get; } = terminal;

    /// <summary>Output with markup, as the options want it.</summary>
    public IAnsiConsole ConsoleFor(ParseResult arguments) =>
        Terminal.ConsoleFor(color: !arguments.GetValue(noColor));

    /// <summary>Output that is drawn on, as the options want it.</summary>
    public IAnsiConsole ScreenFor(ParseResult arguments) =>
        Terminal.ScreenFor(color: !arguments.GetValue(noColor));

    /// <summary>What pictures are drawn with.</summary>
    /// <param name="isAscii">Whether the user asked for ASCII.</param>
    public Glyphs GlyphsFor(bool isAscii) =>
        isAscii || !Terminal.IsUtf8 ? Glyphs.Ascii : Glyphs.Unicode;

    /// <summary>The program's own log of a run.</summary>
    public Log LogFor(ParseResult arguments, LogTargets targets) =>
        new(Terminal.Error, arguments.GetValue(verbosity) ?? Verbosity.Normal, targets);
}
