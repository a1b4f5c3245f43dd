using Abi.Costs;
using Records;
using Spectre.Console;

namespace Telemetry.Text;

/// <summary>
/// A comparison for people: placements side by side, ending with what they asked to hold. Times are
/// modeled
/// and say so. The same results are the same text on every machine and any terminal of the same
/// width.
/// </summary>
/// <param name="console">Where to; any width of 80 or more.</param>
/// <param name="comparison">The results.</param>
public sealed class TextReport(IAnsiConsole console, Comparison comparison)
{
    /// <summary>The most files of a run that are listed; JSON has all of them.</summary>
    public const int FileLimit = 1000;

    private const int FirstColumns = 22;
    private const int PlacementColumns = 33;
    private const int MaxTimeline = 200;

    private IReadOnlyList<RunResult> Runs => comparison.Placements;

    private bool IsComparison => Runs.Count > 1;

    /// <summary>Writes all of it; sections that have nothing to say are left out.</summary>
    public void Write()
    {
        WriteHeader();
        WriteFiles();
        WriteConsoleOutput();
        WriteProcesses();
        WriteTimeline();
        WriteLosses();
        WriteCounters();
        WriteCalls();
        WriteQueues();
        WriteBill();
        WriteDifferences();
        WriteProblems();
        WriteExpectations();
    }

    private void WriteHeader()
    {
        Title(comparison.Scenario);
        Line($"  profile {comparison.Profile} at {Amounts.Clock(comparison.FrequencyHertz)}, "
            + $"seed {comparison.Seed}");
        if (comparison.Mechanisms.Count > 0)
        {
            Line("  mechanisms: " + string.Join(", ", comparison.Mechanisms));
        }

        Line("  times are modeled, not measured: counts of primitives x the profile's prices");
        console.WriteLine();
        var table = new TextTable().Left("placement").Right("modeled cycles").Right("virtual time")
            .Left("end").Left("fingerprint");
        foreach (var run in Runs)
        {
            table.Row(
                run.Name, Amounts.Count(run.VirtualTime.Cycles),
                Amounts.Time(run.VirtualTime.Nanoseconds), EndOf(run.End), run.Fingerprint);
        }

        table.WriteTo(console);
        foreach (var run in Runs.Where(run => run.EndDetail.Length > 0))
        {
            Line($"  {run.Name}: {EndOf(run.End)}: {run.EndDetail}");
            console.WriteLine();
        }
    }

    private void WriteFiles()
    {
        var areSame = Runs.Skip(1).All(run => run.Files.SequenceEqual(Runs[0].Files));
        foreach (var run in areSame ? Runs.Take(1) : Runs)
        {
            if (run.Files.Count == 0)
            {
                continue;
            }

            Title("Files" + (IsComparison
                ? areSame ? ", the same in every placement" : $" in {run.Name}"
                : "") + ": SHA-256 of what read() delivered");
            foreach (var file in run.Files.Take(FileLimit))
            {
                Line($"  {file.Sha256}  {Amounts.Count(file.Bytes),12}  "
                    + Printable(file.Path));
            }

            if (run.Files.Count > FileLimit)
            {
                Line($"  and {Amounts.Count(run.Files.Count - FileLimit)} more; "
                    + "--format json lists all");
            }

            console.WriteLine();
        }
    }

    private void WriteConsoleOutput()
    {
        var areSame = Runs.Skip(1).All(run => run.Console == Runs[0].Console);
        foreach (var run in areSame ? Runs.Take(1) : Runs)
        {
            if (run.Console.Length == 0)
            {
                continue;
            }

            Title("Console" + (areSame ? "" : $" of {run.Name}"));
            foreach (var line in run.Console.TrimEnd('\n').Split('\n'))
            {
                Line("  " + Printable(line));
            }

            console.WriteLine();
        }
    }

    private void WriteProcesses()
    {
        if (Runs.All(run => run.Processes.Count == 0))
        {
            return;
        }

        Title("Processes");
        var table = new TextTable().Left("name").Left("how it ended");
        foreach (var run in Runs)
        {
            table.Right(run.Name);
        }

        var kinds = Runs.SelectMany(run => run.Processes)
            .Select(process => (process.Name, process.How)).Distinct().ToList();
        foreach (var (name, how) in kinds)
        {
            var counts = Runs.Select(run => run.Processes
                .Count(process => process.Name == name && process.How == how));
            table.Row([name, how, .. counts.Select(count => Amounts.Count(count))]);
        }

        table.WriteTo(console);
    }

