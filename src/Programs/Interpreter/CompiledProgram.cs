using Programs.Language;

namespace Programs.Interpreter;

/// <summary>
/// A program ready to run; holds no state of a run, so that any number of processes share it.
/// </summary>
public sealed class CompiledProgram
{
    private readonly int numbers;
    private readonly int texts;

    internal CompiledProgram(IReadOnlyList<Step> steps, int numbers, int texts, bool asksForDigests)
    {
        Steps = steps;
        this.numbers = numbers;
        this.texts = texts;
        AsksForDigests = asksForDigests;
    }

    /// <summary>The slot of the variable <see cref="ProgramChecker.Index"/>.</summary>
    internal const int IndexSlot = 0;

    internal IReadOnlyList<Step> Steps { get; }

    /// <summary>Whether reads must be hashed.</summary>
    internal bool AsksForDigests { get; }

    /// <summary>Makes a program ready to run.</summary>
    /// <exception cref="ArgumentException">The checker finds errors in it.</exception>
    public static CompiledProgram Of(ProgramSyntax program)
    {
        var errors = ProgramChecker.Check(program);
        return errors.Count == 0
            ? ProgramCompiler.Compile(program)
            : throw new ArgumentException($"{errors[0].At}: {errors[0].Message}", nameof(program));
    }

    internal long[] InitialNumbers(int index)
    {
        var initial = new long[numbers];
        initial[IndexSlot] = index;
        return initial;
    }

    internal string[] InitialTexts()
    {
        var initial = new string[texts];
        Array.Fill(initial, "");
        return initial;
    }
}
