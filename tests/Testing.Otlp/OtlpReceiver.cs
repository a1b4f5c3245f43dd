using System.Collections.Concurrent;
using System.IO.Compression;
using Google.Protobuf;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Proto.Collector.Logs.V1;
using OpenTelemetry.Proto.Collector.Metrics.V1;
using OpenTelemetry.Proto.Collector.Trace.V1;

namespace Testing.Otlp;

/// <summary>
/// A server of OTLP on the loopback interface, gRPC and HTTP, each on a port of its own that the
/// system chooses. It decodes with code generated from OTLP's own definitions and keeps all it
/// gets, in order of arrival.
/// </summary>
public sealed class OtlpReceiver : IDisposable
{
    private readonly WebApplication application;
    private int asked;

    private OtlpReceiver(WebApplication application) => this.application = application;

    /// <summary>http://127.0.0.1:PORT of the gRPC server.</summary>
    public string GrpcUrl { get; private init; } = "";

    /// <summary>http://127.0.0.1:PORT of the HTTP server; each signal has its usual
    /// path.</summary>
    public string HttpUrl { get; private init; } = "";

    /// <summary>What came in by the trace service.</summary>
    public ConcurrentQueue<ExportTraceServiceRequest> Traces { get; } = [];

    /// <summary>What came in by the metrics service.</summary>
    public ConcurrentQueue<ExportMetricsServiceRequest> Metrics { get; } = [];

    /// <summary>What came in by the logs service.</summary>
    public ConcurrentQueue<ExportLogsServiceRequest> Logs { get; } = [];

    /// <summary>The headers of each request, in order of arrival.</summary>
    public ConcurrentQueue<IReadOnlyDictionary<string, string>> Headers { get; } = [];

    /// <summary>If set, every request is answered with this HTTP status (gRPC: UNAVAILABLE), and
    /// nothing is kept.</summary>
    public int? Refusal { get; set; }

    /// <summary>If set, requests are kept until there are so many; those after them are refused,
    /// with HTTP 400 (gRPC: INVALID_ARGUMENT), which nobody should try again.</summary>
    public int? Takes { get; set; }

    /// <summary>If set, the answer says that so many spans, data points or records were
    /// rejected.</summary>
    public long Rejected { get; set; }

