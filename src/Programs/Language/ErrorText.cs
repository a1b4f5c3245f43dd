using Pidgin;

namespace Programs.Language;

/// <summary>What a parser's failure says to people.</summary>
public static class ErrorText
{
    /// <summary>"expected a value or ')', not '}'".</summary>
    public static string Of(ParseError<char> error)
    {
        return error.Message
            ?? $"expected {Wanted(error)}, not {NameOfUnexpected(error)}";
    }

    /// <summary>"a value or ')'"</summary>
    public static string Wanted(ParseError<char> error)
    {
        var expected = error.Expected
            .Select(Name)
            .Where(name => name.Length > 0)
            .Distinct()
            .Order(StringComparer.Ordinal)
            .ToList();
        return expected.Count switch
        {
            0 => "something else",
            1 => expected[0],
            _ => string.Join(", ", expected.SkipLast(1)) + " or " + expected[^1],
        };
    }

    private static string Name(Expected<char> expected) =>
        expected.IsEof ? "the end"
        : expected.Label is { } label ? label
        : expected.Tokens.IsDefaultOrEmpty || string.Concat(expected.Tokens).Trim().Length == 0 ? ""
        : $"'{string.Concat(expected.Tokens)}'";

    private static string NameOfUnexpected(ParseError<char> error) =>
        !error.Unexpected.HasValue ? "the end"
        : error.Unexpected.Value switch
        {
            '\n' or '\r' => "the end of the line",
            < ' ' => $"the character {(int)error.Unexpected.Value:X2}",
            var c => $"'{c}'",
        };
}
