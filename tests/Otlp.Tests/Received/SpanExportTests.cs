using System.Globalization;
using Scenarios;
using Telemetry.OpenTelemetry;
using Telemetry.Requests;
using Tracing.Tests;
using Kind = OpenTelemetry.Proto.Trace.V1.Span.Types.SpanKind;

namespace Otlp.Tests.Received;

/// <summary>What arrives of the spans of real runs.</summary>
public sealed class SpanExportTests : SpanTest
{
    private const string Reads =
        """
        name: reads
        seed: 77
        processes:
          reader:
            program: |
              fd = open("/data", O_RDWR|O_CREAT, 0644)
              pwrite(fd, bytes(4096), 0)
              repeat 30 { pread(fd, 512, 0) }
              close(fd)
        """;

    [Theory]
    [InlineData(OtlpTransport.Grpc)]
    [InlineData(OtlpTransport.HttpProtobuf)]
    public void All_of_50_000_spans_arrive_and_tree_and_times_are_exact(OtlpTransport transport)
    {
        var run = Export(
            Lab.Text(
                """
                name: many reads
                processes:
                  reader:
                    count: 2
                    program: |
                      fd = open("/data", O_RDWR|O_CREAT, 0644)
                      repeat 2600 { pread(fd, 512, 0) }
                      close(fd)
                """),
            options => options with { Choice = new RequestChoice.All() }, transport);
        var spans = Received;
        Assert.True(spans.Count >= 50_000, $"{spans.Count} spans are too few for this test");
        Assert.Equal(
            run.Requests.Values.Sum(each => each.Sum(request => 2 * request.Spans.Count() - 1))
                + run.Comparison.Placements.Count,
            spans.Count);
        Assert.Equal(spans.Count, spans.Select(span => span.Id).Distinct().Count());
        Assert.Equal(
            $"{spans.Count:N0} spans, {spans.Select(span => span.Service).Distinct().Count()} "
                + $"services -> {run.Options.Endpoint.Uri} (run {run.Options.Run.Id}; "
                + "time is scaled: 1 ns = 1 us)",
            Assert.Single(run.Said));
        var traces = spans.ToLookup(span => span.Trace);
        foreach (var (placement, requests) in run.Requests)
        {
            foreach (var request in requests)
            {
                AssertSame(run, placement, request, [.. traces[run.TraceOf(placement, request)]]);
            }
        }
    }

    [Fact]
    public void Services_of_placements_differ_and_all_run_on_one_host()
    {
        Export(Lab.Text(Reads));
        var resources = Received.Select(span => span.Resource).ToList();
        string[] components = ["app", "kernel", "file-server", "disk-driver", "machine"];
        Assert.Subset(
            resources.Select(resource => resource["service.name"]).ToHashSet(),
            components.SelectMany(name => new[] { $"microkernel/{name}", $"monolithic/{name}" })
                .ToHashSet());
        Assert.All(resources, resource => Assert.Equal("micro", resource["service.namespace"]));
        Assert.Single(resources.Select(resource => resource["host.name"]).Distinct());
        Assert.Equal(
            resources.Select(resource => resource["service.name"]).Distinct().Count(),
            resources.Select(resource => resource["service.instance.id"]).Distinct().Count());
    }

    [Fact]
    public void The_call_says_what_it_is()
    {
        var run = Export(
            Lab.Text(Reads), options => options with { Scale = TimeScale.Thousand }, default,
            "microkernel");
        var request = run.Requests["microkernel"].Find(each => each.Root.Name == "pread")!;
        var root = Received.Single(span =>
            span.Trace == run.TraceOf("microkernel", request) && span.Parent.Length == 0);
        Assert.Equal(Kind.Internal, root.Span.Kind);
        var expected = new Dictionary<string, string>
        {
            ["micro.scenario"] = "reads",
            ["micro.placement"] = "microkernel",
            ["micro.profile"] = "sel4-haswell",
            ["micro.seed"] = "77",
            ["micro.run"] = run.Options.Run.Id.ToString(),
            ["micro.process"] = "reader",
            ["micro.pid"] = $"{request.Call.Process}",
            ["micro.call"] = "pread64(3, \"\"..., 512, 0)",
            ["micro.result"] = "512",
            ["micro.began_cycles"] = $"{request.Began}",
            ["micro.began_ns"] = $"{Nanoseconds(request.Began, run)}",
            ["micro.length_cycles"] = $"{request.Length}",
            ["micro.length_ns"] = $"{Nanoseconds(request.Length, run)}",
            ["micro.time_scale"] = "1 ns = 1 us",
        };
        Assert.Equal(
            expected.OrderBy(each => each.Key),
            root.Attributes.Where(each => expected.ContainsKey(each.Key))
                .OrderBy(each => each.Key));
        Assert.Equal(
            request.Length,
            root.Attributes.Where(each => each.Key.StartsWith("micro.bill."))
                .Sum(each => long.Parse(each.Value)));
    }

