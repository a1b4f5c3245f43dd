using Records;
using Spectre.Console;
using Telemetry.Text;
using Telemetry.Waterfall;

namespace Telemetry.Quizzes;

/// <summary>Prints a quiz: questions, and results as question marks; or, solved, what is right and
/// why.</summary>
/// <param name="console">Where to; any width of 80 or more.</param>
public sealed class QuizText(IAnsiConsole console)
{
    /// <summary>Asks about runs. Nothing that came out of them is printed but among the
    /// choices.</summary>
    public void Ask(Comparison comparison, IReadOnlyList<Question> questions)
    {
        WriteHeader(comparison.Scenario, comparison.Profile);
        var table = new TextTable().Left("call");
        foreach (var run in comparison.Placements)
        {
            table.Right(run.Name + ", ns");
        }

        var names = comparison.Placements.SelectMany(run => run.Calls).Select(call => call.Name)
            .Distinct();
        foreach (var name in names)
        {
            table.Row([name, .. comparison.Placements.Select(_ => "?")]);
        }

        table.WriteTo(console);
        Ask(questions);
    }

    /// <summary>Asks about a call.</summary>
    public void Ask(TraceDocument document, IReadOnlyList<Question> questions)
    {
        WriteHeader(document.Scenario, document.Profile);
        foreach (var call in document.Placements)
        {
            Line($"{call.Placement}: {call.Call[..call.Call.LastIndexOf(" = ")]} = ?, ? cycles, "
                + "? ns");
        }

        console.WriteLine();
        Ask(questions);
    }

    /// <summary>Says what is right.</summary>
    public void Solve(IReadOnlyList<SolvedQuestion> questions)
    {
        for (var i = 0; i < questions.Count; i++)
        {
            var question = questions[i];
            Line($"{i + 1}. {question.Asked.Text}", isTitle: true);
            Line($"   {Letter(question.Right)}) {question.Answer}");
            Line($"   {question.Why}");
            console.WriteLine();
        }
    }

    private void WriteHeader(string scenario, string profile)
    {
        Line($"Quiz: {scenario}, profile {profile}", isTitle: true);
        console.WriteLine();
    }

    private void Ask(IReadOnlyList<Question> questions)
    {
        if (questions.Count == 0)
        {
            Line("Nothing happened that one could ask about.");
        }

        for (var i = 0; i < questions.Count; i++)
        {
            Line($"{i + 1}. {questions[i].Text}", isTitle: true);
            var width = questions[i].Choices.Max(choice => choice.Length);
            var areNumbers = questions[i].Choices.All(choice => char.IsAsciiDigit(choice[0]));
            for (var choice = 0; choice < questions[i].Choices.Count; choice++)
            {
                var text = questions[i].Choices[choice];
                Line($"   {Letter(choice)}) " + (areNumbers ? text.PadLeft(width) : text));
            }

            console.WriteLine();
        }

        Line("The same command with --solve has the answers, and the whole report.");
    }

    private static char Letter(int choice) => (char)('a' + choice);

    private void Line(string text, bool isTitle = false)
    {
        console.Write(new Paragraph(
            text, isTitle ? new Style(decoration: Decoration.Bold) : Style.Plain));
        console.WriteLine();
    }
}
