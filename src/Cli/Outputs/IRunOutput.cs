using Records;

namespace Cli.Outputs;

/// <summary>
/// Something that a run writes besides its report: a log, a trace, an export. It gives readers for
/// each placement before that runs, and is told when all is over.
/// </summary>
internal interface IRunOutput : IDisposable
{
    /// <summary>Who reads the trace of a placement; null: nobody.</summary>
    ITraceSink? Trace(string placement) => null;

    /// <summary>Who reads what becomes of a placement's calls; null: nobody.</summary>
    IRequestSink? Requests(string placement) => null;

    /// <summary>Who reads a placement's finished calls; null: nobody.</summary>
    ICallSink? Calls(string placement) => null;

    /// <summary>The runs are over: writes what is left to write.</summary>
    /// <exception cref="Scenarios.BadInputException">It cannot be written where the user
    /// wants it.</exception>
    /// <exception cref="Telemetry.OpenTelemetry.NotExportedException">Not all of it
    /// arrived.</exception>
    void Finish(Comparison comparison);
}

/// <summary>All that a run writes besides its report.</summary>
internal sealed class RunOutputs(IReadOnlyList<IRunOutput> outputs) : IDisposable
{
    /// <summary>Who reads the trace of a placement; null: nobody.</summary>
    public ITraceSink? Trace(string placement) => Telemetry.Fanouts.Of(
        [.. outputs.Select(output => output.Trace(placement)).OfType<ITraceSink>()]);

    /// <summary>Who reads what becomes of a placement's calls; null: nobody.</summary>
    public IRequestSink? Requests(string placement) => Telemetry.Fanouts.Of(
        [.. outputs.Select(output => output.Requests(placement)).OfType<IRequestSink>()]);

    /// <summary>Who reads a placement's finished calls; null: nobody.</summary>
    public ICallSink? Calls(string placement) => Telemetry.Fanouts.Of(
        [.. outputs.Select(output => output.Calls(placement)).OfType<ICallSink>()]);

    /// <summary>The runs are over: each writes what is left to write.</summary>
    /// <returns>
    /// What did not arrive where it was sent. That is no reason to lose the report, nor the other
    /// outputs.
    /// </returns>
    public IReadOnlyList<string> Finish(Comparison comparison)
    {
        var notExported = new List<string>();
        foreach (var output in outputs)
        {
            try
            {
                output.Finish(comparison);
            }
            catch (Telemetry.OpenTelemetry.NotExportedException exception)
            {
                notExported.Add(exception.Message);
            }
        }

        return notExported;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var output in outputs)
        {
            output.Dispose();
        }
    }
}
