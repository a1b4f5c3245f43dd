using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Records;
using Scenarios;
using Scenarios.Profiles;
using Telemetry.Json;
using Telemetry.OpenTelemetry;
using Telemetry.Tests;
using Testing.Otlp;

namespace Otlp.Tests.Received;

/// <summary>
/// Every query of every dashboard, asked of a real Prometheus that has the exported series of a
/// scenario with a crash; the answers have to be what the JSON report of the same run says.
/// </summary>
public sealed partial class DashboardTests : IClassFixture<DashboardTests.ExportedRun>
{
    // A dashboard looks back; the push was once, a while ago.
    private const string Range = "21600s";
    private const int SecondsAgo = 3_600;

    private const string ChosenCall = "pread";

    private static readonly Dictionary<string, Func<Comparison, IEnumerable<Row>>> Expected = new()
    {
        ["Run"] = all => all.Placements.Select(run => new Row(
            run.VirtualTime.Cycles / Hertz(all), run.Name, "finished", all.Scenario, all.Profile,
            $"{all.Seed}")),
        ["Mean latency"] = all => Calls(all, call => call.MeanCycles / Hertz(all)),
        ["Median latency"] = all => Calls(all, call => call.P50Cycles / Hertz(all)),
        ["99th percentile of latency"] = all => Calls(all, call => call.P99Cycles / Hertz(all)),
        ["Calls"] = all => Calls(all, call => call.Count),
        ["Errors"] = all => Calls(all, call => call.Errors).Where(row => row.Value > 0),
        ["Distribution of $call"] = Distribution,
        ["Bill: work by cause"] = all => Bill(all, line => line.Cause, isWork: true),
        ["Bill: waiting by cause"] = all => Bill(all, line => line.Cause, isWork: false),
        ["Bill: work by component"] = all => Bill(all, line => line.Component, isWork: true),
        ["Counters"] = all =>
            from run in all.Placements
            from counter in run.Counters
            where counter.Value > 0
            select new Row(counter.Value, counter.Key, run.Name),
        ["Crashes"] = all => Events(all, "crashed"),
        ["Restarts"] = all => Events(all, "restarted").Concat(Events(all, "rebooted")),
        ["Mean time to repair"] = all =>
            from repair in Repairs(all)
            group repair.Cycles by (repair.Component, repair.Placement) into each
            select new Row(
                each.Average() / Hertz(all), each.Key.Component, each.Key.Placement),
        ["Repairs"] = all =>
            from repair in Repairs(all)
            group repair by (repair.Component, repair.Placement) into each
            select new Row(each.Count(), each.Key.Component, each.Key.Placement),
        ["Requests failed"] = all => all.Placements.Select(run =>
            new Row(run.Counters["requests-failed"], run.Name)),
        ["Lost"] = all =>
            from run in all.Placements
            from loss in run.Losses
            select new Row(loss.Count, loss.What, run.Name),
        ["Waiting for recovery"] = all =>
            from run in all.Placements
            from line in run.Bill
            where line.Cause == "recovery"
            group line.Cycles by run.Name into each
            select new Row(each.Sum() / Hertz(all), each.Key),
    };

    // The labels that tell the rows of a panel apart, in the order of what is expected.
    private static readonly Dictionary<string, string[]> Labels = new()
    {
        ["Run"] =
        [
            "micro_placement", "micro_run_end", "micro_scenario", "micro_profile", "micro_seed",
        ],
        ["Mean latency"] = ["micro_call", "micro_placement"],
        ["Median latency"] = ["micro_call", "micro_placement"],
        ["99th percentile of latency"] = ["micro_call", "micro_placement"],
        ["Calls"] = ["micro_call", "micro_placement"],
        ["Errors"] = ["micro_call", "micro_placement"],
        ["Distribution of $call"] = ["le"],
        ["Bill: work by cause"] = ["micro_cause", "micro_placement"],
        ["Bill: waiting by cause"] = ["micro_cause", "micro_placement"],
        ["Bill: work by component"] = ["micro_component", "micro_placement"],
        ["Counters"] = ["micro_counter_name", "micro_placement"],
        ["Crashes"] = ["micro_component", "micro_placement"],
        ["Restarts"] = ["micro_component", "micro_placement"],
        ["Mean time to repair"] = ["micro_component", "micro_placement"],
        ["Repairs"] = ["micro_component", "micro_placement"],
        ["Requests failed"] = ["micro_placement"],
        ["Lost"] = ["micro_loss", "micro_placement"],
        ["Waiting for recovery"] = ["micro_placement"],
    };

