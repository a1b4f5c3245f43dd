using System.Diagnostics.Metrics;
using System.Globalization;
using Abi;
using Abi.Costs;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using Records;

namespace Telemetry.OpenTelemetry;

/// <summary>
/// Exports the runs of one comparison as metrics, in true seconds of virtual time. Latencies are
/// counted while the runs go on, as each call ends; all else is read off the finished comparison.
/// docs/adr/0009-opentelemetry.md says why.
/// </summary>
public sealed class MetricsExport : IDisposable
{
    // The SDK gives each instrument room for so many series at once, and counts those beyond in
    // one that says so; the most we have are causes x components x placements.
    private const int MostSeries = 10_000;

    private static readonly double[] RepairBounds =
    [
        1e-5, 3e-5, 1e-4, 3e-4, 1e-3, 3e-3, 1e-2, 3e-2, 0.1, 0.3, 1, 3, 10, 30, 100,
    ];

    private static readonly HashSet<string> Work =
    [
        .. Enum.GetValues<Cause>().Where(cause => cause.IsWork()).Select(cause => cause.Name()),
    ];

    private readonly OtlpEndpoint endpoint;
    private readonly double hertz;
    private readonly SdkDiagnostics diagnostics = new();
    private readonly Meter meter;
    private readonly Exporter exporter;
    private readonly MeterProvider provider;
    private readonly Histogram<double> latencies;
    private readonly Histogram<double> repairs;
    private Comparison? finished;
    private string? rejection;

    /// <summary>Nothing is sent yet.</summary>
    public MetricsExport(OtlpEndpoint endpoint, RunIdentity run)
    {
        this.endpoint = endpoint;
        hertz = run.FrequencyHertz;
        meter = new Meter(MetricNames.Meter);
        latencies = meter.CreateHistogram<double>(
            MetricNames.CallDuration, "s", "From the call to its return, in virtual time.");
        repairs = meter.CreateHistogram<double>(
            MetricNames.Repair, "s",
            "From the crash to the first good reply, or to the end of the reboot.");
        Observe();
        var how = new OtlpExporterOptions();
        endpoint.ApplyTo(how);
        var makeClient = how.HttpClientFactory!;
        how.HttpClientFactory = () => new HttpClient(
            new AttentiveHandler(makeClient(), (count, why) => rejection = $"{count} {why}"));
        exporter = new Exporter(how);
        provider = Sdk.CreateMeterProviderBuilder()
            .SetResourceBuilder(ResourceBuilder.CreateEmpty()
                .AddTelemetrySdk()
                .AddService(
                    "micro", "micro", autoGenerateServiceInstanceId: false,
                    serviceInstanceId: run.Id.ToString())
                .AddEnvironmentVariableDetector()
                .AddAttributes(run.Attributes))
            .AddMeter(MetricNames.Meter)
            .AddView(View)
            .AddReader(new BaseExportingMetricReader(exporter)
            {
                TemporalityPreference = endpoint.HasDeltas
                    ? MetricReaderTemporalityPreference.Delta
                    : MetricReaderTemporalityPreference.Cumulative,
            })
            .Build();
    }

    /// <summary>Who counts a placement's latencies.</summary>
    public ICallSink Calls(string placement) => new Latencies(this, placement);

    /// <summary>The runs are over: sends all that is known and waits until it has
    /// arrived.</summary>
    /// <returns>What was sent, in a line for the user.</returns>
    /// <exception cref="NotExportedException">Not all arrived.</exception>
    public string Finish(Comparison comparison)
    {
        foreach (var run in comparison.Placements)
        {
            foreach (var (component, cycles) in Repairs.Of(run.Timeline))
            {
                repairs.Record(
                    cycles / hertz, new(MetricNames.Placement, run.Name),
                    new(MetricNames.Component, component));
            }
        }

        finished = comparison;

        // Not a flush and then a shutdown: each of them sends everything. The exporter has a time
        // limit of its own for each request.
        var isDone = provider.Shutdown();
        if (!isDone || exporter.Failures > 0 || exporter.HasOverflow
            || rejection is not null)
        {
            throw new NotExportedException(NotArrived());
        }

        return string.Create(
            CultureInfo.InvariantCulture,
            $"{exporter.Series:N0} series of metrics -> {endpoint.Uri}");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        provider.Dispose();
        meter.Dispose();
        diagnostics.Dispose();
    }

