using Abi.Costs;
using Microkernel;
using Scenarios.Profiles;

namespace Validation.Benchmarks;

/// <summary>
/// A whole program whose number of system calls is not published: two of its run times, natively
/// and with the calls intercepted by ptrace, tell it; then other ways of interception can be
/// predicted. All that the sandbox changes is taken for interception of calls.
/// </summary>
/// <param name="Name">The program.</param>
/// <param name="NativeMilliseconds">Its run time without a sandbox.</param>
/// <param name="PtraceMilliseconds">Its run time under ptrace.</param>
internal sealed record WorkloadBenchmark(
    string Name, decimal NativeMilliseconds, decimal PtraceMilliseconds) : Benchmark(
    "run_" + Name, "ms", "a program's run, its calls intercepted")
{
    private const string Prefix = "run_";
    private const string Ptrace = "intercept-ptrace";

    /// <summary>Whether a run time of it is one of the two that tell its own time and its number of
    /// calls.</summary>
    public static bool IsUsed(string configuration) => configuration is "" or Ptrace;

    /// <inheritdoc/>
    public override bool IsWindow => false;

    /// <summary>The workload of this key, if a profile has both run times.</summary>
    public static WorkloadBenchmark? Find(string key, LoadedProfile profile)
    {
        if (!key.StartsWith(Prefix, StringComparison.Ordinal))
        {
            return null;
        }

        var native = RowOf("");
        var ptrace = RowOf(Ptrace);
        return native is null || ptrace is null
            ? null
            : new WorkloadBenchmark(key[Prefix.Length..], native.Value, ptrace.Value);

        ProfileRow? RowOf(string configuration) => profile.Rows.FirstOrDefault(row =>
            row.Metric == key && row.Configuration == configuration);
    }

    /// <inheritdoc/>
    public override (EventList Events, decimal Figure) Run(
        CostProfile profile, KernelOptions kernel, decimal clock)
    {
        var perMillisecond = profile.Frequency.Hertz / 1000m;
        var calls = decimal.Round(
            (PtraceMilliseconds - NativeMilliseconds) * perMillisecond
            / profile[Part.PtraceInterception]);
        var call = Sel4Bench.Find("null_syscall")!.Run(profile, kernel, clock).Events;
        var bare = Sel4Bench.Find("null_syscall")!.Run(profile, new KernelOptions(), clock);
        var events = new EventList().Add(
            Part.ProgramCycle,
            decimal.Round((NativeMilliseconds * perMillisecond) - (calls * bare.Figure)));
        foreach (var (part, count) in call.Events)
        {
            events.Add(part, calls * count);
        }

        return (events, events.CyclesOn(profile) / perMillisecond);
    }
}
