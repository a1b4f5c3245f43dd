using System.Diagnostics;
using System.Globalization;
using Abi.Units;
using Records;
using Scenarios;
using Telemetry;
using Telemetry.Calls;
using Telemetry.Strace;
using Telemetry.TraceEvents;

namespace Bench.Runs;

/// <summary>What a run of some length took while something was written of it, in a process of its
/// own.</summary>
/// <param name="Seconds">Wall time of the run, the file's end included.</param>
/// <param name="Processor">Processor time of the same, seconds: what to compare while other
/// programs run.</param>
/// <param name="PeakMegabytes">The most physical memory that the process ever held.</param>
/// <param name="Bytes">The file's size.</param>
/// <param name="Records">Trace records and steps of requests that came.</param>
internal sealed record ExportSample(
    double Seconds, double Processor, double PeakMegabytes, long Bytes, long Records)
{
    /// <summary>First argument of this program when it takes one sample for its parent.</summary>
    public const string ChildArgument = "export-sample";

    private const long WarmUpReads = 100_000;

    /// <summary>Takes a sample in a child process.</summary>
    /// <param name="output">"none", "records", "trace", "calls", "strace" or "summary".</param>
    /// <param name="reads">How many calls.</param>
    public static ExportSample Take(string output, long reads)
    {
        var command = Child.Command(ChildArgument, output, $"{reads}");
        command.RedirectStandardOutput = true;
        using var child = Process.Start(command)!;
        var text = child.StandardOutput.ReadToEnd();
        child.WaitForExit();
        if (child.ExitCode != 0)
        {
            throw new InvalidOperationException($"the child failed with {child.ExitCode}");
        }

        var numbers = text.Split(' ')
            .Select(number => double.Parse(number, CultureInfo.InvariantCulture)).ToList();
        return new ExportSample(
            numbers[0], numbers[1], numbers[2], (long)numbers[3], (long)numbers[4]);
    }

    /// <summary>Runs the workload after a warm-up, and prints what it took.</summary>
    public static int RunChild(string[] arguments)
    {
        var reads = long.Parse(arguments[1], CultureInfo.InvariantCulture);
        Run(arguments[0], WarmUpReads);
        GC.Collect();
        var before = Environment.CpuUsage.TotalTime;
        var watch = Stopwatch.StartNew();
        var (bytes, records) = Run(arguments[0], reads);
        watch.Stop();
        var processor = Environment.CpuUsage.TotalTime - before;
        using var self = Process.GetCurrentProcess();
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{watch.Elapsed.TotalSeconds} {processor.TotalSeconds} "
            + $"{self.PeakWorkingSet64 / 1e6} {bytes} {records}"));
        return 0;
    }

    private static (long Bytes, long Records) Run(string output, long reads)
    {
        var path = Path.Combine(Path.GetTempPath(), $"micro-export-{Environment.ProcessId}");
        try
        {
            using var file = new FileStream(path, FileMode.Create, FileAccess.Write);
            var counter = new Counter();
            Write(output, reads, file, counter);
            file.Flush();
            return (file.Length, counter.Records);
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static void Write(string output, long reads, FileStream file, Counter counter)
    {
        // The clock of the profile that the scenario uses if it names none.
        var frequency = new Frequency(3_400_000_000);
        switch (output)
        {
            case "none":
                Run(reads, new RunOptions());
                break;
            case "records":
                Run(reads, new RunOptions { Trace = _ => counter, Requests = _ => counter });
                break;
            case "trace":
                using (var export = new TraceEventExport(file, []))
                using (var reader = new BackgroundReader(export, export.Requests))
                {
                    Run(reads, new RunOptions
                    {
                        Trace = _ => reader.Trace,
                        Requests = _ => reader.Requests,
                    });
                    reader.Finish();
                    export.Finish();
                }

                break;
            case "calls":
                using (var table = new CallTable(file, "microkernel"))
                using (var reader = new BackgroundReader(null, table))
                {
                    Run(reads, new RunOptions { Requests = _ => reader.Requests });
                    reader.Finish();
                }

                break;
            case "strace":
                using (var text = new StreamWriter(file, leaveOpen: true))
                {
                    var log = new StraceWriter(text, frequency);
                    Run(reads, new RunOptions { Calls = _ => log });
                }

                break;
            case "summary":
                using (var text = new StreamWriter(file, leaveOpen: true))
                {
                    var summary = new StraceSummary(frequency);
                    Run(reads, new RunOptions { Calls = _ => summary });
                    summary.Write(text);
                }

                break;
            default:
                throw new InvalidOperationException($"no output is called {output}");
        }
    }

    private static void Run(long reads, RunOptions options) => Workload.Check(
        Workload.Run(Workload.Readers(1, reads), "microkernel", options), reads);

    private sealed class Counter : ITraceSink, IRequestSink
    {
        public long Records { get; private set; }

        public void Describe(RunDescription run) { }

        public void Describe(in ThreadDescription thread) { }

        public void IsUp(long now) { }

        public void Record(in TraceRecord record) => Records++;

        public void Begins(in StartedCall call) => Records++;

        public void Step(in RequestStep step) => Records++;

        public void Ends(long request, long? result, long now) => Records++;
    }
}
