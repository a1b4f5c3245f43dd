using System.Globalization;
using Abi.Costs;
using Records;
using Telemetry.Requests;

namespace Telemetry.OpenTelemetry;

/// <summary>
/// Exports the runs of one comparison as spans, while they run: it keeps only requests under way,
/// the slowest if those are wanted, and those that a crash touched, for what became of the crash is
/// known at the end.
/// </summary>
public sealed class SpanExport : IDisposable
{
    private readonly SpanExportOptions options;
    private readonly SdkDiagnostics diagnostics = new();
    private readonly ExportCounts counts = new();
    private readonly SortedDictionary<string, Service> services = new(StringComparer.Ordinal);
    private readonly List<Placement> placements = [];
    private int longTraces;
    private (int Spans, long Request, string Placement) longest;

    /// <summary>Nothing is sent yet.</summary>
    public SpanExport(SpanExportOptions options) => this.options = options;

    /// <summary>Who reads a placement's requests and exports those that are wanted.</summary>
    public IRequestSink Requests(string placement)
    {
        var reader = new Placement(this, placement, placements.Count + 1);
        placements.Add(reader);
        return reader.Builder;
    }

    /// <summary>The runs are over: exports what is left and waits until all has arrived.</summary>
    /// <returns>What was exported, in lines for the user.</returns>
    /// <exception cref="NotExportedException">Not all arrived.</exception>
    public IReadOnlyList<string> Finish(Comparison comparison)
    {
        foreach (var run in comparison.Placements)
        {
            placements.Find(each => each.Name == run.Name)?.Finish(run);
        }

        foreach (var service in services.Values)
        {
            service.Flush();
        }

        if (counts.Arrived != counts.Made)
        {
            throw new NotExportedException(Missing());
        }

        return [.. Said()];
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var service in services.Values)
        {
            service.Dispose();
        }

        diagnostics.Dispose();
    }

    private string Missing()
    {
        var reasons = diagnostics.Messages.Append(counts.Rejection).OfType<string>().ToList();
        var why = reasons.Count > 0 ? string.Join("; ", reasons) : "it did not say why";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{counts.Made - counts.Arrived:N0} of {counts.Made:N0} spans did not arrive: "
            + $"expected an OTLP receiver at {options.Endpoint.Uri} that takes them all ({why})");
    }

    private IEnumerable<string> Said()
    {
        yield return string.Create(
            CultureInfo.InvariantCulture,
            $"{counts.Made:N0} spans, {services.Count:N0} services -> {options.Endpoint.Uri} "
            + $"(run {options.Run.Id}; time is scaled: {options.Scale.Label()})");
        foreach (var placement in placements)
        {
            if (placement.LeftOut > 0)
            {
                yield return string.Create(
                    CultureInfo.InvariantCulture,
                    $"{placement.Name}: exported {placement.Exported:N0} of "
                    + $"{placement.Exported + placement.LeftOut:N0} requests "
                    + $"({options.Choice}); --otlp-requests chooses others");
            }
        }

        if (placements.Any(placement => placement.IsBeyondExact))
        {
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"traces start within 5 minutes; from {TraceStarts.Exact.TotalSeconds:N0} s of "
                + $"shown time on their starts stand closer together than the scale says");
        }

        if (options.Scale == TimeScale.One)
        {
            yield return "the SDK's clock has a resolution of 100 ns: micro.length_ns has the "
                + "true times";
        }

        if (longTraces > 0)
        {
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"warning: traces of more than {SpanExportOptions.ManySpans:N0} spans make viewers "
                + $"slow: there {(longTraces == 1 ? "is" : "are")} {longTraces:N0}, request "
                + $"{longest.Request} of {longest.Placement} has {longest.Spans:N0}");
        }
    }

    private Service ServiceOf(string name)
    {
        if (!services.TryGetValue(name, out var service))
        {
            services.Add(name, service = new Service(name, options, counts));
        }

        return service;
    }

    private void Judge(int spans, long request, string placement)
    {
        if (spans > SpanExportOptions.ManySpans)
        {
            longTraces++;
            longest = longest.Spans < spans ? (spans, request, placement) : longest;
        }
    }

    /// <summary>The requests of one placement.</summary>
    private sealed class Placement
    {
        private readonly SpanExport of;
        private readonly PlacementSpans spans;
        private readonly List<Request> touched = [];

        // The shortest first; of equals the latest.
        private readonly PriorityQueue<Request, (long Length, long Latest)> slowest = new();

        public Placement(SpanExport of, string name, int number)
        {
            this.of = of;
            Name = name;
            spans = new PlacementSpans(name, number, of.options, of.ServiceOf);
            Builder = new RequestBuilder(Take, call =>
            {
                var isWanted = of.options.Choice.MayInclude(call.Request);
                LeftOut += isWanted ? 0 : 1;
                return isWanted;
            });
        }

        public string Name { get; }

        public RequestBuilder Builder { get; }

        /// <summary>How many requests were exported.</summary>
        public long Exported { get; private set; }

        /// <summary>How many were not.</summary>
        public long LeftOut { get; private set; }

        /// <summary>Whether traces start later than at true distances.</summary>
        public bool IsBeyondExact { get; private set; }

        public void Finish(RunResult run)
        {
            while (slowest.TryDequeue(out var request, out _))
            {
                touched.Add(request);
            }

            foreach (var request in touched.OrderBy(each => each.Call.Request))
            {
                Write(request, run.Timeline);
            }

            touched.Clear();
            spans.Write(run);
        }

        private void Take(Request request)
        {
            if (of.options.Choice is RequestChoice.Slowest wanted)
            {
                if (request.Result is not null)
                {
                    slowest.Enqueue(request, (request.Length, -request.Call.Request));
                    if (slowest.Count <= wanted.Count)
                    {
                        return;
                    }

                    slowest.Dequeue();
                }

                LeftOut++;
            }
            else if (IsTouched(request))
            {
                touched.Add(request);
            }
            else
            {
                Write(request, []);
            }
        }

        // By a crash, or by the end of the run.
        private static bool IsTouched(Request request) => request.Result is null
            || request.Pieces.Any(piece => piece.Cause == Cause.Recovery)
            || request.Spans.Any(span => span.IsCut);

        private void Write(Request request, IReadOnlyList<TimelineEntry> timeline)
        {
            if (of.counts.IsBroken)
            {
                // Nobody takes it; but the user is told how many it would have been.
                of.counts.Made += 2L * request.Spans.Count() - 1;
                return;
            }

            Exported++;
            IsBeyondExact |= of.options.Scale.Show(request.Began, of.options.Frequency)
                > TraceStarts.Exact;
            of.Judge(spans.Write(request, timeline), request.Call.Request, Name);
        }
    }
}
