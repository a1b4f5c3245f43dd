using System.Globalization;
using Abi.Units;
using Records;

namespace Telemetry.Stepping;

/// <summary>What a step was answered.</summary>
/// <param name="Message">What the user should know, or empty.</param>
/// <param name="IsOver">Whether the user wants to end.</param>
/// <param name="IsBad">Whether it was no step.</param>
public readonly record struct StepAnswer(string Message, bool IsOver = false, bool IsBad = false);

/// <summary>Goes through a run by commands: where it is, and where a command leads.</summary>
/// <param name="tape">The run.</param>
/// <param name="words">What events are called, for searching.</param>
public sealed class Walk(RunTape tape, RunWords words)
{
    private static readonly StepAnswer Done = new("");

    private string wanted = "";

    /// <summary>How many records have happened. It begins when the machine is up.</summary>
    public long At { get; private set; } = tape.Up;

    /// <summary>What there is to type; at most 80 columns.</summary>
    public static IReadOnlyList<string> Help { get; } =
    [
        "n space right  the next record        p left   the one before",
        "N P            ten on, ten back       ] [      a hundred on, a hundred back",
        "r R            the next end of a call, the one before",
        "c C            the next crash or panic, the one before",
        "g WHERE        to a record: 1234; or a time: 12ns 5us 1.5ms 2s 900cycles",
        "/TEXT          the next record that says so; / alone: again",
        "0 $            the machine has come up; the end of the run",
        "q              quit                   ?        this",
    ];

    /// <summary>Does what a command says; `n 5` does it five times.</summary>
    public StepAnswer Do(string command)
    {
        var text = command.Trim();
        if (text.Length == 0)
        {
            return Done;
        }

        if (text[0] == '/')
        {
            return Search(text[1..].Trim());
        }

        var space = text.IndexOf(' ');
        var (verb, rest) = space < 0 ? (text, "") : (text[..space], text[space..].Trim());
        if (verb == "g")
        {
            return GoTo(rest);
        }

        var times = 1L;
        if (rest.Length > 0
            && (!long.TryParse(rest, NumberStyles.None, CultureInfo.InvariantCulture, out times)
                || times < 1))
        {
            return Bad($"expected a number from 1 on behind {verb}, not '{rest}'");
        }

        switch (verb)
        {
            case "n":
                return By(1, times);
            case "p":
                return By(-1, times);
            case "N":
                return By(10, times);
            case "P":
                return By(-10, times);
            case "]":
                return By(100, times);
            case "[":
                return By(-100, times);
            case "r":
                return Repeat(times, () => Forward(IsCallEnd, "no call ends after this"));
            case "R":
                return Repeat(times, () => Back(IsCallEnd, "no call ends before this"));
            case "c":
                return Repeat(times, () => Forward(IsCrash, "no crash after this"));
            case "C":
                return Repeat(times, () => Back(IsCrash, "no crash before this"));
            case "0":
                At = tape.Up;
                return Done;
            case "$":
                At = tape.Count;
                return Done;
            case "q":
                return new StepAnswer("", IsOver: true);
            case "?" or "help":
                return new StepAnswer(string.Join('\n', Help));
            default:
                return Bad($"expected n, p, N, P, ], [, r, R, c, C, g WHERE, /TEXT, 0, $, ? or q, "
                    + $"not '{verb}'");
        }
    }

    private static StepAnswer Bad(string message) => new(message, IsBad: true);

    private static StepAnswer Repeat(long times, Func<StepAnswer> once)
    {
        var answer = Done;
        for (var i = 0L; i < times && answer.Message.Length == 0; i++)
        {
            answer = once();
        }

        return answer;
    }

    private static bool IsCallEnd(TraceRecord record) => record.Kind == TraceKind.CallEnded;

    private static bool IsCrash(TraceRecord record) =>
        record.Kind is TraceKind.Crashed or TraceKind.Panic;

    private StepAnswer By(long unit, long times)
    {
        // A number that a user typed may be any.
        var records = (Int128)unit * times;
        var there = (long)Int128.Clamp(At + records, 0, tape.Count);
        var moved = there - At;
        At = there;
        return moved == records ? Done
            : new StepAnswer(records > 0 ? "the run ends here" : "the machine is switched on here");
    }

    private StepAnswer Forward(Predicate<TraceRecord> wanted, string none)
    {
        for (var number = At; number < tape.Count; number++)
        {
            if (wanted(tape[number]))
            {
                At = number + 1;
                return Done;
            }
        }

        return new StepAnswer(none);
    }

    private StepAnswer Back(Predicate<TraceRecord> wanted, string none)
    {
        for (var number = At - 2; number >= 0; number--)
        {
            if (wanted(tape[number]))
            {
                At = number + 1;
                return Done;
            }
        }

        return new StepAnswer(none);
    }

    private StepAnswer GoTo(string where)
    {
        if (long.TryParse(where, NumberStyles.None, CultureInfo.InvariantCulture, out var record))
        {
            At = Math.Min(record, tape.Count);
            return At == record ? Done : new StepAnswer("the run ends here");
        }

        if (InstantOf(where) is not { } instant)
        {
            return Bad("expected a record (1234) or a time (1234ns, 5us, 1.5ms, 2s, 900cycles) "
                + $"behind g, not '{where}'");
        }

        // Instants of different cores may step back a little; what counts is the latest so far.
        for (var number = 0L; number < tape.Count; number++)
        {
            if (tape[number].Time >= instant)
            {
                At = number + 1;
                return Done;
            }
        }

        At = tape.Count;
        return new StepAnswer("the run ends before that");
    }

    private long? InstantOf(string text)
    {
        var digits = text.TakeWhile(each => char.IsAsciiDigit(each) || each == '.').Count();
        if (!decimal.TryParse(
            text[..digits], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture,
            out var amount))
        {
            return null;
        }

        decimal? scale = text[digits..].Trim() switch
        {
            "ns" => 1,
            "us" => 1_000,
            "ms" => 1_000_000,
            "s" => 1_000_000_000,
            "cycles" => 0,
            _ => null,
        };
        if (scale is not { } factor || amount > 1_000_000_000_000 / Math.Max(1, factor / 1000))
        {
            return null;
        }

        var cycles = factor == 0
            ? (long)amount
            : new Frequency(tape.Run.FrequencyHertz)
                .FromNanoseconds((long)(amount * factor)).Count;
        return tape.Origin + cycles;
    }

    private StepAnswer Search(string text)
    {
        wanted = text.Length > 0 ? text : wanted;
        if (wanted.Length == 0)
        {
            return Bad("expected text behind /");
        }

        if (At < tape.Count)
        {
            var state = tape.StateAfter(At);
            while (state.Records < tape.Count)
            {
                var record = tape[state.Records];
                state = tape.Next(state);
                if (words.Event(record, state)
                    .Contains(wanted, StringComparison.OrdinalIgnoreCase))
                {
                    At = state.Records;
                    return Done;
                }
            }
        }

        return new StepAnswer($"nothing after this says '{wanted}'");
    }
}
