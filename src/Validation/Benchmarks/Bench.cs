using Abi.Costs;
using LibSys;
using Machine;
using Microkernel;

namespace Validation.Benchmarks;

/// <summary>A thread of a benchmark.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Body">What it does.</param>
internal sealed record BenchThread(string Name, Func<Sys, ValueTask> Body)
{
    /// <summary>Its priority, 0 to 255.</summary>
    public int Priority { get; init; } = 100;

    /// <summary>Its core.</summary>
    public int Core { get; init; }

    /// <summary>Whether its code uses the floating-point registers.</summary>
    public bool UsesFpu { get; init; }

    /// <summary>How many filters its system calls run.</summary>
    public int Filters { get; init; }

    /// <summary>Whether a bitmap spares it running them.</summary>
    public bool HasFilterBitmap { get; init; }

    /// <summary>The thread whose address space it shares, or null: its own.</summary>
    public string? SharesWith { get; init; }
}

/// <summary>
/// Runs a benchmark's threads on a machine without components, so that nothing is charged but what
/// they do; with a kernel, its scheduler and its locks as everywhere else.
/// </summary>
internal static class Bench
{
    /// <summary>Where the shared objects are in each thread's capability space, in the order in
    /// which a benchmark lists them.</summary>
    public const int FirstSlot = Microkernel.Objects.CapabilitySpace.FirstFree;

    /// <summary>Runs for so long; what each entry into the kernel charged, in order.</summary>
    public static List<OperationRecord> Operations(
        CostProfile profile, KernelOptions kernel, IReadOnlyList<SharedObject> shared,
        IReadOnlyList<BenchThread> threads, long cycles)
    {
        var operations = new List<OperationRecord>();
        using var board = new Board(
            Plan(profile, kernel, shared, threads, cycles) with { Operations = operations.Add });
        board.Run("bench");
        return operations;
    }

    /// <summary>Runs for so long; how often each part was charged.</summary>
    public static EventList Count(
        CostProfile profile, KernelOptions kernel, IReadOnlyList<SharedObject> shared,
        IReadOnlyList<BenchThread> threads, long cycles)
    {
        using var board = new Board(Plan(profile, kernel, shared, threads, cycles));
        board.Run("bench");
        var events = new EventList();
        foreach (var part in Enum.GetValues<Part>())
        {
            events.Add(part, board.Bill.Work.CountOf(part));
        }

        return events;
    }

    private static BoardOptions Plan(
        CostProfile profile, KernelOptions kernel, IReadOnlyList<SharedObject> shared,
        IReadOnlyList<BenchThread> threads, long cycles) => new()
        {
            Kernel = kernel,
            Profile = profile,
            Components = [],
            Shared = shared,
            Programs =
            [
                .. threads.Select(thread => new ProgramPlan(
                    new ProgramRecord(thread.Name, thread.Priority, thread.Core)
                    {
                        Filters = thread.Filters,
                        HasFilterBitmap = thread.HasFilterBitmap,
                        UsesFpu = thread.UsesFpu,
                    },
                    _ => new BenchProgram(thread.Body))),
            ],
            Processes =
            [
                .. threads.Select(thread => new ProcessPlan(thread.Name, thread.Name, 0)
                {
                    SharesWith = thread.SharesWith,
                }),
            ],
            TimeLimit = cycles,
            Fingerprint = false,
        };

    private sealed class BenchProgram(Func<Sys, ValueTask> body) : IProgram
    {
        public async ValueTask<int> Main(Sys sys)
        {
            await body(sys);
            return 0;
        }
    }
}
