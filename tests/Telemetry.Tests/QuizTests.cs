using System.Text.RegularExpressions;
using Records;
using Spectre.Console;
using Telemetry.Quizzes;

namespace Telemetry.Tests;

/// <summary>Quizzes about results made by hand.</summary>
public sealed partial class QuizTests
{
    [Fact]
    public void Every_answer_is_that_of_the_results()
    {
        var asked = new HashSet<string>();
        foreach (var question in Seeds(100).SelectMany(ComparisonQuiz.Of))
        {
            asked.Add(question.Kind);
            Assert.True(
                question.Answer == Expected(question), $"{question.Asked.Text} {question.Answer}");
        }

        Assert.Superset(
            new HashSet<string> { "latency", "ratio", "difference", "messages", "end" }, asked);
    }

    [Fact]
    public void A_seed_gives_the_same_bytes_and_seeds_give_different_quizzes()
    {
        var texts = Seeds(20).Select(Ask).ToList();
        Assert.Equal(texts, Seeds(20).Select(Ask));
        Assert.True(texts.Distinct().Count() > 15);
        var orders = Seeds(20).Select(each => string.Join(
            '\n', ComparisonQuiz.Of(each).Select(question => question.Kind)));
        Assert.True(orders.Distinct().Count() > 10);
    }

    [Fact]
    public void No_answer_stands_anywhere_but_among_choices()
    {
        foreach (var comparison in Seeds(50))
        {
            var text = WithoutChoices(Ask(comparison));
            var solved = Print(quiz => quiz.Solve(ComparisonQuiz.Of(comparison)));
            foreach (var question in ComparisonQuiz.Of(comparison))
            {
                Assert.False(Says(text, question.Answer), $"{question.Answer} in\n{text}");
                // The control: where it must stand, it is found.
                Assert.True(Says(solved, question.Answer), question.Answer);
            }
        }
    }

    [Fact]
    public void What_is_printed_does_not_depend_on_which_choice_is_right()
    {
        // A question as printed is text and choices: which of them is right is not in it.
        Assert.Equal(
            ["Text", "Choices"],
            typeof(Question).GetProperties().Where(each => each.Name != "EqualityContract")
                .Select(each => each.Name));
    }

    [Theory]
    [InlineData(123_457)]
    [InlineData(1_145)]
    [InlineData(48_000)]
    [InlineData(7_000_001)]
    public void The_right_number_looks_like_the_others_and_stands_anywhere(long answer)
    {
        var places = new int[4];
        for (var seed = 0; seed < 400; seed++)
        {
            var maker = new QuestionMaker(seed);
            maker.AskNumber("test", "?", answer, Text.Amounts.Count, "");
            var question = Assert.Single(maker.Choose());
            Assert.Equal(4, question.Asked.Choices.Distinct().Count());
            Assert.Equal(Text.Amounts.Count(answer), question.Answer);
            Assert.Single(question.Asked.Choices.Select(choice => choice.Length).Distinct());
            Assert.Single(question.Asked.Choices.Select(ZerosAtEnd).Distinct());
            places[question.Right]++;
        }

        // 100 each, give or take 4.6 standard deviations of 8.7. At the end of the range of so
        // many digits there may be no larger or smaller one, which these are far from.
        Assert.All(places, count => Assert.InRange(count, 60, 140));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(9)]
    [InlineData(10)]
    [InlineData(99)]
    [InlineData(100)]
    [InlineData(1_000_000)]
    [InlineData(999_999)]
    [InlineData(long.MaxValue / 4)]
    public void Numbers_at_the_end_of_a_range_have_wrong_ones_too(long answer)
    {
        for (var seed = 0; seed < 50; seed++)
        {
            var maker = new QuestionMaker(seed);
            maker.AskNumber("test", "?", answer, Text.Amounts.Count, "");
            var question = Assert.Single(maker.Choose());
            Assert.Equal(4, question.Asked.Choices.Distinct().Count());
            Assert.All(
                question.Asked.Choices, choice => Assert.DoesNotContain('-', choice));
        }
    }

    [Fact]
    public void What_did_not_happen_is_not_asked()
    {
        var quiet = Samples.Comparison with
        {
            Placements = [Samples.Monolithic with { Timeline = [], Losses = [] }],
            Ratios = [],
        };
        foreach (var question in Enumerable.Range(0, 50)
            .SelectMany(seed => ComparisonQuiz.Of(quiet with { Seed = seed })))
        {
            Assert.DoesNotContain(
                question.Kind,
                new[] { "crash", "repair", "lost", "panic", "ratio", "difference", "fastest" });
        }
    }

    [Fact]
    public void A_tie_is_not_asked()
    {
        var same = Samples.Comparison with
        {
            Placements = [Samples.Monolithic with { Name = "a" }, Samples.Monolithic],
            Ratios = [],
        };
        foreach (var question in Enumerable.Range(0, 50)
            .SelectMany(seed => ComparisonQuiz.Of(same with { Seed = seed })))
        {
            Assert.DoesNotContain(question.Kind, new[] { "fastest", "difference" });
        }
    }

