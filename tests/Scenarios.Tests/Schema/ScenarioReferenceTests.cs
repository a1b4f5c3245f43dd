using Programs.Language;
using Scenarios.Schema;

namespace Scenarios.Tests.Schema;

public class ScenarioReferenceTests
{
    // MICRO_UPDATE=1 dotnet test tests/Scenarios.Tests writes the tables.
    [Theory]
    [InlineData("keys")]
    [InlineData("calls")]
    public void The_tables_of_the_reference_are_current(string table)
    {
        var file = Path.Combine(Repository.Root, "docs", "scenarios.md");
        var text = File.ReadAllText(file);
        var begin = text.IndexOf(
            '\n', text.IndexOf($"<!-- {table}:", StringComparison.Ordinal)) + 1;
        var end = text.IndexOf($"<!-- end of {table}", StringComparison.Ordinal);
        var wanted =
            "\n" + (table == "keys" ? ScenarioReference.Keys() : ScenarioReference.Calls()) + "\n";
        if (Environment.GetEnvironmentVariable("MICRO_UPDATE") == "1")
        {
            File.WriteAllText(file, text[..begin] + wanted + text[end..]);
            return;
        }

        Assert.Equal(wanted, text[begin..end]);
    }

    [Fact]
    public void The_program_of_the_reference_reads_and_checks()
    {
        var text = File.ReadAllText(Path.Combine(Repository.Root, "docs", "scenarios.md"));
        var begin = text.IndexOf("```\nfd = open", StringComparison.Ordinal) + 4;
        var program = text[begin..text.IndexOf("```", begin, StringComparison.Ordinal)];
        var (tree, errors) = ProgramParser.Parse(program, SourceOrigin.None);
        Assert.Empty(errors);
        Assert.Empty(ProgramChecker.Check(tree, ["child"]));
    }
}
