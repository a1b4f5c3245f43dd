using System.Diagnostics;
using System.Globalization;

namespace Bench.RoundTrip;

/// <summary>Something in this process that can do the workload again and again.</summary>
internal interface IContender : IDisposable
{
    /// <summary>Does the work; returns the virtual time that passed, in cycles.</summary>
    long Run(Workload work);
}

/// <summary>
/// How one run of one contender is started. Each is a process of its own, ours like the peers', so
/// that none profits or suffers from what ran before it.
/// </summary>
/// <param name="Name">In the tables.</param>
/// <param name="TripsPerRun">Round trips of all pairs that take some tenths of a second.</param>
/// <param name="Missing">Why it cannot run here; null if it can.</param>
/// <param name="Start">The command that does the work and prints virtual end and wall time.</param>
internal sealed record Contender(
    string Name, int TripsPerRun, string? Missing, Func<Workload, ProcessStartInfo> Start)
{
    public Measurement Run(Workload work)
    {
        var start = Start(work);
        start.RedirectStandardOutput = true;
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        var words = output.Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries);
        if (process.ExitCode != 0 || words.Length < 2)
        {
            throw new InvalidOperationException(
                $"{Name} failed with {process.ExitCode}. It wrote: {output}");
        }

        return new Measurement(
            long.Parse(words[^2], CultureInfo.InvariantCulture),
            double.Parse(words[^1], CultureInfo.InvariantCulture));
    }
}

internal static class Contenders
{
    /// <summary>First argument of this program when it runs one contender for its parent.</summary>
    public const string ChildArgument = "contender";

    public const string Loop = "hand loop";
    public const string Fibers = "Micro fibers";
    public const string Handlers = "Micro handlers";

    public static IReadOnlyList<Contender> InProcess { get; } =
    [
        Ours(Loop, 4_000_000),
        Ours(Fibers, 1_500_000),
        Ours(Handlers, 2_000_000),
    ];

    /// <summary>
    /// Warms up, does the workload once more, and prints virtual end and wall time.
    /// </summary>
    public static int RunChild(string[] arguments)
    {
        var pairs = int.Parse(arguments[1], CultureInfo.InvariantCulture);
        var work = new Workload(pairs, int.Parse(arguments[2], CultureInfo.InvariantCulture));
        using IContender contender = arguments[0] switch
        {
            Loop => new HandLoop(),
            Fibers => EngineContender.Fibers(),
            _ => EngineContender.Handlers(),
        };

        // Time for the runtime to count, to compile in the background, and to compile again.
        for (var warmUp = 0; warmUp < 6; warmUp++)
        {
            contender.Run(work with { TripsPerPair = Math.Max(1, work.TripsPerPair / 20) });
            Thread.Sleep(120);
        }

        contender.Run(work with { TripsPerPair = Math.Max(1, work.TripsPerPair / 4) });
        GC.Collect();
        var began = Stopwatch.GetTimestamp();
        var end = contender.Run(work);
        var nanoseconds = Stopwatch.GetElapsedTime(began).TotalNanoseconds;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{end} {nanoseconds:F0}"));
        return 0;
    }

    private static Contender Ours(string name, int trips) => new(
        name, trips, null,
        work => Child.Command(ChildArgument, name, $"{work.Pairs}", $"{work.TripsPerPair}"));
}