    /// <summary>A server that is up when this returns.</summary>
    public static OtlpReceiver Start()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(options =>
        {
            // Plain text on one port cannot be both: HTTP/2 has no negotiation there.
            options.Listen(System.Net.IPAddress.Loopback, 0, listen =>
                listen.Protocols = HttpProtocols.Http2);
            options.Listen(System.Net.IPAddress.Loopback, 0, listen =>
                listen.Protocols = HttpProtocols.Http1);
        });
        builder.Logging.ClearProviders();
        builder.Services.AddRouting();
        builder.Services.AddGrpc(options => options.MaxReceiveMessageSize = null);
        var lists = new Lists();
        builder.Services.AddSingleton(lists);
        var application = builder.Build();
        application.UseRouting();
        application.MapGrpcService<TraceEndpoint>();
        application.MapGrpcService<MetricsEndpoint>();
        application.MapGrpcService<LogsEndpoint>();
        Map(application, "/v1/traces", ExportTraceServiceRequest.Parser, lists, Answer);
        Map(application, "/v1/metrics", ExportMetricsServiceRequest.Parser, lists, Answer);
        Map(application, "/v1/logs", ExportLogsServiceRequest.Parser, lists, Answer);
        application.StartAsync().GetAwaiter().GetResult();
        var urls = application.Urls.ToArray();
        var receiver = new OtlpReceiver(application) { GrpcUrl = urls[0], HttpUrl = urls[1] };
        lists.Receiver = receiver;
        return receiver;
    }

    /// <inheritdoc/>
    public void Dispose() => application.DisposeAsync().AsTask().GetAwaiter().GetResult();

    private bool IsFull() => Takes is { } takes && Interlocked.Increment(ref asked) > takes;

    private static void Map<T>(
        WebApplication application, string path, MessageParser<T> parser, Lists lists,
        Func<OtlpReceiver, T, IMessage> answer)
        where T : IMessage<T> => application.MapPost(path, async (HttpContext context) =>
    {
        var receiver = lists.Receiver;
        if (receiver.Refusal is { } status)
        {
            context.Response.StatusCode = status;
            return;
        }

        if (receiver.IsFull())
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            return;
        }

        if (context.Request.ContentType != "application/x-protobuf")
        {
            context.Response.StatusCode = StatusCodes.Status415UnsupportedMediaType;
            return;
        }

        using var body = new MemoryStream();
        await (context.Request.Headers.ContentEncoding == "gzip"
            ? new GZipStream(context.Request.Body, CompressionMode.Decompress)
            : context.Request.Body).CopyToAsync(body);
        receiver.Headers.Enqueue(context.Request.Headers.ToDictionary(
            each => each.Key, each => each.Value.ToString(), StringComparer.OrdinalIgnoreCase));
        var reply = answer(receiver, parser.ParseFrom(body.ToArray()));
        context.Response.ContentType = "application/x-protobuf";
        await context.Response.Body.WriteAsync(reply.ToByteArray());
    });

    private static ExportTraceServiceResponse Answer(
        OtlpReceiver receiver, ExportTraceServiceRequest request)
    {
        receiver.Traces.Enqueue(request);
        var rejected = receiver.Rejected;
        return rejected == 0
            ? new()
            : new() { PartialSuccess = new() { RejectedSpans = rejected } };
    }

    private static ExportMetricsServiceResponse Answer(
        OtlpReceiver receiver, ExportMetricsServiceRequest request)
    {
        receiver.Metrics.Enqueue(request);
        var rejected = receiver.Rejected;
        return rejected == 0
            ? new()
            : new() { PartialSuccess = new() { RejectedDataPoints = rejected } };
    }

    private static ExportLogsServiceResponse Answer(
        OtlpReceiver receiver, ExportLogsServiceRequest request)
    {
        receiver.Logs.Enqueue(request);
        var rejected = receiver.Rejected;
        return rejected == 0
            ? new()
            : new() { PartialSuccess = new() { RejectedLogRecords = rejected } };
    }

    private static T Keep<T>(Lists lists, ServerCallContext context, Func<OtlpReceiver, T> answer)
    {
        var receiver = lists.Receiver;
        if (receiver.Refusal is not null)
        {
            throw new RpcException(new Status(StatusCode.Unavailable, "refused by the test"));
        }

        if (receiver.IsFull())
        {
            throw new RpcException(new Status(StatusCode.InvalidArgument, "refused by the test"));
        }

        receiver.Headers.Enqueue(context.RequestHeaders.Where(each => !each.IsBinary)
            .ToDictionary(
                each => each.Key, each => each.Value, StringComparer.OrdinalIgnoreCase));
        return answer(receiver);
    }

    // The services are made anew for each call and find the receiver here.
    private sealed class Lists
    {
        public OtlpReceiver Receiver { get; set; } = null!;
    }

    private sealed class TraceEndpoint(Lists lists) : TraceService.TraceServiceBase
    {
        public override Task<ExportTraceServiceResponse> Export(
            ExportTraceServiceRequest request, ServerCallContext context) =>
            Task.FromResult(Keep(lists, context, receiver => Answer(receiver, request)));
    }

    private sealed class MetricsEndpoint(Lists lists) : MetricsService.MetricsServiceBase
    {
        public override Task<ExportMetricsServiceResponse> Export(
            ExportMetricsServiceRequest request, ServerCallContext context) =>
            Task.FromResult(Keep(lists, context, receiver => Answer(receiver, request)));
    }

    private sealed class LogsEndpoint(Lists lists) : LogsService.LogsServiceBase
    {
        public override Task<ExportLogsServiceResponse> Export(
            ExportLogsServiceRequest request, ServerCallContext context) =>
            Task.FromResult(Keep(lists, context, receiver => Answer(receiver, request)));
    }
}
