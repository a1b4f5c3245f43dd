using System.Text;
using Abi;
using LibSys;
using Programs.Language;

namespace Programs.Interpreter;

/// <summary>
/// Turns a checked tree into steps: names become slots, calls become functions of <see
/// cref="Sys"/>.
/// </summary>
internal sealed class ProgramCompiler
{
    private readonly Dictionary<string, int> numbers =
        new() { [ProgramChecker.Index] = CompiledProgram.IndexSlot };

    private readonly Dictionary<string, int> texts = [];
    private bool asksForDigests;

    private ProgramCompiler() { }

    public static CompiledProgram Compile(ProgramSyntax program)
    {
        var compiler = new ProgramCompiler();
        var steps = compiler.Compile(program.Body);
        return new CompiledProgram(
            steps, compiler.numbers.Count, compiler.texts.Count, compiler.asksForDigests);
    }

    /// <summary>A number that stands alone: it has no variables.</summary>
    public static NumberNode CompileAlone(Expression expression) =>
        new ProgramCompiler().Number(expression);

    private Step[] Compile(IReadOnlyList<Statement> body) => [.. body.Select(Compile)];

    private Step Compile(Statement statement) => statement switch
    {
        Statement.Assign assign => IsText(assign.Value)
            ? new AssignText(SlotOf(texts, assign.Name), Text(assign.Value))
            : new AssignNumber(SlotOf(numbers, assign.Name), Number(assign.Value)),
        Statement.Invoke invoke => Compile(invoke.Call, invoke.Target, invoke.Expected),
        Statement.Repeat repeat => new RepeatStep(Number(repeat.Count), Compile(repeat.Body)),
        Statement.While loop => Compile(loop),
        Statement.ForTree loop => new ForTreeStep(
            loop.At.Line, SlotOf(texts, loop.Name), Text(loop.Root), Compile(loop.Body)),
        Statement.Compute { InCycles: true } compute => new ComputeCycles(Number(compute.Amount)),
        Statement.Compute compute => new ComputeTime(Number(compute.Amount)),
        Statement.Digest digest => Compile(digest),
        _ => throw new InvalidOperationException($"{statement.GetType()} is no statement"),
    };

    private DigestStep Compile(Statement.Digest digest)
    {
        asksForDigests = true;
        var text = $"digest({ProgramPrinter.Print(digest.Descriptor)})";
        return new DigestStep(digest.At.Line, text, Number(digest.Descriptor));
    }

    // The result of a call on the left side goes to a variable without a name, so that the
    // comparison sees it even if the author did not keep it.
    private WhileStep Compile(Statement.While loop)
    {
        var condition = loop.Condition;
        if (condition.Call is null)
        {
            return new WhileStep(
                null, Number(condition.Left!), condition.Relation, Number(condition.Right),
                Compile(loop.Body));
        }

        var target = condition.Target ?? $"result at {condition.At}";
        var call = Compile(condition.Call, target, null);
        var left = new NumberNode.Variable(SlotOf(numbers, target));
        return new WhileStep(
            call, left, condition.Relation, Number(condition.Right), Compile(loop.Body));
    }

    private InvokeStep Compile(Call call, string? target, ExpectedResult? expected)
    {
        var signature = CallTable.Find(call.Name)!;
        var arguments = Arguments.Of(call, signature.FormOf(call.Arguments.Count)!, this);
        return new InvokeStep(
            call.At.Line,
            ProgramPrinter.Print(call),
            CallFunctions.Of(signature.Call, arguments),
            [.. arguments.Deliveries(signature.Call)],
            target is null ? -1 : SlotOf(numbers, target),
            expected switch
            {
                ExpectedResult.Value value => new ResultCheck.Value(Number(value.Expected)),
                ExpectedResult.Failure failure =>
                    new ResultCheck.Failure(Enum.Parse<Errno>(failure.Error)),
                _ => null,
            });
    }

    internal NumberNode Number(Expression expression) => expression switch
    {
        Expression.Number number => new NumberNode.Constant(number.Value),
        Expression.Constant constant =>
            new NumberNode.Constant(Constants.Find(constant.Name)!.Value),
        Expression.Variable variable => new NumberNode.Variable(SlotOf(numbers, variable.Name)),
        Expression.Exponential exponential =>
            new NumberNode.Exponential(Number(exponential.Mean)),
        Expression.Choice choice => new NumberNode.Choice(
            [.. choice.Options.Select(option => Number(option.Value))],
            [.. choice.Options.Select(option => option.Weight.Value)]),
        Expression.Negate negate => new NumberNode.Negate(Number(negate.Operand)),
        Expression.Binary binary => new NumberNode.Binary(
            binary.Operator, Number(binary.Left), Number(binary.Right)),
        _ => throw new InvalidOperationException($"{expression.At}: the checker lets it pass"),
    };

    internal TextNode Text(Expression expression) => expression switch
    {
        Expression.Text text => new TextNode.Constant(
            Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(text.Value))),
        Expression.Variable variable => new TextNode.Variable(SlotOf(texts, variable.Name)),
        Expression.Binary binary => new TextNode.Join(
            Text(binary.Left),
            IsText(binary.Right) ? Text(binary.Right) : new TextNode.Decimal(Number(binary.Right))),
        _ => throw new InvalidOperationException($"{expression.At}: the checker lets it pass"),
    };

    internal DataNode Data(Expression expression) => expression switch
    {
        Expression.Text text => new DataNode.Literal(Encoding.Latin1.GetBytes(text.Value)),
        Expression.Pattern pattern => new DataNode.Pattern(Number(pattern.Count)),
        _ => new DataNode.OfText(Text(expression)),
    };

    // The checker saw that types fit: the leftmost operand tells.
    private bool IsText(Expression expression) => expression switch
    {
        Expression.Text => true,
        Expression.Variable variable => texts.ContainsKey(variable.Name),
        Expression.Binary binary => IsText(binary.Left),
        _ => false,
    };

    private static int SlotOf(Dictionary<string, int> slots, string name)
    {
        if (!slots.TryGetValue(name, out var slot))
        {
            slot = slots.Count;
            slots.Add(name, slot);
        }

        return slot;
    }
}