    // The profile's clock is 3.4 GHz: 34 cycles are 10 ns.
    [Theory]
    [InlineData(TimeScale.Thousand, "1 ns = 1 us", 10_000)]
    [InlineData(TimeScale.One, "1 ns = 1 ns", 10)]
    [InlineData(TimeScale.Cycles, "1 cycle = 1 us", 34_000)]
    public void Time_is_shown_on_the_scale_that_is_wanted_and_the_scale_is_said(
        TimeScale scale, string label, decimal shownOf34Cycles)
    {
        var run = Export(
            Lab.Text(Reads), options => options with { Scale = scale }, default, "monolithic");
        Assert.Equal(3_400_000_000, run.Comparison.FrequencyHertz);
        Assert.Contains($"time is scaled: {label}", run.Said[0]);
        Assert.Equal(scale == TimeScale.One, run.Said.Any(line => line.Contains("100 ns")));
        foreach (var request in run.Requests["monolithic"])
        {
            var root = Received.Single(span =>
                span.Trace == run.TraceOf("monolithic", request) && span.Parent.Length == 0);
            Assert.EndsWith($" [{label}]", root.Span.Name);
            Assert.Equal(label, root.Resource["micro.time_scale"]);
            Assert.Equal(label, root.Attributes["micro.time_scale"]);
            var exact = request.Length * shownOf34Cycles / 34;

            // Half a nanosecond is rounded; the SDK's clock counts hundreds of nanoseconds.
            var off = scale == TimeScale.One ? 100 : 500;
            Assert.InRange(
                root.Times.End - root.Times.Start, Math.Max(exact - off, 0), exact + off);
        }
    }

    [Fact]
    public void Traces_start_near_now_in_the_order_and_at_the_distances_of_virtual_time()
    {
        var run = Export(Lab.Text(Reads), null, default, "microkernel");
        var roots = run.Requests["microkernel"].ConvertAll(request => Received.Single(span =>
            span.Trace == run.TraceOf("microkernel", request) && span.Parent.Length == 0));
        var now = (ulong)(Now - DateTimeOffset.UnixEpoch).Ticks * 100;
        Assert.All(roots, root =>
            Assert.InRange(root.Times.Start, now - 300_000_000_000, now));
        for (var i = 1; i < roots.Count; i++)
        {
            Assert.Equal(
                1_000 * (Nanoseconds(run.Requests["microkernel"][i].Began, run)
                    - Nanoseconds(run.Requests["microkernel"][0].Began, run)),
                roots[i].Times.Start - roots[0].Times.Start);
        }
    }

    [Theory]
    [InlineData("first:3")]
    [InlineData("every:7")]
    [InlineData("slowest:4")]
    [InlineData("all")]
    public void Those_requests_are_exported_that_are_wanted_and_each_is_whole(string choice)
    {
        var run = Export(
            Lab.Text(Reads),
            options => options with { Choice = RequestChoice.Parse(choice)! }, default,
            "microkernel");
        var all = run.Requests["microkernel"];
        var wanted = choice switch
        {
            "first:3" => all.Take(3),
            "every:7" => all.Where((_, i) => i % 7 == 0),
            "slowest:4" => all.OrderByDescending(request => request.Length)
                .ThenBy(request => request.Call.Request).Take(4),
            _ => all,
        };
        var expected = wanted.ToDictionary(
            request => run.TraceOf("microkernel", request),
            request => 2 * request.Spans.Count() - 1);
        Assert.Equal(
            expected.OrderBy(each => each.Key),
            Received.Where(span => span.Trace != run.TraceOf("microkernel", 0))
                .GroupBy(span => span.Trace)
                .Select(trace => KeyValuePair.Create(trace.Key, trace.Count()))
                .OrderBy(each => each.Key));
        Assert.Equal(
            choice == "all" ? [] :
            [
                $"microkernel: exported {expected.Count} of {run.Said[1].Split(' ')[4]} requests "
                    + $"({choice}); --otlp-requests chooses others",
            ],
            run.Said.Skip(1));
    }

    [Fact]
    public void A_trace_of_more_than_5_000_spans_is_warned_of()
    {
        var run = Export(
            Lab.Text(
                """
                name: large
                disk: { cacheBlocks: 64 }
                processes:
                  reader:
                    program: |
                      fd = open("/cold", O_RDWR|O_CREAT, 0644)
                      pwrite(fd, bytes(2MiB), 0)
                      close(fd)
                """),
            null, default, "microkernel");
        var large = run.Requests["microkernel"].MaxBy(request => request.Length)!;
        var count = 2 * large.Spans.Count() - 1;
        Assert.True(count > 5_000);
        Assert.Equal(
            $"warning: traces of more than 5,000 spans make viewers slow: there is 1, request "
                + $"{large.Call.Request} of microkernel has {count:N0}",
            run.Said[^1]);
    }

