using Abi.Posix;
using Records;

namespace Telemetry.Html;

/// <summary>A number of requests that went from one component to another.</summary>
/// <param name="From">The component that asks.</param>
/// <param name="To">The component that is asked.</param>
/// <param name="Kind">The boundary between them.</param>
/// <param name="Count">How often.</param>
public sealed record CrossingCount(string From, string To, Crossing Kind, long Count);

/// <summary>What a survey knows of the calls of one kind.</summary>
public sealed class CallSurvey
{
    /// <summary>How long those took that ended.</summary>
    public LatencyDistribution Latency { get; } = new();

    /// <summary>The first that began.</summary>
    public CallKey First { get; internal init; }

    /// <summary>The slowest that ended, the first of equals; null: none ended.</summary>
    public CallKey? Slowest { get; internal set; }

    /// <summary>How long that took, cycles.</summary>
    public long SlowestCycles { get; internal set; } = -1;

    /// <summary>The first under which a server died; null: none.</summary>
    public CallKey? FirstCut { get; internal set; }

    /// <summary>The first that never returned; null: none.</summary>
    public CallKey? FirstUnended { get; internal set; }
}

/// <summary>
/// Reads a whole run and keeps what does not grow with it: how long calls took, which of them are
/// worth a look, and how often components asked each other.
/// </summary>
/// <param name="early">How many of the first calls to remember.</param>
public sealed class RunSurvey(int early) : IRequestSink
{
    private readonly Dictionary<long, UnderWay> underWay = [];
    private readonly OrderedDictionary<PosixCall, CallSurvey> calls = [];
    private readonly SortedDictionary<(int From, int To, Crossing Kind), long> crossings = [];
    private readonly List<CallKey> earliest = [];
    private RunDescription? run;

    /// <summary>The components and their domains; "program" and "kernel" last.</summary>
    public IReadOnlyList<ComponentDescription> Components => run?.Components ?? [];

    /// <summary>Each kind of call, in the order in which they first began.</summary>
    public IReadOnlyDictionary<PosixCall, CallSurvey> Calls => calls;

    /// <summary>The first calls that began, in that order.</summary>
    public IReadOnlyList<CallKey> Earliest => earliest;

    /// <summary>How often each component asked each other, in the order of components.</summary>
    public IReadOnlyList<CrossingCount> Crossings =>
    [
        .. crossings.Select(each => new CrossingCount(
            Components[each.Key.From].Name, Components[each.Key.To].Name, each.Key.Kind,
            each.Value)),
    ];

    /// <inheritdoc/>
    public void Describe(RunDescription run) => this.run = run;

    /// <inheritdoc/>
    public void Begins(in StartedCall call)
    {
        var key = CallKey.Of(call);
        underWay.Add(call.Request, new UnderWay(key, call.Began, run!.Program));
        calls.TryAdd(call.Call, new CallSurvey { First = key });
        if (earliest.Count < early)
        {
            earliest.Add(key);
        }
    }

    /// <inheritdoc/>
    public void Step(in RequestStep step)
    {
        switch (step.Kind)
        {
            case RequestStepKind.Entered:
                var crossing = underWay[step.Request].Enter(step.Thread, step.Component);
                var key = (crossing.From, crossing.To, (Crossing)step.Detail);
                crossings[key] = crossings.GetValueOrDefault(key) + 1;
                break;
            case RequestStepKind.Left:
                underWay[step.Request].Leave(step.Thread);
                break;
            case RequestStepKind.Cut:
                var call = underWay[step.Request];
                call.Leave(step.Thread);
                calls[call.Key.Call].FirstCut ??= call.Key;
                break;
            case RequestStepKind.Trapped:
            case RequestStepKind.Resumed:
            case RequestStepKind.Charged:
            case RequestStepKind.Worked:
            case RequestStepKind.Waited:
                break;
        }
    }

    /// <inheritdoc/>
    public void Ends(long request, long? result, long now)
    {
        underWay.Remove(request, out var call);
        var survey = calls[call!.Key.Call];
        if (result is null)
        {
            survey.FirstUnended ??= call.Key;
            return;
        }

        var length = now - call.Began;
        survey.Latency.Add(length, call.Key);
        if (length > survey.SlowestCycles)
        {
            (survey.Slowest, survey.SlowestCycles) = (call.Key, length);
        }
    }

    /// <summary>A call under way: who asked whom, the innermost last.</summary>
    private sealed class UnderWay(CallKey key, long began, int program)
    {
        private readonly List<(int Caller, int Component)> entered = [];

        public CallKey Key { get; } = key;

        public long Began { get; } = began;

        public (int From, int To) Enter(int caller, int component)
        {
            var from = entered.Count > 0 ? entered[^1].Component : program;
            entered.Add((caller, component));
            return (from, component);
        }

        public void Leave(int caller)
        {
            var last = entered.FindLastIndex(each => each.Caller == caller);
            if (last >= 0)
            {
                entered.RemoveRange(last, entered.Count - last);
            }
        }
    }
}
