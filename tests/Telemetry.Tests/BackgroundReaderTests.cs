using Abi.Costs;
using Abi.Posix;
using Records;

namespace Telemetry.Tests;

public sealed class BackgroundReaderTests
{
    // More than are under way at once, so that batches are used again.
    private const int Many = 200_000;

    [Fact]
    public void Everything_comes_in_the_order_in_which_it_was_told()
    {
        var recorder = new Recorder();
        using var reader = new BackgroundReader(recorder, recorder.Requests);
        var run = new RunDescription(1, 1, [], []);
        reader.Trace.Describe(run);
        reader.Requests.Describe(run);
        reader.Trace.Describe(new ThreadDescription(4, "", 0, 0, 0));
        reader.Requests.Describe(new ThreadDescription(5, "", 0, 0, 0));
        reader.Trace.IsUp(6);
        reader.Requests.IsUp(7);
        for (var i = 0L; i < Many; i += 4)
        {
            reader.Requests.Begins(
                new StartedCall(i, 0, "", 0, 0, PosixCall.Read, 0, 0, 0, "", 0));
            reader.Trace.Record(
                new TraceRecord(i + 1, TraceKind.Run, 0, 0, 0, Cause.Program, 0));
            reader.Requests.Step(
                new RequestStep(i + 2, RequestStepKind.Trapped, 0, 0, 0, 0, 0, 0, 0));
            reader.Requests.Ends(i + 3, null, 0);
        }

        reader.Finish();
        Assert.Equal(
            [
                "run", "requests' run", "thread 4", "requests' thread 5", "up 6",
                "requests' up 7",
            ],
            recorder.Words);
        Assert.Equal(Enumerable.Range(0, Many).Select(i => (long)i), recorder.Numbers);
    }

    [Fact]
    public void What_goes_wrong_is_told_at_the_end()
    {
        using var reader = new BackgroundReader(new Thrower(), null);
        for (var i = 0; i < Many; i++)
        {
            reader.Trace.Record(default);
        }

        Assert.Equal(
            "no", Assert.Throws<InvalidOperationException>(reader.Finish).Message);
    }

    private sealed class Thrower : ITraceSink
    {
        public void Record(in TraceRecord record) => throw new InvalidOperationException("no");
    }

    private sealed class Recorder : ITraceSink
    {
        public Recorder() => Requests = new RequestRecorder(this);

        public IRequestSink Requests { get; }

        public List<string> Words { get; } = [];

        public List<long> Numbers { get; } = [];

        public void Describe(RunDescription run) => Words.Add("run");

        public void Describe(in ThreadDescription thread) => Words.Add($"thread {thread.Index}");

        public void IsUp(long now) => Words.Add($"up {now}");

        public void Record(in TraceRecord record) => Numbers.Add(record.Time);
    }

    private sealed class RequestRecorder(Recorder recorder) : IRequestSink
    {
        public void Describe(RunDescription run) => recorder.Words.Add("requests' run");

        public void Describe(in ThreadDescription thread) =>
            recorder.Words.Add($"requests' thread {thread.Index}");

        public void IsUp(long now) => recorder.Words.Add($"requests' up {now}");

        public void Begins(in StartedCall call) => recorder.Numbers.Add(call.Request);

        public void Step(in RequestStep step) => recorder.Numbers.Add(step.Request);

        public void Ends(long request, long? result, long now) => recorder.Numbers.Add(request);
    }
}
