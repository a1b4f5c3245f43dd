using Abi.Costs;
using LibSys;
using Programs.Language;

namespace Programs.Interpreter;

/// <summary>
/// One process that runs a program: its variables, its one buffer, and what it has read.
/// </summary>
internal sealed class Frame(
    Sys sys, CompiledProgram code, string process, int index, IRandomSource random,
    IProgramObserver? observer)
    : Variables(code.InitialNumbers(index), random)
{
    private const int IterationsToPause = 1 << 16;
    private byte[] buffer = [];
    private byte[] pattern = [];
    private int iterations;

    /// <summary>The calls it has.</summary>
    public Sys Sys { get; } = sys;

    /// <summary>Variables that hold texts; empty until they are set.</summary>
    public string[] Texts { get; } = code.InitialTexts();

    /// <summary>The digests of what it reads, if the program asks for any.</summary>
    public ReadDigests? Digests { get; } = code.AsksForDigests ? new ReadDigests() : null;

    /// <summary>The process's name.</summary>
    public string Process { get; } = process;

    /// <summary>Which of its name.</summary>
    public int Index { get; } = index;

    /// <summary>Who hears of differing results, or null.</summary>
    public IProgramObserver? Observer { get; } = observer;

    /// <summary>
    /// An iteration of a loop: takes a cycle, so that virtual time passes in each, and pauses now
    /// and then, so that a loop that makes no call can be ended.
    /// </summary>
    public ValueTask Iterate()
    {
        Sys.Work(Part.ProgramCycle);
        iterations = unchecked(iterations + 1);
        return iterations % IterationsToPause == 0 ? Sys.Pause() : ValueTask.CompletedTask;
    }

    /// <summary>The buffer, with so many bytes of it; the same memory at each call.</summary>
    public Memory<byte> Buffer(long count)
    {
        var length = TransferOf(count);
        if (length > buffer.Length)
        {
            buffer = new byte[length];
        }

        return buffer.AsMemory(0, length);
    }

    /// <summary>
    /// So many bytes of the pattern: byte i is i modulo 251, a prime, so that blocks differ.
    /// </summary>
    public ReadOnlyMemory<byte> Pattern(long count)
    {
        var length = TransferOf(count);
        if (length > pattern.Length)
        {
            pattern = new byte[length];
            for (var i = 0; i < length; i++)
            {
                pattern[i] = (byte)(i % 251);
            }
        }

        return pattern.AsMemory(0, length);
    }

    /// <summary>How many bytes one call moves when it is asked for so many.</summary>
    public static int TransferOf(long count) =>
        (int)Math.Clamp(count, 0, ProgramChecker.MaxTransfer);
}
