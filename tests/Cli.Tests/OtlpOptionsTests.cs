using System.CommandLine;
using Cli.Outputs;
using Scenarios;
using Telemetry.OpenTelemetry;

namespace Cli.Tests;

/// <summary>
/// The rules of "OpenTelemetry Protocol Exporter" in the OpenTelemetry specification, where the
/// common address is a base and a signal's own is whole.
/// </summary>
public sealed class OtlpOptionsTests : CliTest
{
    private const string Endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";

    [Fact]
    public void Nothing_is_sent_unless_somebody_names_a_server() =>
        Assert.Equal(OtlpEndpoints.None, Read());

    [Fact]
    public void An_empty_variable_is_one_that_is_not_set()
    {
        Variables[Endpoint] = "";
        Assert.Equal(OtlpEndpoints.None, Read());
    }

    [Fact]
    public void One_address_is_that_of_all_signals()
    {
        Variables[Endpoint] = "http://localhost:4317";
        var endpoint = new OtlpEndpoint(new Uri("http://localhost:4317"), OtlpTransport.Grpc);
        Assert.Equal(new OtlpEndpoints(endpoint, endpoint, endpoint), Read());
    }

    [Theory]
    [InlineData("http://localhost:4318")]
    [InlineData("http://localhost:4318/")]
    public void Over_http_each_signal_has_its_path(string url)
    {
        var endpoints = Read("--otlp", url);
        Assert.Equal(
            ["http://localhost:4318/v1/traces", "http://localhost:4318/v1/metrics",
                "http://localhost:4318/v1/logs"],
            new[] { endpoints.Traces, endpoints.Metrics, endpoints.Logs }
                .Select(each => each!.Uri.ToString()));
        Assert.Equal(OtlpTransport.HttpProtobuf, endpoints.Metrics!.Transport);
    }

    [Fact]
    public void A_signals_own_variables_stand_above_the_common_ones()
    {
        Variables[Endpoint] = "http://common:4317";
        Variables["OTEL_EXPORTER_OTLP_HEADERS"] = "a=1";
        Variables["OTEL_EXPORTER_OTLP_METRICS_ENDPOINT"] = "http://own:9090/api/v1/otlp/v1/metrics";
        Variables["OTEL_EXPORTER_OTLP_METRICS_PROTOCOL"] = "http/protobuf";
        Variables["OTEL_EXPORTER_OTLP_METRICS_HEADERS"] = "b=2";
        Variables["OTEL_EXPORTER_OTLP_METRICS_TIMEOUT"] = "2500";
        var common = new OtlpEndpoint(new Uri("http://common:4317"), OtlpTransport.Grpc)
        {
            Headers = "a=1",
        };
        var own = new OtlpEndpoint(
            new Uri("http://own:9090/api/v1/otlp/v1/metrics"), OtlpTransport.HttpProtobuf)
        {
            Headers = "b=2",
            Timeout = TimeSpan.FromMilliseconds(2500),
        };
        Assert.Equal(new OtlpEndpoints(common, own, common), Read());
    }

    [Fact]
    public void The_argument_stands_above_the_environment()
    {
        Variables[Endpoint] = "http://common:4317";
        Variables["OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"] = "http://own:4317";
        Variables["OTEL_SDK_DISABLED"] = "true";
        var endpoints = Read("--otlp", "http://given:4317");
        Assert.Equal(new Uri("http://given:4317"), endpoints.Traces!.Uri);
        Assert.Equal(endpoints.Traces, endpoints.Metrics);
    }

    [Fact]
    public void The_environment_can_switch_a_signal_or_all_off()
    {
        Variables[Endpoint] = "http://common:4317";
        Variables["OTEL_METRICS_EXPORTER"] = "none";
        Assert.Null(Read().Metrics);
        Assert.NotNull(Read().Logs);
        Variables["OTEL_SDK_DISABLED"] = "true";
        Assert.Equal(OtlpEndpoints.None, Read());
    }

    [Theory]
    [InlineData(Endpoint, "localhost:4317", "expected an address such as http://localhost:4317")]
    [InlineData("OTEL_EXPORTER_OTLP_PROTOCOL", "http/json", "expected grpc or http/protobuf in")]
    [InlineData("OTEL_EXPORTER_OTLP_TIMEOUT", "10s", "expected milliseconds in")]
    [InlineData("OTEL_EXPORTER_OTLP_TIMEOUT", "0", "expected milliseconds in")]
    [InlineData("OTEL_LOGS_EXPORTER", "console", "expected otlp or none in OTEL_LOGS_EXPORTER")]
    public void What_cannot_be_had_is_bad_input(string name, string value, string message)
    {
        Variables[Endpoint] = "http://localhost:4317";
        Variables[name] = value;
        var exception = Assert.Throws<BadInputException>(() => Read());
        Assert.Contains(message, exception.Message);
        Assert.Contains($"not '{value}'", exception.Message);
    }

    [Fact]
    public void A_bad_address_ends_with_exit_code_2_before_anything_runs()
    {
        var runner = new FakeRunner();
        var (code, output, error) = Micro(runner, "run", Scenario, "--otlp", "nowhere");
        Assert.Equal(ExitCode.BadInput, code);
        Assert.Equal("", output);
        Assert.Contains("in --otlp, not 'nowhere'", error);
        Assert.Empty(runner.Asked);
    }

    private OtlpEndpoints Read(params string[] arguments)
    {
        var options = new OtlpOptions(name => Variables.GetValueOrDefault(name));
        var command = new RootCommand();
        foreach (var option in options.Options)
        {
            command.Add(option);
        }

        return options.Read(command.Parse(arguments));
    }
}
