using Programs.Language;
using Scenarios.Loading;

namespace Scenarios.Profiles;

/// <summary>
/// Reads cost profiles. An entry without a source is refused, and so is a profile that leaves a
/// part out:
/// whatever the text, the answer is a profile or diagnostics, all at once.
/// </summary>
public static class ProfileLoader
{
    /// <summary>The entries of `limits:`; each is in every profile.</summary>
    public static IReadOnlyList<string> LimitNames => ProfileBinder.LimitNames;

    /// <summary>The entries of `delays:`; each is in every profile.</summary>
    public static IReadOnlyList<string> DelayNames => ProfileBinder.DelayNames;

    /// <summary>Reads the profile that a scenario or the command line names.</summary>
    /// <param name="profile">A name that <see cref="CostProfiles.Names"/> has, or a path.</param>
    /// <param name="directory">Where relative paths start.</param>
    public static ProfileLoadResult Find(string profile, string directory) =>
        Load(CostProfiles.PathOf(profile, directory));

    /// <summary>Reads a profile file.</summary>
    /// <param name="path">The file; diagnostics name it so.</param>
    public static ProfileLoadResult Load(string path)
    {
        try
        {
            return LoadText(File.ReadAllText(path), path);
        }
        catch (Exception exception) when (exception
            is IOException or UnauthorizedAccessException or ArgumentException
            or NotSupportedException)
        {
            var message = File.Exists(path)
                ? $"expected a file that can be read: {exception.Message}"
                : "expected a cost profile; there is none of this name"
                    + Suggestion.Hint(Path.GetFileNameWithoutExtension(path), CostProfiles.Names);
            return new ProfileLoadResult(null, [new Diagnostic(path, 1, 1, message)]);
        }
    }

    /// <summary>Reads a profile.</summary>
    /// <param name="text">The file's text.</param>
    /// <param name="path">The file's name for diagnostics.</param>
    public static ProfileLoadResult LoadText(string text, string path)
    {
        var diagnostics = new List<Diagnostic>();
        void Report(Position at, string message) =>
            diagnostics.Add(new Diagnostic(path, at.Line, at.Column, message));

        var root = YamlReader.Read(text, Report, "a cost profile");
        var foundation = BaseOf(root, Report, out var basePath);
        void ReportBase(Position at, string message) =>
            diagnostics.Add(new Diagnostic(basePath, at.Line, at.Column, message));

        var baseRoot = foundation is null
            ? null
            : YamlReader.Read(foundation, ReportBase, "a base of cost profiles");
        var profile = root is null
            ? null
            : new ProfileBinder(Report).Bind(root, baseRoot, ReportBase);
        var ordered = diagnostics
            .Distinct()
            .OrderBy(diagnostic => diagnostic.Line)
            .ThenBy(diagnostic => diagnostic.Column)
            .ToList();
        return new ProfileLoadResult(ordered.Count == 0 ? profile : null, ordered);
    }

    /// <summary>The text of the base that a profile names; null if it names none.</summary>
    private static string? BaseOf(
        YamlNode? root, Action<Position, string> report, out string path)
    {
        path = "";
        if (root is not YamlNode.Mapping mapping)
        {
            return null;
        }

        foreach (var (key, value) in mapping.Entries)
        {
            if (key.Text != ProfileBinder.Base)
            {
                continue;
            }

            var known = CostProfiles.Bases;
            if (value is YamlNode.Scalar { Text: var name } && known.Contains(name))
            {
                path = CostProfiles.PathOfBase(name);
                return File.ReadAllText(path);
            }

            report(value.At, $"expected a base: {string.Join(", ", known)}");
        }

        return null;
    }
}
