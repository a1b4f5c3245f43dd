using Scenarios;
using Telemetry.Tests;

namespace Cli.Tests;

/// <summary>What the README shows is what the program prints.</summary>
public sealed class ReadmeTests : CliTest
{
    private const string Begin = "<!-- output of: micro compare scenarios/getpid.yaml -->\n";
    private const string End = "<!-- end of output -->";

    /// <summary>MICRO_GOLDEN=1 writes it anew.</summary>
    [Fact]
    public void The_run_in_the_README_is_a_real_one()
    {
        var (code, output, error) = Micro(
            new ScenarioRunner(), "compare", Repository.PathOf("scenarios/getpid.yaml"));
        Assert.Equal((ExitCode.Success, ""), (code, error));

        var lines = output.TrimEnd().Split('\n').Select(line => $"    {line}".TrimEnd());
        var shown = "\n" + string.Join('\n', lines) + "\n\n";
        var path = Repository.PathOf("README.md");
        var readme = File.ReadAllText(path);
        var begin = readme.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length;
        var end = readme.IndexOf(End, StringComparison.Ordinal);
        if (Environment.GetEnvironmentVariable("MICRO_GOLDEN") == "1")
        {
            File.WriteAllText(path, readme[..begin] + shown + readme[end..]);
            return;
        }

        Assert.Equal(shown, readme[begin..end]);
    }
}
