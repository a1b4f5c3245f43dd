using Abi.Costs;
using Abi.Units;
using Records;

namespace Scenarios.Sensitivity;

/// <summary>A number of the profile that a conclusion may hang on.</summary>
/// <param name="Name">The part's or delay's name.</param>
/// <param name="Cycles">Its value in the profile.</param>
/// <param name="With">The profile with another value for it.</param>
internal sealed record Parameter(
    string Name, long Cycles, Func<CostProfile, long, CostProfile> With)
{
    /// <summary>Those that a comparison was charged for, in the order of the profile's
    /// parts; then the delays.</summary>
    public static IReadOnlyList<Parameter> Of(Comparison comparison, CostProfile profile)
    {
        var charged = comparison.Placements
            .SelectMany(run => run.Parts)
            .Where(line => line.Count > 0)
            .Select(line => line.Part)
            .ToHashSet();
        var parts = Enum.GetValues<Part>()
            .Where(part => !part.IsCountedCycle() && charged.Contains(part.Name())
                && profile[part] > 0)
            .Select(part => new Parameter(
                part.Name(), profile[part],
                (old, cycles) => old.WithDelays().With(part, cycles)));
        Parameter[] delays =
        [
            new("interprocessor-latency", profile.InterprocessorLatency.Count, (old, cycles) =>
                old.WithDelays(interprocessorLatency: new Cycles(cycles))),
            new("interrupt-latency", profile.InterruptLatency.Count, (old, cycles) =>
                old.WithDelays(interruptLatency: new Cycles(cycles))),
            new("quantum", profile.Quantum.Count, (old, cycles) =>
                old.WithDelays(quantum: new Cycles(cycles))),
        ];
        return [.. parts, .. delays.Where(delay => delay.Cycles > 0)];
    }

    /// <summary>Its value changed by a fraction, half up, and by one cycle at least.</summary>
    public long Changed(decimal fraction)
    {
        var change = Math.Max(1, (long)decimal.Floor((Cycles * Math.Abs(fraction)) + 0.5m));
        return fraction < 0 ? Math.Max(0, Cycles - change) : Cycles + change;
    }
}