    // Waiting, not work, by the vocabulary; written down a second time.
    private static readonly string[] Waits =
    [
        "device-service", "device-queue", "shared", "server-busy", "waiting-for-core",
        "preempted", "lock-wait", "interrupt-latency", "recovery", "asleep",
    ];

    private readonly ExportedRun run;

    public DashboardTests(ExportedRun run) => this.run = run;

    public static TheoryData<string> Dashboards =>
        [.. Directory.GetFiles(Repository.PathOf("dashboards"), "*.json")
            .Select(file => Path.GetFileName(file)).Order(StringComparer.Ordinal)];

    [SkippableTheory]
    [MemberData(nameof(Dashboards))]
    public void Every_panel_shows_what_the_report_says(string dashboard)
    {
        run.SkipUnlessInstalled();
        foreach (var panel in Read(dashboard)["panels"]!.AsArray())
        {
            var title = (string)panel!["title"]!;
            var query = Substitute((string)Assert.Single(panel["targets"]!.AsArray())!["expr"]!);
            var rows = run.Server!.Query(query, run.PushedAt + SecondsAgo)
                .Select(each => new Row(
                    each.Value, [.. Labels[title].Select(label => each.Labels[label])]));
            AssertSame(title, Expected[title](run.Report), rows);
        }
    }

    /// <summary>Without this, a panel that finds nothing where nothing is would be no
    /// proof.</summary>
    [SkippableFact]
    public void The_scenario_gives_every_panel_but_errors_something_to_show()
    {
        run.SkipUnlessInstalled();
        Assert.Equal(
            ["Errors"],
            Expected.Where(each => !each.Value(run.Report).Any()).Select(each => each.Key));
    }

    [SkippableTheory]
    [MemberData(nameof(Dashboards))]
    public void Every_variable_offers_what_there_is(string dashboard)
    {
        run.SkipUnlessInstalled();
        foreach (var variable in Read(dashboard)["templating"]!["list"]!.AsArray())
        {
            var match = LabelValues().Match((string)variable!["query"]!["query"]!);
            Assert.True(match.Success);
            var values = run.Server!.LabelValues(
                match.Groups[2].Value, Substitute(match.Groups[1].Value));
            var expected = (string)variable["name"]! switch
            {
                "run" => [run.Id],
                "placement" => run.Report.Placements.Select(each => each.Name),
                "call" => run.Report.Placements.SelectMany(each => each.Calls)
                    .Select(call => call.Name).Distinct(),
                var other => throw new InvalidOperationException(other),
            };
            Assert.Equal(expected.Order(StringComparer.Ordinal), values);
        }
    }

    [Theory]
    [MemberData(nameof(Dashboards))]
    public void Dashboards_are_found_by_fixed_names_and_use_the_provisioned_source(string file)
    {
        var dashboard = Read(file);
        Assert.StartsWith("micro-", (string)dashboard["uid"]!);
        Assert.False((bool)dashboard["editable"]!);
        var sources = Repository.PathOf("deploy/grafana/provisioning/datasources/micro.yaml");
        Assert.Contains("uid: micro-prometheus", File.ReadAllText(sources));
        Assert.All(
            dashboard["panels"]!.AsArray(),
            panel => Assert.Equal("micro-prometheus", (string)panel!["datasource"]!["uid"]!));
    }

    private static JsonNode Read(string dashboard) => JsonNode.Parse(
        File.ReadAllText(Repository.PathOf("dashboards/" + dashboard)))!;

    private static double Hertz(Comparison all) => all.FrequencyHertz;

    private static IEnumerable<Row> Calls(Comparison all, Func<CallStatistics, double> value) =>
        from run in all.Placements
        from call in run.Calls
        select new Row(value(call), call.Name, run.Name);

    private static IEnumerable<Row> Bill(
        Comparison all, Func<BillLine, string> what, bool isWork) =>
        from run in all.Placements
        from line in run.Bill
        where Waits.Contains(line.Cause) != isWork
        group line.Cycles by (What: what(line), run.Name) into each
        select new Row(each.Sum() / Hertz(all), each.Key.What, each.Key.Name);

    private static IEnumerable<Row> Events(Comparison all, string name) =>
        from run in all.Placements
        from entry in run.Timeline
        where entry.Event == name
        group entry by (entry.Component, run.Name) into each
        select new Row(each.Count(), each.Key.Component, each.Key.Name);

