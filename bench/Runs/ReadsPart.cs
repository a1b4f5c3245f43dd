using System.Diagnostics;
using System.Globalization;
using Records;

namespace Bench.Runs;

/// <summary>Simulated read() cache hits a second of wall time, and what tracing costs.</summary>
internal static class ReadsPart
{
    private const int Rounds = 5;
    private const int WarmUpReads = 200_000;
    private const int Reads = 1_000_000;
    private const double TargetReadsPerSecond = 500_000;
    private static readonly string[] s_placements = ["microkernel", "monolithic"];

    public static bool Run()
    {
        var met = true;
        foreach (var placement in s_placements)
        {
            Measure(placement, WarmUpReads, traced: false);
            Measure(placement, WarmUpReads, traced: true);
            var plain = new double[Rounds];
            var processor = new double[Rounds];
            var ratios = new double[Rounds];
            for (var round = 0; round < Rounds; round++)
            {
                (plain[round], processor[round]) = Measure(placement, Reads, traced: false);
                ratios[round] = Measure(placement, Reads, traced: true).Wall / plain[round];
            }

            Array.Sort(plain);
            Array.Sort(processor);
            Array.Sort(ratios);
            var perSecond = Reads / plain[Rounds / 2];
            var verdict = perSecond >= TargetReadsPerSecond ? "PASS" : "FAIL";
            met &= perSecond >= TargetReadsPerSecond;
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{verdict} {placement}: {perSecond:N0} read() hits a second "
                + $"(target {TargetReadsPerSecond:N0}), "
                + $"{processor[Rounds / 2] / Reads * 1e9:N0} ns of processor time each; "
                + $"with a trace watcher {ratios[Rounds / 2]:F2} times as long"));
        }

        return met;
    }

    // Seconds. Processor time includes the runtime's compiler on the other core, and is what to
    // compare while other programs run.
    private static (double Wall, double Processor) Measure(
        string placement, int reads, bool traced)
    {
        var before = Environment.CpuUsage.TotalTime;
        var watch = Stopwatch.StartNew();
        var result = Workload.Run(
            Workload.Readers(1, reads), placement, traced ? new Counter() : null);
        watch.Stop();
        var processor = Environment.CpuUsage.TotalTime - before;
        Workload.Check(result, reads);
        return (watch.Elapsed.TotalSeconds, processor.TotalSeconds);
    }

    private sealed class Counter : ITraceSink
    {
        private long records;

        public void Record(in TraceRecord record) => records++;
    }
}
