using Abi.Costs;
using Abi.Kernel;
using Machine;
using Microkernel;

namespace Validation.Benchmarks;

/// <summary>
/// A benchmark whose window is one or more entries into the kernel, repeated: the events are those
/// of the last repetition, when the machine has settled.
/// </summary>
internal sealed record WindowBenchmark(
    string Key, string Window, IReadOnlyList<SharedObject> Shared,
    IReadOnlyList<BenchThread> Threads, params (string Thread, Syscall Number)[] Entries)
    : Benchmark(Key, "cycles", Window)
{
    private const int Repetitions = 64;

    /// <summary>Whether it means something under a hypervisor only.</summary>
    public bool NeedsHypervisor { get; init; }

    /// <inheritdoc/>
    public override (EventList Events, decimal Figure) Run(
        CostProfile profile, KernelOptions kernel, decimal clock)
    {
        kernel = kernel with { IsGuest = kernel.IsGuest || NeedsHypervisor };
        var operations = Bench.Operations(profile, kernel, Shared, Threads, Long(profile));
        var events = new EventList();
        foreach (var (thread, number) in Entries)
        {
            var last = operations.FindLast(each => each.Thread == thread && each.Number == number)
                ?? throw new InvalidOperationException(
                    $"{Key}: {thread} never made the call {number}");
            foreach (var (part, count) in last.Parts)
            {
                events.Add(part, count);
            }
        }

        return (events, events.CyclesOn(profile));
    }

    // Long enough for so many of the dearest window there is.
    private static long Long(CostProfile profile) => Repetitions
        * (10_000 + profile[Part.CacheFlushLocal] + profile[Part.CacheFlushFull]);
}
