using Records;
using Telemetry.Requests;
using Tracing.Tests;

namespace Otlp.Tests.Received;

/// <summary>Errors, crashes and recoveries in spans.</summary>
public sealed class SpanErrorTests : SpanTest
{
    private const string Cut = "EOWNERDEAD: Owner died";
    private const string Panic = "panic: killed by the kernel panic";

    [Fact]
    public void An_errno_is_an_error_of_the_call_and_of_nobody_who_worked_for_it()
    {
        var run = Export(Lab.Text(
            """
            name: nothing there
            processes:
              reader:
                program: |
                  open("/nope", O_RDONLY) = -1 ENOENT
            """));
        foreach (var (placement, requests) in run.Requests)
        {
            var open = requests.Find(request => request.Root.Name == "open")!;
            var trace = TraceOf(run, placement, open);
            var root = trace.Find(span => span.Parent.Length == 0)!;
            Assert.True(root.IsError);
            Assert.Equal("ENOENT: No such file or directory", root.Span.Status.Message);
            Assert.Equal("ENOENT", root.Attributes["error.type"]);
            Assert.Equal("open(\"/nope\", O_RDONLY)", root.Attributes["micro.call"]);
            Assert.Equal("-1 ENOENT (No such file or directory)", root.Attributes["micro.result"]);
            Assert.True(trace.Count > 2);
            Assert.All(trace.Where(span => span != root), span => Assert.False(span.IsError));
        }
    }

    [Theory]
    [InlineData("crash-file-server.yaml", "file-server", "app")]
    [InlineData("crash-disk-driver.yaml", "disk-driver", "file-server")]
    public void A_crash_is_an_error_of_whom_it_cut_and_the_retry_is_linked_to_the_first_try(
        string file, string component, string caller)
    {
        var run = Export(Lab.File(file), null, default, "microkernel");
        var request = Assert.Single(
            run.Requests["microkernel"], each => each.Spans.Any(span => span.IsCut));
        var trace = TraceOf(run, "microkernel", request);
        var byId = trace.ToDictionary(span => span.Id);
        var first = trace.Single(span =>
            span.IsError && span.Service == $"microkernel/{component}");

        // From the dead server back to the one who had asked it, through the kernel.
        var chain = new List<ReceivedSpan> { first };
        while (chain[^1].Service != $"microkernel/{caller}")
        {
            chain.Add(byId[chain[^1].Parent]);
        }

        Assert.Equal(4, chain.Count);
        Assert.All(chain, span => Assert.Equal(Cut, span.Span.Status.Message));
        Assert.Equal(chain.Count, trace.Count(span => span.IsError));
        Assert.Equal(["crashed"], first.Events);
        Assert.Equal(["cut"], chain[1].Events);
        Assert.Equal(["cut"], chain[3].Events);
        Assert.True(request.Result > 0, "the program does not notice");

        var retry = trace.Single(span =>
            span.Service == $"microkernel/{component}" && span.Span.Links.Count > 0);
        var link = Assert.Single(retry.Span.Links);
        Assert.Equal(first.Trace, Convert.ToHexStringLower(link.TraceId.Span));
        Assert.Equal(first.Id, Convert.ToHexStringLower(link.SpanId.Span));
        Assert.False(retry.IsError);
        var asking = byId[retry.Parent];
        Assert.Equal(["retry"], asking.Events);
        Assert.Equal(
            chain[1].Id, Convert.ToHexStringLower(Assert.Single(asking.Span.Links).SpanId.Span));

        // The whole timeline is somewhere in the trace, at its time.
        var root = trace.Single(span => span.Parent.Length == 0);
        var timeline = run.Comparison.Placements[0].Timeline;
        Assert.Equal(
            ["crashed", "detected", "restarted", "rebound", "first-good-reply"],
            timeline.Select(entry => entry.Event));
        AssertHas(
            trace.SelectMany(span => span.Span.Events).Where(each => each.Name is not ("cut"
                or "retry")),
            timeline, root.Times.Start, request.Began, run);
    }

    [Theory]
    [InlineData("crash-file-server.yaml")]
    [InlineData("crash-disk-driver.yaml")]
    public void A_panic_is_an_error_of_every_span_that_it_ended(string file)
    {
        var run = Export(Lab.File(file), null, default, "monolithic");
        var lost = run.Requests["monolithic"].FindAll(each => each.Result is null);
        Assert.NotEmpty(lost);
        foreach (var request in lost)
        {
            var trace = TraceOf(run, "monolithic", request);
            var open = request.Spans.Where(span => span.Ended == request.Ended).ToList();
            Assert.Equal(2 * open.Count - 1, trace.Count(span => span.IsError));
            Assert.All(
                trace.Where(span => span.IsError),
                span => Assert.Equal(Panic, span.Span.Status.Message));
            Assert.Equal("?", trace.Single(span => span.Parent.Length == 0)
                .Attributes["micro.result"]);
            Assert.Contains(trace, span => span.Events.Contains("panic"));
            Assert.Contains(trace, span => span.Events.Contains("crashed"));
        }
    }

    [Fact]
    public void The_life_of_the_machine_is_a_trace_of_its_own_with_all_crashes()
    {
        var run = Export(Lab.File("crash-file-server.yaml"));
        foreach (var result in run.Comparison.Placements)
        {
            var trace = Received.FindAll(span => span.Trace == run.TraceOf(result.Name, 0));
            var root = trace.Single(span => span.Parent.Length == 0);
            Assert.Equal("run [1 ns = 1 us]", root.Span.Name);
            Assert.Equal($"{result.Name}/machine", root.Service);
            Assert.Equal(result.Fingerprint, root.Attributes["micro.fingerprint"]);
            Assert.Equal(result.Name == "monolithic", root.IsError);
            AssertHas(root.Span.Events, result.Timeline, root.Times.Start, 0, run);
            var down = trace.Single(span => span.Service == $"{result.Name}/file-server");
            Assert.Equal(root.Id, down.Parent);
            Assert.True(down.IsError);

            // Until the first good reply, or until the machine is up again.
            Assert.Equal(
                (Shown(result.Timeline[0]), Shown(result.Timeline[^1])), down.Times);

            ulong Shown(TimelineEntry entry) =>
                root.Times.Start + 1_000 * (ulong)entry.Nanoseconds;
        }
    }

    private static void AssertHas(
        IEnumerable<OpenTelemetry.Proto.Trace.V1.Span.Types.Event> events,
        IReadOnlyList<TimelineEntry> timeline, ulong start, long origin, Exported run) =>
        Assert.Equal(
            timeline.Select(entry => (
                entry.Event, entry.Component,
                start + 1_000 * Nanoseconds(entry.Cycles - origin, run))),
            events.OrderBy(each => each.TimeUnixNano).Select(each => (
                each.Name, ReceivedSpan.Texts(each.Attributes)["micro.component"],
                each.TimeUnixNano)));

    private List<ReceivedSpan> TraceOf(Exported run, string placement, Request request) =>
        Received.FindAll(span => span.Trace == run.TraceOf(placement, request));
}
