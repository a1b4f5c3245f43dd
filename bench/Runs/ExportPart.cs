using System.Globalization;

namespace Bench.Runs;

/// <summary>
/// Wall time, bytes and memory of everything that can be written of each call, against the same
/// run with nothing written.
/// </summary>
internal static class ExportPart
{
    private const int Rounds = 3;
    private const long Few = 10_000;
    private const long Many = 1_000_000;
    private const double TimeLimit = 1.5;
    private const double MemorySlack = 1.2;

    // Text of more than 20 events a call: what it takes is what writing so much text takes.
    private const string Trace = "trace";
    private static readonly string[] s_outputs = ["records", "summary", "strace", "calls", Trace];

    public static bool Run()
    {
        var plain = new ExportSample[Rounds];
        var samples = s_outputs.ToDictionary(output => output, _ => new ExportSample[Rounds]);
        for (var round = 0; round < Rounds; round++)
        {
            plain[round] = ExportSample.Take("none", Many);
            foreach (var output in s_outputs)
            {
                samples[output][round] = ExportSample.Take(output, Many);
            }
        }

        var targets = new Targets();
        foreach (var output in s_outputs)
        {
            Judge(targets, output, plain, samples[output]);
        }

        return targets.AllMet;
    }

    private static void Judge(
        Targets targets, string output, ExportSample[] plain, ExportSample[] samples)
    {
        var ratio = Median(samples.Zip(plain, (sample, off) => sample.Seconds / off.Seconds));
        var extra = Median(samples.Zip(plain, (sample, off) => sample.Seconds - off.Seconds));
        var processor = Median(
            samples.Zip(plain, (sample, off) => sample.Processor / off.Processor));
        var peak = Median(samples.Select(sample => sample.PeakMegabytes));
        var few = ExportSample.Take(output, Few).PeakMegabytes;
        var bytes = samples[0].Bytes;
        var records = samples[0].Records;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{output}: {(double)bytes / Many:N0} bytes a call, {(double)records / Many:F1} "
            + $"records a call; {extra / Many * 1e9:N0} ns a call, "
            + $"{Many / extra / 1e6:F2} million calls and {bytes / extra / 1e6:N0} MB a second; "
            + $"{processor:F2} times the processor time"));
        if (output == Trace)
        {
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{output}: on takes {ratio:F2} times as long as off (no target)"));
        }
        else
        {
            targets.Check(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{output}: on takes {ratio:F2} times as long as off (at most {TimeLimit})"),
                ratio <= TimeLimit);
        }

        targets.Check(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{output}: peak memory of {Many:N0} calls is {peak:F0} MB, {peak / few:F2} times "
                + $"that of {Few:N0} (at most {MemorySlack})"),
            peak <= few * MemorySlack);
    }

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        return sorted[sorted.Count / 2];
    }
}
