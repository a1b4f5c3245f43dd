using System.Text;
using Abi;
using Abi.Posix;

namespace Programs.Language;

/// <summary>
/// Finds what is wrong with a program that reads well: unknown calls, names and constants,
/// arguments of the wrong number or kind, and variables that no statement before has set.
/// </summary>
public sealed class ProgramChecker
{
    /// <summary>
    /// The variable that every program has: which of the processes of its name it is, from 0.
    /// </summary>
    public const string Index = "index";

    /// <summary>
    /// The most bytes that one call moves; a larger count in a variable moves so many.
    /// </summary>
    public const long MaxTransfer = 64L << 20;

    /// <summary>The largest mean of a random number, and the largest sum of weights.</summary>
    public const long MaxMean = 1L << 57;

    /// <summary>The fields of a file's status that a program can name.</summary>
    public static IReadOnlyList<string> StatusFields { get; } =
        ["st_ino", "st_mode", "st_nlink", "st_size", "st_blocks"];

    private readonly Dictionary<string, ValueType> variables = new() { [Index] = ValueType.Number };
    private readonly List<SyntaxError> errors = [];
    private readonly IReadOnlyList<string>? programs;
    private bool mayDraw;

    private ProgramChecker(IReadOnlyList<string>? programs) => this.programs = programs;

    /// <summary>All errors, in order of the statements.</summary>
    /// <param name="program">What to check.</param>
    /// <param name="programs">The names that spawn() finds; null if that is not known.</param>
    public static IReadOnlyList<SyntaxError> Check(
        ProgramSyntax program, IReadOnlyList<string>? programs = null)
    {
        var checker = new ProgramChecker(programs);
        checker.Check(program.Body);
        return checker.errors;
    }

    /// <summary>What is wrong with a duration that stands alone: it has no variables.</summary>
    public static IReadOnlyList<SyntaxError> CheckDuration(Expression duration)
    {
        var checker = new ProgramChecker(null);
        checker.variables.Clear();
        if (checker.TypeOfDrawn(duration) is not (null or ValueType.Duration))
        {
            checker.Report(duration.At, "expected a duration such as 500ns or exponential(500ns)");
        }

        return checker.errors;
    }

    private void Check(IReadOnlyList<Statement> body)
    {
        foreach (var statement in body)
        {
            Check(statement);
        }
    }

    private void Check(Statement statement)
    {
        switch (statement)
        {
            case Statement.Assign assign:
                Declare(assign.At, assign.Name, TypeOfDrawn(assign.Value), assign.Value.At);
                break;
            case Statement.Invoke invoke:
                Check(invoke.Call);
                Check(invoke.Expected);
                DeclareResult(invoke.At, invoke.Target);
                break;
            case Statement.Repeat repeat:
                Require(repeat.Count, ValueType.Number, "a number of times");
                Check(repeat.Body);
                break;
            case Statement.While loop:
                Check(loop.Condition);
                Check(loop.Body);
                break;
            case Statement.ForTree loop:
                RequireText(loop.Root, "a directory's path");
                Declare(loop.At, loop.Name, ValueType.Text, loop.At);
                Check(loop.Body);
                break;
            case Statement.Compute compute:
                Check(compute);
                break;
            case Statement.Digest digest:
                Require(digest.Descriptor, ValueType.Number, "a descriptor");
                break;
        }
    }

    private void Check(Statement.Compute compute)
    {
        var type = TypeOfDrawn(compute.Amount);
        if (compute.InCycles && type is not (null or ValueType.Number))
        {
            Report(compute.Amount.At,
                "expected a number of cycles, or no 'cycles' behind a duration");
        }
        else if (!compute.InCycles && type is not (null or ValueType.Duration))
        {
            Report(compute.Amount.At,
                "expected a duration such as 500ns, or a number and 'cycles'");
        }
    }

    private void Check(Condition condition)
    {
        if (condition.Call is not null)
        {
            Check(condition.Call);
            DeclareResult(condition.At, condition.Target);
        }
        else
        {
            Require(condition.Left!, ValueType.Number, "a number");
        }

        Require(condition.Right, ValueType.Number, "a number");
    }

    private void Check(ExpectedResult? expected)
    {
        switch (expected)
        {
            case ExpectedResult.Value value:
                Require(value.Expected, ValueType.Number, "a number as the expected result");
                break;
            case ExpectedResult.Failure failure when !Enum.TryParse<Errno>(failure.Error, out _):
                Report(failure.At, "expected an errno, not '" + failure.Error + "'"
                    + Suggestion.Hint(failure.Error, Enum.GetNames<Errno>()));
                break;
        }
    }

    private void Check(Call call)
    {
        var signature = CallTable.Find(call.Name);
        if (signature is null)
        {
            Report(call.At, $"expected a call, not '{call.Name}'"
                + Suggestion.Hint(call.Name, CallTable.All.Select(each => each.Name)));
            foreach (var argument in call.Arguments)
            {
                _ = TypeOf(argument);
            }

            return;
        }

        var form = signature.FormOf(call.Arguments.Count);
        if (form is null)
        {
            var forms = string.Join(" or ", signature.Forms.Select(each => each.Text));
            Report(call.At, $"expected {forms}, not {call.Arguments.Count} arguments");
            return;
        }

        for (var i = 0; i < call.Arguments.Count; i++)
        {
            Check(call.Arguments[i], form.Parameters[i]);
        }

        CheckCountOfData(call, form);
    }

