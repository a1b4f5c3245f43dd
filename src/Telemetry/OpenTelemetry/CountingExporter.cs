using System.Diagnostics;
using OpenTelemetry;
using OpenTelemetry.Exporter;

namespace Telemetry.OpenTelemetry;

/// <summary>
/// The SDK's exporter, which tells nobody whether a batch arrived, with a count of what did.
/// </summary>
internal sealed class CountingExporter(OtlpExporterOptions options, ExportCounts counts)
    : OtlpTraceExporter(options)
{
    private long handled;

    /// <summary>Spans that left the queue, whatever became of them.</summary>
    public long Handled => Interlocked.Read(ref handled);

    /// <inheritdoc/>
    public override ExportResult Export(in Batch<Activity> batch)
    {
        var count = batch.Count;
        var result = counts.IsBroken ? ExportResult.Failure : base.Export(batch);
        if (result == ExportResult.Success)
        {
            counts.Arrive(count);
        }
        else
        {
            counts.Break();
        }

        Interlocked.Add(ref handled, count);
        return result;
    }
}