    private void WriteTimeline()
    {
        var entries = Runs
            .SelectMany((run, column) =>
                run.Timeline.Select(entry => (Entry: entry, Column: column)))
            .OrderBy(each => each.Entry.Cycles)
            .ThenBy(each => each.Column)
            .ToList();
        if (entries.Count == 0)
        {
            return;
        }

        Title("Timeline of crashes");
        var table = new TextTable().Right("at");
        foreach (var run in Runs)
        {
            table.Left(run.Name);
        }

        foreach (var (entry, column) in entries.Take(MaxTimeline))
        {
            var who = entry.Component.Length == 0 ? "" : $"{entry.Component}#{entry.Incarnation} ";
            var detail = entry.Detail.Length == 0 ? "" : $": {entry.Detail}";
            var cells = Runs.Select((_, i) => i == column ? $"{who}{entry.Event}{detail}" : "");
            table.Row([Amounts.Time(entry.Nanoseconds), .. cells]);
        }

        table.WriteTo(console);
        if (entries.Count > MaxTimeline)
        {
            Line($"  and {Amounts.Count(entries.Count - MaxTimeline)} more; "
                + "--format json lists all");
            console.WriteLine();
        }
    }

    private void WriteLosses()
    {
        if (Runs.All(run => run.Losses.Count == 0))
        {
            return;
        }

        Title("Lost");
        var table = new TextTable().Left("placement").Right("count").Left("what").Left("why");
        foreach (var run in Runs)
        {
            foreach (var loss in run.Losses)
            {
                table.Row(run.Name, Amounts.Count(loss.Count), loss.What, loss.Why);
            }
        }

        table.WriteTo(console);
    }

    private void WriteCounters()
    {
        var names = Runs.SelectMany(run => run.Counters)
            .Where(counter => counter.Value != 0)
            .Select(counter => counter.Key)
            .Distinct()
            .OrderBy(OrderOf)
            .ThenBy(name => name, StringComparer.Ordinal)
            .ToList();
        if (names.Count == 0)
        {
            return;
        }

        Title("Counters");
        var table = new TextTable();
        foreach (var run in Runs)
        {
            table.Right(run.Name);
        }

        table.Left("counter");
        foreach (var name in names)
        {
            var values = Runs.Select(run => Amounts.Count(run.Counters.GetValueOrDefault(name)));
            table.Row([.. values, name]);
        }

        table.WriteTo(console);
    }

    private static int OrderOf(string counter)
    {
        foreach (var known in Enum.GetValues<Counter>())
        {
            if (known.Name() == counter)
            {
                return (int)known;
            }
        }

        return int.MaxValue;
    }

    private void WriteCalls()
    {
        var names = Runs.SelectMany(run => run.Calls).Select(call => call.Name).Distinct().ToList();
        if (names.Count == 0)
        {
            return;
        }

        // As many placements as fit beside each other, the last one in each block as the others'
        // base.
        var fitting = Math.Max(1, (console.Profile.Width - FirstColumns) / PlacementColumns - 1);
        var others = IsComparison ? Runs.SkipLast(1).ToList() : [];
        Title("Latency of calls, modeled cycles and ns"
            + (IsComparison ? $"; ratio to {Runs[^1].Name}" : ""));
        if (others.Count == 0)
        {
            WriteCalls(names, Runs);
        }

        foreach (var block in others.Chunk(fitting))
        {
            WriteCalls(names, [.. block, Runs[^1]]);
        }
    }

    private void WriteCalls(IReadOnlyList<string> names, IReadOnlyList<RunResult> runs)
    {
        var table = new TextTable().Left("call").Left("");
        foreach (var run in runs)
        {
            table.Right(run.Name).Right("ns");
            if (run != runs[^1])
            {
                table.Right("ratio");
            }
        }

        foreach (var name in names)
        {
            Row("count", call => call.Count, isTime: false);
            if (runs.Any(run => Call(run, name) is { Errors: > 0 }))
            {
                Row("errors", call => call.Errors, isTime: false);
            }

            Row("mean", call => call.MeanCycles, isTime: true);
            Row("p50", call => call.P50Cycles, isTime: true);
            Row("p99", call => call.P99Cycles, isTime: true);

            void Row(string what, Func<CallStatistics, double> value, bool isTime)
            {
                var cells = new List<string> { what == "count" ? name : "", what };
                foreach (var run in runs)
                {
                    var call = Call(run, name);
                    cells.Add(call is null
                        ? "-"
                        : Amounts.Count((long)Math.Floor(value(call) + 0.5)));
                    cells.Add(call is null || !isTime
                        ? ""
                        : Amounts.Nanoseconds(value(call), comparison.FrequencyHertz));
                    if (run != runs[^1])
                    {
                        cells.Add(isTime ? RatioOf(call, Call(runs[^1], name), value) : "");
                    }
                }

                table.Row(cells);
            }
        }

        table.WriteTo(console);
    }

