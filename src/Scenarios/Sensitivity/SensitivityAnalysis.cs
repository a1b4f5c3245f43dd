using Abi.Costs;
using Records;
using Scenarios.Model;

namespace Scenarios.Sensitivity;

/// <summary>What one parameter does to one conclusion.</summary>
/// <param name="Parameter">The part's or delay's name.</param>
/// <param name="Cycles">Its value in the profile, cycles.</param>
/// <param name="Low">The ratio of means with the parameter a fifth lower.</param>
/// <param name="High">The ratio with it a fifth higher.</param>
/// <param name="Flips">Whether either of them makes the other placement the faster one.</param>
/// <param name="BreakEvenCycles">
/// The parameter's value at which both placements take the same, found by running there; null:
/// there is none between 0 and ten times its value.
/// </param>
public sealed record Influence(
    string Parameter, long Cycles, double Low, double High, bool Flips, long? BreakEvenCycles);

/// <summary>A conclusion: which placement's calls are faster, and what it hangs on.</summary>
/// <param name="Call">The call.</param>
/// <param name="Placement">The placement that is compared.</param>
/// <param name="Against">With which one.</param>
/// <param name="Ratio">Mean latency of the first by that of the second.</param>
/// <param name="Influences">Each parameter, the strongest first.</param>
public sealed record Conclusion(
    string Call, string Placement, string Against, double Ratio,
    IReadOnlyList<Influence> Influences);

/// <summary>An expectation that does not hold any more when a parameter changes.</summary>
public sealed record FlippedExpectation(string Text, string Parameter, int Percent);

/// <summary>What a comparison's conclusions hang on.</summary>
/// <param name="Comparison">The comparison itself.</param>
/// <param name="Percent">By how much each parameter was changed, either way.</param>
/// <param name="Parameters">How many parameters were changed.</param>
/// <param name="Conclusions">One for each call and pair of placements.</param>
/// <param name="Expectations">Those that flip.</param>
public sealed record SensitivityReport(
    Comparison Comparison, int Percent, int Parameters, IReadOnlyList<Conclusion> Conclusions,
    IReadOnlyList<FlippedExpectation> Expectations);

