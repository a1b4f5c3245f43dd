using System.CommandLine;
using Records;
using Scenarios;
using Spectre.Console;
using Telemetry.Quizzes;
using Telemetry.Waterfall;

namespace Cli.Commands;

/// <summary>The options of a quiz.</summary>
internal sealed class QuizOptions
{
    /// <summary>Questions instead of results.</summary>
    public Option<bool> Quiz { get; } = new("--quiz")
    {
        Description = "Hide results and ask about them; the seed decides what is asked.",
    };

    /// <summary>With the answers.</summary>
    public Option<bool> Solve { get; } = new("--solve")
    {
        Description = "With --quiz: show what is right, and the results.",
    };

    /// <summary>Adds both.</summary>
    public void AddTo(Command command)
    {
        command.Add(Quiz);
        command.Add(Solve);
    }
}

/// <summary>Whether there is a quiz, and which half of it.</summary>
/// <param name="IsAsked">Whether there is one.</param>
/// <param name="IsSolved">Whether answers are shown.</param>
internal sealed record QuizMode(bool IsAsked, bool IsSolved)
{
    /// <summary>Whether nothing else may be printed.</summary>
    public bool HidesResults => IsAsked && !IsSolved;

    /// <summary>As the arguments say.</summary>
    public static QuizMode Of(QuizOptions options, Option<Format> format, ParseResult arguments)
    {
        var mode = new QuizMode(
            arguments.GetValue(options.Quiz), arguments.GetValue(options.Solve));
        if (mode is { IsSolved: true, IsAsked: false })
        {
            throw new BadInputException("expected --quiz beside --solve");
        }

        return mode.IsAsked && arguments.GetValue(format) == Format.Json
            ? throw new BadInputException("expected no --format json beside --quiz")
            : mode;
    }

    /// <summary>Asks about runs, or says what is right.</summary>
    public void Print(IAnsiConsole console, Comparison comparison)
    {
        var questions = ComparisonQuiz.Of(comparison);
        Print(console, questions, text => text.Ask(comparison, Asked(questions)));
    }

    /// <summary>Asks about a call, or says what is right.</summary>
    public void Print(IAnsiConsole console, TraceDocument document)
    {
        var questions = TraceQuiz.Of(document);
        Print(console, questions, text => text.Ask(document, Asked(questions)));
    }

    private void Print(
        IAnsiConsole console, IReadOnlyList<SolvedQuestion> questions, Action<QuizText> ask)
    {
        var text = new QuizText(console);
        if (IsSolved)
        {
            text.Solve(questions);
        }
        else
        {
            ask(text);
        }
    }

    private static IReadOnlyList<Question> Asked(IReadOnlyList<SolvedQuestion> questions) =>
        [.. questions.Select(question => question.Asked)];
}
