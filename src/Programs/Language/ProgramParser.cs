using System.Text;
using Pidgin;
using static Pidgin.Parser;
using Chars = Pidgin.Parser<char>;

namespace Programs.Language;

/// <summary>
/// Reads the program language: statements in the syntax that strace prints, one a line or divided
/// by `;`. An error spoils its statement only: reading goes on behind it, so that all errors are
/// found at once.
/// </summary>
public sealed class ProgramParser
{
    /// <summary>How deeply blocks and parentheses may nest; reading is recursive.</summary>
    public const int MaxDepth = 64;

    /// <summary>How many operators one expression may have; evaluating is recursive.</summary>
    public const int MaxOperators = 100;

    /// <summary>The words that begin statements and cannot name variables.</summary>
    public static IReadOnlyList<string> Keywords { get; } =
        [
            "repeat", "while", "for", "compute", "sleep", "digest", "bytes", "tree", "in",
            "exponential", "choice",
        ];

    private readonly SourceOrigin origin;
    private readonly List<SyntaxError> errors = [];
    private readonly Parser<char, IEnumerable<Statement?>> program;

    private ProgramParser(SourceOrigin origin)
    {
        this.origin = origin;
        program = Grammar();
    }

    /// <summary>
    /// Reads a program; the tree holds what was understood, the errors come in order.
    /// </summary>
    /// <param name="text">The program's text.</param>
    /// <param name="origin">Where it stands in its file.</param>
    public static (ProgramSyntax Program, IReadOnlyList<SyntaxError> Errors) Parse(
        string text, SourceOrigin origin)
    {
        var parser = new ProgramParser(origin);
        if (NestingLimit.FirstBeyond(text, MaxDepth) is { } tooDeep)
        {
            var at = origin.Locate(tooDeep.Line, tooDeep.Column);
            return (ProgramSyntax.Empty,
                [new SyntaxError(at, $"expected at most {MaxDepth} levels of nesting")]);
        }

        var body = parser.program.ParseOrThrow(text, CountColumns);
        var errors = parser.errors
            .Distinct()
            .OrderBy(error => error.At.Line)
            .ThenBy(error => error.At.Column);
        return (new ProgramSyntax(WithoutGaps(body)), [.. errors]);
    }

    /// <summary>Reads an expression that stands alone; null if it has errors.</summary>
    /// <param name="text">The expression's text, one line.</param>
    /// <param name="origin">Where it stands in its file.</param>
    public static (Expression? Expression, IReadOnlyList<SyntaxError> Errors) ParseExpression(
        string text, SourceOrigin origin)
    {
        // An expression is read as what a statement computes; positions are moved back.
        const string Statement = "compute ";
        var moved = new SourceOrigin(origin.FirstLine, origin.Indent - Statement.Length);
        var (program, errors) = Parse(Statement + text, moved);
        return errors.Count == 0 && program.Body is [Statement.Compute { InCycles: false } only]
            ? (only.Amount, [])
            : (null, errors.Count > 0
                ? errors
                : [new SyntaxError(origin.Locate(1, 1), "expected one duration")]);
    }

    /// <summary>
    /// Reads a program that stands alone and has no errors; for tests and programs in code.
    /// </summary>
    /// <exception cref="FormatException">It has errors; the message names them.</exception>
    public static ProgramSyntax Parse(string text)
    {
        var (program, errors) = Parse(text, SourceOrigin.None);
        return errors.Count == 0
            ? program
            : throw new FormatException(
                string.Join('\n', errors.Select(error => $"{error.At}: {error.Message}")));
    }

    // Pidgin counts a tab as several columns; editors and YAML marks count it as one.
    private static Pidgin.Configuration.IConfiguration<char> CountColumns { get; } =
        Pidgin.Configuration.Configuration.WithPosCalculator(
            Pidgin.Configuration.CharDefaultConfiguration.Instance,
            c => c == '\n' ? SourcePosDelta.NewLine : SourcePosDelta.OneCol);

    private static IReadOnlyList<Statement> WithoutGaps(IEnumerable<Statement?> body) =>
        [.. body.OfType<Statement>()];

    private void Report(Position at, string message) => errors.Add(new SyntaxError(at, message));

