using Programs.Language;

namespace Scenarios.Model;

/// <summary>Where each value of a scenario stands in its file.</summary>
/// <param name="file">The file as the user named it.</param>
/// <param name="positions">By path: keys joined by dots, list elements as numbers from 0:
/// "faults.0.at".</param>
public sealed class SourceMap(string file, IReadOnlyDictionary<string, Position> positions)
{
    /// <summary>Of a scenario that was not read from a file.</summary>
    public static SourceMap None { get; } = new("", new Dictionary<string, Position>());

    /// <summary>The file as the user named it; empty if there is none.</summary>
    public string File { get; } = file;

    /// <summary>
    /// The directory that relative paths of the scenario start from; empty if there is no file.
    /// </summary>
    public string Directory =>
        File.Length == 0 ? "" : Path.GetDirectoryName(Path.GetFullPath(File)) ?? "";

    /// <summary>
    /// A diagnostic at a value, or at the nearest thing around it that the file has.
    /// </summary>
    /// <param name="path">The value's path: "disk.size".</param>
    /// <param name="message">What was expected.</param>
    public Diagnostic Diagnose(string path, string message)
    {
        while (!positions.ContainsKey(path) && path.Length > 0)
        {
            path = path[..Math.Max(0, path.LastIndexOf('.'))];
        }

        var at = positions.GetValueOrDefault(path, Position.Start);
        return new Diagnostic(File, at.Line, at.Column, message);
    }
}
