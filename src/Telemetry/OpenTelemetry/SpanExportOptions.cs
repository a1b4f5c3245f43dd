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

    /// <summary>The run's id, in all trace ids.</summary>
    public required RunId Run { get; init; }

    /// <summary>Now, on the wall clock: where traces start.</summary>
    public required DateTimeOffset Now { get; init; }

    /// <summary>The scenario's name.</summary>
    public required string Scenario { get; init; }

    /// <summary>The cost profile's name.</summary>
    public required string Profile { get; init; }

    /// <summary>The seed of its random streams.</summary>
    public required long Seed { get; init; }

    /// <summary>The clock that cycles are counted by.</summary>
    public required Frequency Frequency { get; init; }

    /// <summary>How virtual time is shown.</summary>
    public TimeScale Scale { get; init; }

    /// <summary>Which requests of each placement.</summary>
    public RequestChoice Choice { get; init; } = new RequestChoice.First(DefaultRequests);

    /// <summary>The namespace of all services.</summary>
    public string Namespace => "micro";
}