    private void Check(Expression argument, Parameter parameter)
    {
        switch (parameter.Kind)
        {
            case ParameterKind.Number or ParameterKind.Delivered or ParameterKind.Duration:
                mayDraw = parameter.Kind == ParameterKind.Duration;
                Require(argument, ValueType.Number, "a number as " + parameter.Name);
                mayDraw = false;
                var isTooMuch = parameter.Name == "count"
                    && argument is Expression.Number { Value: > MaxTransfer };
                if (isTooMuch)
                {
                    Report(argument.At, "expected a count of at most 64MiB");
                }

                break;
            case ParameterKind.Text:
                RequireText(argument, "a text as " + parameter.Name);
                CheckName(argument, parameter);
                break;
            case ParameterKind.Data:
                if (TypeOf(argument) is not (null or ValueType.Text or ValueType.Bytes))
                {
                    Report(argument.At, "expected data: a text or bytes(n)");
                }

                break;
            case ParameterKind.Received:
                if (argument is not Expression.Text)
                {
                    Report(argument.At, "expected a text: the bytes that should come, or \"\"...");
                }

                break;
            case ParameterKind.Structure:
                if (argument is Expression.Structure structure)
                {
                    CheckFields(structure);
                }
                else
                {
                    Report(argument.At, "expected fields such as {st_size=6}");
                }

                break;
        }
    }

    private void CheckName(Expression argument, Parameter parameter)
    {
        if (argument is not Expression.Text text)
        {
            return;
        }

        var isUnknown = parameter.Name == "program" && programs?.Contains(text.Value) == false;
        if (isUnknown)
        {
            Report(text.At, $"expected a process of the scenario, not '{text.Value}'"
                + Suggestion.Hint(text.Value, programs!));
        }

        if (parameter.Name == "address" && !InternetAddress.TryParse(text.Value, out _))
        {
            Report(text.At, "expected an IPv4 address such as 10.0.0.2");
        }
    }

    // `write(1, "abc", 4)` has no fourth byte, but `write(1, "abc"..., 4)` was only shortened by
    // strace.
    private void CheckCountOfData(Call call, CallForm form)
    {
        for (var i = 0; i + 1 < form.Parameters.Count; i++)
        {
            var isTooLong = form.Parameters[i].Kind == ParameterKind.Data
                && form.Parameters[i + 1].Name == "count"
                && call.Arguments[i] is Expression.Text { Abbreviated: false } text
                && call.Arguments[i + 1] is Expression.Number count
                && count.Value > text.Value.Length;
            if (isTooLong)
            {
                Report(call.Arguments[i + 1].At,
                    "expected a count of at most the text's bytes, or '...' behind the text");
            }
        }
    }

    private void CheckFields(Expression.Structure structure)
    {
        foreach (var field in structure.Fields)
        {
            Require(field.Value, ValueType.Number, "a number");
            if (!StatusFields.Contains(field.Name))
            {
                var known = string.Join(' ', StatusFields);
                Report(field.At, $"expected one of {known}, not '{field.Name}'"
                    + Suggestion.Hint(field.Name, StatusFields));
            }
        }
    }

    private void DeclareResult(Position at, string? target)
    {
        if (target is not null)
        {
            Declare(at, target, ValueType.Number, at);
        }
    }

    private void Declare(Position at, string name, ValueType? type, Position valueAt)
    {
        if (ProgramParser.Keywords.Contains(name) || CallTable.Find(name) is not null)
        {
            Report(at, $"expected a variable's name, but '{name}' has a meaning");
        }
        else if (char.IsAsciiLetterUpper(name[0]))
        {
            Report(at,
                $"expected a variable's name, which begins with a small letter, not '{name}'");
        }

        if (type is ValueType.Bytes or ValueType.Structure)
        {
            Report(valueAt, "expected a number, a duration or a text");
            return;
        }

        if (variables.TryGetValue(name, out var declared) && type is not null && type != declared
            && !(declared == ValueType.Number && type == ValueType.Duration))
        {
            Report(valueAt,
                $"expected a {Name(declared)}, which '{name}' is, not a {Name(type.Value)}");
            return;
        }

        variables.TryAdd(name, type ?? ValueType.Number);
    }

    private ValueType? Require(Expression expression, ValueType wanted, string what)
    {
        var type = TypeOf(expression);
        var fits = type is null || type == wanted
            || (wanted == ValueType.Number && type == ValueType.Duration);
        if (fits)
        {
            return type;
        }

        Report(expression.At, $"expected {what}, not a {Name(type!.Value)}");
        return null;
    }

    private void RequireText(Expression expression, string what)
    {
        Require(expression, ValueType.Text, what);
        if (expression is Expression.Text { Abbreviated: true })
        {
            Report(expression.At, "expected a whole text, not one shortened by '...'");
        }
        else if (expression is Expression.Text text && !IsUtf8(text.Value))
        {
            Report(expression.At, "expected a text in UTF-8");
        }
    }

