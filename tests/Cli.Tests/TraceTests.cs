using System.Text.Json.Nodes;
using Scenarios;
using Telemetry.Tests;

namespace Cli.Tests;

/// <summary>`trace`, with real runs.</summary>
public sealed class TraceTests : CliTest
{
    private static readonly string ReadHit = Repository.PathOf("scenarios/read-hit.yaml");

    [Fact]
    public void Without_a_choice_it_lists_the_calls()
    {
        var (code, output, error) = Real("trace", Scenario, "--limit", "2");
        Assert.Equal((ExitCode.Success, ""), (code, error));
        // The second call as the waterfall of the tests of tracing has it: three spans.
        Assert.Matches(@"\n +2  asker \(1\)  getpid\(\) = 1 +1,145 +337 +3\n", output);
        Assert.Contains("and 9,998 more", output);
    }

    [Fact]
    public void A_list_of_one_kind_of_call_has_no_other()
    {
        var (_, output, _) = Real("trace", ReadHit, "--call", "open", "--format", "json");
        var calls = JsonNode.Parse(output)!["requests"]!["calls"]!.AsArray();
        Assert.NotEmpty(calls);
        Assert.All(calls, call => Assert.StartsWith("open(", (string)call!["call"]!));
    }

    [Fact]
    public void Each_placement_shows_the_same_call()
    {
        var (code, output, _) = Real("trace", Scenario, "--request", "7", "--format", "json");
        Assert.Equal(ExitCode.Success, code);
        var calls = JsonNode.Parse(output)!["placements"]!.AsArray();
        Assert.Equal(
            [("microkernel", 6, 1145), ("monolithic", 6, 299)],
            calls.Select(call => (
                (string)call!["placement"]!, (int)call["position"]!,
                (int)call["latencyCycles"]!)));
    }

    [Fact]
    public void The_slowest_is_the_first_which_has_to_ask_who_answers()
    {
        var (_, output, _) = Real("trace", Scenario, "--slowest", "--placement", "microkernel");
        Assert.Contains("request 1 of the run", output);
        var (_, same, _) = Real(
            "trace", Scenario, "--slowest", "getpid", "--placement", "microkernel");
        Assert.Equal(output, same);
    }

    [Fact]
    public void The_nth_of_a_kind_is_counted_among_its_kind()
    {
        var (_, list, _) = Real("trace", ReadHit, "--call", "read", "--format", "json");
        var third = JsonNode.Parse(list)!["requests"]!["calls"]![2]!;
        var (_, output, _) = Real(
            "trace", ReadHit, "--call", "read", "--nth", "3", "--placement", "microkernel");
        Assert.Contains($"request {(long)third["request"]!} of the run", output);
    }

    [Theory]
    [InlineData("one of the 10000 calls that there are in microkernel", "--request", "10001")]
    [InlineData("one of the 10000 calls of getpid", "--call", "getpid", "--nth", "10001")]
    [InlineData("a number from 1 on behind --request", "--request", "0")]
    [InlineData("one of --request, --nth and --slowest", "--request", "1", "--slowest")]
    [InlineData("--call CALL beside --nth", "--nth", "2")]
    [InlineData("--call with --nth, or alone", "--call", "getpid", "--request", "1")]
    [InlineData("did you mean 'getpid'?", "--call", "getpidd")]
    [InlineData("calls of read in microkernel, and there are none", "--slowest", "read")]
    [InlineData("one of its placements", "--request", "1", "--placement", "micro")]
    public void What_cannot_be_chosen_is_bad_input(string message, params string[] choice)
    {
        var (code, output, error) = Real(["trace", Scenario, .. choice]);
        Assert.Equal((ExitCode.BadInput, ""), (code, output));
        Assert.Contains(message, error);
    }

    [Fact]
    public void Without_utf8_everything_is_ascii()
    {
        string[] arguments = ["trace", Scenario, "--request", "2"];
        var (_, fancy, _) = Real(arguments);
        var (_, plain, _) = Real([.. arguments, "--ascii"]);
        Assert.Contains(fancy, each => each > '~');
        Assert.DoesNotContain(plain, each => each > '~');

        var output = new StringWriter();
        var terminal = new Terminal { Output = output, Error = output, IsUtf8 = false };
        new Micro(terminal, new ScenarioRunner()).Run(arguments);
        Assert.Equal(plain, output.ToString().ReplaceLineEndings("\n"));
    }

    private (ExitCode Code, string Output, string Error) Real(params string[] arguments) =>
        Micro(new ScenarioRunner(), arguments);
}
