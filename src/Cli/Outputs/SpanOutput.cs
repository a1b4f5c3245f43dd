using Records;
using Telemetry.OpenTelemetry;

namespace Cli.Outputs;

/// <summary>The export of spans, one for all placements.</summary>
internal sealed class SpanOutput(Terminal terminal, SpanExport export) : IRunOutput
{
    /// <inheritdoc/>
    public IRequestSink? Requests(string placement) => export.Requests(placement);

    /// <inheritdoc/>
    public void Finish(Comparison comparison)
    {
        foreach (var line in export.Finish(comparison))
        {
            terminal.Say(line);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => export.Dispose();
}
