using OpenTelemetry.Proto.Logs.V1;
using OpenTelemetry.Proto.Resource.V1;
using Scenarios;
using Telemetry.Json;
using Telemetry.Tests;
using Testing.Otlp;

namespace Cli.Tests.Received;

/// <summary>The program with real runs and a server that listens.</summary>
public sealed class ExportTests : CliTest
{
    private readonly OtlpReceiver receiver = OtlpReceiver.Start();

    private static string Crash => Repository.PathOf("scenarios/crash-file-server.yaml");

    [Fact]
    public void All_three_signals_carry_the_id_of_the_run()
    {
        var (code, _, error) = Micro(
            new ScenarioRunner(), "run", Crash, "--otlp", receiver.GrpcUrl);
        Assert.True(code == ExitCode.Success, error);
        Assert.Contains("series of metrics -> " + receiver.GrpcUrl, error);
        var metrics = receiver.Metrics.Single().ResourceMetrics.Single().Resource;
        var id = Attribute(metrics, "micro.run");
        Assert.Matches("^[0-9a-f]{16}$", id);
        var logs = receiver.Logs.SelectMany(request => request.ResourceLogs).ToList();
        Assert.All(logs, each => Assert.Equal(id, Attribute(each.Resource, "micro.run")));
        Assert.All(
            Records(),
            each => Assert.Equal(id, Convert.ToHexStringLower(each.TraceId.Span)[..16]));
        var spans = receiver.Traces.SelectMany(request => request.ResourceSpans)
            .SelectMany(resource => resource.ScopeSpans).SelectMany(scope => scope.Spans);
        Assert.All(
            spans, each => Assert.Equal(id, Convert.ToHexStringLower(each.TraceId.Span)[..16]));
        Assert.NotEmpty(spans);
    }

    /// <summary>As docs/gallery/crash-file-server.md tells it: crashed, detected, restarted,
    /// rebound, first good reply.</summary>
    [Fact]
    public void The_log_tells_what_supervision_did()
    {
        Variables["OTEL_EXPORTER_OTLP_LOGS_ENDPOINT"] = receiver.HttpUrl + "/v1/logs";
        Variables["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf";
        var file = Path.Combine(Folder, "micro.log");
        var (code, _, error) = Micro(new ScenarioRunner(), "run", Crash, "--log-file", file);
        Assert.True(code == ExitCode.Success, error);
        Assert.Equal("", error);
        Assert.Equal(
            ["crashed", "detected", "restarted", "rebound", "first-good-reply"],
            Records().Select(each => each.Attributes.SingleOrDefault(attribute =>
                attribute.Key == "Event")?.Value.StringValue).OfType<string>());
        Assert.Empty(receiver.Traces);
        Assert.Empty(receiver.Metrics);

        // The file has the same, each line with time and trace id.
        var lines = File.ReadAllLines(file);
        Assert.Equal(Records().Count(), lines.Length);
        var trace = Convert.ToHexStringLower(Records().First().TraceId.Span);
        Assert.All(lines, line => Assert.Contains($" INF {trace} ", line));
        Assert.Contains("microkernel at 1504522 ns: file-server 1 crashed", lines[1]);
    }

    [Fact]
    public void A_run_with_every_export_is_the_same_run()
    {
        var (_, alone, _) = Micro(new ScenarioRunner(), "compare", Crash, "--format", "json");
        var (code, watched, error) = Micro(
            new ScenarioRunner(), "compare", Crash, "--format", "json", "--verbosity", "debug",
            "--log-file", Path.Combine(Folder, "micro.log"), "--otlp", receiver.GrpcUrl);
        Assert.True(code == ExitCode.Success, error);
        Assert.Equal(alone, watched);
        Assert.Equal(2, JsonReport.Read(watched).Placements.Count);
    }

    [Fact]
    public void Nobody_there_is_said_and_ends_with_exit_code_4_after_the_report()
    {
        var url = receiver.GrpcUrl;
        receiver.Dispose();
        var (_, alone, _) = Micro(new ScenarioRunner(), "run", Scenario);
        var (code, output, error) = Micro(new ScenarioRunner(), "run", Scenario, "--otlp", url);
        Assert.Equal(ExitCode.NotExported, code);
        Assert.Equal(alone, output);
        Assert.Contains("series of metrics arrived: expected an OTLP receiver at " + url, error);
        Assert.Contains("not all of the log arrived: expected an OTLP receiver at " + url, error);
    }

    [Fact]
    public void A_log_file_that_cannot_be_written_is_bad_input()
    {
        var runner = new FakeRunner();
        var (code, _, error) = Micro(runner, "run", Scenario, "--log-file", Folder);
        Assert.Equal(ExitCode.BadInput, code);
        Assert.Contains("expected a file that can be written behind --log-file", error);
        Assert.Empty(runner.Asked);
    }

    protected override void Dispose(bool disposing)
    {
        receiver.Dispose();
        base.Dispose(disposing);
    }

    private static string Attribute(Resource resource, string name) =>
        resource.Attributes.Single(each => each.Key == name).Value.StringValue;

    private IEnumerable<LogRecord> Records() => receiver.Logs
        .SelectMany(request => request.ResourceLogs).SelectMany(resource => resource.ScopeLogs)
        .SelectMany(scope => scope.LogRecords);
}
