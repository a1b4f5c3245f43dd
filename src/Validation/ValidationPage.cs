using System.Globalization;
using System.Text;

namespace Validation;

/// <summary>The report as a page of the documentation.</summary>
public static class ValidationPage
{
    /// <summary>The page's text, in Markdown.</summary>
    public static string Write(ValidationReport report)
    {
        var text = new StringBuilder();
        text.Append(
            """
            # Predictions and published figures

            This page is what `micro validate --format markdown` prints; a test keeps it current.
            Each published row of a profile is one benchmark under one configuration. What its
            window contains is counted on the simulated machine (events); its figure is events
            times the profile's parts.

            - *anchor*: used in fitting a part; it shows no error.
            - *predicted*: not used, and determined by the anchors, by what the profile borrows, and
              by the equations that it assumes.
            - *not identifiable*: it contains a part that nothing determines.
            - *not modelled*: what it measures is not in the model yet.

            Only predicted rows with a tolerance gate. The tolerances are those of the project's
            plan and were set before the predictions were made.

            A signal to a process that then runs (`notify_process`) is predicted with one kernel
            entry, as the benchmark's source reads; the published figures grow under isolation by
            more than four writes of CR3, which is what two entries would write. Its window is not
            understood, and it gates nothing.

            Rows of the 32-bit kernel on Haswell are not here: only its multiprocessor kernel was
            published, without a null system call, so that entry and exit, lock and fast path cannot
            be told from each other. Nor are cross-core round trips of 2019: they are recalled.

            Of gVisor's published rows nearly all are anchors, because they are as many as what they
            have to tell. On the machine of 2023 eleven rows tell three prices (a call natively,
            under ptrace, under systrap) and, of each of four programs, its own time and the number
            of its calls, which nobody published: no degree of freedom is left. What this fit does
            predict is how long the programs run under systrap (`micro validate --predict
            gvisor-gce --metric run_absl`), and such a row would gate at 30 %; none is published
            here. Prices of interception do not carry over from one machine to another either: a
            call under ptrace takes 6.2 us on bare metal in 2021, 15.4 us and 38 us in the virtual
            machines of 2023 and 2020. What gates is the program whose number of calls is known
            without measuring: sysbench's cpu test makes none, so a sandbox must not slow it down.


            """);
        Gates(text, report);
        Relations(text, report);
        Fits(text, report);
        foreach (var profile in report.Rows.GroupBy(row => row.Profile))
        {
            text.Append("\n## ").Append(profile.Key).Append("\n\n");
            text.Append("| metric | configuration | kind | predicted | published | error |\n");
            text.Append("|---|---|---|--:|--:|--:|\n");
            foreach (var row in profile)
            {
                text.Append(CultureInfo.InvariantCulture,
                    $"| {row.Metric} | {row.Configuration} | {NameOf(row.Kind)} | "
                    + $"{Figure(row.Predicted)} | {Figure(row.Published)} | "
                    + $"{Percent(row.Error)} |\n");
            }
        }

        return text.ToString();
    }

    /// <summary>A kind of row, in words.</summary>
    public static string NameOf(RowKind kind) => kind switch
    {
        RowKind.Anchor => "anchor",
        RowKind.Predicted => "predicted",
        RowKind.NotIdentifiable => "not identifiable",
        RowKind.NotModelled => "not modelled",
    };

    /// <summary>A figure with three or four digits that count; empty for null.</summary>
    public static string Figure(decimal? figure) =>
        figure?.ToString(
            figure >= 1000 ? "0" : figure >= 10 ? "0.#" : "0.###",
            CultureInfo.InvariantCulture) ?? "";

    /// <summary>A fraction in per cent with a sign; empty for null.</summary>
    public static string Percent(decimal? fraction) =>
        fraction?.ToString("+0.0 %;-0.0 %;0.0 %", CultureInfo.InvariantCulture) ?? "";

    private static void Gates(StringBuilder text, ValidationReport report)
    {
        var gating = report.Rows.Where(row => row.Tolerance is not null).ToList();
        text.Append(CultureInfo.InvariantCulture,
            $"## Gates\n\n{gating.Count} rows gate; {gating.Count(row => row.Fails)} fail.\n\n");
        text.Append("| profile | for | rows | mean error | largest | tolerance |\n");
        text.Append("|---|---|--:|--:|--:|--:|\n");
        foreach (var group in gating.GroupBy(row => (row.Profile, row.Reason, row.Tolerance)))
        {
            var largest = group.MaxBy(row => Math.Abs(row.Error!.Value))!;
            var mean = group.Average(row => Math.Abs(row.Error!.Value));
            text.Append(CultureInfo.InvariantCulture,
                $"| {group.Key.Profile} | {group.Key.Reason} | {group.Count()} | "
                + $"{mean * 100:0.0} % | {Percent(largest.Error)} ({largest.Metric}) | "
                + $"{group.Key.Tolerance * 100:0} % |\n");
        }
    }

    private static void Relations(StringBuilder text, ValidationReport report)
    {
        text.Append("\n## Relations\n\n");
        text.Append("| profile | relation | predicted | published | rule | |\n");
        text.Append("|---|---|--:|--:|---|---|\n");
        foreach (var relation in report.Relations)
        {
            text.Append(CultureInfo.InvariantCulture,
                $"| {relation.Profile} | {relation.Relation} | {relation.Predicted:0.000} | "
                + $"{relation.Published:0.000} | {relation.Rule} | "
                + $"{(relation.Passes ? "holds" : "FAILS")} |\n");
        }
    }

    private static void Fits(StringBuilder text, ValidationReport report)
    {
        text.Append(
            """

            ## Rows, parts, rank

            Rows with an event list, the parts in them, the rank of the matrix of both, and the
            degrees of freedom that are left: rows beyond those that its parts need, and beyond the
            numbers of workloads (a program's own time, how many calls it makes) that are fitted
            besides. A part that one row alone determines is as good as that row; no second one
            checks it.


            """);
        text.Append("| profile | rows | parts | rank | of workloads | degrees of freedom | ");
        text.Append("anchors | of one row alone |\n|---|--:|--:|--:|--:|--:|--:|---|\n");
        foreach (var fit in report.Fits)
        {
            var single = string.Join(", ", fit.Single.Select(each => each.Part));
            text.Append(CultureInfo.InvariantCulture,
                $"| {fit.Profile} | {fit.Rows} | {fit.Parts} | {fit.Rank} | "
                + $"{fit.OfWorkloads} | {fit.DegreesOfFreedom} | {fit.Anchors} | {single} |\n");
        }
    }
}
