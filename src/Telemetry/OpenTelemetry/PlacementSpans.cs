using System.Diagnostics;
using Abi;
using Abi.Units;
using Records;
using Telemetry.Requests;

namespace Telemetry.OpenTelemetry;

/// <summary>
/// Writes the traces of one placement: one for each request, and one for the life of the machine.
/// Each part of a request that another party does for it is two spans, the caller's and the
/// other's, so that service graphs see who calls whom.
/// </summary>
/// <param name="placement">The placement's name, the first part of its services' names.</param>
/// <param name="number">Its number in the run, from 1.</param>
/// <param name="options">What is known about the run.</param>
/// <param name="services">Finds a service by its name.</param>
internal sealed class PlacementSpans(
    string placement, int number, SpanExportOptions options, Func<string, Service> services)
{
    private const string Program = "app";
    private const string Machine = "machine";
    private const int PlacementShift = 48;

    // The SDK drops what is more without a word (OTEL_SPAN_EVENT_COUNT_LIMIT's default).
    private const int MostEvents = 127;

    private readonly TraceStarts starts = new(options.Now);

    /// <summary>Writes a request.</summary>
    /// <param name="request">The request.</param>
    /// <param name="timeline">The crashes and recoveries of the run, as far as known.</param>
    /// <returns>How many spans its trace has.</returns>
    public int Write(Request request, IReadOnlyList<TimelineEntry> timeline)
    {
        var writing = new RequestTrace(this, request, timeline);
        writing.Write();
        return writing.Spans;
    }

    /// <summary>Writes the life of the machine.</summary>
    public void Write(RunResult run)
    {
        var clock = ClockOf(0);
        var end = Math.Max(
            run.VirtualTime.Cycles,
            run.Timeline.Select(entry => entry.Cycles).DefaultIfEmpty().Max());
        var service = services(Name(Machine));
        var root = service.Begin(
            Labelled("run"), ActivityKind.Internal, Trace(0), clock.At(0));
        AddTimes(root, 0, end);
        AddRun(root);
        root.SetTag("micro.fingerprint", run.Fingerprint);
        root.SetTag("micro.end", KebabCase.Of(run.End.ToString()));
        AddEvents(root, clock, run.Timeline);
        foreach (var loss in run.Losses)
        {
            root.SetTag($"micro.lost.{loss.What.Replace(' ', '_')}", loss.Count);
        }

        if (run.Timeline.FirstOrDefault(entry => entry.Event == "panic") is { } panic)
        {
            SetError(root, "panic", panic.Detail);
        }
        else if (run.End is RunEnd.Deadlock or RunEnd.Limit)
        {
            SetError(root, KebabCase.Of(run.End.ToString()), run.EndDetail);
        }

        service.End(root, clock.At(end));
        foreach (var outage in Outage.Of(run.Timeline))
        {
            var owner = services(Name(outage.Component));
            var down = owner.Begin(
                "down", ActivityKind.Internal, root.Context, clock.At(outage.Began));
            AddTimes(down, outage.Began, outage.Ended ?? end);
            down.SetTag("micro.component", outage.Component);
            AddEvents(down, clock, outage.Entries);
            SetError(down, outage.Entries[0].Event, outage.Entries[0].Detail);
            owner.End(down, clock.At(outage.Ended ?? end));
        }
    }

    private string Name(string component) => $"{placement}/{component}";

    /// <summary>The name of the service that a span belongs to.</summary>
    internal string NameOf(RequestSpan span) =>
        Name(span.Component == "program" ? Program : span.Component);

    /// <summary>The service that a span belongs to.</summary>
    internal Service ServiceOf(RequestSpan span) => services(NameOf(span));

    internal string Labelled(string name) => $"{name} [{options.Scale.Label()}]";

    internal ActivityContext Trace(long request) => new(
        options.Run.Id.TraceId(((ulong)number << PlacementShift) | (ulong)request),
        default, ActivityTraceFlags.Recorded);

    internal TraceClock ClockOf(long origin) => new(
        origin, starts.Of(options.Scale.Show(origin, options.Frequency)), options);

    private long Nanoseconds(long cycles) => options.Frequency.ToNanoseconds(new Cycles(cycles));

    internal void AddRun(Activity root)
    {
        root.SetTag("micro.scenario", options.Run.Scenario);
        root.SetTag("micro.placement", placement);
        root.SetTag("micro.profile", options.Run.Profile);
        root.SetTag("micro.seed", options.Run.Seed);
        root.SetTag("micro.run", options.Run.Id.ToString());
        root.SetTag("micro.time_scale", options.Scale.Label());
    }

    internal void AddTimes(Activity span, long began, long ended)
    {
        span.SetTag("micro.began_ns", Nanoseconds(began));
        span.SetTag("micro.began_cycles", began);
        span.SetTag("micro.length_ns", Nanoseconds(ended - began));
        span.SetTag("micro.length_cycles", ended - began);
    }

    internal void AddEvents(Activity span, TraceClock clock, IReadOnlyList<TimelineEntry> entries)
    {
        foreach (var entry in entries.Take(MostEvents))
        {
            span.AddEvent(new ActivityEvent(entry.Event, clock.At(entry.Cycles), new()
            {
                ["micro.component"] = entry.Component,
                ["micro.incarnation"] = entry.Incarnation,
                ["micro.detail"] = entry.Detail,
                ["micro.at_ns"] = entry.Nanoseconds,
                ["micro.at_cycles"] = entry.Cycles,
            }));
        }

        if (entries.Count > MostEvents)
        {
            span.SetTag("micro.events_left_out", entries.Count - MostEvents);
        }
    }

    internal static void SetError(Activity span, string type, string text)
    {
        span.SetTag("error.type", type);
        span.SetStatus(ActivityStatusCode.Error, text.Length == 0 ? type : $"{type}: {text}");
    }
}
