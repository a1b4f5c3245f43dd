using System.Globalization;
using Scenarios;

namespace Cli;

/// <summary>
/// What the user reads when the simulator fails: no stack trace, but how to see it again.
/// </summary>
internal static class DefectMessage
{
    /// <summary>Writes the message.</summary>
    /// <param name="terminal">Where to.</param>
    /// <param name="exception">What happened.</param>
    /// <param name="arguments">
    /// The command line, which reproduces it: runs are deterministic.
    /// </param>
    /// <param name="isDebug">Whether the stack trace is wanted.</param>
    public static void Write(
        Terminal terminal, Exception exception, IReadOnlyList<string> arguments, bool isDebug)
    {
        var cause = exception is DefectException { InnerException: { } inner } ? inner : exception;
        terminal.Say("a defect of the simulator, not of your scenario: "
            + $"{cause.GetType().Name}: {cause.Message.ReplaceLineEndings(" ")}");
        if (exception is DefectException defect)
        {
            terminal.Say(string.Create(
                CultureInfo.InvariantCulture,
                $"placement {defect.Placement}, seed {defect.Seed}, virtual time "
                + $"{defect.VirtualCycles} cycles, event {defect.EventNumber}"));
        }

        SayHowToReproduce(terminal, arguments);
        terminal.Say("please report it with the scenario; --verbosity debug shows the stack trace");
        if (isDebug)
        {
            terminal.Error.WriteLine(exception);
        }
    }

    /// <summary>The command that shows it again: runs are deterministic.</summary>
    public static void SayHowToReproduce(Terminal terminal, IEnumerable<string> arguments) =>
        terminal.Say("to reproduce: micro " + string.Join(' ', arguments.Select(Quote)));

    // As a POSIX shell reads it back.
    private static string Quote(string argument) =>
        argument.Length > 0
        && argument.All(c => char.IsAsciiLetterOrDigit(c) || "-_./,=:+".Contains(c))
            ? argument
            : "'" + argument.Replace("'", "'\\''", StringComparison.Ordinal) + "'";
}
