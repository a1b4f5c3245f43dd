using Records;
using Scenarios;
using Scenarios.Model;
using Telemetry;
using Telemetry.OpenTelemetry;
using Telemetry.Requests;
using Testing.Otlp;

namespace Otlp.Tests.Received;

/// <summary>Runs scenarios, exports their spans, and has what arrived.</summary>
public abstract class SpanTest : IDisposable
{
    /// <summary>What the wall clock shows.</summary>
    protected static DateTimeOffset Now { get; } = new(2026, 2, 3, 4, 5, 6, TimeSpan.Zero);

    private protected OtlpReceiver Receiver { get; } = OtlpReceiver.Start();

    private protected List<ReceivedSpan> Received => ReceivedSpan.AllOf(Receiver);

    public void Dispose()
    {
        Receiver.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Rounded half up.</summary>
    private protected static ulong Nanoseconds(long cycles, Exported run) => (ulong)Math.Floor(
        (decimal)cycles * 1_000_000_000 / run.Comparison.FrequencyHertz + 0.5m);

    private protected Exported Export(
        Scenario scenario, Func<SpanExportOptions, SpanExportOptions>? change = null,
        OtlpTransport transport = OtlpTransport.HttpProtobuf, params string[] placements)
    {
        var names = placements.Length > 0
            ? placements
            : [.. scenario.AllPlacements.Select(placement => placement.Name)];
        var profile = Scenarios.Profiles.ProfileLoader
            .Find(scenario.Machine.Profile, scenario.Sources.Directory).Profile!.Profile;
        var options = new SpanExportOptions
        {
            Endpoint = new OtlpEndpoint(
                new Uri(transport == OtlpTransport.Grpc
                    ? Receiver.GrpcUrl
                    : Receiver.HttpUrl + "/v1/traces"),
                transport),
            Run = new RunIdentity(
                RunId.Next(Now), scenario.Name, scenario.Machine.Profile, scenario.Seed,
                profile.Frequency.Hertz),
            Now = Now,
        };
        options = change?.Invoke(options) ?? options;
        var requests = names.ToDictionary(name => name, _ => new List<Request>());
        using var export = new SpanExport(options);
        var comparison = new ScenarioRunner().Compare(scenario, names, new RunOptions
        {
            Requests = name => Fanouts.Of(
                [new RequestBuilder(requests[name].Add), export.Requests(name)]),
        });
        return new Exported(options, comparison, requests, export.Finish(comparison));
    }

    private protected sealed record Exported(
        SpanExportOptions Options, Comparison Comparison,
        Dictionary<string, List<Request>> Requests, IReadOnlyList<string> Said)
    {
        public string TraceOf(string placement, Request request) => TraceOf(
            placement, request.Call.Request);

        public string TraceOf(string placement, long request)
        {
            var number = Comparison.Placements.ToList().FindIndex(run => run.Name == placement);
            return $"{Options.Run.Id}{number + 1:x4}{request:x12}";
        }
    }
}
