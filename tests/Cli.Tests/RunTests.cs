using Records;
using Scenarios;
using Telemetry.Json;
using Telemetry.Tests;

namespace Cli.Tests;

/// <summary>`run` and `compare`: each exit code, and what the user reads with it.</summary>
public sealed class RunTests : CliTest
{
    private static readonly ExpectationResult Failed =
        new("every process exits 0", false, "reader exits 1");

    [Fact]
    public void A_good_run_exits_0_with_a_report_and_no_message()
    {
        var (code, output, error) = Micro("run", Scenario);
        Assert.Equal(ExitCode.Success, code);
        Assert.Contains("getpid", output);
        Assert.Contains("not measured", output);
        Assert.Empty(error);
    }

    [Fact]
    public void A_failed_expectation_exits_1_and_is_named()
    {
        var runner = new FakeRunner { Expectations = [Failed] };
        var (code, output, error) = Micro(runner, "run", Scenario);
        Assert.Equal(ExitCode.ExpectationFailed, code);
        Assert.Equal("micro: expectation failed: every process exits 0: reader exits 1\n", error);
        Assert.Contains("FAILED", output);
    }

    [Fact]
    public void A_result_that_differs_from_the_program_exits_1_and_is_named()
    {
        var runner = new FakeRunner
        {
            Change = run => run with { FailedResults = ["reader: line 3: expected 5, got -1 EIO"] },
        };
        var (code, _, error) = Micro(runner, "run", Scenario);
        Assert.Equal(ExitCode.ExpectationFailed, code);
        Assert.Equal("micro: microkernel: reader: line 3: expected 5, got -1 EIO\n", error);
    }

    [Theory]
    [InlineData(RunEnd.Deadlock, "deadlock")]
    [InlineData(RunEnd.Limit, "limit reached")]
    public void A_run_that_does_not_finish_exits_3_and_says_why(RunEnd end, string word)
    {
        var runner = new FakeRunner
        {
            Change = run => run with { End = end, EndDetail = "a waits for b" },
            Expectations = [Failed],
        };
        var (code, output, error) = Micro(runner, "run", Scenario);
        Assert.Equal(ExitCode.DidNotFinish, code);
        Assert.StartsWith($"micro: microkernel: {word}: a waits for b\n", error);
        Assert.Contains("a waits for b", output);
    }

    [Fact]
    public void A_crash_that_nobody_ordered_exits_70()
    {
        var runner = new FakeRunner
        {
            Change = run => run with { Defects = ["disk-driver: oops"] },
        };
        var (code, _, error) = Micro(runner, "run", Scenario);
        Assert.Equal(ExitCode.Defect, code);
        Assert.Contains("not of your scenario: disk-driver: oops", error);
        Assert.Contains($"micro: to reproduce: micro run {Scenario}\n", error);
    }

    [Fact]
    public void A_defect_exits_70_with_where_it_was_and_how_to_see_it_again()
    {
        var runner = new FakeRunner
        {
            Failure = new DefectException("", new InvalidOperationException("odd\nthing"))
            {
                Placement = "microkernel",
                Seed = 7,
                VirtualCycles = 1234,
                EventNumber = 56,
            },
        };
        var (code, output, error) = Micro(
            runner, "run", Scenario, "--seed", "7", "--placement", "microkernel");
        Assert.Equal(ExitCode.Defect, code);
        Assert.Empty(output);
        Assert.Equal(
            "micro: a defect of the simulator, not of your scenario: "
            + "InvalidOperationException: odd thing\n"
            + "micro: placement microkernel, seed 7, virtual time 1234 cycles, event 56\n"
            + $"micro: to reproduce: micro run {Scenario} --seed 7 --placement microkernel\n"
            + "micro: please report it with the scenario; "
            + "--verbosity debug shows the stack trace\n",
            error);
    }

