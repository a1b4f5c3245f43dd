namespace Telemetry.OpenTelemetry;

/// <summary>The names of metrics and their attributes; docs/opentelemetry.md lists them.</summary>
internal static class MetricNames
{
    public const string Meter = "Micro";

    public const string CallDuration = "micro.call.duration";
    public const string CallQuantile = "micro.call.duration.quantile";
    public const string CallErrors = "micro.call.errors";
    public const string Bill = "micro.bill.time";
    public const string Counter = "micro.counter";
    public const string VirtualTime = "micro.run.virtual_time";
    public const string Crashes = "micro.crashes";
    public const string Restarts = "micro.restarts";
    public const string Repair = "micro.repair.duration";
    public const string Losses = "micro.losses";

    public const string Placement = "micro.placement";
    public const string Call = "micro.call";
    public const string Quantile = "micro.quantile";
    public const string Cause = "micro.cause";
    public const string Component = "micro.component";
    public const string Kind = "micro.bill.kind";
    public const string CounterName = "micro.counter.name";
    public const string Loss = "micro.loss";
}
