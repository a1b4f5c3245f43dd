namespace Scenarios.Tests;

public class ScenarioFileTests
{
    private const string SchemaLine =
        "# yaml-language-server: $schema=../schemas/scenario.schema.json";

    public static TheoryData<string> Files =>
        [.. Repository.ScenarioFiles.Select(file => Path.GetFileName(file))];

    [Theory]
    [MemberData(nameof(Files))]
    public void Loads_and_begins_with_the_line_that_editors_read(string file)
    {
        var path = Path.Combine(Repository.Root, "scenarios", file);
        Assert.Empty(ScenarioLoader.Load(path).Diagnostics);
        Assert.Equal(SchemaLine, File.ReadLines(path).First());
        Assert.NotEmpty(ScenarioLoader.Load(path).Scenario!.Expect);
        Assert.All(File.ReadLines(path), line => Assert.True(line.Length <= 110, line));
    }

    [Fact]
    public void The_starter_is_a_scenario_also_with_its_comments_taken_as_keys()
    {
        var text = StarterScenario.Text("scenario.schema.json");
        Assert.Empty(ScenarioLoader.LoadText(text, "new.yaml").Diagnostics);

        // Comments that hold keys: what the user gets by taking the # away.
        var keys = new[] { "# disk:", "# placements:", "# faults:", "#   " };
        var lines = text.Split('\n').Select(line =>
            keys.Any(key => line.StartsWith(key, StringComparison.Ordinal)) ? line[2..] : line);
        var directory = Directory.CreateTempSubdirectory("micro");
        try
        {
            directory.CreateSubdirectory("some-directory");
            Assert.Empty(ScenarioLoader.LoadText(
                string.Join('\n', lines),
                    Path.Combine(directory.FullName, "new.yaml")).Diagnostics);
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }
}
