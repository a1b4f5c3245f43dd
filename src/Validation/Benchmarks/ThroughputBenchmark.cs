using Abi.Costs;
using Abi.Kernel;
using Abi.Units;
using LibSys;
using Machine;
using Microkernel;

namespace Validation.Benchmarks;

/// <summary>
/// Pairs of threads, one pair a core, that call each other with a delay of so many cycles at both
/// ends; all cores share one kernel and its lock.
/// </summary>
/// <param name="Cores">How many cores, and pairs.</param>
/// <param name="Delay">Cycles at each end.</param>
internal sealed record ThroughputBenchmark(int Cores, int Delay) : Benchmark(
    FormattableString.Invariant($"smp_{Cores}core_c{Delay}"), "IPC/s",
    "calls a second of all pairs: per call two entries, two delays, and the floating-point "
    + "registers twice, because threads of sel4bench use them unless told not to; "
    + Source + "smp/src/main.c")
{
    private const int Rounds = 400;

    /// <inheritdoc/>
    public override bool IsWindow => false;

    /// <inheritdoc/>
    public override (EventList Events, decimal Figure) Run(
        CostProfile profile, KernelOptions kernel, decimal clock)
    {
        var span = Rounds * (2L * Delay + 10_000);
        var (before, callsBefore) = Run(profile, kernel, span);
        var (after, callsAfter) = Run(profile, kernel, 2 * span);
        var total = callsAfter - callsBefore;
        var perCall = new EventList();
        foreach (var part in Enum.GetValues<Part>())
        {
            // What is left of a round at either end is not an event of its own.
            perCall.Add(part, Math.Round((after[part] - before[part]) / total, 2));
        }

        return (perCall, total * clock / span);
    }

    private (EventList Events, long Calls) Run(
        CostProfile profile, KernelOptions kernel, long cycles)
    {
        var calls = new long[Cores];
        var threads = new List<BenchThread>();
        var shared = new List<SharedObject>();
        for (var core = 0; core < Cores; core++)
        {
            var endpoint = new CapSlot(Bench.FirstSlot + core);
            var pair = core;
            shared.Add(SharedObject.Endpoint);
            var ping = FormattableString.Invariant($"ping-{core}");
            threads.Add(new BenchThread(ping, sys => Ping(sys, endpoint, calls, pair))
            {
                Core = core,
                UsesFpu = true,
            });
            threads.Add(new BenchThread(
                FormattableString.Invariant($"pong-{core}"), sys => Pong(sys, endpoint))
            {
                Core = core,
                UsesFpu = true,
                SharesWith = ping,
            });
        }

        var events = Bench.Count(
            profile, kernel with { Cores = Cores, IsMultiprocessor = true }, shared, threads,
            cycles);
        return (events, calls.Sum());
    }

    private async ValueTask Ping(Sys sys, CapSlot endpoint, long[] calls, int pair)
    {
        while (true)
        {
            sys.Compute(new Cycles(Delay));
            await sys.Call(endpoint, default);
            calls[pair]++;
        }
    }

    private async ValueTask Pong(Sys sys, CapSlot endpoint)
    {
        await Raw.Receive(sys, endpoint);
        while (true)
        {
            sys.Compute(new Cycles(Delay));
            await Raw.ReplyReceive(sys, endpoint, default);
        }
    }
}
