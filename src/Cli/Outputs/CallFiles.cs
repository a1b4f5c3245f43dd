using Records;
using Telemetry;
using Telemetry.Calls;

namespace Cli.Outputs;

/// <summary>Tables of calls, one for each placement.</summary>
/// <param name="files">The file of each placement.</param>
internal sealed class CallFiles(IReadOnlyDictionary<string, OutputFile> files) : IRunOutput
{
    private readonly Dictionary<string, (CallTable Table, BackgroundReader Reader)> tables = [];

    /// <summary>Who writes a placement's table.</summary>
    public IRequestSink? Requests(string placement)
    {
        var table = new CallTable(files[placement], placement);
        var reader = new BackgroundReader(null, table);
        tables.Add(placement, (table, reader));
        return reader.Requests;
    }

    /// <inheritdoc/>
    public void Finish(Comparison comparison)
    {
        foreach (var (placement, (table, reader)) in tables)
        {
            reader.Finish();
            table.Dispose();
            files[placement].Finish();
        }
    }

    /// <summary>Closes the files first: a run that was not to be leaves none.</summary>
    public void Dispose()
    {
        foreach (var (placement, (table, reader)) in tables)
        {
            reader.Dispose();
            files[placement].Dispose();
            table.Dispose();
        }
    }
}