    private string NotArrived()
    {
        var why = rejection is not null ? $"it rejected {rejection}"
            : diagnostics.Messages is { Count: > 0 } messages ? string.Join("; ", messages)
            : exporter.HasOverflow ? "the SDK had no room for so many"
            : "it did not say why";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"not all of {exporter.Series:N0} series of metrics arrived: expected an OTLP "
            + $"receiver at {endpoint.Uri} that takes them all ({why})");
    }

    // Meters are found by name, and another export in this process may have one of the same name.
    private MetricStreamConfiguration? View(Instrument instrument) =>
        instrument.Meter != meter ? MetricStreamConfiguration.Drop
        : instrument == latencies ? new ExplicitBucketHistogramConfiguration
        {
            CardinalityLimit = MostSeries,
            Boundaries = [.. LatencyGrid.SharedBounds.Select(bound => bound / hertz)],
        }
        : instrument == repairs ? new ExplicitBucketHistogramConfiguration
        {
            CardinalityLimit = MostSeries,
            Boundaries = RepairBounds,
        }
        : new MetricStreamConfiguration { CardinalityLimit = MostSeries };

    private void Observe()
    {
        meter.CreateObservableGauge(
            MetricNames.CallQuantile, () => Each(Quantiles), "s",
            "Quantiles of the latency to three significant digits, as in the report.");
        meter.CreateObservableCounter(
            MetricNames.CallErrors, () => Each(Errors), "{call}",
            "Calls that ended with an errno.");
        meter.CreateObservableCounter(
            MetricNames.Bill, () => Each(Bill), "s",
            "Time of cores (work), and of calls that wait (wait), by cause.");
        meter.CreateObservableCounter(
            MetricNames.Counter, () => Each(Counters), "{event}",
            "The counters of the report; bytes and cycles where their names say so.");
        meter.CreateObservableGauge(
            MetricNames.VirtualTime, () => Each(VirtualTime), "s",
            "How long the run took on the simulated machine.");
        meter.CreateObservableCounter(
            MetricNames.Crashes, () => Each(run => Events(run, "crashed")), "{crash}",
            "Crashes of components.");
        meter.CreateObservableCounter(
            MetricNames.Restarts, () => Each(run => Events(run, "restarted", "rebooted")),
            "{restart}", "Restarts of components, and of the kernel.");
        meter.CreateObservableCounter(
            MetricNames.Losses, () => Each(Losses), "{loss}", "What crashes destroyed.");
    }

    private IEnumerable<Measurement<T>> Each<T>(Func<RunResult, IEnumerable<Measurement<T>>> of)
        where T : struct => finished is null ? [] : finished.Placements.SelectMany(of);

    private IEnumerable<Measurement<double>> Quantiles(RunResult run) =>
        from call in run.Calls
        from quantile in new[]
        {
            (Name: "0.5", Cycles: call.P50Cycles), (Name: "0.99", Cycles: call.P99Cycles),
        }
        select new Measurement<double>(
            quantile.Cycles / hertz, new(MetricNames.Placement, run.Name),
            new(MetricNames.Call, call.Name), new(MetricNames.Quantile, quantile.Name));

    private static IEnumerable<Measurement<long>> Errors(RunResult run) =>
        from call in run.Calls
        select new Measurement<long>(
            call.Errors, new(MetricNames.Placement, run.Name), new(MetricNames.Call, call.Name));

    private IEnumerable<Measurement<double>> Bill(RunResult run) =>
        from line in run.Bill
        select new Measurement<double>(
            line.Cycles / hertz, new(MetricNames.Placement, run.Name),
            new(MetricNames.Cause, line.Cause), new(MetricNames.Component, line.Component),
            new(MetricNames.Kind, Work.Contains(line.Cause) ? "work" : "wait"));

    private static IEnumerable<Measurement<long>> Counters(RunResult run) =>
        from counter in run.Counters
        orderby counter.Key
        select new Measurement<long>(
            counter.Value, new(MetricNames.Placement, run.Name),
            new(MetricNames.CounterName, counter.Key));

    private IEnumerable<Measurement<double>> VirtualTime(RunResult run) =>
    [
        new(run.VirtualTime.Cycles / hertz, new(MetricNames.Placement, run.Name),
            new("micro.run.end", KebabCase.Of(run.End.ToString()))),
    ];

    private static IEnumerable<Measurement<long>> Events(RunResult run, params string[] names) =>
        from entry in run.Timeline
        where names.Contains(entry.Event)
        group entry by entry.Component into component
        select new Measurement<long>(
            component.Count(), new(MetricNames.Placement, run.Name),
            new(MetricNames.Component, component.Key));

    private static IEnumerable<Measurement<long>> Losses(RunResult run) =>
        from loss in run.Losses
        group loss by loss.What into what
        select new Measurement<long>(
            what.Sum(each => each.Count), new(MetricNames.Placement, run.Name),
            new(MetricNames.Loss, what.Key));

    private sealed class Latencies(MetricsExport export, string placement) : ICallSink
    {
        private readonly Dictionary<Abi.Posix.PosixCall, string> names = [];

        public void Record(in FinishedCall call)
        {
            if (!names.TryGetValue(call.Call, out var name))
            {
                names.Add(
                    call.Call,
                    name = KebabCase.Of(call.Call.ToString()).Replace('-', '_'));
            }

            export.latencies.Record(
                (call.Ended - call.Began) / export.hertz,
                new(MetricNames.Placement, placement), new(MetricNames.Call, name));
        }
    }

    /// <summary>The SDK's exporter, and what became of what it was given.</summary>
    private sealed class Exporter(OtlpExporterOptions options) : OtlpMetricExporter(options)
    {
        public int Failures { get; private set; }

        public int Series { get; private set; }

        public bool HasOverflow { get; private set; }

        public override ExportResult Export(in Batch<Metric> metrics)
        {
            foreach (var metric in metrics)
            {
                foreach (ref readonly var point in metric.GetMetricPoints())
                {
                    Series++;
                    foreach (var tag in point.Tags)
                    {
                        HasOverflow |= tag.Key == "otel.metric.overflow";
                    }
                }
            }

            var result = base.Export(metrics);
            Failures += result == ExportResult.Success ? 0 : 1;
            return result;
        }
    }
}
