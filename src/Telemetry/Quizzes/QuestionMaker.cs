using Telemetry.Text;

namespace Telemetry.Quizzes;

/// <summary>
/// Makes questions with wrong answers that look like the right one. Numbers are sorted, and how
/// many of them are smaller than the right one is thrown; they have its number of digits where
/// there are enough such numbers, are no rounder, and are all written alike. Names are in ordinal
/// order.
/// </summary>
/// <param name="seed">Decides on wrong answers, on which questions are asked, and in which
/// order.</param>
public sealed class QuestionMaker(long seed)
{
    /// <summary>The most questions of a quiz.</summary>
    public const int MostQuestions = 8;

    /// <summary>The most of one kind.</summary>
    public const int MostOfAKind = 2;

    private const int Choices = 4;

    private readonly List<SolvedQuestion> made = [];

    /// <summary>Which of the questions are asked, in order: one of each kind before a second
    /// of any.</summary>
    public IReadOnlyList<SolvedQuestion> Choose() =>
    [
        .. made.GroupBy(question => question.Kind)
            .SelectMany(kind => kind.OrderBy(Thrown).Take(MostOfAKind)
                .Select((question, place) => (question, place)))
            .OrderBy(each => each.place)
            .ThenBy(each => Thrown(each.question))
            .Take(MostQuestions)
            .Select(each => each.question)
            .OrderBy(Thrown),
    ];

    /// <summary>Asks for a number.</summary>
    /// <param name="kind">What it is about.</param>
    /// <param name="text">The question.</param>
    /// <param name="answer">The number, not negative.</param>
    /// <param name="write">How numbers are written.</param>
    /// <param name="why">How one knows.</param>
    public void AskNumber(
        string kind, string text, long answer, Func<long, string> write, string why)
    {
        var dice = new Dice(seed, text);
        var numbers = NumbersLike(answer, dice);
        var written = numbers.ConvertAll(number => write(number));
        if (written.Distinct().Count() == written.Count)
        {
            Add(kind, text, written, numbers.IndexOf(answer), why);
        }
    }

    /// <summary>Asks for a ratio, in hundredths.</summary>
    public void AskRatio(string kind, string text, double answer, string why) => AskNumber(
        kind, text, (long)Math.Floor(answer * 100 + 0.5),
        hundredths => Amounts.Ratio(hundredths / 100.0), why);

    /// <summary>Asks for a name; not at all if there is no other.</summary>
    /// <param name="kind">What it is about.</param>
    /// <param name="text">The question.</param>
    /// <param name="answer">The right name.</param>
    /// <param name="others">Names that are wrong, of which some are taken.</param>
    /// <param name="why">How one knows.</param>
    public void AskName(
        string kind, string text, string answer, IEnumerable<string> others, string why)
    {
        var dice = new Dice(seed, text);
        var names = others.Where(other => other != answer).Distinct()
            .Order(StringComparer.Ordinal)
            .Select(name => (name, dice.Next())).OrderBy(each => each.Item2)
            .Take(Choices - 1)
            .Select(each => each.name)
            .Append(answer)
            .Order(StringComparer.Ordinal)
            .ToList();
        if (names.Count > 1)
        {
            Add(kind, text, names, names.IndexOf(answer), why);
        }
    }

    private ulong Thrown(SolvedQuestion question) =>
        new Dice(seed, "order " + question.Asked.Text).Next();

    private void Add(
        string kind, string text, IReadOnlyList<string> choices, int right, string why) =>
        made.Add(new SolvedQuestion(kind, new Question(text, choices), right, why));

    private static List<long> NumbersLike(long answer, Dice dice)
    {
        // So many digits at the end are zeros: the others end in as many.
        var unit = 1L;
        while (answer > 0 && answer % (unit * 10) == 0)
        {
            unit *= 10;
        }

        var (least, most) = RangeOf(answer);
        var numbers = new List<long> { answer };
        var smaller = dice.Below(Choices);
        for (var i = 0; i < Choices - 1; i++)
        {
            numbers.Add(Another(i < smaller));
        }

        numbers.Sort();
        return numbers;

        long Another(bool isSmaller)
        {
            for (var tries = 0; tries < 64; tries++)
            {
                // Between half and nine tenths, or between 1.1 and 2: near enough to be plausible,
                // far enough to tell them apart.
                var percent = isSmaller ? 50 + dice.Below(41) : 110 + dice.Below(91);
                var number = answer / 100 * percent + answer % 100 * percent / 100;
                number = number / unit * unit + (answer >= 100 * unit ? dice.Below(9) * unit : 0);
                if (number >= least && number <= most && number % (unit * 10) != 0
                    && Differs(number))
                {
                    return number;
                }
            }

            // Few numbers have so many digits: the nearest that is left, on that side if there is
            // one.
            for (var distance = unit; ; distance += unit)
            {
                var (first, second) = isSmaller
                    ? (answer - distance, answer + distance)
                    : (answer + distance, answer - distance);
                if (first >= least && !numbers.Contains(first))
                {
                    return first;
                }

                if (distance > 4 * unit && second >= 0 && !numbers.Contains(second))
                {
                    return second;
                }
            }
        }

        // Large numbers differ by more than one reads over.
        bool Differs(long number) => numbers.TrueForAll(other =>
            Math.Abs(other - number) >= Math.Max(1, answer / 50));
    }

    private static (long Least, long Most) RangeOf(long answer)
    {
        if (answer < 10)
        {
            return (0, 9);
        }

        var power = 1L;
        while (answer / power >= 10)
        {
            power *= 10;
        }

        return (power, power > long.MaxValue / 10 ? long.MaxValue : power * 10 - 1);
    }
}