    private void WriteQueues()
    {
        var names = Runs.SelectMany(run => run.Queues).Select(queue => queue.Name).Distinct()
            .ToList();
        if (names.Count == 0)
        {
            return;
        }

        Title("Queues, measured by the kernel");
        var table = new TextTable().Left("queue").Left("");
        foreach (var run in Runs)
        {
            table.Right(run.Name);
        }

        foreach (var name in names)
        {
            var queues = Runs
                .Select(run => run.Queues.FirstOrDefault(queue => queue.Name == name)).ToList();
            var isFirst = true;

            void Row(string what, Func<QueueStatistics, string> value)
            {
                table.Row(
                    [isFirst ? name : "", what, .. queues.Select(q => q is null ? "-" : value(q))]);
                isFirst = false;
            }

            Row("servers", queue => Amounts.Count(queue.Servers));
            Row("arrivals", queue => Amounts.Count(queue.Arrivals));
            if (queues.Exists(queue => queue is { Blocked: > 0 }))
            {
                Row("blocked", queue => Amounts.Count(queue.Blocked));
            }

            if (queues.Exists(queue => queue is { Abandoned: > 0 }))
            {
                Row("abandoned", queue => Amounts.Count(queue.Abandoned));
            }

            Row("arrivals a second", queue => Amounts.Decimals(queue.ArrivalRatePerSecond, 1));
            Row("utilisation", queue => Amounts.Decimals(queue.Utilisation, 4));
            Row("mean queue length", queue => Steady(queue, queue.MeanQueueLength, 4));
            Row("mean in system", queue => Steady(queue, queue.MeanInSystem, 4));
            Row("mean wait, cycles", queue => Steady(queue, queue.MeanWaitCycles, 1));
            Row("p99 wait, cycles", queue => Steady(queue, queue.WaitP99Cycles, 0));
            Row("part that waited", queue => Steady(queue, queue.Delayed, 4));
            Row("mean service, cycles", queue => queue.MeanServiceCycles is { } mean
                ? Amounts.Decimals(mean, 1)
                : "-");
            Row("mean time in system, cycles", queue => Steady(queue, queue.MeanSojournCycles, 1));
            Row("p99 time in system, cycles", queue => Steady(queue, queue.SojournP99Cycles, 0));
            if (queues.Exists(queue => queue is { Stable: false }))
            {
                Row("offered load", queue => Amounts.Decimals(queue.OfferedLoad, 4));
                Row("grows a second by", queue => queue.GrowthPerSecond is { } growth
                    ? Amounts.Decimals(growth, 1)
                    : "-");
            }
        }

        table.WriteTo(console);
    }

    // A queue that grows has no steady state, and so no mean that a longer run would confirm.
    private static string Steady(QueueStatistics queue, double? mean, int decimals) =>
        !queue.Stable ? "unstable"
        : mean is { } value ? Amounts.Decimals(value, decimals)
        : "-";

    private static CallStatistics? Call(RunResult run, string name) =>
        run.Calls.FirstOrDefault(call => call.Name == name && call.Count > 0);

    private static string RatioOf(
        CallStatistics? left, CallStatistics? right, Func<CallStatistics, double> value) =>
        left is null || right is null || value(right) == 0
            ? "-"
            : Amounts.Ratio(value(left) / value(right));

    private void WriteBill()
    {
        Title("Bill: work of cores by cause, modeled cycles"
            + (IsComparison ? $"; how much more than {Runs[^1].Name}" : ""));
        WriteBill(isWork: true);
        if (Runs.SelectMany(run => run.Bill)
            .Any(line => !BillDifference.IsWork(line.Cause) && line.Cycles != 0))
        {
            Title("Waiting of calls by cause, modeled cycles; waits of different calls overlap");
            WriteBill(isWork: false);
        }
    }

