using System.Text.RegularExpressions;
using Abi.Costs;
using Records;
using Telemetry.Json;
using Telemetry.Tests;

namespace Cli.Tests;

/// <summary>The commands that run nothing.</summary>
public sealed class CommandTests : CliTest
{
    [Fact]
    public void Help_shows_every_command_an_example_and_the_exit_codes()
    {
        var (code, output, _) = Micro("--help");
        Assert.Equal(ExitCode.Success, code);
        foreach (var word in new[]
        {
            "run", "compare", "check", "new", "list", "explain", "diff", "completion", "Examples:",
            "Exit codes:",
        })
        {
            Assert.Contains(word, output);
        }

        Assert.All(output.Split('\n'), line => Assert.True(line.Length <= 110, line));
    }

    [Fact]
    public void Exit_codes_are_one_table_in_help_and_document()
    {
        var document = File.ReadAllText(Repository.PathOf("docs/cli.md"));
        Assert.Equal(
            Enum.GetValues<ExitCode>(), HelpWithExamples.ExitCodes.Select(each => each.Code));
        foreach (var (code, meaning) in HelpWithExamples.ExitCodes)
        {
            Assert.Contains($"| {(int)code} | {meaning} |", document);
        }
    }

    [Fact]
    public void No_command_is_bad_input_and_says_so()
    {
        var (code, _, error) = Micro();
        Assert.Equal(ExitCode.BadInput, code);
        Assert.Contains("micro --help", error);
    }

    [Fact]
    public void Version_is_that_of_the_build() =>
        Assert.Matches(@"^\d+\.\d+\.\d+", Micro("--version").Output);

    [Fact]
    public void Check_says_ok_or_every_error_of_every_file()
    {
        var bad = Write("bad.yaml", "name: 5\nproceses: {}\n");
        var (code, output, error) = Micro("check", Scenario, bad);
        Assert.Equal(ExitCode.BadInput, code);
        Assert.StartsWith($"{Scenario}: ok: getpid", output);
        Assert.Contains("did you mean 'processes'?", error);
        Assert.Equal(ExitCode.Success, Micro("check", Scenario).Code);
    }

    [Fact]
    public void New_writes_a_scenario_that_checks_and_never_overwrites()
    {
        var file = Path.Combine(Folder, "first.yaml");
        Assert.Equal(ExitCode.Success, Micro("new", file).Code);
        Assert.Equal(ExitCode.Success, Micro("check", file).Code);
        Assert.True(File.Exists(Path.Combine(Folder, "scenario.schema.json")));

        File.WriteAllText(file, "mine");
        var (code, _, error) = Micro("new", file);
        Assert.Equal(ExitCode.BadInput, code);
        Assert.Contains("expected a file that is not there yet", error);
        Assert.Equal("mine", File.ReadAllText(file));
    }

    [Fact]
    public void New_to_standard_output_writes_no_file()
    {
        Assert.Contains("processes:", Micro("new", "-").Output);
        Assert.Empty(Directory.GetFiles(Folder));
    }

    [Fact]
    public void List_has_components_placements_profiles_devices_calls_causes_steps_and_counters()
    {
        var output = Micro("list").Output;
        foreach (var word in new[]
        {
            "file-server", "monolithic", "sel4-haswell", "nvme", "pread", "address-space-switch",
            "before-disk-request", "miss-no-receiver",
        })
        {
            Assert.Contains(word, output);
        }
    }

    [Fact]
    public void List_of_one_section_has_nothing_else()
    {
        var output = Micro("list", "steps").Output;
        Assert.Contains("completion-seen", output);
        Assert.DoesNotContain("nvme", output);
        Assert.Equal(ExitCode.BadInput, Micro("list", "stepz").Code);
    }

    [Fact]
    public void Explain_shows_a_prices_value_source_and_derivation()
    {
        var output = Micro("explain", "fast-path-call").Output;
        // 376 - 129, at 3.4 GHz.
        Assert.Contains("247 cycles, 73 ns; VERIFIED", output);
        Assert.Contains(
            "b26_hsw64_noksw_ipc_call_intra - b26_hsw64_noksw_null_syscall = 247", output);
        Assert.Contains("376 cycles on i7-4770", output);
        Assert.Contains("sel4bench-results", output);
    }

