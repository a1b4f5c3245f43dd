using System.Diagnostics;
using System.Globalization;
using Scenarios;

namespace Bench.Runs;

/// <summary>What one size took, in a process of its own: only so is its peak its own.</summary>
/// <param name="Processes">Simulated processes.</param>
/// <param name="ReadsEach">Reads of each.</param>
/// <param name="Seconds">Wall time of the run.</param>
/// <param name="PeakMegabytes">The most physical memory that the process ever held.</param>
/// <param name="HeapMegabytes">The largest managed heap after a collection.</param>
internal sealed record GrowthSample(
    int Processes, long ReadsEach, double Seconds, double PeakMegabytes, double HeapMegabytes)
{
    /// <summary>First argument of this program when it takes one sample for its parent.</summary>
    public const string ChildArgument = "growth-sample";

    private const long WarmUpReads = 100_000;

    /// <summary>Calls that it made.</summary>
    public long Calls => Processes * ReadsEach;

    /// <summary>Takes a sample in a child process.</summary>
    public static GrowthSample Take(int processes, long readsEach)
    {
        var command = Child.Command(ChildArgument, $"{processes}", $"{readsEach}");
        command.RedirectStandardOutput = true;
        using var child = Process.Start(command)!;
        var output = child.StandardOutput.ReadToEnd();
        child.WaitForExit();
        if (child.ExitCode != 0)
        {
            throw new InvalidOperationException($"the child failed with {child.ExitCode}");
        }

        var numbers = output.Split(' ')
            .Select(number => double.Parse(number, CultureInfo.InvariantCulture)).ToList();
        return new GrowthSample(processes, readsEach, numbers[0], numbers[1], numbers[2]);
    }

    /// <summary>Runs the workload after a warm-up, and prints what it took.</summary>
    public static int RunChild(string[] arguments)
    {
        var processes = int.Parse(arguments[0], CultureInfo.InvariantCulture);
        var readsEach = long.Parse(arguments[1], CultureInfo.InvariantCulture);
        HeapPeak.Watch();
        Run(1, WarmUpReads);
        GC.Collect();
        var watch = Stopwatch.StartNew();
        Run(processes, readsEach);
        watch.Stop();
        using var self = Process.GetCurrentProcess();
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{watch.Elapsed.TotalSeconds} {self.PeakWorkingSet64 / 1e6} {HeapPeak.Bytes / 1e6}"));
        return 0;
    }

    private static void Run(int processes, long readsEach)
    {
        var result = Workload.Run(
            Workload.Readers(processes, readsEach), "microkernel", new RunOptions());
        Workload.Check(result, processes * readsEach);
    }
}