/// <summary>
/// Changes each parameter of the profile by a fifth either way, runs the comparison again each
/// time, and looks what becomes of its conclusions. Runs go side by side; each is a function of its
/// input, so the report is too.
/// </summary>
public sealed class SensitivityAnalysis(
    IScenarioRunner runner, Scenario scenario, IReadOnlyList<string> placements,
    RunOptions options)
{
    private const int Percent = 20;
    private const int Farthest = 10;

    /// <summary>Runs it.</summary>
    /// <param name="profile">The profile that the runs start from.</param>
    public SensitivityReport Run(CostProfile profile)
    {
        var quiet = options with { Calls = null, Trace = null, Progress = null };
        var whole = runner.Compare(scenario, placements, quiet with { PlacementBegins = null });
        var parameters = Parameter.Of(whole, profile);
        var low = new Comparison[parameters.Count];
        var high = new Comparison[parameters.Count];
        Parallel.For(0, 2 * parameters.Count, Limits(), index =>
        {
            var parameter = parameters[index / 2];
            var isLow = index % 2 == 0;
            var changed = parameter.Changed(isLow ? -Percent / 100m : Percent / 100m);
            (isLow ? low : high)[index / 2] = With(parameter, changed);
        });
        options.Cancellation.ThrowIfCancellationRequested();

        var conclusions = new Conclusion[whole.Ratios.Count];
        Parallel.For(0, conclusions.Length, Limits(), index =>
            conclusions[index] = Conclude(whole.Ratios[index], whole, parameters, low, high));
        return new SensitivityReport(
            whole, Percent, parameters.Count, conclusions,
            [.. Flipped(whole, parameters, low, -Percent),
                .. Flipped(whole, parameters, high, Percent)]);
    }

    private ParallelOptions Limits() => new()
    {
        MaxDegreeOfParallelism = Environment.ProcessorCount,
        CancellationToken = options.Cancellation,
    };

    private Comparison With(Parameter parameter, long cycles) => runner.Compare(
        scenario, placements,
        options with
        {
            Calls = null,
            Trace = null,
            Progress = null,
            PlacementBegins = null,
            Vary = profile => parameter.With(profile, cycles),
        });

    private Conclusion Conclude(
        CallRatio ratio, Comparison whole, IReadOnlyList<Parameter> parameters, Comparison[] low,
        Comparison[] high)
    {
        var influences = new List<Influence>();
        for (var i = 0; i < parameters.Count; i++)
        {
            var parameter = parameters[i];
            var lower = RatioOf(low[i], ratio);
            var higher = RatioOf(high[i], ratio);
            if (lower is null || higher is null || (lower == ratio.MeanRatio && higher == lower))
            {
                continue;
            }

            influences.Add(new Influence(
                parameter.Name, parameter.Cycles, lower.Value, higher.Value,
                Winner(lower.Value) != Winner(ratio.MeanRatio)
                    || Winner(higher.Value) != Winner(ratio.MeanRatio),
                BreakEven(
                    parameter, ratio,
                    (parameter.Changed(-Percent / 100m), GapOf(low[i], ratio)),
                    (parameter.Changed(Percent / 100m), GapOf(high[i], ratio)))));
        }

        return new Conclusion(
            ratio.Call, ratio.Placement, ratio.Against, ratio.MeanRatio,
            [.. influences
                .OrderByDescending(each => Math.Abs(each.High - each.Low))
                .ThenBy(each => each.Parameter, StringComparer.Ordinal)]);
    }

    /// <summary>
    /// Where the gap between the means closes: the line through two runs says where to look, and a
    /// run there says whether it does; at most three times.
    /// </summary>
    private long? BreakEven(
        Parameter parameter, CallRatio ratio, (long Cycles, double Gap) one,
        (long Cycles, double Gap) two)
    {
        for (var attempt = 0; attempt < 3; attempt++)
        {
            var slope = (two.Gap - one.Gap) / (two.Cycles - one.Cycles);
            var at = slope == 0 ? double.NaN : two.Cycles - (two.Gap / slope);
            if (!(at >= 0 && at <= (double)Farthest * parameter.Cycles))
            {
                return null;
            }

            var cycles = (long)Math.Round(at);
            var there = With(parameter, cycles);
            if (RatioOf(there, ratio) is not { } found)
            {
                return null;
            }

            if (Math.Abs(found - 1) <= 0.005)
            {
                return cycles;
            }

            if (cycles == two.Cycles)
            {
                return null;
            }

            (one, two) = (two, (cycles, GapOf(there, ratio)));
        }

        return null;
    }

    // Which of the two is faster; within a hundredth nobody is.
    private static int Winner(double ratio) =>
        Math.Abs(ratio - 1) <= 0.01 ? 0 : Math.Sign(ratio - 1);

    private static double? RatioOf(Comparison comparison, CallRatio of) => comparison.Ratios
        .FirstOrDefault(ratio => ratio.Call == of.Call && ratio.Placement == of.Placement)
        ?.MeanRatio;

    private static double GapOf(Comparison comparison, CallRatio of)
    {
        double Mean(string placement) => comparison.Placements
            .First(run => run.Name == placement).Calls
            .FirstOrDefault(call => call.Name == of.Call)?.MeanCycles ?? 0;
        return Mean(of.Placement) - Mean(of.Against);
    }

    private static IEnumerable<FlippedExpectation> Flipped(
        Comparison whole, IReadOnlyList<Parameter> parameters, Comparison[] changed, int percent)
    {
        for (var i = 0; i < parameters.Count; i++)
        {
            for (var j = 0; j < whole.Expectations.Count; j++)
            {
                if (whole.Expectations[j].Holds is { } holds
                    && changed[i].Expectations[j].Holds is { } now && now != holds)
                {
                    yield return new FlippedExpectation(
                        whole.Expectations[j].Text, parameters[i].Name, percent);
                }
            }
        }
    }
}
