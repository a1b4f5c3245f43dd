using OpenTelemetry.Exporter;

namespace Telemetry.OpenTelemetry;

/// <summary>How OTLP travels.</summary>
public enum OtlpTransport
{
    /// <summary>gRPC, usually on port 4317.</summary>
    Grpc,
    /// <summary>Protocol buffers over HTTP, usually on port 4318.</summary>
    HttpProtobuf,
}

/// <summary>Where one signal (spans, metrics or logs) is sent, and how.</summary>
/// <param name="Uri">
/// Over HTTP the whole address, with the signal's path; over gRPC the server's.
/// </param>
/// <param name="Transport">How.</param>
public sealed record OtlpEndpoint(Uri Uri, OtlpTransport Transport)
{
    /// <summary>What goes into the request's headers: `name=value,name=value`, values
    /// percent-encoded; null: nothing.</summary>
    public string? Headers { get; init; }

    /// <summary>The same, name by name and decoded.</summary>
    public IEnumerable<KeyValuePair<string, string>> HeaderPairs() =>
        from pair in (Headers ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries)
        let parts = pair.Split('=', 2, StringSplitOptions.TrimEntries)
        where parts.Length == 2
        select KeyValuePair.Create(
            System.Uri.UnescapeDataString(parts[0]), System.Uri.UnescapeDataString(parts[1]));

    /// <summary>How long one request may take; the default is the specification's.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Whether metrics are sent as what came since the last time, instead of since the
    /// beginning; for one sending the numbers are the same.</summary>
    public bool HasDeltas { get; init; }

    /// <summary>The same for the SDK's exporter. What is not ours (compression, certificates) it
    /// takes from its OTEL_ variables.</summary>
    internal void ApplyTo(OtlpExporterOptions options)
    {
        options.Protocol = Transport switch
        {
            OtlpTransport.Grpc => OtlpExportProtocol.Grpc,
            OtlpTransport.HttpProtobuf => OtlpExportProtocol.HttpProtobuf,
        };
        options.Endpoint = Uri;
        options.Headers = Headers;
        options.TimeoutMilliseconds = (int)Timeout.TotalMilliseconds;
    }
}

/// <summary>Where each signal is sent; null: it is not.</summary>
/// <param name="Traces">Spans.</param>
/// <param name="Metrics">Metrics.</param>
/// <param name="Logs">The program's log.</param>
public sealed record OtlpEndpoints(OtlpEndpoint? Traces, OtlpEndpoint? Metrics, OtlpEndpoint? Logs)
{
    /// <summary>Nothing is sent.</summary>
    public static OtlpEndpoints None { get; } = new(null, null, null);
}
