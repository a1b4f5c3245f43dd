using System.Text.RegularExpressions;
using Scenarios.Profiles;
using Spectre.Console;
using Telemetry.Requests;
using Telemetry.Text;
using Telemetry.Waterfall;

namespace Tracing.Tests;

/// <summary>Calls as waterfalls, against prices read from the profile by hand.</summary>
public sealed partial class WaterfallTests
{
    public static TheoryData<string> Files => [.. Lab.Files];

    /// <summary>
    /// profiles/sel4-haswell.yaml: library-call 39, trap-enter 65, trap-leave 64, fast-path-call
    /// 247, fast-path-reply 94, address-space-switch 188, process-query 131. The call traps, goes
    /// by the fast path to the process manager's address space, is answered, and comes back:
    /// 39 + (65 + 247 + 188 + 64) + 131 + (65 + 94 + 188 + 64) = 1145 cycles; 336.8 ns at 3.4 GHz.
    /// </summary>
    [Fact]
    public void Getpid_in_the_microkernel_is_drawn_with_the_prices_of_the_profile()
    {
        string[] expected =
        [
            "getpid",
            "profile sel4-haswell at 3.4 GHz, seed 1; times are modeled, not measured",
            "",
            "microkernel: 1,145 cycles, 337 ns",
            "getpid() = 1",
            "request 3 of the run, call 2 of asker (1), from X cycles on",
            "|0 1,145| cycles ns",
            "program getpid | 1,145 337",
            "on thread asker, core 0",
            "* library: library-call 1 x 39 | 39 11",
            "kernel call | 1,106 325",
            "* mode-switch: trap-enter 2 x 65 | 130 38",
            "* kernel-path: fast-path-call 1 x 247 | 247 73",
            "* address-space-switch 2 x 188 | 376 111",
            "* mode-switch: trap-leave 2 x 64 | 128 38",
            "* kernel-path: fast-path-reply 1 x 94 | 94 28",
            "process-manager by ipc | 131 39",
            // Its four threads take turns.
            "on thread process-manager/2, core 0",
            "* handler: process-query 1 x 131 | 131 39",
            "# works . waits - who was called works or waits",
            "",
            "by cause microkernel",
            "address-space-switch 376",
            "kernel-path 341",
            "mode-switch 258",
            "handler 131",
            "library 39",
            "latency 1,145",
            "",
            "by component microkernel",
            "kernel 975",
            "process-manager 131",
            "program 39",
            "latency 1,145",
            "",
            "",
        ];
        Assert.Equal(
            expected, Draw(Trace("getpid.yaml", 3, "microkernel"), 80).Split('\n')
                .Select(Simplified));
    }

    /// <summary>The monolith neither switches address spaces nor queues: 39 + 65 + 131 + 64.
    /// </summary>
    [Fact]
    public void The_same_call_in_the_monolith_is_a_trap_on_the_callers_thread()
    {
        var call = Assert.Single(Trace("getpid.yaml", 3, "monolithic").Placements);
        Assert.Equal(39 + 65 + 131 + 64, call.LatencyCycles);
        var trap = Assert.Single(call.Root.Children);
        var server = Assert.Single(trap.Children);
        Assert.Equal(("kernel-trap", call.Root.Thread), (server.Crossing, server.Thread));
    }

