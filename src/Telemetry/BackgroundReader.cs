using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using Records;

namespace Telemetry;

/// <summary>
/// Hands what a run tells to readers on a thread of its own, in the order in which it came, so
/// that a second core does the formatting and writing. A bounded number of records is on its way:
/// a reader that is slower than the run slows it, memory stays flat.
/// </summary>
public sealed class BackgroundReader : IDisposable
{
    private const int RecordsInBatch = 8192;
    private const int Batches = 8;

    private readonly BlockingCollection<Batch> full = new(Batches);
    private readonly ConcurrentBag<Batch> empty = [];
    private readonly Thread worker;
    private readonly ITraceSink? traceReader;
    private readonly IRequestSink? requestReader;
    private Batch batch = new();
    private ExceptionDispatchInfo? failure;
    private bool isFinished;

    /// <summary>Begins to read.</summary>
    /// <param name="trace">Who reads the trace, or null.</param>
    /// <param name="requests">Who reads what becomes of calls, or null.</param>
    public BackgroundReader(ITraceSink? trace, IRequestSink? requests)
    {
        (traceReader, requestReader) = (trace, requests);
        Trace = new TraceWriter(this);
        Requests = new RequestWriter(this);
        worker = new Thread(Work) { IsBackground = true, Name = "reader of a run" };
        worker.Start();
    }

    /// <summary>Takes the run's trace.</summary>
    public ITraceSink Trace { get; }

    /// <summary>Takes what becomes of the run's calls.</summary>
    public IRequestSink Requests { get; }

    /// <summary>The run is over: waits until all is read.</summary>
    public void Finish()
    {
        Stop();
        failure?.Throw();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Stop();
        full.Dispose();
    }

    private void Stop()
    {
        if (!isFinished)
        {
            isFinished = true;
            full.Add(batch);
            full.CompleteAdding();
            worker.Join();
        }
    }

    private void Work()
    {
        foreach (var each in full.GetConsumingEnumerable())
        {
            try
            {
                if (failure is null)
                {
                    each.Replay(traceReader, requestReader);
                }
            }
            catch (Exception exception)
            {
                // The run goes on; Finish tells.
                failure = ExceptionDispatchInfo.Capture(exception);
            }

            each.Clear();
            empty.Add(each);
        }
    }

    private Batch Next(Kind kind)
    {
        if (batch.Kinds.Count >= RecordsInBatch)
        {
            full.Add(batch);
            batch = empty.TryTake(out var spare) ? spare : new Batch();
        }

        batch.Kinds.Add(kind);
        return batch;
    }

    private enum Kind : byte
    {
        Record,
        Begins,
        Step,
        Ends,
        Run,
        RunOfRequests,
        Thread,
        ThreadOfRequests,
        IsUp,
        IsUpOfRequests,
    }

    /// <summary>Some of what came: what each was, and those of each kind in order.</summary>
    private sealed class Batch
    {
        public List<Kind> Kinds { get; } = new(RecordsInBatch);

        public List<TraceRecord> Records { get; } = [];

        public List<StartedCall> Begun { get; } = [];

        public List<RequestStep> Steps { get; } = [];

        public List<(long Request, long? Result, long Now)> Ended { get; } = [];

        public List<RunDescription> Runs { get; } = [];

        public List<ThreadDescription> Threads { get; } = [];

        public List<long> Ups { get; } = [];

        public void Replay(ITraceSink? trace, IRequestSink? requests)
        {
            var (records, begun, steps, ended, runs, threads, ups) = (0, 0, 0, 0, 0, 0, 0);
            foreach (var kind in Kinds)
            {
                switch (kind)
                {
                    case Kind.Record:
                        trace!.Record(Records[records++]);
                        break;
                    case Kind.Begins:
                        requests!.Begins(Begun[begun++]);
                        break;
                    case Kind.Step:
                        requests!.Step(Steps[steps++]);
                        break;
                    case Kind.Ends:
                        var (request, result, now) = Ended[ended++];
                        requests!.Ends(request, result, now);
                        break;
                    case Kind.Run:
                        trace!.Describe(Runs[runs++]);
                        break;
                    case Kind.RunOfRequests:
                        requests!.Describe(Runs[runs++]);
                        break;
                    case Kind.Thread:
                        trace!.Describe(Threads[threads++]);
                        break;
                    case Kind.ThreadOfRequests:
                        requests!.Describe(Threads[threads++]);
                        break;
                    case Kind.IsUp:
                        trace!.IsUp(Ups[ups++]);
                        break;
                    case Kind.IsUpOfRequests:
                        requests!.IsUp(Ups[ups++]);
                        break;
                }
            }
        }

        public void Clear()
        {
            Kinds.Clear();
            Records.Clear();
            Begun.Clear();
            Steps.Clear();
            Ended.Clear();
            Runs.Clear();
            Threads.Clear();
            Ups.Clear();
        }
    }

    private sealed class TraceWriter(BackgroundReader reader) : ITraceSink
    {
        public void Describe(RunDescription run) => reader.Next(Kind.Run).Runs.Add(run);

        public void Describe(in ThreadDescription thread) =>
            reader.Next(Kind.Thread).Threads.Add(thread);

        public void IsUp(long now) => reader.Next(Kind.IsUp).Ups.Add(now);

        public void Record(in TraceRecord record) =>
            reader.Next(Kind.Record).Records.Add(record);
    }

    private sealed class RequestWriter(BackgroundReader reader) : IRequestSink
    {
        public void Describe(RunDescription run) => reader.Next(Kind.RunOfRequests).Runs.Add(run);

        public void Describe(in ThreadDescription thread) =>
            reader.Next(Kind.ThreadOfRequests).Threads.Add(thread);

        public void IsUp(long now) => reader.Next(Kind.IsUpOfRequests).Ups.Add(now);

        public void Begins(in StartedCall call) => reader.Next(Kind.Begins).Begun.Add(call);

        public void Step(in RequestStep step) => reader.Next(Kind.Step).Steps.Add(step);

        public void Ends(long request, long? result, long now) =>
            reader.Next(Kind.Ends).Ended.Add((request, result, now));
    }
}