    private Parser<char, IEnumerable<Statement?>> Grammar()
    {
        var at = Chars.CurrentPos.Select(pos => origin.Locate(pos.Line, pos.Col));

        // Space. Inside parentheses a line may end; elsewhere its end ends the statement.
        var blockComment = Map(
            (where, isClosed) =>
            {
                if (!isClosed)
                {
                    Report(where, "expected '*/' somewhere behind the '/*'");
                }

                return Unit.Value;
            },
            at.Before(Try(String("/*"))),
            Chars.Any.SkipUntil(Lookahead(Try(String("*/")).IgnoreResult().Or(Chars.End)))
                .Then(Try(String("*/")).ThenReturn(true).Or(Chars.Return(false))));
        var space = OneOf(' ', '\t', '\r').IgnoreResult().Or(blockComment);
        var gap = space.SkipMany();
        var comment = Char('#').IgnoreResult()
            .Or(Try(String("//")).IgnoreResult())
            .Then(AnyCharExcept('\n').SkipMany());
        var wideGap = space.Or(Char('\n').IgnoreResult()).Or(comment).SkipMany();
        var separators = space.Or(OneOf('\n', ';').IgnoreResult()).Or(comment).SkipMany();

        Parser<char, char> Symbol(char c) => Char(c).Before(gap);
        var open = Char('(').Before(wideGap);
        var close = Try(wideGap.Then(Char(')'))).Before(gap);
        var comma = Char(',').Before(wideGap);
        var assign = Try(Char('=').Before(Not(Char('=')))).Before(gap);

        // Words.
        var word = Chars.Token(c => char.IsAsciiLetter(c) || c == '_')
            .Then(Chars.Token(c => char.IsAsciiLetterOrDigit(c) || c == '_').ManyString(),
                (first, rest) => first + rest);
        var name = word.Before(gap).Labelled("a name");
        Parser<char, string> Keyword(string keyword) =>
            Try(word.Where(read => read == keyword)).Before(gap).Labelled($"'{keyword}'");
        Parser<char, string> First(string keyword) =>
            Try(Lookahead(Keyword(keyword))).Labelled("a statement");

        // What follows the word and its parenthesis is required, so that errors stand inside.
        Parser<char, T> Opening<T>(string keyword, Parser<char, T> parser) =>
            Try(Lookahead(Keyword(keyword).Before(Char('(')))).Then(parser);

        // Values.
        Parser<char, Expression> expression = null!;
        var any = Rec(() => expression);

        var number = Map(
                ReadNumber,
                at,
                Chars.Token(char.IsAsciiDigit).Then(
                    Chars.Token(char.IsAsciiLetterOrDigit).ManyString(),
                    (first, rest) => first + rest))
            .Before(gap)
            .Labelled("a number");

        var octal = Chars.Token(c => c is >= '0' and <= '7')
            .Then(Chars.Token(c => c is >= '0' and <= '7').Optional().Repeat(2), (first, rest) =>
                rest.Where(digit => digit.HasValue)
                    .Aggregate(first - '0', (sum, digit) => sum * 8 + (digit.Value - '0')));
        var hexadecimal = Char('x').Then(Chars.Token(char.IsAsciiHexDigit).Repeat(2))
            .Select(digits => Convert.ToInt32(string.Concat(digits), 16));
        var escape = Char('\\').Then(
            octal.Or(hexadecimal).Or(OneOf("nrtvf\"\\").Select(c => c switch
            {
                'n' => '\n',
                'r' => '\r',
                't' => '\t',
                'v' => '\v',
                'f' => '\f',
                _ => (int)c,
            })).Labelled("one of n r t v f \" \\ xNN or an octal number")
            .Select(value => ((char)(value & 0xFF)).ToString()));
        var plain = Chars.Token(c => c is not ('"' or '\\' or '\n')).AtLeastOnceString()
            .Select(read => Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(read)));
        var quoted = escape.Or(plain).Many().Select(string.Concat)
            .Between(Char('"').Labelled("a text"), Char('"').Labelled("'\"' that closes the text"));
        var text = Map(
                (where, value, dots) =>
                    (Expression)new Expression.Text(where, value, dots.HasValue),
                at, quoted, Try(String("...")).Optional())
            .Before(gap);

        var pattern = Map(
            (where, count) => (Expression)new Expression.Pattern(where, count),
            at.Before(Keyword("bytes")), any.Between(open, close));

        var exponential = Map(
            (where, mean) => (Expression)new Expression.Exponential(where, mean),
            at.Before(Keyword("exponential")), any.Between(open, close));
        var option = Map(
            (where, value, weight) => new WeightedValue(where, value, (Expression.Number)weight),
            at, any.Before(wideGap),
            Char(':').Before(wideGap).Labelled("':' and the value's weight").Then(number));
        var choice = Map(
            (where, options) => (Expression)new Expression.Choice(where, [.. options]),
            at.Before(Keyword("choice")),
            option.SeparatedAtLeastOnce(comma).Between(open, close));

        var field = Map(
            (where, fieldName, value) => (Field?)new Field(where, fieldName, value),
            at, name.Before(assign), any)
            .Or(String("...").Before(gap).ThenReturn((Field?)null));
        var structure = Map(
            (where, fields) =>
                (Expression)new Expression.Structure(where, [.. fields.OfType<Field>()]),
            at,
            field.Separated(comma).Between(Char('{').Before(wideGap), wideGap.Then(Symbol('}'))));

