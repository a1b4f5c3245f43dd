using Abi.Units;
using Telemetry.Requests;

namespace Telemetry.OpenTelemetry;

/// <summary>What is exported as spans, where to and how.</summary>
public sealed record SpanExportOptions
{
    /// <summary>How many requests of each placement are exported if nothing else is said.</summary>
    public const int DefaultRequests = 1_000;

    /// <summary>More spans in a trace than this, and viewers become slow.</summary>
    public const int ManySpans = 5_000;

    /// <summary>Where to.</summary>
    public required OtlpEndpoint Endpoint { get; init; }

    /// <summary>What is known of the run; its id is in all trace ids.</summary>
    public required RunIdentity Run { get; init; }

    /// <summary>Now, on the wall clock: where traces start.</summary>
    public required DateTimeOffset Now { get; init; }

    /// <summary>How virtual time is shown.</summary>
    public TimeScale Scale { get; init; }

    /// <summary>Which requests of each placement.</summary>
    public RequestChoice Choice { get; init; } = new RequestChoice.First(DefaultRequests);

    /// <summary>The clock that cycles are counted by.</summary>
    internal Frequency Frequency => new(Run.FrequencyHertz);
}