    [Fact]
    public void An_unexpected_exception_shows_its_stack_trace_only_when_asked()
    {
        var runner = new FakeRunner { Failure = new InvalidOperationException("odd") };
        Assert.DoesNotContain("   at ", Micro(runner, "run", Scenario).Error);
        var (code, _, error) = Micro(runner, "run", Scenario, "--verbosity", "debug");
        Assert.Equal(ExitCode.Defect, code);
        Assert.Contains("   at ", error);
    }

    [Fact]
    public void The_command_to_reproduce_is_quoted_for_a_shell()
    {
        var file = Write("it's a b.yaml", File.ReadAllText(Scenario));
        var runner = new FakeRunner { Failure = new InvalidOperationException("odd") };
        Assert.Contains(
            $"micro run '{file.Replace("'", "'\\''")}'\n", Micro(runner, "run", file).Error);
    }

    [Fact]
    public void Ctrl_C_exits_130_with_what_is_known_so_far()
    {
        var runner = new FakeRunner
        {
            Meanwhile = options =>
            {
                Interrupt();
                Assert.True(options.Cancellation.IsCancellationRequested);
            },
            Change = run => run with { End = RunEnd.Interrupted },
        };
        var (code, output, error) = Micro(runner, "run", Scenario);
        Assert.Equal(ExitCode.Interrupted, code);
        Assert.Contains("interrupted", output);
        Assert.Contains("this is what is known so far", error);
    }

    [Fact]
    public void Ctrl_C_before_anything_is_known_exits_130()
    {
        var runner = new FakeRunner { Failure = new OperationCanceledException() };
        Assert.Equal(ExitCode.Interrupted, Micro(runner, "run", Scenario).Code);
    }

    [Fact]
    public void A_malformed_scenario_exits_2_with_one_line_for_each_place()
    {
        var file = Write("bad.yaml", "name: x\nproceses: {}\n");
        var (code, output, error) = Micro("run", file);
        Assert.Equal(ExitCode.BadInput, code);
        Assert.Empty(output);
        Assert.All(
            error.TrimEnd('\n').Split('\n'),
            line => Assert.Matches(@"^micro: .*bad\.yaml:\d+:\d+: expected ", line));
    }

    [Fact]
    public void A_file_that_is_not_there_exits_2()
    {
        var (code, _, error) = Micro("run", Path.Combine(Folder, "none.yaml"));
        Assert.Equal(ExitCode.BadInput, code);
        Assert.Contains(
            "none.yaml:1:1: expected a scenario file; there is none of this name", error);
    }

    [Theory]
    [InlineData("run", "--profile", "sel4-hasswell", "did you mean 'sel4-haswell'?")]
    [InlineData("run", "--placement", "monolitic", "did you mean 'monolithic'?")]
    [InlineData("compare", "--placements", "microkernel,monolitic", "did you mean 'monolithic'?")]
    [InlineData("compare", "--placements", "monolithic,monolithic", "expected each placement once")]
    [InlineData("run", "--seed", "seven", "seven")]
    [InlineData("run", "--format", "xml", "xml")]
    [InlineData("run", "--placemnt", "monolithic", "did you mean '--placement'?")]
    public void Bad_arguments_exit_2_and_nothing_runs_or_is_written(
        string command, string option, string value, string message)
    {
        var runner = new FakeRunner();
        var strace = Path.Combine(Folder, "log");
        var (code, output, error) = Micro(
            runner, command, Scenario, option, value, "--strace", strace);
        Assert.Equal(ExitCode.BadInput, code);
        Assert.Empty(output);
        Assert.Contains(message, error);
        Assert.Empty(runner.Asked);
        Assert.False(File.Exists(strace));
    }

    [Fact]
    public void Bad_input_that_only_the_run_finds_exits_2()
    {
        var runner = new FakeRunner
        {
            Failure = new BadInputException(
                [new Diagnostic("s.yaml", 3, 9, "expected a directory")]),
        };
        var (code, _, error) = Micro(runner, "run", Scenario);
        Assert.Equal(ExitCode.BadInput, code);
        Assert.Equal("micro: s.yaml:3:9: expected a directory\n", error);
    }