        var variable = Map(ReadWord, at, word.Before(gap))
            .Before(Not(Char('(')))
            .Labelled("a value");

        var primary = number
            .Or(text)
            .Or(structure)
            .Or(any.Between(open, close))
            .Or(Opening("bytes", pattern))
            .Or(Opening("exponential", exponential))
            .Or(Opening("choice", choice))
            .Or(Try(variable));
        var factor = Map(
                (where, operand) => (Expression)new Expression.Negate(where, operand),
                at.Before(Symbol('-')), primary)
            .Or(primary);
        var term = Chain(factor, Symbol('*').ThenReturn(Operator.Multiply));
        var sum = Chain(term, Symbol('+').ThenReturn(Operator.Add)
            .Or(Symbol('-').ThenReturn(Operator.Subtract)));
        expression = Chain(sum, Symbol('|').ThenReturn(Operator.Or));

        // Calls.
        Parser<char, Call> CallOf(Parser<char, string> callName) => Map(
            (where, called, arguments) => new Call(where, called, [.. arguments]),
            at, callName, any.Separated(comma).Between(open, close));
        var callName = Try(word.Before(gap).Before(Lookahead(Char('('))).Where(IsCallName))
            .Labelled("a statement");
        var call = CallOf(callName);

        var failure = Map(
            (where, error) => (ExpectedResult)new ExpectedResult.Failure(where, error),
            at,
            Try(String("-1").Then(space.SkipAtLeastOnce())
                .Then(word.Where(read => read[0] == 'E')))
            .Before(gap)
            .Before(AnyCharExcept(')', '\n').SkipMany().Between(Char('('), Char(')')).Optional())
            .Before(gap));
        var anything = at.Before(Symbol('?'))
            .Select(where => (ExpectedResult)new ExpectedResult.Anything(where));
        var valueExpected = Map(
            (where, value) => (ExpectedResult)new ExpectedResult.Value(where, value), at, any);
        var duration = Char('<').Then(Chars.Token(c => char.IsAsciiDigit(c) || c == '.').SkipMany())
            .Then(Symbol('>'));
        var expected = assign.Then(OneOf(failure, anything, valueExpected))
            .Before(duration.Optional())
            .Optional();

        // Statements.
        Parser<char, IEnumerable<Statement?>> body = null!;
        var block = Map(
            (_, inside) => inside,
            Char('{').Before(separators).Labelled("'{'"),
            Rec(() => body).Before(Symbol('}')))
            .Select(WithoutGaps);

        var relation = OneOf(Relations.All.Select(each =>
            Try(String(Relations.Symbol(each))).ThenReturn(each))).Before(gap)
            .Labelled("a comparison");
        var assigned = Map(
            (target, called) => new Side(target, called, null),
            Try(open.Then(name).Before(assign)), call.Before(close));
        var called = call.Select(read => new Side(null, read, null));
        var value = any.Select(read => new Side(null, null, read));
        var bareCondition = Map(
            (where, left, how, right) =>
                new Condition(where, left.Target, left.Call, left.Value, how, right),
            at, OneOf(assigned, called, value), relation, any);
        var condition = Try(bareCondition.Between(open, close).Before(Lookahead(Char('{'))))
            .Or(bareCondition);

        var invoke = Map(
            (where, made, result) => (Statement)new Statement.Invoke(
                where, null, made, result.HasValue ? result.Value : null),
            at, call, expected);
        var assignment = Map(
                (where, target) => (where, target),
                at, Try(name.Before(assign)).Labelled("a statement"))
            .Bind(left => Map(
                    (made, result) => (Statement)new Statement.Invoke(
                        left.where, left.target, made, result.HasValue ? result.Value : null),
                    call, expected)
                .Or(any.Select(read =>
                    (Statement)new Statement.Assign(left.where, left.target, read))));
        var repeat = Map(
            (where, count, inside) => (Statement)new Statement.Repeat(where, count, inside),
            at.Before(Keyword("repeat")), any, block);
        var loop = Map(
            (where, asked, inside) => (Statement)new Statement.While(where, asked, inside),
            at.Before(Keyword("while")), condition, block);
        var forTree = Map(
            (where, path, root, inside) =>
                (Statement)new Statement.ForTree(where, path, root, inside),
            at.Before(Keyword("for")), name.Before(Keyword("in")).Before(Keyword("tree")),
            any.Between(open, close), block);
        var compute = Map(
            (where, amount, cycles) =>
                (Statement)new Statement.Compute(where, amount, cycles.HasValue),
            at.Before(Keyword("compute")), any, Keyword("cycles").Optional());
        var sleep = Map(
            (where, length) => (Statement)Sugar(where, "nanosleep", length),
            at.Before(Keyword("sleep")), any);
        var spawn = Map(
            (where, called) => (Statement)Sugar(where, "spawn", called),
            Try(at.Before(Keyword("spawn")).Before(Lookahead(Char('"'))))
                .Labelled("a statement"),
            text);
        var digest = Map(
            (where, descriptor) => (Statement)new Statement.Digest(where, descriptor),
            at.Before(Keyword("digest")), any.Between(open, close));
        var misspelled = Lookahead(Try(word)).Labelled("a statement").Then(word.Before(gap))
            .Then(Lookahead(OneOf('(', '=')).Labelled("'(' or '='"))
            .Then(Chars.Fail<Statement>());

