using System.Diagnostics;
using System.Text.Json;
using Scenarios;
using Telemetry.Tests;

namespace Cli.Tests;

/// <summary>The files that a run writes besides its report.</summary>
public sealed class OutputFileTests : CliTest
{
    private const string Line =
        "[pid  1] 0.000001000 read(3, \"\"..., 4096) = 4096 <0.000001000>\n";

    private const string Table =
        """
        % time     seconds  usecs/call     calls    errors syscall
        ------ ----------- ----------- --------- --------- ----------------
        100.00 0.000001000       1.000         1           read
        ------ ----------- ----------- --------- --------- ----------------
        100.00 0.000001000       1.000         1           total

        """;

    public static TheoryData<string> Options => ["--strace", "--trace", "--calls"];

    private string In(string name) => Path.Combine(Folder, name);

    [Theory]
    [MemberData(nameof(Options))]
    public void A_file_that_cannot_be_written_exits_2_before_anything_runs(string option)
    {
        var runner = new FakeRunner();
        var (code, _, error) = Micro(runner, "run", Scenario, option, In("no/log"));
        Assert.Equal(ExitCode.BadInput, code);
        Assert.StartsWith(
            $"micro: expected a file that can be written behind {option}: ", error);
        Assert.Empty(runner.Asked);
        Assert.Equal(ExitCode.BadInput, Micro("run", Scenario, option, Folder).Code);
    }

    [Theory]
    [MemberData(nameof(Options))]
    public void A_full_disk_exits_2_and_says_so(string option)
    {
        // Linux's device that is always full.
        Assert.True(File.Exists("/dev/full"));
        var (code, _, error) = Micro(
            new ScenarioRunner(), "run", Scenario, option, "/dev/full");
        Assert.Equal(ExitCode.BadInput, code);
        Assert.Contains("No space left on device", error);
    }

    [Fact]
    public void Two_outputs_need_two_files()
    {
        var runner = new FakeRunner();
        var (code, _, error) = Micro(
            runner, "run", Scenario, "--trace", In("a"), "--calls", In("./a"));
        Assert.Equal(ExitCode.BadInput, code);
        Assert.Contains("expected a file of its own behind --calls", error);
        Assert.Contains("is that of --trace", error);
        Assert.Empty(runner.Asked);

        // The names that placements get may meet too.
        Assert.Equal(
            ExitCode.BadInput,
            Micro("compare", Scenario, "--strace", In("a"), "--trace", In("a")).Code);
    }

    [Fact]
    public void The_scenario_itself_is_not_overwritten()
    {
        var scenario = Write("mine.yaml", File.ReadAllText(Scenario));
        var (code, _, error) = Micro("run", scenario, "--calls", scenario);
        Assert.Equal(ExitCode.BadInput, code);
        Assert.Contains("is that of the scenario", error);
        Assert.Equal(File.ReadAllText(Scenario), File.ReadAllText(scenario));
    }

    [Theory]
    [InlineData("--trace")]
    [InlineData("--calls")]
    public void Standard_output_has_the_report(string option)
    {
        var (code, _, error) = Micro("run", Scenario, option, "-");
        Assert.Equal(ExitCode.BadInput, code);
        Assert.Contains($"expected a file behind {option}", error);
    }

    [Fact]
    public void A_file_that_was_there_is_left_alone_by_a_run_that_was_not_to_be()
    {
        var file = Write("log", "old");
        var failing = new FakeRunner { Failure = new BadInputException("no") };
        Assert.Equal(
            ExitCode.BadInput, Micro(failing, "run", Scenario, "--calls", file).Code);
        Assert.Equal("old", File.ReadAllText(file));
        Assert.Equal(
            ExitCode.BadInput, Micro(failing, "run", Scenario, "--trace", In("new")).Code);
        Assert.False(File.Exists(In("new")));
    }

    [Fact]
    public void Summary_only_is_the_table_instead_of_the_log()
    {
        var file = In("log");
        Assert.Equal(ExitCode.Success, Micro("run", Scenario, "--strace", file, "-c").Code);
        Assert.Equal(Table, File.ReadAllText(file));
        Assert.StartsWith(Table, Micro("run", Scenario, "--summary-only").Output);
        Assert.StartsWith(
            $"+++ placement microkernel +++\n{Table}+++ placement monolithic +++\n{Table}",
            Micro("compare", Scenario, "-c").Output);
    }

    [Fact]
    public void Summary_is_the_table_behind_the_log()
    {
        Micro("compare", Scenario, "--strace", In("log"), "-C");
        Assert.Equal(Line + Table, File.ReadAllText(In("log.microkernel")));
        Assert.Equal(Line + Table, File.ReadAllText(In("log.monolithic")));
    }

    [Theory]
    [InlineData("expected only one of -c and -C", "-c", "-C", "--strace", "-")]
    [InlineData("expected --strace FILE beside -C", "-C")]
    [InlineData("expected a file behind --strace", "-c", "--format", "json")]
    public void Summaries_that_make_no_sense_exit_2(string expected, params string[] arguments)
    {
        var (code, _, error) = Micro(["run", Scenario, .. arguments]);
        Assert.Equal(ExitCode.BadInput, code);
        Assert.Contains(expected, error);
    }

    [Theory]
    [InlineData("--trace", "t.json")]
    [InlineData("--calls", "t.csv")]
    [InlineData("-c", null)]
    public void Sensitivity_writes_none_of_them(string option, string? value)
    {
        string[] arguments = value is null ? [option] : [option, In(value)];
        var (code, _, error) = Micro(["compare", Scenario, "--sensitivity", .. arguments]);
        Assert.Equal(ExitCode.BadInput, code);
        Assert.Contains("beside --sensitivity", error);
    }

    [Fact]
    public void Each_placement_has_its_files_and_their_endings_stay()
    {
        Micro(
            new ScenarioRunner(), "compare", Repository.PathOf("scenarios/files.yaml"),
            "--trace", In("t.json"), "--calls", In("t.csv"));
        Assert.Equal(
            [
                "t.microkernel.csv", "t.microkernel.json", "t.monolithic.csv",
                "t.monolithic.json",
            ],
            Directory.GetFiles(Folder).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        using var trace = JsonDocument.Parse(File.ReadAllText(In("t.monolithic.json")));
        Assert.Equal(
            "monolithic",
            trace.RootElement.GetProperty("otherData").GetProperty("placement").GetString());
    }

    [Fact]
    public async Task Processes_of_their_own_write_the_same_bytes()
    {
        string[] names = ["t.json", "t.csv", "log"];
        foreach (var run in (string[])["a", "b"])
        {
            Directory.CreateDirectory(In(run));
            await RunProcess(
                "run", Repository.PathOf("scenarios/crash-file-server.yaml"), "--trace",
                In($"{run}/t.json"), "--calls", In($"{run}/t.csv"), "--strace",
                In($"{run}/log"), "-C");
        }

        foreach (var name in names)
        {
            var bytes = File.ReadAllBytes(In($"a/{name}"));
            Assert.True(bytes.Length > 1_000);
            Assert.Equal(bytes, File.ReadAllBytes(In($"b/{name}")));
        }
    }

    private static async Task RunProcess(params string[] arguments)
    {
        var host = Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet"
            ? Environment.ProcessPath!
            : "dotnet";
        var start = new ProcessStartInfo(host)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var argument in (string[])
            ["exec", Path.Combine(AppContext.BaseDirectory, "micro.dll"), .. arguments])
        {
            start.ArgumentList.Add(argument);
        }

        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        await output;
        Assert.True(process.ExitCode == 0, await errors);
    }
}