    private static IEnumerable<Comparison> Seeds(int count) => Enumerable.Range(0, count)
        .Select(seed => Samples.Comparison with { Seed = seed });

    private static string Ask(Comparison comparison) => Print(quiz => quiz.Ask(
        comparison, [.. ComparisonQuiz.Of(comparison).Select(question => question.Asked)]));

    private static string Print(Action<QuizText> write)
    {
        var output = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.No,
            ColorSystem = ColorSystemSupport.NoColors,
            Out = new AnsiConsoleOutput(output),
        });
        console.Profile.Width = 80;
        write(new QuizText(console));
        var text = output.ToString();
        Assert.All(text.Split('\n'), line => Assert.True(line.Length <= 80, line));
        return text;
    }

    private static string WithoutChoices(string text) => string.Join(
        '\n', text.Split('\n').Where(line => !Choice().IsMatch(line)));

    // A number by itself: 4 does not stand in 4,096.
    private static bool Says(string text, string answer) => char.IsAsciiDigit(answer[0])
        ? Regex.IsMatch(text, $@"(?<![\d,.]){Regex.Escape(answer)}(?![\d,]|\.(?!\s)|\. )")
        : Regex.IsMatch(text, $@"(?m)^   [a-d]\) {Regex.Escape(answer)}\s*$");

    private static int ZerosAtEnd(string number)
    {
        var digits = number.Replace(",", "");
        return digits.Length - digits.TrimEnd('0').Length;
    }

    // Computed here from the results, by other code than the quiz's.
    private static string Expected(SolvedQuestion question)
    {
        var text = question.Asked.Text;
        var runs = Samples.Comparison.Placements;
        var run = runs.FirstOrDefault(each => text.Contains($" in {each.Name}")
            || text.Contains($" of {each.Name}") || text.Contains($"does {each.Name}"));
        var call = CallName().Match(text) is { Success: true } match ? match.Groups[1].Value : "";
        switch (question.Kind)
        {
            case "latency":
                var mean = run!.Calls.Single(each => each.Name == call).MeanCycles;
                var nanoseconds = (decimal)mean * 1e9m / Samples.Comparison.FrequencyHertz;
                // Rounded to a cycle first: within one nanosecond's rounding of the exact mean.
                var said = long.Parse(question.Answer[..^3].Replace(",", ""));
                return Math.Abs(said - nanoseconds) <= 1 ? question.Answer : $"{nanoseconds} ns";
            case "ratio":
                var ratio = Samples.Comparison.Ratios.Single(each => each.Call == call
                    && text.EndsWith($"in {each.Placement}?", StringComparison.Ordinal)).MeanRatio;
                return ratio.ToString("F2", System.Globalization.CultureInfo.InvariantCulture);
            case "messages":
                return run!.Counters.Where(counter => counter.Key.StartsWith("ipc-"))
                    .Sum(counter => counter.Value).ToString("N0");
            case "switches":
                return run!.Counters["address-space-switches"].ToString("N0");
            case "end":
                Assert.Equal(RunEnd.Finished, run!.End);
                return "every process ends";
            case "lost":
                return run!.Losses.Sum(loss => loss.Count).ToString("N0");
            case "slowest":
                return run!.Calls.MaxBy(each => each.MeanCycles)!.Name;
            case "failed":
                return run!.Calls.MaxBy(each => each.Errors)!.Name;
            case "crash":
                return run!.Timeline.First(each => each.Event == "crashed").Component;
            case "panic":
                return runs.Single(each => each.Timeline.Any(entry => entry.Event == "panic")).Name;
            case "repair":
                var crash = run!.Timeline.First(each => each.Event == "crashed");
                var length = run.Timeline.First(each => each.Event == "first-good-reply")
                    .Nanoseconds - crash.Nanoseconds;
                return length.ToString("N0") + " ns";
            case "fastest":
                return runs.MinBy(each => each.Calls.Single(c => c.Name == call).MeanCycles)!.Name;
            case "cause":
                return run!.Bill.Where(line => line.Cycles > 0).GroupBy(line => line.Cause)
                    .MaxBy(group => group.Sum(line => line.Cycles))!.Key;
            case "difference":
                return runs[0].Parts.Concat(runs[^1].Parts).Select(part => part.Part).Distinct()
                    .MaxBy(part => Math.Abs(Cycles(runs[0], part) - Cycles(runs[^1], part)))!;
            default:
                throw new InvalidOperationException($"{question.Kind} is not checked: {text}");
        }
    }

    private static long Cycles(RunResult run, string part) =>
        run.Parts.Where(each => each.Part == part).Sum(each => each.Count * each.PriceCycles);

    [GeneratedRegex(@"^   [a-d]\) ")]
    private static partial Regex Choice();

    [GeneratedRegex(@"(\w+)\(\)")]
    private static partial Regex CallName();
}