    // What reads requests has its own test over all files; this is about what hangs behind it.
    [Theory]
    [InlineData("crash-file-server.yaml")]
    [InlineData("many-readers.yaml")]
    [InlineData("datagrams.yaml")]
    [InlineData("priorities.yaml")]
    public void Exporting_changes_nothing(string file)
    {
        var scenario = Lab.File(file);
        var names = scenario.AllPlacements.Select(placement => placement.Name).ToList();
        Assert.Equal(
            new ScenarioRunner().Compare(scenario, names, new RunOptions()).Placements
                .Select(run => run.Fingerprint),
            Export(scenario).Comparison.Placements.Select(run => run.Fingerprint));
    }

    [Theory]
    [InlineData(OtlpTransport.Grpc)]
    [InlineData(OtlpTransport.HttpProtobuf)]
    public void Nobody_listening_is_an_error_that_says_so(OtlpTransport transport)
    {
        Receiver.Dispose();
        var error = Assert.Throws<NotExportedException>(
            () => Export(Lab.Text(Reads), null, transport));
        Assert.Matches(
            @"^([\d,]+) of \1 spans did not arrive: expected an OTLP receiver at "
            + @"http://127\.0\.0\.1:\d+/\S* that takes them all \(.*Connection refused",
            error.Message);
    }

    [Theory]
    [InlineData(OtlpTransport.Grpc)]
    [InlineData(OtlpTransport.HttpProtobuf)]
    public void A_receiver_that_fails_half_way_is_an_error_with_the_number_lost(
        OtlpTransport transport)
    {
        Receiver.Takes = 2;
        var error = Assert.Throws<NotExportedException>(
            () => Export(Lab.Text(Reads), null, transport));
        Assert.NotEmpty(Received);
        var (lost, made) = Numbers(error);
        Assert.Equal(made - lost, Received.Count);
    }

    [Theory]
    [InlineData(OtlpTransport.Grpc)]
    [InlineData(OtlpTransport.HttpProtobuf)]
    public void Spans_that_a_receiver_took_and_rejected_have_not_arrived(OtlpTransport transport)
    {
        Receiver.Rejected = 1;
        var error = Assert.Throws<NotExportedException>(
            () => Export(Lab.Text(Reads), null, transport));
        var (lost, made) = Numbers(error);
        Assert.Equal(made, Received.Count);
        Assert.Equal(Receiver.Traces.Count, lost);
        Assert.Contains($"it rejected {lost} of those that arrived", error.Message);
    }

    private static (int Lost, int Made) Numbers(NotExportedException error)
    {
        var words = error.Message.Split(' ');
        return (
            int.Parse(words[0], NumberStyles.AllowThousands, CultureInfo.InvariantCulture),
            int.Parse(words[2], NumberStyles.AllowThousands, CultureInfo.InvariantCulture));
    }

    private static void AssertSame(
        Exported run, string placement, Request request, List<ReceivedSpan> trace)
    {
        Assert.Equal(2 * request.Spans.Count() - 1, trace.Count);
        var byId = trace.ToDictionary(span => span.Id);
        var own = trace.Where(span => span.Attributes.ContainsKey("micro.span"))
            .ToDictionary(span => int.Parse(span.Attributes["micro.span"]));
        var root = own[0];
        Assert.Equal("", root.Parent);
        Assert.Equal($"{request.Root.Name} [1 ns = 1 us]", root.Span.Name);
        foreach (var span in request.Spans)
        {
            var received = own[span.Id];
            Assert.Equal(NameOf(placement, span), received.Service);
            Assert.Equal(Shown(span), received.Times);
            Assert.Equal(
                span.Pieces.GroupBy(piece => $"micro.cycles.{Name(piece.Cause)}")
                    .ToDictionary(
                        group => group.Key, group => $"{group.Sum(piece => piece.Length)}"),
                received.Attributes.Where(each => each.Key.StartsWith("micro.cycles."))
                    .ToDictionary());
            if (span.Parent is null)
            {
                continue;
            }

            Assert.Equal(Kind.Server, received.Span.Kind);
            var caller = byId[received.Parent];
            Assert.Equal(Kind.Client, caller.Span.Kind);
            Assert.Equal(received.Times, caller.Times);
            Assert.Equal(NameOf(placement, span.Parent), caller.Service);
            Assert.Equal(received.Service, caller.Attributes["peer.service"]);
            Assert.Equal(own[span.Parent.Id].Id, caller.Parent);
        }

        // One virtual nanosecond is a microsecond; the SDK gives what has no length 100 ns.
        (ulong, ulong) Shown(RequestSpan span)
        {
            var start = root.Times.Start + 1_000 * Nanoseconds(span.Began - request.Began, run);
            var end = root.Times.Start + 1_000 * Nanoseconds(span.Ended - request.Began, run);
            return (start, end == start ? start + 100 : end);
        }
    }

    private static string Name(Abi.Costs.Cause cause) => Abi.KebabCase.Of(cause.ToString());

    private static string NameOf(string placement, RequestSpan span) =>
        placement + "/" + (span.Component == "program" ? "app" : span.Component);
}
