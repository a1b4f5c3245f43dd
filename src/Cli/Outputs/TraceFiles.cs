using Records;
using Telemetry;
using Telemetry.TraceEvents;

namespace Cli.Outputs;

/// <summary>Traces for Perfetto and chrome://tracing, one for each placement.</summary>
/// <param name="files">The file of each placement.</param>
/// <param name="facts">What each file says about itself besides its placement.</param>
internal sealed class TraceFiles(
    IReadOnlyDictionary<string, OutputFile> files, IReadOnlyList<(string, string)> facts)
    : IRunOutput
{
    private readonly Dictionary<string, (TraceEventExport Export, BackgroundReader Reader)> exports
        = [];

    /// <summary>Who writes a placement's trace.</summary>
    public ITraceSink? Trace(string placement) => Of(placement).Trace;

    /// <summary>Who draws a placement's calls in it.</summary>
    public IRequestSink? Requests(string placement) => Of(placement).Requests;

    /// <inheritdoc/>
    public void Finish(Comparison comparison)
    {
        foreach (var (placement, (export, reader)) in exports)
        {
            reader.Finish();
            export.Finish();
            files[placement].Finish();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var (placement, (export, reader)) in exports)
        {
            reader.Dispose();
            export.Dispose();
            files[placement].Dispose();
        }
    }

    private BackgroundReader Of(string placement)
    {
        if (!exports.TryGetValue(placement, out var found))
        {
            var export = new TraceEventExport(
                files[placement], [.. facts, ("placement", placement)]);
            found = (export, new BackgroundReader(export, export.Requests));
            exports.Add(placement, found);
        }

        return found.Reader;
    }
}
