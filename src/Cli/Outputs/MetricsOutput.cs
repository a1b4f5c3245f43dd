using Records;
using Telemetry.OpenTelemetry;

namespace Cli.Outputs;

/// <summary>The export of metrics, one for all placements.</summary>
internal sealed class MetricsOutput(Terminal terminal, MetricsExport export) : IRunOutput
{
    /// <inheritdoc/>
    public ICallSink? Calls(string placement) => export.Calls(placement);

    /// <inheritdoc/>
    public void Finish(Comparison comparison) => terminal.Say(export.Finish(comparison));

    /// <inheritdoc/>
    public void Dispose() => export.Dispose();
}