    [Theory]
    [InlineData("ENOENT", "No such file or directory")]
    [InlineData("enoent", "2, ")]
    [InlineData("copy", "copy-line")]
    [InlineData("lock-wait", "waiting")]
    [InlineData("traps", "a counter")]
    [InlineData("pread", "pread64")]
    [InlineData("before-reply", "a step")]
    [InlineData("Fast path", "a term")]
    [InlineData("sky_ipi", "1913 cycles")]
    [InlineData("reboot", "30,000,000,000 ns")]
    [InlineData("nvme", "read-latency: 80 us; RECALLED")]
    [InlineData("hard-disk", "derived: dev_hdd_bw * 1000000 / 512 / (speed / 60) = 2929.688")]
    [InlineData("dev_nvme_read", "a published figure, in device nvme")]
    [InlineData("file-server", "a component")]
    public void Explain_knows_words_of_every_kind(string word, string text)
    {
        var (code, output, _) = Micro("explain", word);
        Assert.Equal(ExitCode.Success, code);
        Assert.Contains(text, output);
    }

    [Fact]
    public void Explain_guesses_at_a_word_that_it_does_not_know()
    {
        var (code, _, error) = Micro("explain", "fast-path-cal");
        Assert.Equal(ExitCode.BadInput, code);
        Assert.Contains("did you mean 'fast-path-call'?", error);
    }

    [Fact]
    public void Diff_exits_as_diff_does()
    {
        var before = Write("a.json", JsonReport.Write(Samples.Comparison));
        var same = Write("b.json", JsonReport.Write(Samples.Comparison));
        var after = Write("c.json", JsonReport.Write(Samples.Comparison with { Seed = 9 }));
        Assert.Equal((ExitCode.Success, "", ""), Micro("diff", before, same));

        var (code, output, _) = Micro("diff", before, after);
        Assert.Equal(ExitCode.ExpectationFailed, code);
        Assert.Matches(@"seed\s+7\s+9\s+\+2", output);
    }

    [Fact]
    public void Diff_refuses_what_is_no_result_with_its_place()
    {
        var good = Write("a.json", JsonReport.Write(Samples.Comparison));
        var bad = Write("b.json", "{\n  \"schemaVersion\": x\n}");
        var (code, output, error) = Micro("diff", good, bad);
        Assert.Equal(ExitCode.BadInput, code);
        Assert.Empty(output);
        Assert.Matches(@"^micro: .*b\.json:2:\d+: expected a result", error);
        Assert.Equal(ExitCode.BadInput, Micro("diff", good, Path.Combine(Folder, "none")).Code);
    }

    [Theory]
    [InlineData("bash", "complete -o default -F _micro_completion micro")]
    [InlineData("zsh", "compdef _micro_completion micro")]
    [InlineData("fish", "complete -c micro")]
    [InlineData("pwsh", "Register-ArgumentCompleter")]
    public void Completion_prints_a_script_for_each_shell(string shell, string line) =>
        Assert.Contains(line, Micro("completion", shell).Output);

    [Theory]
    [InlineData("micro co", "compare")]
    [InlineData("micro run --pl", "--placement")]
    [InlineData("micro run --placement mono", "monolithic")]
    [InlineData("micro explain ENOE", "ENOENT")]
    public void Shells_can_ask_what_comes_next(string line, string word) =>
        Assert.Contains(word, Micro($"[suggest:{line.Length}]", line).Output.Split('\n'));

    [Fact]
    public void Output_that_is_no_terminal_has_no_escapes() =>
        Assert.DoesNotContain('\u001b', Micro("list").Output + Micro("compare", Scenario).Output);

    [Fact]
    public void Every_word_is_explained()
    {
        foreach (var entry in Glossary.Words.All)
        {
            Assert.False(string.IsNullOrWhiteSpace(entry.Text), $"{entry.Kind} {entry.Word}");
            Assert.False(Regex.IsMatch(entry.Text, "^(TODO|\\.)"), entry.Word);
        }
    }

    [Fact]
    public void Every_cause_part_counter_errno_step_and_call_is_a_word()
    {
        var known = Glossary.Words.All.Select(entry => entry.Word).ToHashSet();
        Assert.Subset(known, Enum.GetValues<Cause>().Select(Causes.Name).ToHashSet());
        Assert.Subset(known, Enum.GetValues<Part>().Select(Parts.Name).ToHashSet());
        Assert.Subset(known, Enum.GetValues<Counter>().Select(Counters.Name).ToHashSet());
        Assert.Subset(known, Enum.GetNames<Abi.Errno>().Where(name => name != "None").ToHashSet());
        Assert.Subset(
            known,
            Enum.GetNames<Abi.Kernel.FaultStep>().Select(Abi.KebabCase.Of).ToHashSet());
        Assert.Subset(known, Scenarios.Profiles.ProfileLoader.DelayNames.ToHashSet());
    }
}
