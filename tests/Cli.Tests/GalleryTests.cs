using System.Globalization;
using System.Text;
using Scenarios;
using Telemetry.Tests;

namespace Cli.Tests;

/// <summary>
/// The gallery shows what `micro compare` prints for each scenario. MICRO_GOLDEN=1 writes it anew.
/// </summary>
public sealed class GalleryTests : CliTest
{
    private const string Gallery = "docs/gallery";

    public static TheoryData<string> Names => [.. ScenarioNames()];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_page_shows_the_scenario_and_its_real_output(string name)
    {
        var file = $"scenarios/{name}.yaml";
        var (code, output, error) = Micro(
            new ScenarioRunner(), "compare", Repository.PathOf(file));
        Assert.Equal((ExitCode.Success, ""), (code, error));
        AssertCurrent($"{name}.md", Page(name, File.ReadAllText(Repository.PathOf(file)), output));
    }

    [Fact]
    public void The_index_names_every_page_and_there_are_no_others()
    {
        var index = new StringBuilder(
            "# Gallery\n\nEach page is a scenario and what `micro compare` prints for it.\n\n"
            + "| scenario | what it shows |\n|---|---|\n");
        foreach (var name in ScenarioNames())
        {
            var loaded = ScenarioLoader.Load(Repository.PathOf($"scenarios/{name}.yaml"));
            index.Append(
                CultureInfo.InvariantCulture,
                $"| [{name}]({name}.md) | {loaded.Scenario!.Description} |\n");
        }

        AssertCurrent("README.md", index.ToString());
        Assert.Equal(
            ScenarioNames().Append("README").Order(StringComparer.Ordinal),
            Directory.GetFiles(Repository.PathOf(Gallery))
                .Select(path => Path.GetFileNameWithoutExtension(path))
                .Order(StringComparer.Ordinal));
    }

    private static IEnumerable<string> ScenarioNames() => Directory
        .GetFiles(Repository.PathOf("scenarios"), "*.yaml")
        .Select(path => Path.GetFileNameWithoutExtension(path))
        .Order(StringComparer.Ordinal);

    private static string Page(string name, string scenario, string output)
    {
        var lines = scenario.TrimEnd().Split('\n').Skip(1).ToList();
        var lead = lines.TakeWhile(line => line.StartsWith('#')).ToList();
        return $"""
            # {name}

            {string.Join('\n', lead.Select(line => line.TrimStart('#', ' ')))}

            ```yaml
            {string.Join('\n', lines.Skip(lead.Count))}
            ```

            `micro compare scenarios/{name}.yaml` prints:

            ```text
            {string.Join('\n', output.TrimEnd().Split('\n').Select(line => line.TrimEnd()))}
            ```

            """.ReplaceLineEndings("\n");
    }

    private static void AssertCurrent(string file, string text)
    {
        var path = Repository.PathOf($"{Gallery}/{file}");
        if (Environment.GetEnvironmentVariable("MICRO_GOLDEN") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, text);
            return;
        }

        Assert.Equal(File.ReadAllText(path), text);
    }
}
