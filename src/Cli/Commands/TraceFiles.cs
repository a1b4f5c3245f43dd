using Records;
using Telemetry.TraceEvents;

namespace Cli.Commands;

/// <summary>Traces for Perfetto and chrome://tracing, one for each placement.</summary>
/// <param name="files">The file of each placement.</param>
/// <param name="facts">What each file says about itself besides its placement.</param>
internal sealed class TraceFiles(
    IReadOnlyDictionary<string, OutputFile> files, IReadOnlyList<(string, string)> facts)
    : IRunOutput
{
    private readonly Dictionary<string, TraceEventExport> exports = [];

    /// <summary>Who writes a placement's trace.</summary>
    public ITraceSink? Trace(string placement) => Of(placement);

    /// <summary>Who draws a placement's calls in it.</summary>
    public IRequestSink? Requests(string placement) => Of(placement).Requests;

    /// <inheritdoc/>
    public void Finish(Comparison comparison)
    {
        foreach (var (placement, export) in exports)
        {
            export.Finish();
            files[placement].Finish();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var (placement, export) in exports)
        {
            export.Dispose();
            files[placement].Dispose();
        }
    }

    private TraceEventExport Of(string placement)
    {
        if (!exports.TryGetValue(placement, out var export))
        {
            export = new TraceEventExport(
                files[placement], [.. facts, ("placement", placement)]);
            exports.Add(placement, export);
        }

        return export;
    }
}
