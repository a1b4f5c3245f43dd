using Microkernel;
using Scenarios;
using Scenarios.Model;
using Scenarios.Profiles;
using Validation.Benchmarks;

namespace Validation;

/// <summary>What a benchmark gives on a profile.</summary>
/// <param name="Figure">In the benchmark's unit.</param>
/// <param name="Unit">Cycles, IPC/s or the unit of the published row.</param>
/// <param name="Events">What its window contains.</param>
public sealed record Prediction(decimal Figure, string Unit, EventList Events);

/// <summary>Events times parts.</summary>
/// <param name="loaded">The profile.</param>
/// <param name="windows">
/// Event lists that were counted already, by benchmark and configuration: no price changes them.
/// </param>
public sealed class Predictor(
    LoadedProfile loaded, Dictionary<(string, string), EventList>? windows = null)
{
    /// <summary>
    /// Runs a benchmark under a configuration of mechanisms.
    /// </summary>
    public Prediction Predict(
        Benchmark benchmark, IReadOnlyList<Mechanism> configuration, string unit = "")
    {
        var (events, figure) = Run(benchmark, configuration);
        var wanted = unit.Length == 0 ? benchmark.Unit : unit;
        return new Prediction(figure * Per(benchmark.Unit, wanted), wanted, events);
    }

    /// <summary>The benchmark of this key on the profile, or null: not modelled.</summary>
    public Benchmark? Find(string key) =>
        Sel4Bench.Find(key)
        ?? WorkloadBenchmark.Find(key, loaded)
        ?? (Benchmark?)RateBenchmark.Find(key, loaded);

    private (EventList Events, decimal Figure) Run(
        Benchmark benchmark, IReadOnlyList<Mechanism> configuration)
    {
        var key = (benchmark.Key, Mechanisms.Text(configuration));
        if (benchmark.IsWindow && windows?.GetValueOrDefault(key) is { } counted)
        {
            return (counted, counted.CyclesOn(loaded.Profile));
        }

        var found = benchmark.Run(
            loaded.Profile, new KernelOptions().With(configuration), ClockOf(configuration));
        windows?.TryAdd(key, found.Events);
        return found;
    }

    /// <summary>
    /// Cycles a second. Nominal clocks of some boards are wrong; two throughputs of one core with
    /// different delays tell the true one: the difference of their times a call is twice that of
    /// their delays.
    /// </summary>
    public decimal ClockOf(IReadOnlyList<Mechanism> configuration)
    {
        var text = Mechanisms.Text(configuration);
        var quick = Row("smp_1core_c500");
        var slow = Row("smp_1core_c32000");
        return quick is null || slow is null
            ? loaded.Profile.Frequency.Hertz
            : 2 * (32_000 - 500) / (1 / slow.Value - 1 / quick.Value);

        ProfileRow? Row(string metric) => loaded.Rows.FirstOrDefault(row =>
            row.Metric == metric && (row.Configuration == text || text.Length == 0));
    }

    private decimal Per(string unit, string wanted)
    {
        var hertz = (decimal)loaded.Profile.Frequency.Hertz;
        return (unit, wanted) switch
        {
            ("cycles", "ns") => 1_000_000_000 / hertz,
            ("cycles", "us") => 1_000_000 / hertz,
            _ => 1,
        };
    }
}
