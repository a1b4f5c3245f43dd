using Abi.Units;
using Programs.Language;

namespace Scenarios.Model;

/// <summary>One process, or several that run the same program.</summary>
public sealed record ProcessDefinition
{
    /// <summary>The name in reports, and for spawn().</summary>
    [NotInFile]
    public required string Name { get; init; }

    /// <summary>How many processes run the program when the machine starts.</summary>
    [Within(1, 100_000)]
    public int Count { get; init; } = 1;

    /// <summary>When they start, after the machine is up.</summary>
    [Within(0, 1_000_000_000_000_000)]
    public Nanoseconds Start { get; init; }

    /// <summary>
    /// Their priority, 255 being the highest; without it, the default for processes.
    /// </summary>
    [Within(0, 255)]
    public int? Priority { get; init; }

    /// <summary>
    /// The core they run on; without it, they are spread over the cores in their order.
    /// </summary>
    [Within(0, 63)]
    public int? Core { get; init; }

    /// <summary>
    /// Without `core`, the first of the cores that they are spread over; those below are spared.
    /// </summary>
    [Within(0, 63)]
    public int FirstCore { get; init; }

    /// <summary>
    /// Whether the program waits to be started by spawn() instead of starting with the machine.
    /// </summary>
    public bool Spawned { get; init; }

    /// <summary>What the program's code and data occupy.</summary>
    public WorkingSetSize? WorkingSet { get; init; }

    /// <summary>Whether the program uses the floating-point registers.</summary>
    public bool Fpu { get; init; }

    /// <summary>How many filters the kernel runs on each of its system calls.</summary>
    [Within(0, 1000)]
    public int Filters { get; init; }

    /// <summary>
    /// Whether the filters allow all its calls and the kernel knows it: it looks into a bitmap
    /// instead of running them.
    /// </summary>
    public bool FilterBitmap { get; init; }

    /// <summary>The program, in the syntax that strace prints.</summary>
    public required ProgramSyntax Program { get; init; }
}
