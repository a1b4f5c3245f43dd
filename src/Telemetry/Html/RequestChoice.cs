namespace Telemetry.Html;

/// <summary>
/// Which requests a page shows: of each kind of call those under which a server died or which never
/// returned, a typical one (of median length), the slowest and the first, in each placement; and
/// the earliest calls of the run up to the limit.
/// </summary>
public sealed class RequestChoice
{
    private readonly OrderedDictionary<CallKey, List<string>> reasons = [];
    private readonly int limit;

    private RequestChoice(int limit) => this.limit = limit;

    /// <summary>Each that is shown and why, the most interesting first.</summary>
    public IReadOnlyDictionary<CallKey, List<string>> Reasons => reasons;

    /// <summary>How many were worth a look but are over the limit.</summary>
    public int LeftOut { get; private set; }

    /// <summary>Chooses after a run of each placement.</summary>
    /// <param name="surveys">What is known of each placement's run, by name.</param>
    /// <param name="limit">The most requests that are shown.</param>
    public static RequestChoice Of(
        IReadOnlyList<(string Placement, RunSurvey Survey)> surveys, int limit)
    {
        var choice = new RequestChoice(limit);
        choice.Add(surveys, "under which a server died", call => call.FirstCut);
        choice.Add(surveys, "never returned", call => call.FirstUnended);
        choice.Add(
            surveys, "typical",
            call => call.Latency.Count > 0 ? call.Latency.Example(0.5) : null);
        choice.Add(surveys, "slowest", call => call.Slowest);
        choice.Add(surveys, "first", call => call.First);
        foreach (var key in surveys.SelectMany(each => each.Survey.Earliest))
        {
            if (choice.reasons.Count < limit)
            {
                choice.reasons.TryAdd(key, []);
            }
        }

        return choice;
    }

    /// <summary>Whether this call is shown.</summary>
    public bool Contains(CallKey call) => reasons.ContainsKey(call);

    private void Add(
        IReadOnlyList<(string Placement, RunSurvey Survey)> surveys, string reason,
        Func<CallSurvey, CallKey?> choose)
    {
        var kinds = surveys.SelectMany(each => each.Survey.Calls.Keys).Distinct().ToList();
        foreach (var kind in kinds)
        {
            var chosen = surveys
                .Where(each => each.Survey.Calls.ContainsKey(kind))
                .Select(each => (each.Placement, Key: choose(each.Survey.Calls[kind])))
                .Where(each => each.Key is not null)
                .GroupBy(each => each.Key!.Value);
            foreach (var group in chosen)
            {
                // In every placement the same: no need to name them.
                var placements = group.Count() == surveys.Count
                    ? ""
                    : " in " + string.Join(", ", group.Select(each => each.Placement));
                Add(group.Key, reason + placements);
            }
        }
    }

    private void Add(CallKey key, string reason)
    {
        if (reasons.TryGetValue(key, out var known))
        {
            known.Add(reason);
        }
        else if (reasons.Count < limit)
        {
            reasons.Add(key, [reason]);
        }
        else
        {
            LeftOut++;
        }
    }
}
