using System.Globalization;

namespace Bench.Runs;

/// <summary>Wall time and peak memory as processes and calls grow: time linear, memory flat in
/// calls.</summary>
internal static class GrowthPart
{
    private const int ReadsEach = 100;
    private const double TimeSlack = 2.0;
    private const double MemorySlack = 1.2;
    private static readonly int[] s_processes = [1, 10, 100, 1_000, 10_000];
    private static readonly long[] s_calls = [1_000, 10_000, 100_000, 1_000_000, 10_000_000];

    public static bool Run()
    {
        Console.WriteLine($"processes, {ReadsEach} reads each:");
        var processes = s_processes.Select(count => Measure(count, ReadsEach)).ToList();
        Console.WriteLine("calls of one process:");
        var calls = s_calls.Select(count => Measure(1, count)).ToList();
        var targets = new Targets();
        CheckTime(targets, "processes", processes[^2], processes[^1]);
        CheckTime(targets, "calls", calls[^2], calls[^1]);
        var growth = calls[^1].PeakMegabytes / calls[^2].PeakMegabytes;
        targets.Check(
            string.Create(
                CultureInfo.InvariantCulture,
                $"calls: peak memory of {calls[^1].Calls:N0} is {growth:F2} times that of "
                + $"{calls[^2].Calls:N0} (at most {MemorySlack})"),
            growth <= MemorySlack);
        return targets.AllMet;
    }

    private static void CheckTime(
        Targets targets, string what, GrowthSample before, GrowthSample last)
    {
        var growth = last.Seconds / before.Seconds / ((double)last.Calls / before.Calls);
        targets.Check(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{what}: time from {before.Calls:N0} to {last.Calls:N0} calls grows {growth:F2} "
                + $"times as much as the calls (at most {TimeSlack})"),
            growth <= TimeSlack);
    }

    private static GrowthSample Measure(int processes, long readsEach)
    {
        var sample = GrowthSample.Take(processes, readsEach);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"  {processes,6:N0} processes {readsEach,10:N0} reads each {sample.Seconds,7:F2} s"
            + $" {sample.PeakMegabytes,6:F0} MB at the peak, {sample.HeapMegabytes,6:F1} of heap"));
        return sample;
    }
}