        var statement = OneOf(
            First("repeat").Then(repeat),
            First("while").Then(loop),
            First("for").Then(forTree),
            First("compute").Then(compute),
            First("sleep").Then(sleep),
            First("digest").Then(digest),
            spawn, assignment, invoke, misspelled);
        var ends = OneOf(
            OneOf('\n', ';', '}', '#').IgnoreResult(), Try(String("//")).IgnoreResult(), Chars.End)
            .Labelled("the end of the statement");

        Parser<char, Statement?> Recovering(bool inBlock) => statement
            .Before(Lookahead(ends))
            .Select(read => (Statement?)read)
            .RecoverWith(error =>
            {
                Report(
                    origin.Locate(error.ErrorPos.Line, error.ErrorPos.Col), ErrorText.Of(error));
                return new SkipStatement(inBlock);
            })
            .Before(separators);

        body = Not(Lookahead(Char('}').IgnoreResult().Or(Chars.End)))
            .Then(Recovering(inBlock: true))
            .Many();
        return separators
            .Then(Not(Chars.End).Then(Recovering(inBlock: false)).Many())
            .Before(Chars.End);
    }

    // The left side of a condition.
    private sealed record Side(string? Target, Call? Call, Expression? Value);

    private static bool IsCallName(string word) =>
        char.IsAsciiLetterLower(word[0]) && word is not ("bytes" or "exponential" or "choice");

    private static Statement.Invoke Sugar(Position at, string call, Expression argument) =>
        new Statement.Invoke(at, null, new Call(at, call, [argument]), null);

    private Expression ReadWord(Position at, string word)
    {
        if (Keywords.Contains(word))
        {
            Report(at, $"expected a value, not the keyword '{word}'");
        }

        return char.IsAsciiLetterUpper(word[0])
            ? new Expression.Constant(at, word)
            : new Expression.Variable(at, word);
    }

    // Left-associative; the count bounds the depth of the tree, and with it every walk over it.
    private Parser<char, Expression> Chain(
        Parser<char, Expression> operand, Parser<char, Operator> sign) =>
        Map(
            (first, rest) =>
            {
                var whole = first;
                var count = 0;
                foreach (var (with, right) in rest)
                {
                    if (++count > MaxOperators)
                    {
                        Report(right.At, $"expected at most {MaxOperators} operators");
                        break;
                    }

                    whole = new Expression.Binary(first.At, with, whole, right);
                }

                return whole;
            },
            operand,
            Map((with, right) => (with, right), sign, operand).Many());

    private Expression ReadNumber(Position at, string word)
    {
        var @base = word switch
        {
            ['0', 'x' or 'X', ..] => 16,
            ['0', >= '0' and <= '9', ..] => 8,
            _ => 10,
        };
        var digits = @base == 16 ? word[2..] : word;
        Func<char, bool> isDigit = @base == 16 ? char.IsAsciiHexDigit : char.IsAsciiDigit;
        var length = digits.TakeWhile(isDigit).Count();

        var unit = NumberUnits.All.Where(each => each.Symbol() == digits[length..])
            .Select(each => (NumberUnit?)each).FirstOrDefault();
        if (unit is null)
        {
            Report(at, $"expected a unit (ns us ms s KiB MiB GiB), not '{digits[length..]}'");
            return new Expression.Number(at, 0, NumberUnit.None, 10);
        }

        if (!TryRead(digits[..length], @base, out var amount)
            || amount > long.MaxValue / unit.Value.Multiple())
        {
            Report(at, $"expected {NameOf(@base)} number that fits into 63 bits");
            amount = 0;
        }

        return new Expression.Number(at, amount, unit.Value, @base);
    }

    private static string NameOf(int @base) => @base switch
    {
        16 => "a hexadecimal",
        8 => "an octal",
        _ => "a decimal",
    };

    private static bool TryRead(string digits, int @base, out long value)
    {
        value = 0;
        foreach (var c in digits)
        {
            var digit = Convert.ToInt32(c.ToString(), 16);
            if (digit >= @base || value > (long.MaxValue - digit) / @base)
            {
                return false;
            }

            value = value * @base + digit;
        }

        return digits.Length > 0;
    }
}
