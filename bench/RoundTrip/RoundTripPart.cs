using System.Globalization;

namespace Bench.RoundTrip;

/// <summary>
/// Compares contenders on the same work, in rounds: each round runs every contender once, so that
/// what else the machine does falls on all alike. Medians over the rounds.
/// </summary>
internal static class RoundTripPart
{
    private const int Rounds = 7;
    private static readonly int[] s_pairs = [1, 64, 1024];

    public static bool Run()
    {
        var contenders = Contenders.InProcess.Concat(Peers.All()).ToList();
        foreach (var contender in contenders.Where(contender => contender.Missing is not null))
        {
            Console.WriteLine(
                $"skipped: {contender.Name} (bench/peers/install.sh): {contender.Missing}");
        }

        contenders.RemoveAll(contender => contender.Missing is not null);
        var targets = new Targets();
        foreach (var pairs in s_pairs)
        {
            var results = Measure(contenders, pairs, targets);
            Print(results, pairs);
            Judge(results, pairs, targets);
        }

        return targets.AllMet;
    }

    // Nanoseconds of a round trip, by contender, one for each round.
    private static Dictionary<string, double[]> Measure(
        List<Contender> contenders, int pairs, Targets targets)
    {
        var results = contenders.ToDictionary(c => c.Name, _ => new double[Rounds]);
        var sameEnd = true;
        for (var round = 0; round < Rounds; round++)
        {
            foreach (var contender in contenders)
            {
                var work = new Workload(pairs, Math.Max(1, contender.TripsPerRun / pairs));
                var measured = contender.Run(work);
                results[contender.Name][round] = measured.Nanoseconds / work.Trips;
                if (measured.End != work.End)
                {
                    sameEnd = false;
                    Console.WriteLine(
                        $"{contender.Name} ends at {measured.End}, the workload at {work.End}");
                }
            }
        }

        targets.Check(
            $"{pairs} pairs: everyone ends after {Workload.CyclesPerTrip} cycles a round trip",
            sameEnd);
        return results;
    }

    private static void Print(Dictionary<string, double[]> results, int pairs)
    {
        Console.WriteLine(
            $"{pairs,4} pairs           ns/trip    fastest    of loop   Micro fibers are");
        foreach (var (name, times) in results)
        {
            var ofLoop = Ratio(times, results[Contenders.Loop]);
            var faster = Ratio(times, results[Contenders.Fibers]);
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{name,-18} {Median(times),10:F1} {times.Min(),10:F1} {ofLoop,9:F2}x "
                + $"{faster,8:F2}x faster"));
        }
    }

    private static void Judge(Dictionary<string, double[]> results, int pairs, Targets targets)
    {
        var fibers = results[Contenders.Fibers];
        var ofLoop = Ratio(fibers, results[Contenders.Loop]);
        if (pairs is 1 or 64)
        {
            var limit = pairs == 1 ? 6 : 5;
            targets.Check(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{pairs} pairs: fibers take at most {limit}x the hand loop: {ofLoop:F2}x"),
                ofLoop <= limit);
        }

        foreach (var peer in new[] { Peers.SystemCThread, Peers.SimPy, Peers.Ns3 })
        {
            if (results.TryGetValue(peer, out var times))
            {
                var faster = Ratio(times, fibers);
                targets.Check(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"{pairs} pairs: fibers are faster than {peer}: {faster:F2}x"),
                    faster > 1);
            }
        }

        if (pairs == 64 && results.TryGetValue(Peers.SystemCMethod, out var method))
        {
            var faster = Ratio(method, fibers);
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"moonshot: 64 pairs, fibers pass SC_METHOD if this is over 1: {faster:F2}x"));
        }
    }

    // The median over the rounds of the ratio within a round.
    private static double Ratio(double[] numerator, double[] denominator) =>
        Median([.. numerator.Zip(denominator, (n, d) => n / d)]);

    private static double Median(double[] values)
    {
        var sorted = values.Order().ToArray();
        return sorted[sorted.Length / 2];
    }
}
