using System.Diagnostics;
using Abi;
using Abi.Costs;
using Records;
using Telemetry.Requests;
using Telemetry.Strace;

namespace Telemetry.OpenTelemetry;

/// <summary>One request on its way into a trace.</summary>
internal sealed class RequestTrace
{
    private readonly PlacementSpans of;
    private readonly Request request;
    private readonly TraceClock clock;
    private readonly Dictionary<RequestSpan, List<TimelineEntry>> events = [];
    private readonly bool isPanic;

    // By number of span: what its caller's and its own span are called in the trace.
    private readonly Dictionary<int, (ActivityContext Caller, ActivityContext Own)> contexts =
        [];

    public RequestTrace(
        PlacementSpans of, Request request, IReadOnlyList<TimelineEntry> timeline)
    {
        this.of = of;
        this.request = request;
        clock = of.ClockOf(request.Began);
        foreach (var entry in ThatConcern(timeline))
        {
            var place = PlaceOf(entry);
            if (!events.TryGetValue(place, out var list))
            {
                events.Add(place, list = []);
            }

            list.Add(entry);
            isPanic |= entry.Event == "panic" && request.Result is null;
        }
    }

    /// <summary>How many spans were written.</summary>
    public int Spans { get; private set; }

    public void Write()
    {
        var root = request.Root;
        var service = of.ServiceOf(root);
        var span = service.Begin(
            of.Labelled(root.Name), ActivityKind.Internal, of.Trace(request.Call.Request),
            clock.At(root.Began));
        of.AddRun(span);
        AddRequest(span);
        AddCauses(span, "micro.bill.", request.Pieces);
        AddOwn(span, root);
        if (WasPanicOf(root))
        {
            PlacementSpans.SetError(span, "panic", "killed by the kernel panic");
        }
        else if (request.Result < 0)
        {
            // The caller's view: what it asked for was not done. Whether the program expects
            // that is its own affair, as with a 404.
            SetError(span, (Errno)(-request.Result.Value));
        }

        contexts.Add(root.Id, (default, span.Context));
        End(service, span, root.Ended);
        foreach (var each in request.Spans.Skip(1))
        {
            WritePair(each);
        }
    }

    private void WritePair(RequestSpan span)
    {
        var parent = span.Parent!;
        var callers = of.ServiceOf(parent);
        var own = of.ServiceOf(span);
        var retried = span.RetryOf is { } first ? contexts[first.Id] : default;
        var began = clock.At(span.Began);

        var caller = callers.Begin(
            span.Name, ActivityKind.Client, contexts[parent.Id].Own, began,
            LinksTo(retried.Caller));
        of.AddTimes(caller, span.Began, span.Ended);
        caller.SetTag("peer.service", of.NameOf(span));
        AddThread(caller, parent);
        AddCrossing(caller, span);

        var callee = own.Begin(
            span.Name, ActivityKind.Server, caller.Context, began, LinksTo(retried.Own));
        AddThread(callee, span);
        AddCrossing(callee, span);
        AddOwn(callee, span);
        if (span.RetryOf is not null)
        {
            var retry = new ActivityEvent("retry", began, new()
            {
                ["micro.detail"] = "its first try was cut: see the link",
                ["micro.first_span_id"] = retried.Caller.SpanId.ToHexString(),
            });
            caller.AddEvent(retry);
        }

        if (WasPanicOf(span))
        {
            PlacementSpans.SetError(caller, "panic", "killed by the kernel panic");
            PlacementSpans.SetError(callee, "panic", "killed by the kernel panic");
        }
        else if (IsCut(span))
        {
            SetError(caller, Errno.EOWNERDEAD);
            SetError(callee, Errno.EOWNERDEAD);
            caller.AddEvent(new ActivityEvent("cut", clock.At(span.Ended), new()
            {
                ["micro.component"] = span.Component,
                ["micro.detail"] = "who worked on it died; its caller hears EOWNERDEAD",
            }));
        }

        contexts.Add(span.Id, (caller.Context, callee.Context));
        End(own, callee, span.Ended);
        End(callers, caller, span.Ended);
    }

    private void End(Service service, Activity span, long ended)
    {
        service.End(span, clock.At(ended));
        Spans++;
    }

    private void AddRequest(Activity span)
    {
        var call = request.Call;
        span.SetTag("micro.request", call.Request);
        span.SetTag("micro.process", call.ProcessName);
        span.SetTag("micro.pid", call.Process);
        span.SetTag("micro.position", call.Position);
        span.SetTag("micro.call", CallText.CallOf(call, request.Result));
        span.SetTag("micro.result", CallText.ResultOf(call, request.Result));
    }

    private void AddOwn(Activity activity, RequestSpan span)
    {
        of.AddTimes(activity, span.Began, span.Ended);
        activity.SetTag("micro.span", span.Id);
        AddCauses(activity, "micro.cycles.", span.Pieces);
        if (span.Parent is null)
        {
            AddThread(activity, span);
        }

        if (events.TryGetValue(span, out var entries))
        {
            of.AddEvents(activity, clock, entries);
        }
    }

    private static void AddThread(Activity activity, RequestSpan span)
    {
        activity.SetTag("thread.id", span.Thread);
        activity.SetTag("thread.name", span.ThreadName);
    }

    private static void AddCrossing(Activity activity, RequestSpan span) => activity.SetTag(
        "micro.crossing",
        span.Crossing is { } crossing ? KebabCase.Of(crossing.ToString()) : "trap");

    private static IEnumerable<ActivityLink>? LinksTo(ActivityContext first) =>
        first == default
            ? null
            : [new ActivityLink(first, new() { ["micro.link"] = "retry-of" })];

    // The kernel hands its caller the death of whom it asked last.
    private static bool IsCut(RequestSpan span) => span.IsCut
        || (span.Role == SpanRole.Kernel
            && span.Children is [.., { Role: SpanRole.Component, IsCut: true }]);

    private bool WasPanicOf(RequestSpan span) => isPanic && span.Ended == request.Ended;

    private List<TimelineEntry> ThatConcern(IReadOnlyList<TimelineEntry> timeline)
    {
        var parties = request.Spans.Select(span => span.Component).Append("kernel").ToHashSet();
        var meanwhile = timeline.Where(entry =>
            entry.Cycles >= request.Began && entry.Cycles <= request.Ended).ToList();
        var own = meanwhile.FindAll(entry => parties.Contains(entry.Component));

        // Who gave up waiting never reached the component that was down.
        return own.Count > 0 ? own : meanwhile;
    }

    private RequestSpan PlaceOf(TimelineEntry entry)
    {
        var there = request.Spans.Where(span =>
            span.Began <= entry.Cycles && entry.Cycles <= span.Ended).ToList();
        return there.FindLast(span => span.IsCut && span.Component == entry.Component)
            ?? there.FindLast(span => span.Component == entry.Component)
            ?? there.MaxBy(span => span.Depth)
            ?? request.Root;
    }

    private static void SetError(Activity span, Errno error) =>
        PlacementSpans.SetError(span, error.ToString(), error.Text());

    private static void AddCauses(
        Activity span, string prefix, IEnumerable<RequestPiece> pieces)
    {
        foreach (var cause in pieces.GroupBy(piece => piece.Cause).OrderBy(group => group.Key))
        {
            span.SetTag(prefix + cause.Key.Name(), cause.Sum(piece => piece.Length));
        }
    }
}