    [Fact]
    public void Json_is_all_that_standard_output_has()
    {
        var (code, output, _) = Micro("compare", Scenario, "--format", "json");
        Assert.Equal(ExitCode.Success, code);
        var comparison = JsonReport.Read(output);
        Assert.Equal(["microkernel", "monolithic"], comparison.Placements.Select(run => run.Name));
    }

    [Theory]
    [InlineData("scenarios/getpid.yaml")]
    [InlineData("scenarios/crash-file-server.yaml")]
    public async Task Json_of_a_real_run_keeps_to_the_schema_and_is_the_same_each_time(string file)
    {
        string[] arguments = ["compare", Repository.PathOf(file), "--format", "json"];
        var (code, output, error) = Micro(new ScenarioRunner(), arguments);
        Assert.Equal((ExitCode.Success, ""), (code, error));
        Assert.Equal(output, Micro(new ScenarioRunner(), arguments).Output);
        var schema = await NJsonSchema.JsonSchema.FromFileAsync(
            Repository.PathOf("schemas/result.schema.json"));
        Assert.Empty(schema.Validate(output));
    }

    [Fact]
    public void Json_and_a_log_on_standard_output_exclude_each_other() =>
        Assert.Equal(
            ExitCode.BadInput, Micro("run", Scenario, "--format", "json", "--strace", "-").Code);

    [Fact]
    public void Run_says_which_expectations_it_did_not_evaluate()
    {
        var open = new ExpectationResult("a.read.mean > b.read.mean", null, "needs placement b");
        var (code, output, _) = Micro(new FakeRunner { Expectations = [open] }, "run", Scenario);
        Assert.Equal(ExitCode.Success, code);
        Assert.Contains("not evaluated  a.read.mean > b.read.mean (needs placement b)", output);
        Assert.Contains($"'micro compare {Scenario}' evaluates them", output);
    }

    [Fact]
    public void Compare_runs_the_scenarios_own_placements_between_the_two()
    {
        var runner = new FakeRunner();
        Micro(runner, "compare", Repository.PathOf("scenarios/custom-placement.yaml"));
        var placements = runner.Asked.Single().Placements;
        Assert.Equal("microkernel", placements[0]);
        Assert.Equal("monolithic", placements[^1]);
        Assert.True(placements.Count > 2);
    }

    [Fact]
    public void Options_reach_the_runner()
    {
        var runner = new FakeRunner();
        var profile = Write("mine.yaml", File.ReadAllText(
            Scenarios.Profiles.CostProfiles.PathOf("sel4-haswell", "")));
        Micro(runner, "compare", Scenario, "--placements", "monolithic,microkernel", "--seed", "-5",
            "--profile", profile);
        var (_, placements, options) = runner.Asked.Single();
        Assert.Equal(["monolithic", "microkernel"], placements);
        Assert.Equal(-5, options.Seed);
        Assert.Equal(profile, options.Profile);
    }

    [Fact]
    public void A_strace_log_goes_where_it_is_told()
    {
        const string Line = "[pid  1] 0.000001000 read(3, \"\"..., 4096) = 4096 <0.000001000>\n";
        var file = Path.Combine(Folder, "log");
        Assert.Equal(ExitCode.Success, Micro("run", Scenario, "--strace", file).Code);
        Assert.Equal(Line, File.ReadAllText(file));

        Assert.StartsWith(Line, Micro("run", Scenario, "--strace", "-").Output);

        Micro("compare", Scenario, "--strace", file);
        Assert.Equal(Line, File.ReadAllText(file + ".microkernel"));
        Assert.Equal(Line, File.ReadAllText(file + ".monolithic"));
    }


    [Fact]
    public void The_programs_own_log_is_on_the_error_output_and_only_when_asked()
    {
        Assert.Contains(
            "micro: information: running", Micro("run", Scenario, "--verbosity", "detailed").Error);
        Assert.Empty(Micro("run", Scenario, "--verbosity", "quiet").Error);
    }
}
