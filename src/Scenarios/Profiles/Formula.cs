using System.Globalization;

namespace Scenarios.Profiles;

/// <summary>
/// The arithmetic of a derived entry: numbers, names of rows and entries, `+ - * /` and
/// parentheses. Names
/// may contain hyphens, so a minus stands between spaces.
/// </summary>
internal abstract record Formula
{
    /// <summary>The names in it, from left to right.</summary>
    public abstract IEnumerable<Name> Names { get; }

    /// <summary>Its value, exact to 28 digits.</summary>
    /// <exception cref="DivideByZeroException">It divides by zero.</exception>
    /// <exception cref="OverflowException">A value is beyond 28 digits.</exception>
    public abstract decimal Evaluate(Func<string, decimal> valueOf);

    /// <summary>Reads a formula, or says at which index what was expected.</summary>
    public static Formula? Parse(string text, out int errorAt, out string expected)
    {
        var reader = new Reader(text);
        var formula = reader.Whole();
        (errorAt, expected) = reader.Error;
        return formula;
    }

    internal sealed record Number(decimal Value) : Formula
    {
        public override IEnumerable<Name> Names => [];

        public override decimal Evaluate(Func<string, decimal> valueOf) => Value;
    }

    /// <param name="Text">The row's or entry's name.</param>
    /// <param name="At">Where it begins in the text.</param>
    internal sealed record Name(string Text, int At) : Formula
    {
        public override IEnumerable<Name> Names => [this];

        public override decimal Evaluate(Func<string, decimal> valueOf) => valueOf(Text);
    }

    internal sealed record Binary(char Sign, Formula Left, Formula Right) : Formula
    {
        public override IEnumerable<Name> Names => Left.Names.Concat(Right.Names);

        public override decimal Evaluate(Func<string, decimal> valueOf)
        {
            var left = Left.Evaluate(valueOf);
            var right = Right.Evaluate(valueOf);
            return Sign switch
            {
                '+' => left + right,
                '-' => left - right,
                '*' => left * right,
                _ => left / right,
            };
        }
    }

    private sealed class Reader(string text)
    {
        private const int MaxDepth = 64;
        private int at;
        private int depth;

        public (int At, string Expected) Error { get; private set; } = (0, "");

        public Formula? Whole()
        {
            var sum = Chain("+-", () => Chain("*/", Operand));
            return sum is null || at == text.Length ? sum : Fail("an operator, or the end");
        }

        private Formula? Chain(string signs, Func<Formula?> operand)
        {
            var left = operand();
            while (left is not null && at < text.Length && signs.Contains(text[at]))
            {
                var sign = text[at++];
                left = operand() is { } right ? new Binary(sign, left, right) : null;
            }

            return left;
        }

        private Formula? Operand()
        {
            SkipSpaces();
            if (at == text.Length)
            {
                return Fail("a number, a row or an entry");
            }

            var begin = at;
            if (text[at] == '(')
            {
                return Parenthesis();
            }

            if (char.IsAsciiDigit(text[at]))
            {
                while (at < text.Length && (char.IsAsciiDigit(text[at]) || text[at] == '.'))
                {
                    at++;
                }

                var isNumber = decimal.TryParse(
                    text[begin..at], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture,
                    out var value);
                SkipSpaces();
                return isNumber ? new Number(value) : Fail("a number such as 64 or 0.5", begin);
            }

            while (at < text.Length && IsOfName(text[at]))
            {
                at++;
            }

            if (at == begin)
            {
                return Fail("a number, a row or an entry");
            }

            var name = new Name(text[begin..at], begin);
            SkipSpaces();
            return name;
        }

        private Formula? Parenthesis()
        {
            at++;
            if (++depth > MaxDepth)
            {
                return Fail($"at most {MaxDepth} parentheses in each other");
            }

            var inside = Chain("+-", () => Chain("*/", Operand));
            if (inside is null)
            {
                return null;
            }

            if (at == text.Length || text[at] != ')')
            {
                return Fail("')'");
            }

            at++;
            depth--;
            SkipSpaces();
            return inside;
        }

        private static bool IsOfName(char c) => char.IsAsciiLetterOrDigit(c) || c is '_' or '-';

        private void SkipSpaces()
        {
            while (at < text.Length && text[at] == ' ')
            {
                at++;
            }
        }

        private Formula? Fail(string expected, int? where = null)
        {
            Error = (where ?? at, expected);
            return null;
        }
    }
}
