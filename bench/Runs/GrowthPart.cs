using System.Diagnostics;
using System.Globalization;

namespace Bench.Runs;

/// <summary>Wall time and memory as processes and calls grow: time linear, memory flat in
/// calls.</summary>
internal static class GrowthPart
{
    private const int ReadsEach = 100;
    private const double Slack = 2.0;
    private static readonly int[] s_processes = [1, 10, 100, 1_000, 10_000];
    private static readonly long[] s_calls = [1_000, 10_000, 100_000, 1_000_000, 10_000_000];

    public static bool Run()
    {
        Measure(1, 100_000);
        Console.WriteLine("processes, 100 reads each:");
        var processes = s_processes
            .Select(count =>
                (Size: (long)count * ReadsEach, Sample: Measure(count, ReadsEach)))
            .ToList();
        Console.WriteLine("calls of one process:");
        var calls = s_calls.Select(count => (Size: count, Sample: Measure(1, count))).ToList();
        var linear = IsLinear(processes) & IsLinear(calls);
        var flat = calls[^1].Sample.Megabytes < Slack * calls[^3].Sample.Megabytes;
        Console.WriteLine($"{(flat ? "PASS" : "FAIL")} memory is flat in calls");
        return linear && flat;
    }

    private static bool IsLinear(
        List<(long Size, (double Seconds, double Megabytes) Sample)> samples)
    {
        var (lastSize, last) = samples[^1];
        var (size, before) = samples[^2];
        var growth = last.Seconds / before.Seconds / ((double)lastSize / size);
        var linear = growth < Slack;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{(linear ? "PASS" : "FAIL")} time from {size:N0} to {lastSize:N0} calls grows "
            + $"{growth:F2} times as much as the calls"));
        return linear;
    }

    private static (double Seconds, double Megabytes) Measure(int processes, long readsEach)
    {
        GC.Collect();
        var watch = Stopwatch.StartNew();
        var result = Workload.Run(Workload.Readers(processes, readsEach), "microkernel", null);
        watch.Stop();
        Workload.Check(result, processes * readsEach);
        var megabytes = GC.GetGCMemoryInfo(GCKind.Any).HeapSizeBytes / 1e6;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"  {processes,6:N0} processes {readsEach,10:N0} reads each "
            + $"{watch.Elapsed.TotalSeconds,8:F2} s {megabytes,8:F0} MB of heap"));
        return (watch.Elapsed.TotalSeconds, megabytes);
    }
}
