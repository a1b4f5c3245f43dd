using OpenTelemetry.Proto.Common.V1;
using OpenTelemetry.Proto.Trace.V1;
using Testing.Otlp;

namespace Otlp.Tests.Received;

/// <summary>A span as it arrived, with the resource it came from.</summary>
internal sealed record ReceivedSpan(Span Span, IReadOnlyDictionary<string, string> Resource)
{
    /// <summary>The name of its service.</summary>
    public string Service => Resource["service.name"];

    /// <summary>Its attributes as text.</summary>
    public IReadOnlyDictionary<string, string> Attributes { get; } = Texts(Span.Attributes);

    /// <summary>Its trace, 32 hexadecimal digits.</summary>
    public string Trace => Convert.ToHexStringLower(Span.TraceId.Span);

    /// <summary>Its id.</summary>
    public string Id => Convert.ToHexStringLower(Span.SpanId.Span);

    /// <summary>Its parent's id, or empty.</summary>
    public string Parent => Convert.ToHexStringLower(Span.ParentSpanId.Span);

    /// <summary>When it starts and ends, nanoseconds.</summary>
    public (ulong Start, ulong End) Times => (Span.StartTimeUnixNano, Span.EndTimeUnixNano);

    /// <summary>The names of its events, in order.</summary>
    public IEnumerable<string> Events => Span.Events.Select(each => each.Name);

    /// <summary>Whether its status is an error.</summary>
    public bool IsError => Span.Status?.Code == Status.Types.StatusCode.Error;

    /// <summary>Everything that a receiver has.</summary>
    public static List<ReceivedSpan> AllOf(OtlpReceiver receiver) =>
    [
        .. from request in receiver.Traces
           from resource in request.ResourceSpans
           let texts = Texts(resource.Resource.Attributes)
           from scope in resource.ScopeSpans
           from span in scope.Spans
           select new ReceivedSpan(span, texts),
    ];

    /// <summary>Attributes as text.</summary>
    public static IReadOnlyDictionary<string, string> Texts(IEnumerable<KeyValue> attributes) =>
        attributes.ToDictionary(
            each => each.Key,
            each => each.Value.ValueCase == AnyValue.ValueOneofCase.StringValue
                ? each.Value.StringValue
                : FormattableString.Invariant($"{each.Value.IntValue}"));
}
