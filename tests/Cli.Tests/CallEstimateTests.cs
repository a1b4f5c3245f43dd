using Scenarios;

namespace Cli.Tests;

public sealed class CallEstimateTests
{
    private static long? Estimate(string program, int count = 1)
    {
        var indented = program.Replace("\n", "\n      ");
        var loaded = ScenarioLoader.LoadText(
            $"name: x\nprocesses:\n  p:\n    count: {count}\n    program: |\n      {indented}\n",
            "x.yaml");
        Assert.Empty(loaded.Diagnostics);
        return CallEstimate.Of(loaded.Scenario!);
    }

    [Fact]
    public void Calls_in_loops_count_as_often_as_the_loops_run() =>
        Assert.Equal(
            3 * (1 + 10 * (1 + 5)),
            Estimate("getpid()\nrepeat 10 { getpid(); repeat 5 { getpid() } }", count: 3));

    [Fact]
    public void A_loop_over_files_cannot_be_estimated() =>
        Assert.Null(Estimate("for path in tree(\"/\") { getpid() }"));
}
