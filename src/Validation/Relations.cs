namespace Validation;

/// <summary>What must hold between rows, whatever their figures.</summary>
internal static class Relations
{
    private const string Isolated = "isolation";

    public static IEnumerable<ValidatedRelation> Of(
        string profile, IReadOnlyList<ValidatedRow> rows)
    {
        foreach (var metric in new[] { "ipc_call", "ipc_reply" })
        {
            if (Ratio(rows, metric + "_intra", Isolated, metric, Isolated) is { } same)
            {
                yield return new ValidatedRelation(
                    profile, $"{metric}: same space / cross space, under isolation",
                    same.Published, same.Predicted, Math.Abs(same.Predicted - 1) <= 0.02m,
                    "model within 2 % of 1");
            }
        }

        foreach (var (on, off) in new[] { (Isolated, Isolated + ", no-fast-path"),
            ("", "no-fast-path") })
        {
            if (Ratio(rows, "ipc_call_len10", off, "ipc_call_len10", on) is { } ten)
            {
                yield return new ValidatedRelation(
                    profile, "ipc_call_len10: fast path off / on", ten.Published, ten.Predicted,
                    Math.Abs(ten.Predicted / ten.Published - 1) <= 0.04m,
                    "model within 4 % of published");
            }

            if (Ratio(rows, "ipc_call", off, "ipc_call", on) is { } zero)
            {
                yield return new ValidatedRelation(
                    profile, "ipc_call: fast path off / on", zero.Published, zero.Predicted,
                    zero.Predicted >= 1.2m, "model at least 1.2");
            }
        }

        foreach (var delay in new[] { "c500", "c32000" })
        {
            var smp = rows.FirstOrDefault(row => row.Metric == "smp_1core_" + delay)
                ?.Configuration;
            if (smp is not null && Ratio(
                rows, "smp_4core_" + delay, smp, "smp_1core_" + delay, smp) is { } scale)
            {
                yield return new ValidatedRelation(
                    profile, $"smp_{delay}: 4 cores / 1 core", scale.Published, scale.Predicted,
                    Math.Round(scale.Predicted) == Math.Round(scale.Published),
                    "saturates at the same number of cores");
            }
        }
    }

    private static (decimal Published, decimal Predicted)? Ratio(
        IReadOnlyList<ValidatedRow> rows, string metric, string configuration, string toMetric,
        string toConfiguration)
    {
        var row = Find(metric, configuration);
        var to = Find(toMetric, toConfiguration);
        return row?.Predicted is { } predicted && to?.Predicted is { } against
            ? (row.Published / to.Published, predicted / against)
            : null;

        ValidatedRow? Find(string key, string configured) => rows.FirstOrDefault(each =>
            each.Metric == key && each.Configuration == configured);
    }
}
