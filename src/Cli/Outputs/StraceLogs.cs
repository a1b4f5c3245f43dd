using System.Text;
using Abi.Units;
using Records;
using Telemetry;
using Telemetry.Strace;

namespace Cli.Outputs;

/// <summary>What strace would print of each placement.</summary>
internal enum StraceContent
{
    /// <summary>A line for each call.</summary>
    Log,
    /// <summary>The table of `strace -c`.</summary>
    Summary,
    /// <summary>The lines and then the table, as `strace -C` does.</summary>
    Both,
}

/// <summary>
/// The calls' logs and summaries, one for each placement. Files are made when the first call ends.
/// </summary>
/// <param name="files">The file of each placement; null: all goes to standard output.</param>
/// <param name="output">Standard output.</param>
/// <param name="content">What is written.</param>
/// <param name="frequency">The clock that cycles are counted by.</param>
/// <param name="areSeveral">Whether several placements run, so that standard output needs their
/// names.</param>
internal sealed class StraceLogs(
    IReadOnlyDictionary<string, OutputFile>? files, TextWriter output, StraceContent content,
    Frequency frequency, bool areSeveral) : IRunOutput
{
    private readonly List<Placement> placements = [];

    /// <summary>Who writes a placement's log.</summary>
    public ICallSink? Calls(string placement)
    {
        var writer = files is null
            ? output
            : new StreamWriter(files[placement], new UTF8Encoding(false)) { NewLine = "\n" };
        var summary = content == StraceContent.Log ? null : new StraceSummary(frequency);
        var added = new Placement(placement, writer, summary);
        placements.Add(added);
        var sinks = new List<ICallSink>();
        if (content != StraceContent.Summary)
        {
            sinks.Add(new Log(added, Head, frequency));
        }

        if (summary is not null)
        {
            sinks.Add(summary);
        }

        return Fanouts.Of(sinks);
    }

    /// <summary>Writes the summaries and closes the files. A placement that made no call has an
    /// empty log.</summary>
    public void Finish(Comparison comparison)
    {
        foreach (var placement in placements)
        {
            if (placement.Summary is { } summary)
            {
                Head(placement);
                summary.Write(placement.Writer);
            }

            if (files is not null)
            {
                placement.Writer.Flush();
                files[placement.Name].Finish();
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (files is not null)
        {
            placements.ForEach(placement => placement.Writer.Dispose());
        }
    }

    private void Head(Placement placement)
    {
        if (files is null && areSeveral && !placement.HasHead)
        {
            placement.HasHead = true;
            output.WriteLine($"+++ placement {placement.Name} +++");
        }
    }

    private sealed class Placement(string name, TextWriter writer, StraceSummary? summary)
    {
        public string Name => name;

        public TextWriter Writer => writer;

        public StraceSummary? Summary => summary;

        public bool HasHead { get; set; }
    }

    private sealed class Log(Placement placement, Action<Placement> head, Frequency frequency)
        : ICallSink
    {
        private StraceWriter? writer;

        public void Record(in FinishedCall call)
        {
            if (writer is null)
            {
                head(placement);
                writer = new StraceWriter(placement.Writer, frequency);
            }

            writer.Record(call);
        }
    }
}
