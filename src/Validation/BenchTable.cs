using Programs.Language;
using Scenarios;
using Scenarios.Model;
using Scenarios.Profiles;
using Validation.Benchmarks;

namespace Validation;

/// <summary>A benchmark's prediction, beside the published figure where there is one.</summary>
/// <param name="Key">The benchmark's key.</param>
/// <param name="Predicted">The model's figure; null: not modelled.</param>
/// <param name="Unit">Of both figures.</param>
/// <param name="Published">The profile's row for this configuration, or null.</param>
/// <param name="IsAnchor">Whether that row was used in fitting.</param>
/// <param name="Events">What the window contains.</param>
/// <param name="Window">What it measures, and where that was read; or why it is not
/// modelled.</param>
public sealed record BenchRow(
    string Key, decimal? Predicted, string Unit, decimal? Published, bool IsAnchor, string Events,
    string Window)
{
    /// <summary>How far off, as a fraction of the published figure; null for an anchor.</summary>
    public decimal? Error => IsAnchor || Published is null ? null : Predicted / Published - 1;
}

/// <summary>What sel4bench would print on a profile's machine.</summary>
public static class BenchTable
{
    /// <summary>Runs benchmarks on a profile.</summary>
    /// <param name="profile">The profile.</param>
    /// <param name="mechanisms">What is switched on or off.</param>
    /// <param name="metrics">Their keys; none: all of sel4bench's, and those that the profile has
    /// rows for.</param>
    /// <exception cref="BadInputException">A key is no benchmark's.</exception>
    public static IReadOnlyList<BenchRow> Run(
        LoadedProfile profile, IReadOnlyList<Mechanism> mechanisms, IReadOnlyList<string> metrics)
    {
        var configuration = Mechanisms.Text(mechanisms);
        var rows = profile.Rows
            .Where(row => row.Metric.Length > 0 && row.Configuration == configuration)
            .ToList();
        var keys = metrics.Count > 0
            ? metrics
            : [
                .. Sel4Bench.All.Select(benchmark => benchmark.Key)
                    .Concat(rows.Select(row => row.Metric))
                    .Concat(Sel4Bench.NotModelled)
                    .Distinct(),
            ];
        var named = profile.Entries.SelectMany(entry => entry.Names).ToHashSet();
        var predictor = new Predictor(profile);
        return [.. keys.Select(Row)];

        BenchRow Row(string key)
        {
            var published = rows.Find(row => row.Metric == key);
            if (predictor.Find(key) is { } benchmark)
            {
                var prediction = predictor.Predict(benchmark, mechanisms, published?.Unit ?? "");
                return new BenchRow(
                    key, prediction.Figure, prediction.Unit, published?.Value,
                    published is not null
                        && (named.Contains(published.Id) || benchmark is WorkloadBenchmark),
                    prediction.Events.ToString(), benchmark.Window);
            }

            return published is not null || Sel4Bench.NotModelled.Contains(key)
                ? new BenchRow(
                    key, null, published?.Unit ?? "cycles", published?.Value, false, "",
                    "not modelled")
                : throw new BadInputException(
                    $"--metric: expected a benchmark such as "
                    + string.Join(", ", Sel4Bench.All.Take(4).Select(each => each.Key))
                    + $", smp_2core_c500 or getpid_filters_3; not '{key}'"
                    + Suggestion.Hint(key, Sel4Bench.All.Select(each => each.Key)));
        }
    }
}
