using System.Text.RegularExpressions;

namespace Tidy.Tests;

/// <summary>House rules that no compiler checks.</summary>
public sealed partial class StyleTests
{
    private const int Columns = 100;

    private static IEnumerable<string> Sources => Repository.Files("*.cs");

    private static IEnumerable<string> Documents => Repository.Files("*.md");

    [Fact]
    public void No_line_of_code_is_longer_than_100_columns() => NoLine(
        Sources, line => line.Length > Columns);

    [Fact]
    public void No_file_is_a_helper_or_a_util() => Assert.DoesNotContain(
        Sources.Select(path => Path.GetFileNameWithoutExtension(path)),
        name => name.EndsWith("Helper") || name.EndsWith("Helpers") || name.EndsWith("Util")
            || name.EndsWith("Utils") || name.EndsWith("Utilities"));

    [Fact]
    public void There_are_no_regions_and_no_conditional_code() => NoLine(
        Sources, line => Directive().IsMatch(line));

    [Fact]
    public void Every_project_folder_says_what_it_is()
    {
        var folders = Repository.Files("*.csproj")
            .Where(path => path.StartsWith("src/"))
            .Select(path => path[..path.LastIndexOf('/')]);
        Assert.All(folders, folder =>
            Assert.True(File.Exists(Path.Combine(Repository.Root, folder, "README.md")), folder));
    }

    [Fact]
    public void Links_in_documents_lead_to_files_that_are_there()
    {
        var dead =
            from document in Documents
            let folder = Path.Combine(Repository.Root, Path.GetDirectoryName(document)!)
            from Match link in Link().Matches(Repository.Read(document))
            let target = link.Groups[1].Value
            where !target.Contains("://") && !target.StartsWith('#')
            let path = Path.Combine(folder, Uri.UnescapeDataString(target.Split('#')[0]))
            where !File.Exists(path) && !Directory.Exists(path)
            select $"{document}: {target}";
        Assert.Equal("", string.Join('\n', dead));
    }

    [Fact]
    public void Paths_that_documents_name_are_there()
    {
        // In backquotes, below one of the repository's folders, without placeholders.
        var dead =
            from document in Documents
            from Match named in NamedPath().Matches(Repository.Read(document))
            let path = named.Groups[1].Value
            where !path.Contains('*') && !path.Contains("..")
            let whole = Path.Combine(Repository.Root, path)
            where !File.Exists(whole) && !Directory.Exists(whole)
            select $"{document}: {path}";
        Assert.Equal("", string.Join('\n', dead));
    }

    [Fact]
    public void No_file_names_a_path_of_somebodys_machine()
    {
        string[] patterns =
            ["*.cs", "*.md", "*.yaml", "*.csproj", "*.props", "*.targets", "*.json"];
        NoLine(patterns.SelectMany(Repository.Files), line => MachinePath().IsMatch(line));
    }

    private static void NoLine(IEnumerable<string> paths, Func<string, bool> isBad)
    {
        var bad =
            from path in paths
            from line in Repository.Read(path).Split('\n')
                .Select((text, i) => (Text: text, Number: i + 1))
            where isBad(line.Text.TrimEnd('\r'))
            select $"{path}:{line.Number}: {line.Text.Trim()}";
        Assert.Equal("", string.Join('\n', bad));
    }

    [GeneratedRegex(@"^\s*#\s*(region|if|else|elif|define)\b")]
    private static partial Regex Directive();

    [GeneratedRegex(@"\[[^\]]*\]\(([^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"`((?:src|tests|docs|profiles|scenarios|schemas|eng|bench|\.ci)/[^`\s<>]+)`")]
    private static partial Regex NamedPath();

    [GeneratedRegex(@"(?<![\w.])/(?:home|Users|root|work|tmp/wt)/\w|[A-Z]:\\Users\\")]
    private static partial Regex MachinePath();
}
