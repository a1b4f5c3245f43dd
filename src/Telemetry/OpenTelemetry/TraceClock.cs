namespace Telemetry.OpenTelemetry;

/// <summary>From virtual time to a trace's: its beginning stands somewhere near now, and all
/// that follows at its distance on the scale.</summary>
internal readonly record struct TraceClock(long Origin, DateTime Start, SpanExportOptions Options)
{
    public DateTime At(long cycles) =>
        Start + Options.Scale.Show(cycles - Origin, Options.Frequency);
}