    private static bool IsUtf8(string bytes)
    {
        try
        {
            _ = StrictUtf8.GetCharCount(Encoding.Latin1.GetBytes(bytes));
            return true;
        }
        catch (DecoderFallbackException)
        {
            return false;
        }
    }

    private static Encoding StrictUtf8 { get; } =
        new UTF8Encoding(false, throwOnInvalidBytes: true);

    // A value is drawn each time that it is evaluated, so it may stand only where that is once for
    // each run of its statement.
    private ValueType? TypeOfDrawn(Expression expression)
    {
        mayDraw = true;
        var type = TypeOf(expression);
        mayDraw = false;
        return type;
    }

    // Null: an error was reported inside, which need not lead to further ones.
    private ValueType? TypeOf(Expression expression)
    {
        switch (expression)
        {
            case Expression.Number number:
                return number.Unit.IsTime() ? ValueType.Duration : ValueType.Number;
            case Expression.Text:
                return ValueType.Text;
            case Expression.Pattern pattern:
                Require(pattern.Count, ValueType.Number, "a number of bytes");
                if (pattern.Count is Expression.Number { Value: > MaxTransfer })
                {
                    Report(pattern.Count.At, "expected at most 64MiB");
                }

                return ValueType.Bytes;
            case Expression.Exponential exponential:
                CheckDraw(exponential);
                return TypeOf(exponential);
            case Expression.Choice choice:
                CheckDraw(choice);
                return TypeOf(choice);
            case Expression.Constant constant:
                if (Constants.Find(constant.Name) is null)
                {
                    var names = Constants.All.Select(each => each.Key);
                    Report(constant.At, $"expected a constant, not '{constant.Name}'"
                        + Suggestion.Hint(constant.Name, names));
                }

                return ValueType.Number;
            case Expression.Variable variable:
                return TypeOf(variable);
            case Expression.Structure structure:
                CheckFields(structure);
                return ValueType.Structure;
            case Expression.Negate negate:
                return Require(negate.Operand, ValueType.Number, "a number");
            case Expression.Binary binary:
                return TypeOf(binary);
        }

        return null;
    }

    private void CheckDraw(Expression draw)
    {
        if (!mayDraw)
        {
            Report(draw.At,
                "expected a random value only in compute, as a duration to sleep, or behind '='");
        }
    }

    private ValueType? TypeOf(Expression.Exponential exponential)
    {
        if (exponential.Mean is Expression.Number { Value: > MaxMean })
        {
            Report(exponential.Mean.At, "expected a mean of at most 2^57");
        }

        return Require(exponential.Mean, ValueType.Number, "a number or duration as the mean");
    }

    private ValueType? TypeOf(Expression.Choice choice)
    {
        var type = (ValueType?)ValueType.Number;
        var total = 0L;
        foreach (var option in choice.Options)
        {
            var own = Require(option.Value, ValueType.Number, "a number or duration");
            type = type is null || own is null
                ? null
                : (ValueType)Math.Max((int)type, (int)own);
            if (option.Weight.Unit != NumberUnit.None || option.Weight.Value > MaxMean - total)
            {
                Report(option.Weight.At, "expected a weight: a number, all together at most 2^57");
                return null;
            }

            total += option.Weight.Value;
        }

        if (total == 0)
        {
            Report(choice.At, "expected a weight above 0");
        }

        return type;
    }

    private ValueType? TypeOf(Expression.Variable variable)
    {
        if (variables.TryGetValue(variable.Name, out var type))
        {
            return type;
        }

        Report(variable.At, $"expected a variable that was set before, not '{variable.Name}'"
            + Suggestion.Hint(variable.Name, variables.Keys.Order(StringComparer.Ordinal)));
        return null;
    }

    private ValueType? TypeOf(Expression.Binary binary)
    {
        var left = TypeOf(binary.Left);
        var right = TypeOf(binary.Right);
        if (left is null || right is null)
        {
            return null;
        }

        var isArithmetic = left <= ValueType.Duration && right <= ValueType.Duration;
        var isJoin = binary.Operator == Operator.Add && left == ValueType.Text
            && right is ValueType.Text or ValueType.Number;
        if (binary is { Operator: Operator.Multiply }
            && left == ValueType.Duration && right == ValueType.Duration)
        {
            Report(binary.Right.At, "expected a number, not a second duration");
            return ValueType.Duration;
        }

        if (isArithmetic)
        {
            return (ValueType)Math.Max((int)left, (int)right);
        }

        if (!isJoin)
        {
            Report(binary.Right.At,
                $"expected operands that fit, not a {Name(left.Value)} and a {Name(right.Value)}");
            return null;
        }

        return ValueType.Text;
    }

    private static string Name(ValueType type) => type switch
    {
        ValueType.Number => "number",
        ValueType.Duration => "duration",
        ValueType.Text => "text",
        ValueType.Bytes => "pattern of bytes",
        ValueType.Structure => "structure",
    };

    private void Report(Position at, string message) => errors.Add(new SyntaxError(at, message));
}
