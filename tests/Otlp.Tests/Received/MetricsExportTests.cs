using Abi.Posix;
using OpenTelemetry.Proto.Common.V1;
using OpenTelemetry.Proto.Metrics.V1;
using Records;
using Telemetry.OpenTelemetry;
using Testing.Otlp;

namespace Otlp.Tests.Received;

/// <summary>Metrics, as somebody sees them who got them.</summary>
public sealed class MetricsExportTests : IDisposable
{
    private const long Hertz = 2_000_000_000;

    private static readonly RunIdentity Run = new(
        new RunId(0x0123456789abcdef), "two readers", "round-numbers", 7, Hertz);

    private readonly OtlpReceiver receiver = OtlpReceiver.Start();

    [Theory]
    [InlineData(OtlpTransport.Grpc)]
    [InlineData(OtlpTransport.HttpProtobuf)]
    public void All_of_it_arrives_once_by_either_transport(OtlpTransport transport)
    {
        var said = Send(Endpoint(transport), Result());
        var request = Assert.Single(receiver.Metrics);
        var metrics = Assert.Single(Assert.Single(request.ResourceMetrics).ScopeMetrics).Metrics;
        Assert.Equal(
            [
                "micro.bill.time", "micro.call.duration", "micro.call.duration.quantile",
                "micro.call.errors", "micro.counter", "micro.crashes", "micro.losses",
                "micro.repair.duration", "micro.restarts", "micro.run.virtual_time",
            ],
            metrics.Select(metric => metric.Name).Order(StringComparer.Ordinal));

        // By hand: 3 bill, 1 + 2 + 1 of calls, 2 counters, 1 + 1 + 1 + 1 of crashes, 1 time.
        Assert.StartsWith("14 series of metrics -> http://127.0.0.1:", said);
    }

    [Fact]
    public void The_resource_says_which_run_it_is()
    {
        Send(Endpoint(), Result());
        var resource = receiver.Metrics.Single().ResourceMetrics.Single().Resource;
        var attributes = Text(resource.Attributes);
        Assert.Equal("micro", attributes["service.name"]);
        Assert.Equal("0123456789abcdef", attributes["service.instance.id"]);
        Assert.Equal("0123456789abcdef", attributes["micro.run"]);
        Assert.Equal("two readers", attributes["micro.scenario"]);
        Assert.Equal("round-numbers", attributes["micro.profile"]);
        Assert.Equal("7", attributes["micro.seed"]);
    }

    /// <summary>
    /// At 2 GHz. 63 cycles are the first bound, and a latency that is a bound belongs below it, by
    /// the data model of OTLP; 64 to 95 cycles are the second bucket; 2^35 - 1 the last bound.
    /// </summary>
    [Fact]
    public void Latencies_are_counted_exactly_in_true_seconds()
    {
        Send(Endpoint(), Result(), [63, 64, 95, 96, (1L << 35) - 1, 1L << 35]);
        var histogram = Metric("micro.call.duration");
        Assert.Equal("s", histogram.Unit);
        Assert.Equal(
            AggregationTemporality.Cumulative, histogram.Histogram.AggregationTemporality);
        var point = Assert.Single(histogram.Histogram.DataPoints);
        Assert.Equal("microkernel", Text(point.Attributes)["micro.placement"]);
        Assert.Equal("sched_yield", Text(point.Attributes)["micro.call"]);
        Assert.Equal(LatencyGrid.SharedBounds.Select(each => each / 2e9), point.ExplicitBounds);
        Assert.Equal(59, point.ExplicitBounds.Count);
        Assert.Equal([1UL, 2, 1, 0], point.BucketCounts.Take(4));
        Assert.Equal([1UL, 1], point.BucketCounts.TakeLast(2));
        Assert.Equal(6UL, point.Count);
        Assert.Equal((63 + 64 + 95 + 96 + (1L << 36) - 1) / 2e9, point.Sum, 12);
        Assert.Equal(63 / 2e9, point.Min);
        Assert.Equal((1L << 35) / 2e9, point.Max);
    }