    [Fact]
    public void The_bar_shows_when()
    {
        // 80 columns: 79 less 41 for the longest label, its blank and two edges, 8 for cycles and
        // 5 for nanoseconds is 22 for the bar; one is 1145 / 22 = 52.0 cycles. The handler runs
        // from 39 + 65 + 247 + 188 + 64 = 603 to 734: from 11.59 to 14.10, so columns 12 and 13.
        var handler = Draw(Trace("getpid.yaml", 3, "microkernel"), 80).Split('\n')
            .Single(line => line.Contains("process-query", StringComparison.Ordinal));
        var bar = handler.Split('|')[1];
        Assert.Equal(new string(' ', 12) + "##" + new string(' ', 8), bar);
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Every_picture_fits_and_its_sums_are_the_latency(string file)
    {
        var document = Slowest(file);
        foreach (var call in document.Placements)
        {
            Assert.Equal(call.LatencyCycles, call.Causes.Sum(sum => sum.Cycles));
            Assert.Equal(call.LatencyCycles, call.Components.Sum(sum => sum.Cycles));
            Assert.Equal(
                call.LatencyCycles,
                Below(call.Root).SelectMany(span => span.Costs).Sum(cost => cost.Cycles));
            foreach (var part in Below(call.Root).SelectMany(span => span.Costs)
                .Where(cost => cost.Part is not null).GroupBy(cost => cost.Part))
            {
                // Over the whole call, whatever was split between spans is whole again.
                Assert.Equal(
                    part.Sum(cost => cost.Count * cost.PriceCycles),
                    part.Sum(cost => cost.Cycles));
            }
        }

        if (document.Placements.Count == 0)
        {
            // A program that uses the kernel's own system calls only.
            return;
        }

        foreach (var width in new[] { 80, 132 })
        {
            var lines = Draw(document, width).Split('\n');
            Assert.All(lines, line => Assert.True(line.Length <= width, line));
            Assert.All(lines, line => Assert.All(line, each => Assert.InRange(each, ' ', '~')));
        }
    }

    [Fact]
    public void A_call_whose_server_died_shows_the_cut_and_the_retry()
    {
        var document = Slowest("crash-disk-driver.yaml");
        var spans = Below(document.Placements[0].Root).ToList();
        var cut = Assert.Single(spans, span => span.IsCut && span.Component == "disk-driver");
        var retry = Assert.Single(spans, span => span.RetryOf == cut.Id);
        var text = Draw(document, 100);
        Assert.Contains($"#{cut.Id} disk-driver CUT", text);
        Assert.Contains($"#{retry.Id} disk-driver RETRY of #{cut.Id}", text);
    }

    [Fact]
    public async Task The_json_keeps_to_its_schema_and_reads_back()
    {
        var schema = await NJsonSchema.JsonSchema.FromFileAsync(
            Path.Combine(Telemetry.Tests.Repository.Root, "schemas", "trace.schema.json"));
        var text = TraceSchema.Write(Slowest("crash-disk-driver.yaml"));
        Assert.Empty(schema.Validate(text));
        Assert.NotEmpty(schema.Validate(text.Replace("\"isCut\"", "\"wasCut\"")));
    }

    private static IEnumerable<TracedSpan> Below(TracedSpan span) =>
        span.Children.SelectMany(Below).Prepend(span);

    private static TraceDocument Trace(string file, long number, params string[] placements) =>
        Trace(file, placements, requests => requests.Single(each => each.Call.Request == number));

    private static TraceDocument Slowest(string file) => Trace(
        file, [], requests => requests.MaxBy(each => each.Length));

    private static TraceDocument Trace(
        string file, string[] placements, Func<List<Request>, Request?> choose)
    {
        var scenario = Lab.File(file);
        var profile = ProfileLoader.Find(scenario.Machine.Profile, scenario.Sources.Directory)
            .Profile!.Profile;
        var documents = new TraceDocuments(profile);
        return new TraceDocument
        {
            Scenario = scenario.Name,
            Seed = scenario.Seed,
            Profile = profile.Name,
            FrequencyHertz = profile.Frequency.Hertz,
            Placements =
            [
                .. from traced in Lab.Run(scenario, placements)
                let request = choose(traced.Requests)
                where request is not null
                select documents.Trace(traced.Result.Name, request),
            ],
        };
    }

    private static string Draw(TraceDocument document, int width)
    {
        var output = new StringWriter();
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.No,
            ColorSystem = ColorSystemSupport.NoColors,
            Out = new AnsiConsoleOutput(output),
        });
        console.Profile.Width = width;
        new WaterfallText(console, Glyphs.Ascii).Write(document);
        return output.ToString();
    }

    // Without bars, indents and the instant of the begin.
    private static string Simplified(string line) =>
        Spaces().Replace(Instant().Replace(Bars().Replace(line, "| "), "from X "), " ").Trim();

    [GeneratedRegex(@"\|[ #.:-]*\|")]
    private static partial Regex Bars();

    [GeneratedRegex(@"from [\d,]+ ")]
    private static partial Regex Instant();

    [GeneratedRegex(" +")]
    private static partial Regex Spaces();
}
