using Records;
using Scenarios;
using Telemetry.Tests;

namespace Cli.Tests;

/// <summary>`--quiz` and `--solve`.</summary>
public sealed class QuizTests : CliTest
{
    [Fact]
    public void A_quiz_prints_neither_report_nor_what_failed()
    {
        var failing = new FakeRunner
        {
            Expectations = [new ExpectationResult("read.mean < 5", false, "it is 1260.5")],
        };
        var (code, output, error) = Micro(failing, "compare", Scenario, "--quiz");
        Assert.Equal((ExitCode.Success, ""), (code, error));
        Assert.StartsWith("Quiz: ", output);
        Assert.DoesNotContain("1260.5", output);
        Assert.DoesNotContain("fingerprint", output);
        Assert.DoesNotContain(Samples.Microkernel.Fingerprint, output);
    }

    [Fact]
    public void Solved_it_has_answers_report_and_exit_code()
    {
        var failing = new FakeRunner
        {
            Expectations = [new ExpectationResult("read.mean < 5", false, "it is 1260.5")],
        };
        var (code, output, error) = Micro(failing, "compare", Scenario, "--quiz", "--solve");
        Assert.Equal(ExitCode.ExpectationFailed, code);
        Assert.Contains("it is 1260.5", error);
        Assert.Contains(Samples.Microkernel.Fingerprint, output);
        Assert.StartsWith("1. ", output);
    }

    /// <summary>Numbers by hand, as in the tests of waterfalls: 1145 cycles at 3.4 GHz are 337 ns,
    /// against 39 + 65 + 131 + 64 = 299 in the monolith: 3.83 times.</summary>
    [Fact]
    public void A_calls_answers_are_those_computed_by_hand()
    {
        string[] arguments = ["trace", Scenario, "--request", "3", "--quiz"];
        var (code, asked, _) = Real(arguments);
        Assert.Equal(ExitCode.Success, code);
        Assert.Contains("microkernel: getpid() = ?, ? cycles, ? ns", asked);
        Assert.DoesNotContain("1,145", asked);

        var (_, solved, _) = Real([.. arguments, "--solve"]);
        Assert.Contains("microkernel: 1,145 cycles, 337 ns", solved);
        // Which of them are asked is the seed's; each that is has its answer.
        Assert.InRange(
            Answered("How long does this call take in microkernel?", "337 ns")
                + Answered("How long does this call take in monolithic?", "88 ns")
                + Answered("for this call in microkernel, requests and answers?", "2")
                + Answered("for this call in monolithic, requests and answers?", "0")
                + Answered("trap for this call in microkernel?", "2")
                + Answered("trap for this call in monolithic?", "1")
                + Answered("does this call take in microkernel?", "3.83")
                + Answered("work for this call in microkernel?", "address-space-switch")
                + Answered("work for this call in monolithic?", "process-query")
                + Answered("time of this call pass in microkernel?", "kernel")
                + Answered("time of this call pass in monolithic?", "process-manager")
                + Answered("between microkernel and monolithic?", "address-space-switch"),
            6, 8);

        int Answered(string question, string answer)
        {
            var lines = solved.Split('\n').ToList();
            var at = lines.FindIndex(line => line.EndsWith(question, StringComparison.Ordinal)
                && (question.StartsWith("does", StringComparison.Ordinal)
                    == line.Contains("How many times", StringComparison.Ordinal)));
            Assert.True(at < 0 || lines[at + 1].EndsWith($") {answer}"), $"{question} {answer}");
            return at < 0 ? 0 : 1;
        }
    }

    [Theory]
    [InlineData("--quiz beside --solve", "run", "--solve")]
    [InlineData("no --format json", "run", "--quiz", "--format", "json")]
    [InlineData("no --quiz beside --sensitivity", "compare", "--quiz", "--sensitivity")]
    [InlineData("--request, --nth and --slowest beside --quiz", "trace", "--quiz")]
    public void What_makes_no_quiz_is_bad_input(
        string message, string command, params string[] options)
    {
        var (code, output, error) = Micro([command, Scenario, .. options]);
        Assert.Equal((ExitCode.BadInput, ""), (code, output));
        Assert.Contains(message, error);
    }

    private (ExitCode Code, string Output, string Error) Real(params string[] arguments) =>
        Micro(new ScenarioRunner(), arguments);
}
