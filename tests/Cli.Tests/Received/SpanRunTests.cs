using System.Net;
using System.Net.Sockets;
using Scenarios;
using Testing.Otlp;

namespace Cli.Tests.Received;

/// <summary>`run` and `compare` with spans, from the command line to a receiver.</summary>
public sealed class SpanRunTests : CliTest
{
    private readonly OtlpReceiver receiver = OtlpReceiver.Start();

    public SpanRunTests()
    {
        // Spans alone.
        Variables["OTEL_METRICS_EXPORTER"] = "none";
        Variables["OTEL_LOGS_EXPORTER"] = "none";
    }

    [Fact]
    public void Run_exports_where_the_variable_says()
    {
        // 10,000 calls of getpid and the exit. App, kernel, process manager and the machine.
        Variables["OTEL_EXPORTER_OTLP_ENDPOINT"] = receiver.GrpcUrl;
        var (code, output, error) = Micro(new ScenarioRunner(), "run", Scenario);
        Assert.Equal(ExitCode.Success, code);
        Assert.Matches(
            $@"^micro: [\d,]+ spans, 4 services -> {receiver.GrpcUrl}/ "
            + @"\(run [0-9a-f]{16}; time is scaled: 1 ns = 1 us\)\n",
            error);
        Assert.Contains(
            "micro: microkernel: exported 1,000 of 10,001 requests (first:1000); --otlp-requests "
            + "chooses others\n",
            error);
        Assert.DoesNotContain("spans", output);
        Assert.Equal(1_000 + 1, Roots().Count);
    }

    [Fact]
    public void Compare_exports_all_placements_where_the_option_says()
    {
        Variables["OTEL_EXPORTER_OTLP_ENDPOINT"] = "http://127.0.0.1:1";
        var (code, _, error) = Micro(
            new ScenarioRunner(), "compare", Scenario, "--otlp", receiver.GrpcUrl,
            "--otlp-requests", "slowest:2", "--time-scale", "cycles");
        Assert.Equal(ExitCode.Success, code);
        Assert.Contains("services -> " + receiver.GrpcUrl, error);
        Assert.Contains("1 cycle = 1 us", error);
        Assert.Equal(2 * (2 + 1), Roots().Count);
        Assert.All(Roots(), name => Assert.EndsWith("[1 cycle = 1 us]", name));
    }

    [Fact]
    public void Nobody_listening_costs_neither_report_nor_result_but_ends_in_exit_code_4()
    {
        var reference = Micro(new ScenarioRunner(), "run", Scenario);
        using var closed = new TcpListener(IPAddress.Loopback, 0);
        closed.Start();
        var port = ((IPEndPoint)closed.LocalEndpoint).Port;
        closed.Stop();
        var (code, output, error) = Micro(
            new ScenarioRunner(), "run", Scenario, "--otlp", $"http://127.0.0.1:{port}");
        Assert.Equal(ExitCode.NotExported, code);
        Assert.Equal(4, (int)code);
        Assert.Equal(reference.Output, output);
        Assert.Matches(
            @"^micro: ([\d,]+) of \1 spans did not arrive: expected an OTLP receiver at "
            + $@"http://127\.0\.0\.1:{port}/ that takes them all \(",
            error);
    }

    [Fact]
    public void A_receiver_that_fails_half_way_ends_in_exit_code_4()
    {
        receiver.Takes = 1;
        var (code, _, error) = Micro(
            new ScenarioRunner(), "compare", Scenario, "--otlp", receiver.GrpcUrl);
        Assert.Equal(ExitCode.NotExported, code);
        Assert.Single(receiver.Traces);
        Assert.Contains("spans did not arrive", error);
    }

    [Theory]
    [InlineData("--time-scale", "7", "expected 1, 1000, cycles behind --time-scale, not '7'")]
    [InlineData("--otlp-requests", "first:0", "expected all|first:N|slowest:N|every:N behind")]
    [InlineData("--otlp-requests", "last:3", "expected all|first:N|slowest:N|every:N behind")]
    public void Options_that_cannot_be_had_are_refused_before_anything_runs(
        string option, string value, string message)
    {
        var runner = new FakeRunner();
        var (code, output, error) = Micro(
            runner, "run", Scenario, "--otlp", receiver.GrpcUrl, option, value);
        Assert.Equal(ExitCode.BadInput, code);
        Assert.Empty(output);
        Assert.Empty(runner.Asked);
        Assert.Contains(message, error);
    }

    public override void Dispose()
    {
        receiver.Dispose();
        base.Dispose();
        GC.SuppressFinalize(this);
    }

    private List<string> Roots() =>
    [
        .. from request in receiver.Traces
           from resource in request.ResourceSpans
           from scope in resource.ScopeSpans
           from span in scope.Spans
           where span.ParentSpanId.IsEmpty
           select span.Name,
    ];
}