    // The report says it in words: "time to repair 2731824 cycles".
    private static IEnumerable<(string Component, string Placement, long Cycles)> Repairs(
        Comparison all) =>
        from run in all.Placements
        from entry in run.Timeline
        let repair = RepairTime().Match(entry.Detail)
        where repair.Success
        select (entry.Component, run.Name,
            long.Parse(repair.Groups[1].Value, CultureInfo.InvariantCulture));

    private static IEnumerable<Row> Distribution(Comparison all)
    {
        var buckets = all.Placements.SelectMany(run => run.Calls)
            .Where(call => call.Name == ChosenCall)
            .SelectMany(call => call.Distribution).ToList();
        Assert.NotEmpty(buckets);
        return LatencyGrid.SharedBounds
            .Select(bound => new Row(
                buckets.Where(each => each.UpperCycles <= bound).Sum(each => each.Count),
                (bound / Hertz(all)).ToString("R", CultureInfo.InvariantCulture)))
            .Append(new Row(buckets.Sum(each => each.Count), "+Inf"));
    }

    private static void AssertSame(string title, IEnumerable<Row> expected, IEnumerable<Row> found)
    {
        var (want, have) = (ByKey(expected), ByKey(found));
        Assert.Equal(
            $"{title}: {string.Join("; ", want.Keys)}", $"{title}: {string.Join("; ", have.Keys)}");
        foreach (var (key, value) in want)
        {
            // Sums of doubles, in another order.
            Assert.True(
                Math.Abs(value - have[key]) <= 1e-9 * Math.Abs(value),
                $"{title}, {key}: expected {value:R}, found {have[key]:R}");
        }
    }

    private static SortedDictionary<string, double> ByKey(IEnumerable<Row> rows) =>
        new(rows.ToDictionary(row => string.Join(' ', row.Keys), row => row.Value),
            StringComparer.Ordinal);

    private string Substitute(string query)
    {
        var substituted = query.Replace("$__range", Range).Replace("$run", run.Id)
            .Replace("$placement", ".*").Replace("$call", ChosenCall);
        Assert.DoesNotContain("$", substituted);
        return substituted;
    }

    [GeneratedRegex(@"^label_values\((.*), (\w+)\)$")]
    private static partial Regex LabelValues();

    [GeneratedRegex("^time to repair ([0-9]+) cycles")]
    private static partial Regex RepairTime();

    /// <summary>One value of a panel, and what it is the value of.</summary>
    private sealed record Row(double Value, params string[] Keys);

    /// <summary>One run, exported by the program itself and loaded into Prometheus.</summary>
    public sealed class ExportedRun : IDisposable
    {
        private const string Scenario = "scenarios/crash-file-server.yaml";

        public ExportedRun()
        {
            using var receiver = OtlpReceiver.Start();
            var scenario = ScenarioLoader.Load(Repository.PathOf(Scenario)).Scenario!;
            var profile = ProfileLoader.Find(
                scenario.Machine.Profile, scenario.Sources.Directory).Profile!.Profile;
            var id = RunId.Next(DateTimeOffset.UtcNow);
            using var export = new MetricsExport(
                new OtlpEndpoint(new Uri(receiver.GrpcUrl), OtlpTransport.Grpc),
                new RunIdentity(
                    id, scenario.Name, profile.Name, scenario.Seed, profile.Frequency.Hertz));
            var comparison = new ScenarioRunner().Compare(
                scenario, ["microkernel", "monolithic"],
                new RunOptions { Calls = export.Calls });
            export.Finish(comparison);
            Report = JsonReport.Read(JsonReport.Write(comparison));
            var request = Assert.Single(receiver.Metrics);
            Id = id.ToString();
            PushedAt = DateTimeOffset.UtcNow.ToUnixTimeSeconds() - SecondsAgo;
            if (PrometheusServer.IsInstalled)
            {
                Server = PrometheusServer.Start(PrometheusNames.OpenMetrics(request, PushedAt));
            }
        }

        internal Comparison Report { get; }

        internal string Id { get; }

        internal long PushedAt { get; }

        internal PrometheusServer? Server { get; }

        internal void SkipUnlessInstalled()
        {
            var isCi = Environment.GetEnvironmentVariable("CI") == "true";
            Skip.If(
                Server is null && !isCi,
                "dashboards were NOT tested: prometheus or promtool is missing, .ci/install "
                + "installs them");
            Assert.NotNull(Server);
        }

        public void Dispose() => Server?.Dispose();
    }
}
