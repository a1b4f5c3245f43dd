using System.CommandLine;
using System.Globalization;
using Scenarios;
using Telemetry.OpenTelemetry;

namespace Cli.Outputs;

/// <summary>
/// Whether and where to export by OTLP: `--otlp`, and the variables of the OpenTelemetry
/// specification. Without either endpoint nothing is sent, for a run does not look for a server
/// that nobody spoke of.
/// </summary>
/// <param name="variable">A variable of the environment; null: it is not set.</param>
internal sealed class OtlpOptions(Func<string, string?> variable) : IOutputOptions
{
    private const string Prefix = "OTEL_EXPORTER_OTLP_";
    private const int HttpPort = 4318;
    private readonly SpanOptions spans = new();

    /// <summary>The server; it stands above OTEL_EXPORTER_OTLP_ENDPOINT.</summary>
    public Option<string?> Url { get; } = new("--otlp")
    {
        Description = "Export spans, metrics and the program's log by OTLP to this server, as does "
            + "the variable OTEL_EXPORTER_OTLP_ENDPOINT; http://localhost:4317 is the usual one.",
        HelpName = "URL",
    };

    /// <inheritdoc/>
    public IReadOnlyList<Option> Options => [Url, .. spans.Options];

    /// <inheritdoc/>
    public IEnumerable<IRunOutput> Create(OutputContext context)
    {
        var endpoints = Read(context.Arguments);
        var scale = spans.ReadScale(context.Arguments);
        var choice = spans.ReadRequests(context.Arguments);
        if (endpoints.Traces is { } traces)
        {
            yield return new SpanOutput(context.Terminal, new SpanExport(new SpanExportOptions
            {
                Endpoint = traces,
                Run = context.Run,
                Now = context.Now,
                Scale = scale,
                Choice = choice,
            }));
        }

        if (endpoints.Metrics is { } metrics)
        {
            yield return new MetricsOutput(
                context.Terminal, new MetricsExport(metrics, context.Run));
        }
    }

    /// <summary>What arguments and environment want.</summary>
    /// <exception cref="BadInputException">They cannot be had.</exception>
    public OtlpEndpoints Read(ParseResult arguments)
    {
        var given = arguments.GetValue(Url);
        if (given is null && IsTrue("OTEL_SDK_DISABLED"))
        {
            return OtlpEndpoints.None;
        }

        return new OtlpEndpoints(
            Endpoint(given, "TRACES"), Endpoint(given, "METRICS"), Endpoint(given, "LOGS"));
    }

    private OtlpEndpoint? Endpoint(string? given, string signal)
    {
        switch (Variable($"OTEL_{signal}_EXPORTER"))
        {
            case null or "otlp":
                break;
            case "none":
                return null;
            case { } other:
                throw new BadInputException(
                    $"expected otlp or none in OTEL_{signal}_EXPORTER, not '{other}'");
        }

        // By the specification a signal's own address is taken as it is, the common one is a base.
        var own = given is null ? Variable($"{Prefix}{signal}_ENDPOINT") : null;
        var (text, from) = given is not null ? (given, "--otlp")
            : own is not null ? (own, $"{Prefix}{signal}_ENDPOINT")
            : (Variable(Prefix + "ENDPOINT"), Prefix + "ENDPOINT");
        if (text is null)
        {
            return null;
        }

        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri)
            || (uri.Scheme != Uri.UriSchemeHttp && uri.Scheme != Uri.UriSchemeHttps))
        {
            throw new BadInputException(
                $"expected an address such as http://localhost:4317 in {from}, not '{text}'");
        }

        var transport = Transport(signal, uri);
        if (transport == OtlpTransport.HttpProtobuf && own is null)
        {
            uri = new Uri($"{text.TrimEnd('/')}/v1/{signal.ToLowerInvariant()}");
        }

        return new OtlpEndpoint(uri, transport)
        {
            Headers = For(signal, "HEADERS").Value,
            Timeout = Timeout(signal),
            HasDeltas = signal == "METRICS" && WantsDeltas(),
        };
    }

    // Without a word from the user the port says it: 4318 is registered for OTLP over HTTP.
    private OtlpTransport Transport(string signal, Uri uri) => For(signal, "PROTOCOL") switch
    {
        (_, null) => uri.Port == HttpPort ? OtlpTransport.HttpProtobuf : OtlpTransport.Grpc,
        (_, "grpc") => OtlpTransport.Grpc,
        (_, "http/protobuf") => OtlpTransport.HttpProtobuf,
        var (name, other) => throw new BadInputException(
            $"expected grpc or http/protobuf in {name}, not '{other}'"),
    };

    private TimeSpan Timeout(string signal)
    {
        var (name, text) = For(signal, "TIMEOUT");
        return text is null ? TimeSpan.FromSeconds(10)
            : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count)
                && count > 0
                ? TimeSpan.FromMilliseconds(count)
            : throw new BadInputException($"expected milliseconds in {name}, not '{text}'");
    }

    private bool WantsDeltas()
    {
        var name = Prefix + "METRICS_TEMPORALITY_PREFERENCE";
        return Variable(name)?.ToLowerInvariant() switch
        {
            null or "cumulative" => false,
            "delta" or "lowmemory" => true,
            var other => throw new BadInputException(
                $"expected cumulative, delta or lowmemory in {name}, not '{other}'"),
        };
    }

    private (string Name, string? Value) For(string signal, string what) =>
        Variable($"{Prefix}{signal}_{what}") is { } own
            ? ($"{Prefix}{signal}_{what}", own)
            : (Prefix + what, Variable(Prefix + what));

    private bool IsTrue(string name) =>
        string.Equals(Variable(name), "true", StringComparison.OrdinalIgnoreCase);

    // By the specification an empty variable is one that is not set.
    private string? Variable(string name) => variable(name) is { Length: > 0 } value ? value : null;
}