    private void WriteBill(bool isWork)
    {
        var table = new TextTable().Left("cause");
        foreach (var run in Runs)
        {
            table.Right(run.Name).Right("");
            if (run != Runs[^1])
            {
                table.Right("more");
            }
        }

        var totals = Runs.Select(run => run.Bill
            .Where(line => BillDifference.IsWork(line.Cause) == isWork)
            .Sum(line => line.Cycles)).ToList();
        foreach (var cause in Enum.GetValues<Cause>().Where(cause => cause.IsWork() == isWork))
        {
            var values = Runs.Select(run => CyclesOf(run, cause.Name())).ToList();
            if (values.Exists(value => value != 0))
            {
                table.Row([cause.Name(), .. Cells(values, totals)]);
            }
        }

        table.Total(["total", .. Cells(totals, totals)]);
        table.WriteTo(console);
    }

    private IEnumerable<string> Cells(List<long> values, List<long> totals)
    {
        for (var i = 0; i < Runs.Count; i++)
        {
            yield return Amounts.Count(values[i]);
            yield return Amounts.Share(values[i], totals[i]);
            if (i < Runs.Count - 1)
            {
                yield return Amounts.Change(values[i] - values[^1]);
            }
        }
    }

    private static long CyclesOf(RunResult run, string cause) =>
        run.Bill.Where(line => line.Cause == cause).Sum(line => line.Cycles);

    private void WriteDifferences()
    {
        foreach (var run in Runs.SkipLast(1))
        {
            WriteDifference(run, Runs[^1]);
        }
    }

    private void WriteDifference(RunResult run, RunResult other)
    {
        Title($"What explains the difference between {run.Name} and {other.Name}");
        var difference = BillDifference.Between(run, other);
        if (difference.Parts.Count == 0)
        {
            Line("  nothing differs: each part was charged equally often");
            console.WriteLine();
            return;
        }

        var table = new TextTable().Left("part").Right(run.Name).Right(other.Name).Right("more")
            .Right("x price").Right("= cycles");
        foreach (var part in difference.Parts)
        {
            table.Row(
                part.Part, Amounts.Count(part.LeftCount), Amounts.Count(part.RightCount),
                Amounts.Change(part.LeftCount - part.RightCount), Amounts.Count(part.PriceCycles),
                Amounts.Change(part.Cycles));
        }

        table.Total("sum", "", "", "", "", Amounts.Change(difference.Cycles));
        table.WriteTo(console);
        Line("  " + DifferenceWords.Whole(run, other));
        console.WriteLine();
    }

    private void WriteProblems()
    {
        WriteList("Warnings", "yellow", comparison.Warnings);
        foreach (var run in Runs)
        {
            WriteList(
                $"Results in {run.Name} that differ from the program", "red", run.FailedResults);
            WriteList($"Defects in {run.Name}: crashes that nobody ordered", "red", run.Defects);
        }
    }

    private void WriteList(string title, string color, IReadOnlyList<string> lines)
    {
        if (lines.Count == 0)
        {
            return;
        }

        console.MarkupLine($"[bold {color}]{Markup.Escape(title)}[/]");
        foreach (var line in lines)
        {
            Line("  " + Printable(line));
        }

        console.WriteLine();
    }

    private void WriteExpectations()
    {
        if (comparison.Expectations.Count == 0)
        {
            return;
        }

        Title("Expectations");
        foreach (var each in comparison.Expectations)
        {
            var (word, color) = each.Holds switch
            {
                true => ("holds", "green"),
                false => ("FAILED", "red"),
                null => ("not evaluated", "yellow"),
            };
            var detail = each.Detail.Length == 0 ? "" : $" ({each.Detail})";
            console.MarkupLine(
                $"  [{color}]{word,-13}[/]  {Markup.Escape(Printable(each.Text + detail))}");
        }

        console.WriteLine();
    }

    private void Title(string text) =>
        console.MarkupLine($"[bold]{Markup.Escape(Printable(text))}[/]");

    // Not wrapped: a digest that is broken over two lines cannot be searched for.
    private void Line(string text) => console.Profile.Out.Writer.Write(text + "\n");

    // What programs write must not steer the terminal.
    private static string Printable(string text) =>
        string.Concat(text.Select(c => char.IsControl(c) && c != '\t' ? '\uFFFD' : c));

    private static string EndOf(RunEnd end) => end switch
    {
        RunEnd.Finished => "finished",
        RunEnd.Deadlock => "deadlock",
        RunEnd.Limit => "limit reached",
        RunEnd.Interrupted => "interrupted",
    };
}
