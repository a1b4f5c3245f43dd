using HdrHistogram;
using Microkernel.Accounting;

namespace Machine;

/// <summary>The times of a queue's requests, to three significant digits.</summary>
internal sealed class RequestTimes : IRequestTimes
{
    private const int SignificantDigits = 3;
    private const long Longest = 1L << 50;
    private readonly LongHistogram waits = new(Longest, SignificantDigits);
    private readonly LongHistogram sojourns = new(Longest, SignificantDigits);

    public void Waited(long cycles) => waits.RecordValue(Math.Min(cycles, Longest));

    public void Departed(long cycles) => sojourns.RecordValue(Math.Min(cycles, Longest));

    public void Reset()
    {
        waits.Reset();
        sojourns.Reset();
    }

    /// <summary>What that many of a hundred requests waited at most; null if none was
    /// received.</summary>
    public double? WaitPercentile(double percent) => Percentile(waits, percent);

    /// <summary>What that many of a hundred requests were in the system at most; null if none
    /// departed.</summary>
    public double? SojournPercentile(double percent) => Percentile(sojourns, percent);

    private static double? Percentile(LongHistogram histogram, double percent) =>
        histogram.TotalCount == 0 ? null : histogram.GetValueAtPercentile(percent);
}
