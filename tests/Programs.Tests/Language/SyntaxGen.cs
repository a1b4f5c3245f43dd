using Programs.Language;

namespace Programs.Tests.Language;

/// <summary>
/// Random syntax trees of the shape that the parser makes; they need not pass the checker.
/// </summary>
internal static class SyntaxGen
{
    private static readonly Position Nowhere = Position.Start;

    private static readonly Gen<string> Name =
        Gen.OneOf("fd", "n", "path", "total_2", "_x", "cycles", "repeated", "index");

    private static readonly Gen<string> CallName =
        Gen.OneOf("read", "open", "pread64", "no_such_call", "getpid", "ipc_call");

    private static readonly Gen<Expression> Number = Gen.Select(
        Gen.OneOf(Gen.Long[0, 4096], Gen.Long[0, long.MaxValue]),
        Gen.OneOf(NumberUnits.All.ToArray()),
        Gen.OneOf(8, 10, 16),
        (amount, unit, @base) => (Expression)new Expression.Number(
            Nowhere,
            amount / (@base == 10 ? unit.Multiple() : 1),
            @base == 10 ? unit : NumberUnit.None,
            @base));

    private static readonly Gen<Expression> Text = Gen.Select(
        Gen.Char['\0', '\xFF'].Array[0, 8], Gen.Bool,
        (chars, dots) => (Expression)new Expression.Text(Nowhere, new string(chars), dots));

    private static readonly Gen<Expression> Leaf = Gen.OneOf(
        Number,
        Text,
        Gen.OneOf("O_RDONLY", "O_CREAT", "AT_FDCWD", "S_NONSENSE")
            .Select(name => (Expression)new Expression.Constant(Nowhere, name)),
        Name.Select(name => (Expression)new Expression.Variable(Nowhere, name)));

    private static readonly Gen<Expression> Value = Gen.Recursive<Expression>((depth, inner) =>
        depth >= 4
            ? Leaf
            : Gen.Frequency(
                (3, Leaf),
                (1, inner.Select(e => (Expression)new Expression.Negate(Nowhere, e))),
                (1, inner.Select(e => (Expression)new Expression.Pattern(Nowhere, e))),
                (1, inner.Select(e => (Expression)new Expression.Exponential(Nowhere, e))),
                (1, Gen.Select(inner, Number)
                    .Select(pair => new WeightedValue(
                        Nowhere, pair.Item1, (Expression.Number)pair.Item2))
                    .List[1, 3]
                    .Select(options => (Expression)new Expression.Choice(Nowhere, options))),
                (1, Gen.Select(Name, inner)
                    .Select(pair => new Field(Nowhere, pair.Item1, pair.Item2))
                    .List[1, 3]
                    .Select(fields => (Expression)new Expression.Structure(Nowhere, fields))),
                (3, Gen.Select(
                    Gen.Enum<Operator>(), inner, inner,
                    (with, left, right) =>
                        (Expression)new Expression.Binary(Nowhere, with, left, right)))));

    private static readonly Gen<Call> Call = Gen.Select(
        CallName, Value.List[0, 4], (name, arguments) => new Call(Nowhere, name, arguments));

    private static readonly Gen<ExpectedResult?> Expected = Gen.OneOf(
        Gen.Const((ExpectedResult?)null),
        Gen.Const((ExpectedResult?)new ExpectedResult.Anything(Nowhere)),
        Gen.OneOf("ENOENT", "EBADF", "ENONSENSE")
            .Select(name => (ExpectedResult?)new ExpectedResult.Failure(Nowhere, name)),
        Value.Select(value => (ExpectedResult?)new ExpectedResult.Value(Nowhere, value)));

    private static readonly Gen<Condition> Condition = Gen.Select(
        Gen.OneOf(
            Gen.Select(Name, Call).Select(p =>
                ((string?)p.Item1, (Call?)p.Item2, (Expression?)null)),
            Call.Select(call => ((string?)null, (Call?)call, (Expression?)null)),
            Value.Select(value => ((string?)null, (Call?)null, (Expression?)value))),
        Gen.Enum<Relation>(),
        Value,
        (left, relation, right) =>
            new Condition(Nowhere, left.Item1, left.Item2, left.Item3, relation, right));

    private static readonly Gen<Statement> Simple = Gen.OneOf(
        Gen.Select(Name, Value, (name, value) =>
            (Statement)new Statement.Assign(Nowhere, name, value)),
        Gen.Select(
            Gen.OneOf(Gen.Const((string?)null), Name.Select(name => (string?)name)), Call, Expected,
            (target, call, expected) =>
                (Statement)new Statement.Invoke(Nowhere, target, call, expected)),
        Gen.Select(Value, Gen.Bool, (amount, cycles) =>
            (Statement)new Statement.Compute(Nowhere, amount, cycles)),
        Value.Select(fd => (Statement)new Statement.Digest(Nowhere, fd)));

    public static readonly Gen<ProgramSyntax> Program =
        Gen.Recursive<Statement>((depth, inner) => depth >= 3
            ? Simple
            : Gen.Frequency(
                (4, Simple),
                (1, Gen.Select(Value, inner.List[0, 4], (count, body) =>
                    (Statement)new Statement.Repeat(Nowhere, count, body))),
                (1, Gen.Select(Condition, inner.List[0, 4], (condition, body) =>
                    (Statement)new Statement.While(Nowhere, condition, body))),
                (1, Gen.Select(Name, Value, inner.List[0, 4], (name, root, body) =>
                    (Statement)new Statement.ForTree(Nowhere, name, root, body)))))
        .List[0, 6]
        .Select(body => new ProgramSyntax(body));
}