    [Fact]
    public void The_bill_is_in_seconds_and_tells_work_from_waiting()
    {
        Send(Endpoint(), Result());
        var metric = Metric("micro.bill.time");
        Assert.True(metric.Sum.IsMonotonic);
        Assert.Equal(
            [
                "device-service disk-driver wait 4.5E-07", "handler file-server work 5E-07",
                "mode-switch kernel work 2.6E-06",
            ],
            metric.Sum.DataPoints.Select(point => Text(point.Attributes)).Zip(
                metric.Sum.DataPoints,
                (tags, point) => FormattableString.Invariant(
                    $"{tags["micro.cause"]} {tags["micro.component"]} ")
                    + FormattableString.Invariant($"{tags["micro.bill.kind"]} {point.AsDouble}"))
                .Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Quantiles_counters_and_time_are_those_of_the_report()
    {
        Send(Endpoint(), Result());
        Assert.Equal(
            [("0.5", 625e-9), ("0.99", 700e-9)],
            Metric("micro.call.duration.quantile").Gauge.DataPoints
                .Select(point => (Text(point.Attributes)["micro.quantile"], point.AsDouble)));
        Assert.Equal(
            [("mode-switches", 80L), ("traps", 40)],
            Metric("micro.counter").Sum.DataPoints
                .Select(point => (Text(point.Attributes)["micro.counter.name"], point.AsInt)));
        Assert.Equal(3, Assert.Single(Metric("micro.call.errors").Sum.DataPoints).AsInt);
        Assert.Equal(
            7e-6, Assert.Single(Metric("micro.run.virtual_time").Gauge.DataPoints).AsDouble);
        Assert.Equal(2, Assert.Single(Metric("micro.losses").Sum.DataPoints).AsInt);
    }

    /// <summary>1 us to 4 us: 3 us of repair; the second crash is not repaired.</summary>
    [Fact]
    public void A_repair_lasts_from_the_last_crash_to_the_first_good_reply()
    {
        Send(Endpoint(), Result());
        Assert.Equal(2, Assert.Single(Metric("micro.crashes").Sum.DataPoints).AsInt);
        Assert.Equal(1, Assert.Single(Metric("micro.restarts").Sum.DataPoints).AsInt);
        var repair = Assert.Single(Metric("micro.repair.duration").Histogram.DataPoints);
        Assert.Equal("file-server", Text(repair.Attributes)["micro.component"]);
        Assert.Equal(1UL, repair.Count);
        Assert.Equal(3e-6, repair.Sum, 12);
    }

    [Fact]
    public void Whoever_wants_deltas_gets_them()
    {
        Send(Endpoint() with { HasDeltas = true }, Result(), [100]);
        Assert.Equal(
            AggregationTemporality.Delta,
            Metric("micro.call.duration").Histogram.AggregationTemporality);
    }

    [Fact]
    public void Headers_are_sent_decoded()
    {
        Send(Endpoint() with { Headers = "x-key=a%20b,x-other=c" }, Result());
        var headers = receiver.Headers.Single();
        Assert.Equal("a b", headers["x-key"]);
        Assert.Equal("c", headers["x-other"]);
    }

    [Theory]
    [InlineData(OtlpTransport.Grpc)]
    [InlineData(OtlpTransport.HttpProtobuf)]
    public void A_server_that_refuses_is_a_clear_error(OtlpTransport transport)
    {
        receiver.Refusal = 400;
        var exception = Assert.Throws<NotExportedException>(
            () => Send(Endpoint(transport), Result()));
        Assert.Contains("not all of 14 series of metrics arrived", exception.Message);
        Assert.Contains("expected an OTLP receiver at http://127.0.0.1:", exception.Message);
    }

    [Fact]
    public void Nobody_at_that_address_is_a_clear_error()
    {
        var endpoint = Endpoint();
        receiver.Dispose();
        var exception = Assert.Throws<NotExportedException>(() => Send(endpoint, Result()));
        Assert.Contains("Connection refused", exception.Message);
    }

    [Theory]
    [InlineData(OtlpTransport.Grpc)]
    [InlineData(OtlpTransport.HttpProtobuf)]
    public void A_server_that_takes_only_some_is_a_clear_error(OtlpTransport transport)
    {
        receiver.Rejected = 3;
        var exception = Assert.Throws<NotExportedException>(
            () => Send(Endpoint(transport), Result()));
        Assert.Contains("it rejected 3", exception.Message);
    }

    [Fact]
    public void Two_exports_in_one_process_do_not_mix()
    {
        using var other = new MetricsExport(Endpoint(), Run);
        Send(Endpoint(), Result(), [100]);
        Assert.Equal(1UL, Metric("micro.call.duration").Histogram.DataPoints.Single().Count);
        Assert.Single(receiver.Metrics);
    }

    public void Dispose() => receiver.Dispose();

    private static string Send(OtlpEndpoint endpoint, RunResult result, long[]? latencies = null)
    {
        using var export = new MetricsExport(endpoint, Run);
        var calls = export.Calls(result.Name);
        foreach (var latency in latencies ?? [1_250])
        {
            calls.Record(new FinishedCall(
                1, "reader", 0, PosixCall.SchedYield, 0, 0, 0, "", 0, 5_000, 5_000 + latency));
        }

        return export.Finish(new Comparison
        {
            Scenario = "two readers",
            Seed = 7,
            Profile = "round-numbers",
            FrequencyHertz = Hertz,
            Placements = [result],
        });
    }

    private static RunResult Result() => new()
    {
        Name = "microkernel",
        Fingerprint = "00000000000000aa",
        VirtualTime = new TimeSpanCycles(14_000, 7_000),
        Calls =
        [
            new CallStatistics(
                "sched_yield", 10, 1_260.5, 1_250, 1_400, 1_200, 1_400, 12_605, 3, []),
        ],
        Bill =
        [
            new BillLine("handler", "file-server", 1_000),
            new BillLine("mode-switch", "kernel", 5_200),
            new BillLine("device-service", "disk-driver", 900),
        ],
        Parts = [],
        Counters = new Dictionary<string, long> { ["traps"] = 40, ["mode-switches"] = 80 },
        Processes = [],
        Losses = [new Loss("blocks", 2, "not written")],
        Timeline =
        [
            new TimelineEntry(2_000, 1_000, "crashed", "file-server", 1, ""),
            new TimelineEntry(6_000, 3_000, "restarted", "file-server", 2, ""),
            new TimelineEntry(8_000, 4_000, "first-good-reply", "file-server", 2, ""),
            new TimelineEntry(9_000, 4_500, "crashed", "file-server", 2, ""),
        ],
    };

    private static Dictionary<string, string> Text(IEnumerable<KeyValue> attributes) =>
        attributes.ToDictionary(
            each => each.Key,
            each => each.Value.ValueCase == AnyValue.ValueOneofCase.IntValue
                ? $"{each.Value.IntValue}"
                : each.Value.StringValue);

    private OtlpEndpoint Endpoint(OtlpTransport transport = OtlpTransport.Grpc) =>
        transport switch
        {
            OtlpTransport.Grpc => new OtlpEndpoint(new Uri(receiver.GrpcUrl), transport),
            OtlpTransport.HttpProtobuf => new OtlpEndpoint(
                new Uri(receiver.HttpUrl + "/v1/metrics"), transport),
        };

    private Metric Metric(string name) => receiver.Metrics.Single().ResourceMetrics.Single()
        .ScopeMetrics.Single().Metrics.Single(metric => metric.Name == name);
}
