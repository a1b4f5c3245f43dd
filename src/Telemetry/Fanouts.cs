using Records;

namespace Telemetry;

/// <summary>Makes one reader of several; null of none, so that nothing is recorded.</summary>
public static class Fanouts
{
    /// <summary>One sink that hands each record to all of these, in order.</summary>
    public static ITraceSink? Of(IReadOnlyList<ITraceSink> sinks) =>
        sinks.Count > 1 ? new TraceFanout(sinks) : sinks.Count == 1 ? sinks[0] : null;

    /// <summary>One sink that hands each step to all of these, in order.</summary>
    public static IRequestSink? Of(IReadOnlyList<IRequestSink> sinks) =>
        sinks.Count > 1 ? new RequestFanout(sinks) : sinks.Count == 1 ? sinks[0] : null;

    /// <summary>One sink that hands each call to all of these, in order.</summary>
    public static ICallSink? Of(IReadOnlyList<ICallSink> sinks) =>
        sinks.Count > 1 ? new CallFanout(sinks) : sinks.Count == 1 ? sinks[0] : null;

    private abstract class WatcherFanout(IReadOnlyList<IRunWatcher> watchers) : IRunWatcher
    {
        public void Describe(RunDescription run)
        {
            foreach (var watcher in watchers)
            {
                watcher.Describe(run);
            }
        }

        public void Describe(in ThreadDescription thread)
        {
            foreach (var watcher in watchers)
            {
                watcher.Describe(thread);
            }
        }

        public void IsUp(long now)
        {
            foreach (var watcher in watchers)
            {
                watcher.IsUp(now);
            }
        }
    }

    private sealed class TraceFanout(IReadOnlyList<ITraceSink> sinks)
        : WatcherFanout(sinks), ITraceSink
    {
        public void Record(in TraceRecord record)
        {
            foreach (var sink in sinks)
            {
                sink.Record(record);
            }
        }
    }

    private sealed class RequestFanout(IReadOnlyList<IRequestSink> sinks)
        : WatcherFanout(sinks), IRequestSink
    {
        public void Begins(in StartedCall call)
        {
            foreach (var sink in sinks)
            {
                sink.Begins(call);
            }
        }

        public void Step(in RequestStep step)
        {
            foreach (var sink in sinks)
            {
                sink.Step(step);
            }
        }

        public void Ends(long request, long? result, long now)
        {
            foreach (var sink in sinks)
            {
                sink.Ends(request, result, now);
            }
        }
    }

    private sealed class CallFanout(IReadOnlyList<ICallSink> sinks) : ICallSink
    {
        public void Record(in FinishedCall call)
        {
            foreach (var sink in sinks)
            {
                sink.Record(call);
            }
        }
    }
}
