using System.Globalization;
using System.Text;
using Abi.Posix;

namespace Programs.Language;

/// <summary>Prints a tree so that reading the text gives the same tree, positions apart.</summary>
public sealed class ProgramPrinter
{
    private readonly StringBuilder text = new();
    private int depth;

    private ProgramPrinter() { }

    /// <summary>A program, one statement a line.</summary>
    public static string Print(ProgramSyntax program)
    {
        var printer = new ProgramPrinter();
        printer.Print(program.Body);
        return printer.text.ToString();
    }

    /// <summary>A call as it stands in a program: `read(fd, 4096)`.</summary>
    public static string Print(Call call)
    {
        var printer = new ProgramPrinter();
        printer.Write(call);
        return printer.text.ToString();
    }

    /// <summary>An expression.</summary>
    public static string Print(Expression expression)
    {
        var printer = new ProgramPrinter();
        printer.Write(expression, Operator.Or);
        return printer.text.ToString();
    }

    private void Print(IReadOnlyList<Statement> body)
    {
        foreach (var statement in body)
        {
            text.Append(' ', 4 * depth);
            Print(statement);
            text.Append('\n');
        }
    }

    private void Print(Statement statement)
    {
        switch (statement)
        {
            case Statement.Assign assign:
                text.Append(assign.Name).Append(" = ");
                Write(assign.Value, Operator.Or);
                break;
            case Statement.Invoke invoke:
                if (invoke.Target is not null)
                {
                    text.Append(invoke.Target).Append(" = ");
                }

                Write(invoke.Call);
                if (invoke.Expected is not null)
                {
                    text.Append(" = ");
                    Write(invoke.Expected);
                }

                break;
            case Statement.Repeat repeat:
                text.Append("repeat ");
                Write(repeat.Count, Operator.Or);
                PrintBlock(repeat.Body);
                break;
            case Statement.While loop:
                text.Append("while ");
                Write(loop.Condition);
                PrintBlock(loop.Body);
                break;
            case Statement.ForTree loop:
                text.Append("for ").Append(loop.Name).Append(" in tree(");
                Write(loop.Root, Operator.Or);
                text.Append(')');
                PrintBlock(loop.Body);
                break;
            case Statement.Compute compute:
                text.Append("compute ");
                Write(compute.Amount, Operator.Or);
                text.Append(compute.InCycles ? " cycles" : "");
                break;
            case Statement.Digest digest:
                text.Append("digest(");
                Write(digest.Descriptor, Operator.Or);
                text.Append(')');
                break;
        }
    }

    private void PrintBlock(IReadOnlyList<Statement> body)
    {
        text.Append(" {\n");
        depth++;
        Print(body);
        depth--;
        text.Append(' ', 4 * depth).Append('}');
    }

    private void Write(Call call)
    {
        text.Append(call.Name).Append('(');
        for (var i = 0; i < call.Arguments.Count; i++)
        {
            text.Append(i > 0 ? ", " : "");
            Write(call.Arguments[i], Operator.Or);
        }

        text.Append(')');
    }

    private void Write(Condition condition)
    {
        if (condition.Call is null)
        {
            Write(condition.Left!, Operator.Or);
        }
        else if (condition.Target is null)
        {
            Write(condition.Call);
        }
        else
        {
            text.Append('(').Append(condition.Target).Append(" = ");
            Write(condition.Call);
            text.Append(')');
        }

        text.Append(' ').Append(Relations.Symbol(condition.Relation)).Append(' ');
        Write(condition.Right, Operator.Or);
    }

    private void Write(ExpectedResult expected)
    {
        switch (expected)
        {
            case ExpectedResult.Value value:
                Write(value.Expected, Operator.Or);
                break;
            case ExpectedResult.Failure failure:
                text.Append("-1 ").Append(failure.Error);
                break;
            case ExpectedResult.Anything:
                text.Append('?');
                break;
        }
    }

    // An operand that binds more loosely than its place allows is put into parentheses.
    private void Write(Expression expression, Operator loosest)
    {
        switch (expression)
        {
            case Expression.Number number:
                Write(number);
                break;
            case Expression.Text literal:
                Write(literal);
                break;
            case Expression.Pattern pattern:
                text.Append("bytes(");
                Write(pattern.Count, Operator.Or);
                text.Append(')');
                break;
            case Expression.Exponential exponential:
                text.Append("exponential(");
                Write(exponential.Mean, Operator.Or);
                text.Append(')');
                break;
            case Expression.Choice choice:
                Write(choice);
                break;
            case Expression.Constant constant:
                text.Append(constant.Name);
                break;
            case Expression.Variable variable:
                text.Append(variable.Name);
                break;
            case Expression.Structure structure:
                Write(structure);
                break;
            case Expression.Negate negate:
                text.Append('-');
                var isPlain = negate.Operand is not (Expression.Binary or Expression.Negate);
                text.Append(isPlain ? "" : "(");
                Write(negate.Operand, Operator.Or);
                text.Append(isPlain ? "" : ")");
                break;
            case Expression.Binary binary:
                var level = Relations.Level(binary.Operator);
                var needsParentheses = level < Relations.Level(loosest);
                text.Append(needsParentheses ? "(" : "");
                Write(binary.Left, binary.Operator);
                text.Append(Relations.Symbol(binary.Operator));
                WriteRight(binary.Right, level);
                text.Append(needsParentheses ? ")" : "");
                break;
        }
    }

    // Operators associate to the left: an equal level on the right side needs parentheses.
    private void WriteRight(Expression right, int level)
    {
        var needsParentheses =
            right is Expression.Binary binary && Relations.Level(binary.Operator) <= level;
        text.Append(needsParentheses ? "(" : "");
        Write(right, Operator.Or);
        text.Append(needsParentheses ? ")" : "");
    }

    private void Write(Expression.Number number)
    {
        switch (number.Base)
        {
            case 16:
                text.Append("0x").Append(number.Amount.ToString("x", CultureInfo.InvariantCulture));
                break;
            case 8:
                text.Append('0').Append(Convert.ToString(number.Amount, 8));
                break;
            default:
                text.Append(number.Amount.ToString(CultureInfo.InvariantCulture));
                break;
        }

        text.Append(number.Unit.Symbol());
    }

    private void Write(Expression.Choice choice)
    {
        text.Append("choice(");
        for (var i = 0; i < choice.Options.Count; i++)
        {
            text.Append(i > 0 ? ", " : "");
            Write(choice.Options[i].Value, Operator.Or);
            text.Append(": ");
            Write(choice.Options[i].Weight);
        }

        text.Append(')');
    }

    private void Write(Expression.Structure structure)
    {
        text.Append('{');
        for (var i = 0; i < structure.Fields.Count; i++)
        {
            text.Append(i > 0 ? ", " : "").Append(structure.Fields[i].Name).Append('=');
            Write(structure.Fields[i].Value, Operator.Or);
        }

        text.Append('}');
    }

    private void Write(Expression.Text literal)
    {
        StraceText.Append(text, literal.Value);
        text.Append(literal.Abbreviated ? "..." : "");
    }
}
