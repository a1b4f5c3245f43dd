using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Abi.Costs;
using Abi.Units;
using CsvHelper;
using Records;
using Scenarios;
using Scenarios.Model;
using Telemetry.Calls;
using Telemetry.Strace;
using Telemetry.TraceEvents;

namespace Tracing.Tests;

/// <summary>The files that a run writes, against what is known of the run otherwise.</summary>
public sealed class FileTests
{
    // Long and of the same kind as shorter ones.
    private static readonly HashSet<string> s_long = ["master-core-open.yaml"];

    public static TheoryData<string> Files => [.. Lab.Files.Where(file => !s_long.Contains(file))];

    [Theory]
    [MemberData(nameof(Files))]
    public void Traces_nest_arrows_arrive_and_what_they_show_is_what_the_run_counted(string file)
    {
        var scenario = Lab.File(file);
        foreach (var written in Write(scenario))
        {
            var trace = Trace.Read(written.Trace);
            trace.AssertSlicesNest();
            trace.AssertArrowsArrive();
            foreach (var call in written.Run.Calls)
            {
                var slices = trace.Slices.Where(
                    slice => slice.Category == "posix" && slice.Name == call.Name
                    && slice.Outcome != "never returned").ToList();
                Assert.Equal(call.Count, slices.Count);
                Assert.Equal(call.TotalCycles, slices.Sum(slice => slice.Cycles));
            }

            // A panic takes all components down at once, and is one crash.
            Assert.Equal(
                written.Run.Counters["crashes"],
                trace.Instants("crashed") + trace.Instants("panic"));
            Assert.Equal(written.Run.Counters["restarts"], trace.Instants("restarted"));
            // The end of a quantum is an interrupt without a record of its own.
            Assert.Equal(
                written.Run.Counters["interrupts"] - written.Run.Counters["quanta-expired"],
                trace.Instants("interrupt") + trace.Instants("timer"));

            // A core does one thing at a time.
            var busy = trace.Slices.Where(slice => slice.Category is "runs" or "kernel")
                .Sum(slice => slice.Cycles);
            var cores = scenario.Machine.Cores;
            Assert.InRange(busy, 1, cores * written.Run.VirtualTime.Cycles);
            if (cores == 1)
            {
                AssertApart(trace.Slices.Where(slice => slice.Category is "runs" or "kernel"));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Rows_of_calls_sum_to_the_report(string file)
    {
        foreach (var written in Write(Lab.File(file)))
        {
            var counts = new Dictionary<string, long>();
            var totals = new Dictionary<string, long>();
            using var reader = CsvReader.Create(new MemoryStream(written.Calls));
            while (reader.Read())
            {
                var call = reader.GetString("call");
                var latency = reader.Parse<long>("latency_cycles");
                Assert.Equal(
                    latency,
                    Enumerable.Range(reader.FieldCount - Causes.Count, Causes.Count)
                        .Sum(column => reader.Parse<long>(column)));
                Assert.Equal(
                    reader.Parse<long>("end_ns") - reader.Parse<long>("begin_ns"),
                    reader.Parse<long>("latency_ns"));
                counts[call] = counts.GetValueOrDefault(call) + 1;
                totals[call] = totals.GetValueOrDefault(call) + latency;
            }

            foreach (var call in written.Run.Calls)
            {
                Assert.Equal(call.Count, counts.GetValueOrDefault(call.Name));
                Assert.Equal(call.TotalCycles, totals.GetValueOrDefault(call.Name));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Writing_changes_no_run_and_two_runs_write_the_same_bytes(string file)
    {
        var scenario = Lab.File(file);
        var names = scenario.AllPlacements.Select(placement => placement.Name).ToList();
        var silent = new ScenarioRunner().Compare(scenario, names, new RunOptions());
        var first = Write(scenario);
        var second = Write(scenario);
        Assert.Equal(
            silent.Placements.Select(run => run.Fingerprint),
            first.Select(written => written.Run.Fingerprint));
        Assert.Equal(first.Select(Digests), second.Select(Digests));
    }

    [Fact]
    public void A_checker_of_nesting_finds_slices_that_overlap()
    {
        const string Text = """
            {"displayTimeUnit":"ns","traceEvents":[
            {"ph":"B","pid":1,"tid":1,"ts":0.000,"name":"a"},
            {"ph":"B","pid":1,"tid":1,"ts":0.005,"name":"b"},
            {"ph":"E","pid":1,"tid":1,"ts":0.010,"name":"a"},
            {"ph":"E","pid":1,"tid":1,"ts":0.020,"name":"b"}
            ]}
            """;
        Assert.ThrowsAny<Exception>(() => Trace.Read(Encoding.UTF8.GetBytes(Text)));
    }

    private static void AssertApart(IEnumerable<Slice> slices)
    {
        var last = 0L;
        foreach (var slice in slices.OrderBy(slice => slice.Cycle))
        {
            Assert.True(slice.Cycle >= last, $"{slice} begins before {last}");
            last = slice.Cycle + slice.Cycles;
        }
    }

    private static string Digests(Written written) => string.Join(
        ' ', Digest(written.Trace), Digest(written.Calls), Digest(written.Summary));

    private static string Digest(byte[] bytes) => Convert.ToHexString(SHA256.HashData(bytes));

    private static List<Written> Write(Scenario scenario)
    {
        var names = scenario.AllPlacements.Select(placement => placement.Name).ToList();
        var traces = names.ToDictionary(name => name, _ => new MemoryStream());
        var calls = names.ToDictionary(name => name, _ => new MemoryStream());
        var exports = names.ToDictionary(
            name => name, name => new TraceEventExport(traces[name], []));
        var tables = names.ToDictionary(name => name, name => new CallTable(calls[name], name));
        var summaries = names.ToDictionary(
            name => name, _ => new StraceSummary(new Frequency(1_000_000_000)));
        var comparison = new ScenarioRunner().Compare(scenario, names, new RunOptions
        {
            Trace = name => exports[name],
            Requests = name => Telemetry.Fanouts.Of([exports[name].Requests, tables[name]]),
            Calls = name => summaries[name],
        });
        return comparison.Placements.Select(run =>
        {
            exports[run.Name].Finish();
            tables[run.Name].Dispose();
            var summary = new StringWriter();
            summaries[run.Name].Write(summary);
            return new Written(
                run, traces[run.Name].ToArray(), calls[run.Name].ToArray(),
                Encoding.UTF8.GetBytes(summary.ToString()));
        }).ToList();
    }

    private sealed record Written(RunResult Run, byte[] Trace, byte[] Calls, byte[] Summary);

    private sealed record Slice(
        (long, long) Track, string Name, string Category, long Began, long Ended, long Cycle,
        long Cycles, string Outcome);

    private sealed record Arrow(string Phase, (long, long) Track, long Id, long At);

    /// <summary>A trace as a viewer reads it: sorted by time, else in the file's order.</summary>
    private sealed class Trace
    {
        private readonly List<JsonElement> instants = [];
        private readonly List<(long At, JsonElement Event)> ordered;
        private readonly Dictionary<(long, long), Stack<JsonElement>> open = [];
        private readonly List<(Arrow Arrow, bool IsInSlice)> arrows = [];

        private Trace(JsonElement root)
        {
            Assert.Equal("ns", root.GetProperty("displayTimeUnit").GetString());
            ordered =
            [
                .. root.GetProperty("traceEvents").EnumerateArray()
                    .Where(each => each.GetProperty("ph").GetString() != "M")
                    .Select(each => (At: Nanoseconds(each), each)).OrderBy(each => each.At),
            ];
            foreach (var (at, each) in ordered)
            {
                Add(at, each);
            }
        }

        public List<Slice> Slices { get; } = [];

        public static Trace Read(byte[] file) => new(JsonDocument.Parse(file).RootElement);

        public long Instants(string name) =>
            instants.Count(each => each.GetProperty("name").GetString() == name);

        public void AssertSlicesNest() => Assert.All(open, track => Assert.Empty(track.Value));

        public void AssertArrowsArrive()
        {
            foreach (var pair in arrows.GroupBy(each => each.Arrow.Id))
            {
                var start = Assert.Single(pair, each => each.Arrow.Phase == "s");
                var end = Assert.Single(pair, each => each.Arrow.Phase == "f");
                Assert.True(start.Arrow.At <= end.Arrow.At);
                Assert.True(start.IsInSlice, $"{start.Arrow} begins nowhere");
                Assert.True(end.IsInSlice, $"{end.Arrow} ends nowhere");
            }
        }

        private void Add(long at, JsonElement each)
        {
            var track = (each.GetProperty("pid").GetInt64(), each.GetProperty("tid").GetInt64());
            if (!open.TryGetValue(track, out var stack))
            {
                open.Add(track, stack = new Stack<JsonElement>());
            }

            var phase = each.GetProperty("ph").GetString()!;
            switch (phase)
            {
                case "B":
                    stack.Push(each);
                    break;
                case "E":
                    Slices.Add(SliceOf(track, stack.Pop(), each, at));
                    break;
                case "i":
                    instants.Add(each);
                    break;
                case "C":
                    Assert.All(
                        each.GetProperty("args").EnumerateObject(),
                        value => Assert.True(value.Value.GetInt64() >= 0));
                    break;
                default:
                    arrows.Add((
                        new Arrow(phase, track, each.GetProperty("id").GetInt64(), at),
                        stack.Count > 0));
                    break;
            }
        }

        private static Slice SliceOf(
            (long, long) track, JsonElement begin, JsonElement end, long at)
        {
            var name = begin.GetProperty("name").GetString()!;
            Assert.Equal(name, end.GetProperty("name").GetString());
            var began = Nanoseconds(begin);
            return new Slice(
                track, name, begin.GetProperty("cat").GetString()!, began, at,
                Argument(begin, "cycle") ?? began,
                Argument(end, "cycles") ?? Argument(begin, "cycles") ?? at - began,
                end.TryGetProperty("args", out var arguments)
                    && arguments.TryGetProperty("outcome", out var outcome)
                    ? outcome.GetString()!
                    : "");
        }

        private static long? Argument(JsonElement each, string name) =>
            each.TryGetProperty("args", out var arguments)
            && arguments.TryGetProperty(name, out var value) ? value.GetInt64() : null;

        // Exactly three decimals, so that nothing is lost on the way.
        private static long Nanoseconds(JsonElement each)
        {
            var text = each.GetProperty("ts").GetRawText();
            Assert.Equal('.', text[^4]);
            var value = long.Parse(text.Replace(".", "", StringComparison.Ordinal), null);
            Assert.True(value >= 0);
            return value;
        }
    }
}
