using System.Globalization;
using Pidgin;
using Programs.Language;
using static Pidgin.Parser;
using Chars = Pidgin.Parser<char>;

namespace Scenarios.Expectations;

/// <summary>
/// Reads an expectation. A minus between names needs spaces around it: `a-b` is one name.
/// </summary>
public static class ClaimParser
{
    /// <summary>The words that may stand where a call's name does.</summary>
    public static IReadOnlyList<string> Subjects { get; } =
        ["counters", "bill", "queues", "losses", "time"];

    private static readonly Parser<char, Claim> Grammar = Build();

    /// <summary>The claim, or null and what was expected at which column, from 1.</summary>
    public static (Claim? Claim, int Column, string Message) Parse(string text)
    {
        if (NestingOf(text) > ProgramParser.MaxDepth || text.Length > 1000)
        {
            return (null, 1, "expected a shorter expectation");
        }

        var result = Grammar.Parse(text);
        return result.Success
            ? (result.Value, 0, "")
            : (null, result.Error!.ErrorPos.Col, "expected " + ErrorText.Wanted(result.Error));
    }

    private static int NestingOf(string text) => text.Count(c => c == '(');

    private static Parser<char, Claim> Build()
    {
        var gap = OneOf(' ', '\t', '\n', '\r').SkipMany();
        var space = OneOf(' ', '\t', '\n', '\r').SkipAtLeastOnce();
        var name = Chars.Token(char.IsAsciiLetter)
            .Then(Chars.Token(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_').ManyString(),
                (first, rest) => first + rest);
        Parser<char, Unit> Words(string words) => Try(
            words.Split(' ')
                .Select(word => name.Where(read => read == word).Before(gap).IgnoreResult())
                .Aggregate((left, right) => left.Then(right)))
            .Labelled($"'{words}'");
        var status = Chars.Token(char.IsAsciiDigit).AtLeastOnceString()
            .Where(digits =>
                digits.Length <= 3 && int.Parse(digits, CultureInfo.InvariantCulture) < 256)
            .Select(digits => int.Parse(digits, CultureInfo.InvariantCulture))
            .Labelled("an exit status from 0 to 255")
            .Before(gap);

        var digits = Chars.Token(char.IsAsciiDigit).AtLeastOnceString();
        var number = Map(
                (whole, fraction) => double.Parse(
                    whole + "." + fraction.GetValueOrDefault("0"), CultureInfo.InvariantCulture),
                digits,
                Char('.').Then(digits).Optional())
            .Labelled("a number");
        var unit = OneOf(
            Try(String("ns")).ThenReturn(1.0), Try(String("us")).ThenReturn(1e3),
            Try(String("ms")).ThenReturn(1e6), String("s").ThenReturn(1e9));
        var constant = Map(
                (amount, scale) => (Quantity)new Quantity.Number(
                    amount * scale.GetValueOrDefault(1), scale.HasValue),
                number, unit.Optional())
            .Before(gap);
        var reference = name.SeparatedAtLeastOnce(Char('.'))
            .Select(parts => ReferenceOf([.. parts]))
            .Where(found => found is not null)
            .Labelled("a quantity such as microkernel.read.mean, read.count or losses")
            .Select(found => (Quantity)found!)
            .Before(gap);

        Parser<char, Quantity> quantity = null!;
        var factor = OneOf(
            constant,
            Rec(() => quantity).Between(Char('(').Before(gap), Char(')').Before(gap)),
            Try(reference));
        var term = Chain(factor, OneOf('*', '/').Before(gap));
        quantity = Chain(term, OneOf('+', '-').Before(gap));

        var relation = OneOf(Relations.All.Select(each =>
            Try(String(Relations.Symbol(each))).ThenReturn(each)))
            .Labelled("a comparison")
            .Before(gap);
        var comparison = Map(
            (left, how, right) => (Claim)new Claim.Comparison(left, how, right),
            quantity, relation, quantity);
        var where = Words("in").Then(name.Labelled("a placement")).Before(gap).Optional()
            .Select(placement => placement.GetValueOrDefault());
        var every = Map(
            (read, placement) => (Claim)new Claim.EveryProcessExits(read, placement),
            Words("every process exits").Then(status), where);
        var process = Map(
            (which, read, placement) => (Claim)new Claim.ProcessExits(which, read, placement),
            Try(name.Where(word => word == "process").Before(space)).Labelled("'process'").Then(
                name.Labelled("a process's name")).Before(gap),
            Words("exits").Then(status), where);
        var results = Words("results as expected").Then(where)
            .Select(placement => (Claim)new Claim.ResultsAsExpected(placement));
        var files = Words("same files in every placement").ThenReturn((Claim)new Claim.SameFiles());

        return gap.Then(OneOf(every, process, results, files, comparison)).Before(Chars.End);
    }

    // The parts tell which is which: [placement.]call.statistic, [placement.]counters.name,
    // [placement.]queues.name.statistic, [placement.]losses.
    private static Quantity.Reference? ReferenceOf(string[] parts) => parts switch
    {
        ["losses" or "time"] => new(null, parts[0], ""),
        [_, "losses" or "time"] => new(parts[0], parts[1], ""),
        ["queues", _, _] => new(null, parts[0], $"{parts[1]}.{parts[2]}"),
        [_, "queues", _, _] => new(parts[0], parts[1], $"{parts[2]}.{parts[3]}"),
        ["queues", ..] or [_, "queues", ..] => null,
        [_, _] => new(null, parts[0], parts[1]),
        [_, _, _] => new(parts[0], parts[1], parts[2]),
        _ => null,
    };

    private static Parser<char, Quantity> Chain(
        Parser<char, Quantity> operand, Parser<char, char> sign) =>
        Map(
            (first, rest) => rest.Aggregate(
                first, (left, next) => new Quantity.Binary(next.Sign, left, next.Right)),
            operand,
            Map((with, right) => (Sign: with, Right: right), sign, operand).Many());
}
