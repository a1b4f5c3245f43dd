using Abi.Units;
using Records;
using Scenarios;
using Telemetry.Strace;

namespace Cli.Commands;

/// <summary>
/// The calls' logs, one for each placement. Files are made when the first call ends.
/// </summary>
/// <param name="path">The file; "-" is standard output.</param>
/// <param name="output">Standard output.</param>
/// <param name="frequency">The clock that cycles are counted by.</param>
/// <param name="areSeveral">Whether several placements run, so that each needs a name.</param>
internal sealed class StraceLogs(
    string path, TextWriter output, Frequency frequency, bool areSeveral) : IRunOutput
{
    private readonly List<LazyWriter> files = [];

    /// <summary>Who writes a placement's log.</summary>
    public ICallSink? Calls(string placement)
    {
        if (path == "-")
        {
            return new Sink(() =>
            {
                if (areSeveral)
                {
                    output.WriteLine($"+++ placement {placement} +++");
                }

                return new StraceWriter(output, frequency);
            });
        }

        var file = new LazyWriter(areSeveral ? $"{path}.{placement}" : path);
        files.Add(file);
        return new Sink(() => new StraceWriter(file.Open(), frequency));
    }

    /// <summary>Closes the files. A placement that made no call has an empty one.</summary>
    public void Finish(Comparison comparison)
    {
        foreach (var file in files)
        {
            file.Open();
            file.Dispose();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var file in files)
        {
            file.Dispose();
        }
    }

    private sealed class Sink(Func<StraceWriter> open) : ICallSink
    {
        private StraceWriter? writer;

        public void Record(in FinishedCall call) => (writer ??= open()).Record(call);
    }

    private sealed class LazyWriter(string path) : IDisposable
    {
        private StreamWriter? writer;

        public TextWriter Open()
        {
            try
            {
                return writer ??= new StreamWriter(path) { NewLine = "\n" };
            }
            catch (Exception exception) when (exception
                is IOException or UnauthorizedAccessException or ArgumentException)
            {
                throw new BadInputException(
                    $"expected a file that can be written behind --strace: {exception.Message}",
                    exception);
            }
        }

        public void Dispose() => writer?.Dispose();
    }
}
