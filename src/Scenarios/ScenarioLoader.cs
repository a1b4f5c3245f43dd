using Programs.Language;
using Scenarios.Loading;
using Scenarios.Model;

namespace Scenarios;

/// <summary>
/// Reads scenario files. Whatever the text, the answer is a scenario or diagnostics, all at once.
/// </summary>
public static class ScenarioLoader
{
    /// <summary>Reads a scenario file.</summary>
    /// <param name="path">The file; diagnostics name it so.</param>
    public static LoadResult Load(string path)
    {
        try
        {
            return LoadText(File.ReadAllText(path), path);
        }
        catch (Exception exception) when (exception
            is IOException or UnauthorizedAccessException
            or ArgumentException or NotSupportedException)
        {
            var message = File.Exists(path)
                ? $"expected a file that can be read: {exception.Message}"
                : "expected a scenario file; there is none of this name";
            return new LoadResult(null, [new Diagnostic(path, 1, 1, message)]);
        }
    }

    /// <summary>Reads a scenario.</summary>
    /// <param name="text">The file's text.</param>
    /// <param name="path">The file's name for diagnostics; paths in it are relative to its
    /// directory.</param>
    public static LoadResult LoadText(string text, string path)
    {
        var diagnostics = new List<Diagnostic>();
        void Report(Position at, string message) =>
            diagnostics.Add(new Diagnostic(path, at.Line, at.Column, message));

        Scenario? scenario = null;
        if (YamlReader.Read(text, Report) is { } root)
        {
            var binder = new ModelBinder(text, Report);
            scenario = binder.Record(typeof(Scenario), root, "") as Scenario;
            if (scenario is not null)
            {
                scenario = scenario with { Sources = new SourceMap(path, binder.Positions) };
                diagnostics.AddRange(new ScenarioChecker(scenario, binder.Failed).Check());
            }
        }

        var ordered = diagnostics
            .Distinct()
            .OrderBy(diagnostic => diagnostic.Line)
            .ThenBy(diagnostic => diagnostic.Column)
            .ToList();
        return new LoadResult(ordered.Count == 0 ? scenario : null, ordered);
    }
}
