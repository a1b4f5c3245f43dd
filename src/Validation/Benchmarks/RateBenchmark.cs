using Abi.Costs;
using Microkernel;
using Scenarios.Profiles;

namespace Validation.Benchmarks;

/// <summary>
/// A program that works off events and makes a known number of system calls for each; its rate
/// natively tells its own work. All that a sandbox changes is taken for interception of calls.
/// </summary>
/// <param name="Name">The program.</param>
/// <param name="CallsPerEvent">System calls of an event.</param>
/// <param name="NativeRate">Events a second without a sandbox.</param>
internal sealed record RateBenchmark(string Name, int CallsPerEvent, decimal NativeRate)
    : Benchmark(Prefix + Name, "events/s", "an event of a program, its calls intercepted")
{
    private const string Prefix = "rate_";

    // sysbench's cpu test: an event computes primes up to a limit (src/tests/cpu/sb_cpu.c,
    // recalled).
    private static readonly (string Name, int CallsPerEvent)[] Known = [("cpu", 0)];

    /// <inheritdoc/>
    public override bool IsWindow => false;

    /// <summary>The program of this key, if its calls are known and the profile has its native
    /// rate.</summary>
    public static RateBenchmark? Find(string key, LoadedProfile profile)
    {
        var native = profile.Rows.FirstOrDefault(row =>
            row.Metric == key && row.Configuration.Length == 0);
        return native is null
            ? null
            : Known.Where(each => Prefix + each.Name == key)
                .Select(each => new RateBenchmark(each.Name, each.CallsPerEvent, native.Value))
                .FirstOrDefault();
    }

    /// <inheritdoc/>
    public override (EventList Events, decimal Figure) Run(
        CostProfile profile, KernelOptions kernel, decimal clock)
    {
        var call = Sel4Bench.Find("null_syscall")!;
        var bare = call.Run(profile, new KernelOptions(), clock).Figure;
        var events = new EventList().Add(
            Part.ProgramCycle,
            decimal.Round((profile.Frequency.Hertz / NativeRate) - (CallsPerEvent * bare)));
        foreach (var (part, count) in call.Run(profile, kernel, clock).Events.Events)
        {
            events.Add(part, CallsPerEvent * count);
        }

        return (events, profile.Frequency.Hertz / events.CyclesOn(profile));
    }
}
