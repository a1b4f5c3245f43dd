using Scenarios;

namespace Cli.Outputs;

/// <summary>
/// The files that a run writes besides its report. All are looked at before anything runs: each
/// can be written, and none is another one or what the run reads.
/// </summary>
/// <param name="placements">The placements that run: if there are several, each has files of its
/// own.</param>
/// <param name="scenario">The scenario's file.</param>
internal sealed class OutputFiles(IReadOnlyList<string> placements, string scenario)
{
    private static readonly string[] s_extensions = [".json", ".csv"];
    private readonly List<(string Option, string Path)> taken =
        [("the scenario", Path.GetFullPath(scenario))];

    /// <summary>The file of an option for each placement.</summary>
    /// <exception cref="BadInputException">It cannot be written, or is one of the
    /// others.</exception>
    public Dictionary<string, OutputFile> Of(string option, string path)
    {
        if (path == "-")
        {
            throw new BadInputException(
                $"expected a file behind {option}: the report has standard output");
        }

        var files = new Dictionary<string, OutputFile>();
        foreach (var placement in placements)
        {
            var name = placements.Count > 1 ? NameFor(path, placement) : path;
            var file = new OutputFile(option, name);
            file.Check();
            var full = Path.GetFullPath(name);
            if (taken.Find(each => each.Path == full) is { Option: { } other })
            {
                throw new BadInputException(
                    $"expected a file of its own behind {option}: {name} is that of {other}");
            }

            taken.Add((option, full));
            files.Add(placement, file);
        }

        return files;
    }

    /// <summary>out.json is out.microkernel.json, so that it stays what its ending says; log is
    /// log.microkernel.</summary>
    private static string NameFor(string path, string placement)
    {
        var extension = s_extensions.FirstOrDefault(
            each => path.EndsWith(each, StringComparison.OrdinalIgnoreCase)) ?? "";
        return $"{path[..^extension.Length]}.{placement}{path[^extension.Length..]}";
    }
}

/// <summary>
/// A file that is made when the first byte is written. What goes wrong then does not disturb the
/// run; it is told when the file is finished.
/// </summary>
/// <param name="option">The option that named it.</param>
/// <param name="path">Where it is.</param>
internal sealed class OutputFile(string option, string path) : Stream
{
    private FileStream? file;
    private Exception? failure;
    private bool isClosed;

    /// <inheritdoc/>
    public override bool CanRead => false;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => true;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Whether it can be written; leaves it as it was.</summary>
    /// <exception cref="BadInputException">It cannot.</exception>
    public void Check()
    {
        Try(() =>
        {
            var isNew = !File.Exists(path);
            using (new FileStream(path, FileMode.OpenOrCreate, FileAccess.Write)) { }
            if (isNew)
            {
                File.Delete(path);
            }
        });
        ThrowIfFailed();
    }

    /// <summary>All is written: makes it if there was nothing, and closes it.</summary>
    /// <exception cref="BadInputException">It could not be written.</exception>
    public void Finish()
    {
        Write([]);
        Flush();
        Close();
        ThrowIfFailed();
    }

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) =>
        Write(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        if (failure is not null || isClosed)
        {
            return;
        }

        try
        {
            file ??= new FileStream(
                path, FileMode.Create, FileAccess.Write, FileShare.Read, bufferSize: 1 << 16);
            file.Write(buffer);
        }
        catch (Exception exception) when (IsOfFiles(exception))
        {
            failure = exception;
        }
    }

    /// <inheritdoc/>
    public override void Flush() => Try(() => file?.Flush());

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) =>
        throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        isClosed = true;
        if (disposing)
        {
            Try(() => file?.Dispose());
            file = null;
        }

        base.Dispose(disposing);
    }

    private static bool IsOfFiles(Exception exception) => exception
        is IOException or UnauthorizedAccessException or ArgumentException
        or NotSupportedException;

    private void Try(Action action)
    {
        if (failure is not null)
        {
            return;
        }

        try
        {
            action();
        }
        catch (Exception exception) when (IsOfFiles(exception))
        {
            failure = exception;
        }
    }

    private void ThrowIfFailed()
    {
        if (failure is not null)
        {
            throw new BadInputException(
                $"expected a file that can be written behind {option}: {failure.Message}",
                failure);
        }
    }
}
