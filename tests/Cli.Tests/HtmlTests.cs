using Records;

namespace Cli.Tests;

/// <summary>`--html`; what the page is like stands in tests/Page.Tests.</summary>
public sealed class HtmlTests : CliTest
{
    private string Page => Path.Combine(Folder, "report.html");

    [Theory]
    [InlineData("run", 1)]
    [InlineData("compare", 2)]
    public void A_page_is_written_after_a_second_run_of_the_same(string command, int placements)
    {
        var runner = new FakeRunner();
        var (code, output, _) = Micro(
            runner, command, Scenario, "--html", Page, "--seed", "7", "--mechanisms", "isolation");
        Assert.Equal(ExitCode.Success, code);
        Assert.NotEmpty(output);
        Assert.StartsWith("<!DOCTYPE html>", File.ReadAllText(Page));
        Assert.Equal(2, runner.Asked.Count);
        Assert.All(runner.Asked, asked =>
        {
            Assert.Equal(placements, asked.Placements.Count);
            Assert.Equal(7, asked.Options.Seed);
            Assert.Single(asked.Options.Mechanisms);
            Assert.Equal(runner.Asked[0].Options.Profile, asked.Options.Profile);
        });
    }

    [Fact]
    public void Another_second_run_is_a_defect()
    {
        var runs = 0;
        var runner = new FakeRunner
        {
            Change = run => run with { Fingerprint = $"{runs++:x16}" },
        };
        Assert.Equal(
            ExitCode.Defect, Micro(runner, "run", Scenario, "--html", Page).Code);
        Assert.False(File.Exists(Page));
    }

    [Fact]
    public void What_was_interrupted_is_not_run_again()
    {
        var runner = new FakeRunner
        {
            Change = run => run with { End = RunEnd.Interrupted },
        };
        Assert.Equal(
            ExitCode.Interrupted, Micro(runner, "run", Scenario, "--html", Page).Code);
        Assert.Single(runner.Asked);
        Assert.True(File.Exists(Page));
    }

    [Theory]
    [InlineData("--html", "-")]
    [InlineData("--html", ".")]
    [InlineData("--html", "no/such/folder/report.html")]
    [InlineData("--html-requests", "0")]
    [InlineData("--html-requests", "many")]
    [InlineData("--sensitivity", null)]
    public void What_cannot_be_is_refused_before_anything_runs(string option, string? value)
    {
        var runner = new FakeRunner();
        string[] page = option == "--html" ? [] : ["--html", Page];
        string[] arguments = ["compare", Scenario, .. page, option];
        var (code, _, error) = Micro(runner, value is null ? arguments : [.. arguments, value]);
        Assert.Equal(ExitCode.BadInput, code);
        Assert.Contains(value is null ? "expected no --html" : option, error);
        Assert.Empty(runner.Asked);
        Assert.False(File.Exists(Page));
    }
}
