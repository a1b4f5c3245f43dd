using System.Diagnostics;

namespace Validation.Calibration;

/// <summary>
/// Measures this host, as lmbench and sel4bench do: warm-up, batches of many iterations, less the
/// empty loop; what is used is the median. In each round every subject has one batch, so that a
/// drift of the machine meets all of them alike and differences stay right.
/// </summary>
public static class Calibrator
{
    private const int FileBytes = 4096;
    private const int WarmUps = 3;
    private static readonly double NanosecondsPerTick = 1e9 / Stopwatch.Frequency;

    private sealed record Subject(string Id, string What, Func<Probe> Prepare)
    {
        public Probe? Probe { get; set; }

        public string Missing { get; set; } = "";

        public int Iterations { get; set; } = 1;

        public List<double> Samples { get; } = [];
    }

    /// <summary>Measures.</summary>
    /// <param name="plan">How often and how long.</param>
    /// <param name="isLinux">Whether this host is a Linux.</param>
    /// <param name="interrupted">Ends it between two batches.</param>
    /// <exception cref="PlatformNotSupportedException">This host cannot be measured.</exception>
    public static CalibrationReport Measure(
        CalibrationPlan plan, bool isLinux, CancellationToken interrupted)
    {
        if (!isLinux)
        {
            throw new PlatformNotSupportedException(
                "calibrate measures Linux only; this host is another system");
        }

        var calls = SystemCalls.Known ?? throw new PlatformNotSupportedException(
            "calibrate knows the system-call numbers of x86-64, Arm64, RISC-V and LoongArch only");
        var folder = Directory.CreateTempSubdirectory("micro-calibrate-");
        try
        {
            // The CPUs and the affinity are those of a thread of our own, which ends with us.
            var cpus = Cpus.Allowed();
            var host = Host.Read() with { Cpus = cpus.Count };
            var file = Path.Combine(folder.FullName, "file");
            File.WriteAllBytes(file, new byte[FileBytes]);
            var subjects = Subjects(calls, cpus, file);
            var hasOwnDescriptors = false;
            new Peer(cpus[0], () =>
                hasOwnDescriptors = Measure(plan, subjects, interrupted)).Join();
            return ReportOf(host, subjects) with { HasOwnDescriptors = hasOwnDescriptors };
        }
        catch (ProbeException exception)
        {
            throw new PlatformNotSupportedException(
                "this host cannot be measured: " + exception.Message, exception);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static List<Subject> Subjects(
        SystemCalls calls, IReadOnlyList<int> cpus, string file)
    {
        var one = cpus[0];
        return
        [
            new("fast", "a call of libc, without .NET's transition",
                () => new FastNothingProbe()),
            new("ordinary", "a call of libc, with .NET's transition",
                () => new NothingProbe()),
            new(CalibrationRows.NullCall, "null system call: getppid",
                () => new NullCallProbe(calls)),
            new(CalibrationRows.PreadZero, "pread of 1 byte of /dev/zero",
                () => new PreadProbe(calls, "/dev/zero", 1)),
            new(CalibrationRows.PreadByte, "pread of 1 byte of a cached file",
                () => new PreadProbe(calls, file, 1)),
            new(CalibrationRows.PreadPage, "pread of 4 KiB of a cached file",
                () => new PreadProbe(calls, file, FileBytes)),
            new(CalibrationRows.OpenClose, "openat of one component, and close",
                () => new OpenCloseProbe(calls, file)),
            new(CalibrationRows.PipeAlone, "pipe: write and read by one thread",
                () => new PipeAloneProbe(calls)),
            new(CalibrationRows.PipeThreads, "pipe: round trip, two threads, one CPU",
                () => new PipeToThreadProbe(calls, one)),
            new(CalibrationRows.PipeProcesses, "pipe: round trip, two processes, one CPU",
                () => new PipeToProcessProbe(calls)),
            new(CalibrationRows.PipeTwoCpus, "pipe: round trip, two threads, two CPUs",
                () => cpus.Count > 1
                    ? new PipeToThreadProbe(calls, cpus[1])
                    : throw new ProbeException("this program may use one CPU only")),
            new(CalibrationRows.Futex, "futex: round trip, two threads, one CPU",
                () => new FutexProbe(calls, one)),
            new(CalibrationRows.MinorFault, "minor fault: first write, less a second",
                () => new MinorFaultProbe()),
            new(CalibrationRows.Map, "mmap and munmap of one page", () => new MapProbe()),
        ];
    }

    // The answer is whether descriptors are this thread's own. Threads that .NET started from here
    // would share them again, so they are taken once more.
    private static bool Measure(
        CalibrationPlan plan, List<Subject> subjects, CancellationToken interrupted)
    {
        try
        {
            foreach (var subject in subjects)
            {
                interrupted.ThrowIfCancellationRequested();
                Try(subject, () =>
                {
                    subject.Probe = subject.Prepare();
                    subject.Iterations = IterationsFor(subject.Probe, plan.BatchLength);
                });
            }

            var hasOwnDescriptors = OwnDescriptors.Take();
            for (var i = 0; i < plan.Batches; i++)
            {
                foreach (var subject in subjects.Where(each => each.Missing.Length == 0))
                {
                    interrupted.ThrowIfCancellationRequested();
                    Try(subject, () => subject.Samples.Add(
                        subject.Probe!.Run(subject.Iterations) * NanosecondsPerTick
                        / subject.Iterations));
                }
            }

            return hasOwnDescriptors;
        }
        finally
        {
            subjects.ForEach(subject => subject.Probe?.Dispose());
        }
    }

    private static void Try(Subject subject, Action work)
    {
        try
        {
            work();
        }
        catch (ProbeException exception)
        {
            subject.Missing = exception.Message;
        }
    }

    /// <summary>
    /// Doubles them until the shortest of some runs is long enough: one run may be long because it
    /// was interrupted. This is the warm-up too.
    /// </summary>
    private static int IterationsFor(Probe probe, TimeSpan length)
    {
        var ticks = length.TotalSeconds * Stopwatch.Frequency;
        for (var iterations = 1; ; iterations *= 2)
        {
            var shortest = Enumerable.Range(0, WarmUps).Min(_ => probe.Run(iterations));
            if (shortest >= ticks || iterations >= probe.MaxIterations)
            {
                return iterations;
            }
        }
    }

    private static CalibrationReport ReportOf(Host host, List<Subject> subjects)
    {
        var fast = Spread.Of(subjects[0].Samples).Median;
        var ordinary = Spread.Of(subjects[1].Samples).Median;
        var measurements = subjects.Select(subject =>
        {
            var overhead = subject.Probe is { } probe
                ? probe.FastCalls * fast + probe.Calls * ordinary
                : 0;
            return new Measurement(subject.Id, subject.What)
            {
                Missing = subject.Missing,
                Spread = subject.Missing.Length > 0
                    ? null
                    : Spread.Of(subject.Samples.Select(sample => sample - overhead)),
                Batches = subject.Samples.Count,
                Iterations = subject.Iterations,
                Overhead = overhead,
            };
        }).ToList();
        return new CalibrationReport(host, measurements[2..])
        {
            Overheads = measurements[..2],
        };
    }
}
