using HdrHistogram;
using Microkernel.Accounting;
using Microkernel.Objects;
using Records;

namespace Machine;

/// <summary>
/// Reads the clock at begin and end of each call and keeps the statistics of their differences.
/// Percentiles have three significant digits; count, sum, minimum and maximum are exact.
/// </summary>
internal sealed class CallClock(TraceHub trace, ICallSink? watcher) : ICallClock
{
    private const int SignificantDigits = 3;
    private const long LongestCall = 1L << 50;
    private readonly CallTimes?[] times = new CallTimes?[CallKinds.Count];

    /// <summary>The instant at which the machine was up, cycles.</summary>
    public long Origin { get; set; }

    /// <summary>Calls ended so far.</summary>
    public long Ended { get; private set; }

    public void Begins(Tcb thread, CallRecord call, long now)
    {
        call.Began = now;
        trace.Record(new TraceRecord(
            now, TraceKind.CallBegan, thread.Core.Index, thread.Index, thread.Home.Process,
            Abi.Costs.Cause.Program, (long)call.Call));
    }

    public long Ends(Tcb thread, CallRecord call, long result, long now)
    {
        var length = now - call.Began;
        Ended++;
        LostCalls += call.IsCutShort && result == -(long)Abi.Errno.EIO ? 1 : 0;
        var statistics = times[call.Kind] ??= new CallTimes();
        statistics.Record(length, result);
        trace.Record(new TraceRecord(
            now, TraceKind.CallEnded, thread.Core.Index, thread.Index, thread.Home.Process,
            Abi.Costs.Cause.Program, result));
        var position = thread.CallsEnded++;
        watcher?.Record(new FinishedCall(
            thread.Home.Process, thread.Name, position, call.Call,
            call.A, call.B, call.C,
            call.Text, result, call.Began - Origin, now - Origin));
        return length;
    }

    public long Abandons(CallRecord call, long now)
    {
        var length = now - call.Began;
        var statistics = times[call.Kind] ??= new CallTimes();
        statistics.Unended += length;
        return length;
    }

    /// <summary>Calls that ended with EIO because their server died.</summary>
    public long LostCalls { get; private set; }

    /// <summary>The statistics of each kind of call that ended.</summary>
    public IEnumerable<(int Kind, CallTimes Times)> All =>
        from kind in Enumerable.Range(0, times.Length)
        where times[kind] is { Count: > 0 }
        select (kind, times[kind]!);

    /// <summary>The latencies of one kind of call.</summary>
    internal sealed class CallTimes
    {
        private readonly LongHistogram histogram = new(LongestCall, SignificantDigits);

        public long Count { get; private set; }

        public long Sum { get; private set; }

        public long Minimum { get; private set; } = long.MaxValue;

        public long Maximum { get; private set; }

        public long Errors { get; private set; }

        /// <summary>Cycles of calls that never ended.</summary>
        public long Unended { get; set; }

        public void Record(long length, long result)
        {
            Count++;
            Sum += length;
            Minimum = Math.Min(Minimum, length);
            Maximum = Math.Max(Maximum, length);
            Errors += result < 0 ? 1 : 0;
            histogram.RecordValue(length);
        }

        public long Percentile(double percent) =>
            Math.Clamp(histogram.GetValueAtPercentile(percent), Minimum, Maximum);

        /// <summary>
        /// Which latencies, on the finest grid with few enough buckets. Exact, for each of the
        /// histogram's own buckets (1,024 or more an octave) lies in one of the grid's.
        /// </summary>
        public IReadOnlyList<LatencyBucket> Distribution()
        {
            var recorded = histogram.RecordedValues()
                .Select(each => (Value: each.ValueIteratedTo, each.CountAtValueIteratedTo))
                .ToList();
            for (var perOctave = LatencyGrid.Finest; ; perOctave /= 2)
            {
                var buckets = recorded
                    .GroupBy(each => LatencyGrid.UpperBound(each.Value, perOctave))
                    .Select(each => new LatencyBucket(
                        each.Key, each.Sum(one => one.CountAtValueIteratedTo)))
                    .ToList();
                if (buckets.Count <= LatencyGrid.MaxBuckets || perOctave == 1)
                {
                    return buckets;
                }
            }
        }
    }
}
