using System.Diagnostics;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Telemetry.OpenTelemetry;

/// <summary>
/// A component of a placement as OpenTelemetry sees it: a service, with a resource and a queue of
/// its own.
/// </summary>
internal sealed class Service : IDisposable
{
    private readonly CountingExporter exporter;
    private readonly Queue queue;
    private readonly TracerProvider provider;
    private readonly ActivitySource source;
    private readonly ExportCounts counts;

    public Service(string name, SpanExportOptions options, ExportCounts counts)
    {
        this.counts = counts;
        source = new ActivitySource("Micro/" + name);
        var how = new OtlpExporterOptions();
        options.Endpoint.ApplyTo(how);
        var makeClient = how.HttpClientFactory!;
        how.HttpClientFactory = () => new HttpClient(
            new AttentiveHandler(makeClient(), counts.Reject));
        exporter = new CountingExporter(how, counts);
        queue = new Queue(exporter, source);
        provider = Sdk.CreateTracerProviderBuilder()
            .AddSource(source.Name)
            // A trace with some of its spans is a wrong trace: OTEL_TRACES_SAMPLER does not apply,
            // which requests are exported is chosen before they have spans.
            .SetSampler(new AlwaysOnSampler())
            .SetResourceBuilder(ResourceBuilder.CreateEmpty()
                .AddTelemetrySdk()
                .AddEnvironmentVariableDetector()
                .AddService(
                    name, "micro", autoGenerateServiceInstanceId: false,
                    serviceInstanceId: $"{options.Run.Id}/{name}")
                .AddAttributes(options.Run.Attributes)
                .AddAttributes([new("micro.time_scale", options.Scale.Label())]))
            .AddProcessor(queue)
            .Build();
    }

    /// <summary>
    /// A span that has begun. <see cref="End"/> hands it on. A parent without span id stands for a
    /// trace: then this is its root.
    /// </summary>
    public Activity Begin(
        string name, ActivityKind kind, ActivityContext parent, DateTime began,
        IEnumerable<ActivityLink>? links = null) =>
        source.StartActivity(name, kind, parent, tags: null, links, began)
            ?? throw new InvalidOperationException($"nobody listens to {source.Name}");

    /// <summary>Ends a span of this service and puts it into the queue, which is emptied before if
    /// it is full: the SDK would drop what does not fit.</summary>
    public void End(Activity span, DateTime ended)
    {
        // A length of zero would be understood as "until now": the SDK makes it 100 ns.
        span.SetEndTime(ended);
        counts.Made++;
        if (queue.Entered - exporter.Handled >= queue.Size)
        {
            provider.ForceFlush();
        }

        span.Stop();
    }

    /// <summary>Waits until the queue is empty.</summary>
    public void Flush() => provider.ForceFlush();

    /// <inheritdoc/>
    public void Dispose()
    {
        source.Dispose();
        provider.Dispose();
    }

    /// <summary>The SDK's queue, as its variables OTEL_BSP_* size it, but never below what makes
    /// emptying it worth while.</summary>
    private sealed class Queue(CountingExporter exporter, ActivitySource source)
        : BatchActivityExportProcessor(exporter, Limits.Size, Limits.Delay, Limits.Timeout,
            Limits.Batch)
    {
        /// <summary>How many spans it can hold.</summary>
        public int Size { get; } = Limits.Size;

        /// <summary>How many were put into it.</summary>
        public long Entered { get; private set; }

        // Sources are found by name, and another export in this process may use the same.
        public override void OnEnd(Activity data)
        {
            if (data.Source == source)
            {
                Entered++;
                base.OnEnd(data);
            }
        }

        private static class Limits
        {
            private static readonly BatchExportActivityProcessorOptions Wanted = new();

            public static int Size => Math.Max(8_192, Wanted.MaxQueueSize);

            public static int Delay => Wanted.ScheduledDelayMilliseconds;

            public static int Timeout => Wanted.ExporterTimeoutMilliseconds;

            public static int Batch => Wanted.MaxExportBatchSize;
        }
    }
}
