using Abi.Costs;
using MathNet.Numerics.LinearAlgebra;
using Scenarios.Profiles;
using Validation.Benchmarks;

namespace Validation;

/// <summary>
/// What the fitted rows of a profile determine: linear algebra over event lists. A row is
/// determined if its event list is a combination of those of the anchors, of parts that come from
/// elsewhere, and of the equations that the profile assumes.
/// </summary>
internal sealed class Identification
{
    private readonly LoadedProfile profile;
    private readonly HashSet<string> named;
    private readonly List<double[]> elsewhere = [];
    private readonly List<(ProfileRow Row, double[] Events)> anchors = [];
    private readonly List<double[]> all = [];
    private int ofWorkloads;

    public Identification(
        LoadedProfile profile, IEnumerable<(ProfileRow Row, EventList Events)> rows)
    {
        this.profile = profile;
        named = [.. profile.Entries.SelectMany(entry => entry.Names)];
        foreach (var (row, events) in rows)
        {
            var vector = VectorOf(events);
            all.Add(vector);
            if (IsAnchor(row))
            {
                ofWorkloads += IsOfWorkload(row) ? 1 : 0;
                anchors.Add((row, vector));
            }
        }

        foreach (var entry in profile.Entries)
        {
            if (EquationOf(entry) is { } equation)
            {
                elsewhere.Add(equation);
            }
        }
    }

    /// <summary>Whether parts, or a workload's own time and number of calls, were fitted to
    /// it.</summary>
    public bool IsAnchor(ProfileRow row) => named.Contains(row.Id) || IsOfWorkload(row);

    // Such a row tells one number of its workload, and so nothing of any part.
    private bool IsOfWorkload(ProfileRow row) =>
        (WorkloadBenchmark.Find(row.Metric, profile) is not null
            && WorkloadBenchmark.IsUsed(row.Configuration))
        || (RateBenchmark.Find(row.Metric, profile) is not null && row.Configuration.Length == 0);

    public bool Determines(EventList events) => Spans([.. Known()], VectorOf(events));

    public FitSummary Summary()
    {
        var used = Enum.GetValues<Part>()
            .Where(part => all.Exists(vector => vector[(int)part] != 0))
            .ToList();
        var single = new List<(string, string)>();
        foreach (var part in used.Where(IsFittedHere))
        {
            var unit = new double[Parts.Count];
            unit[(int)part] = 1;
            if (!Spans([.. Known()], unit))
            {
                continue;
            }

            var needed = anchors.Where(anchor => !Spans(
                [.. elsewhere, .. anchors.Where(other => other != anchor).Select(o => o.Events)],
                unit)).ToList();
            if (needed.Count == 1)
            {
                single.Add((part.Name(), needed[0].Row.Id));
            }
        }

        return new FitSummary(
            profile.Profile.Name, all.Count, used.Count, Rank(all), ofWorkloads, anchors.Count,
            single);
    }

    private bool IsFittedHere(Part part) =>
        profile.Find(part.Name()) is { } entry && EquationOf(entry) is null;

    private IEnumerable<double[]> Known() =>
        elsewhere.Concat(anchors.Select(anchor => anchor.Events));

    /// <summary>
    /// What an entry says without the benchmarks of this profile: its value, if it is given or from
    /// elsewhere, or an equation between parts. Null: it is fitted to benchmarks of this profile.
    /// </summary>
    private double[]? EquationOf(ProfileEntry entry)
    {
        if (entry.Section != "parts")
        {
            return null;
        }

        var own = new double[Parts.Count];
        own[(int)PartOf(entry.Name)!.Value] = 1;
        if (entry.Names.Any(IsBenchmark))
        {
            return null;
        }

        foreach (var name in entry.Names)
        {
            if (PartOf(name) is { } part)
            {
                var slope = entry.ValueWith(each => each == name ? 1 : Other(each))
                    - entry.ValueWith(each => each == name ? 0 : Other(each));
                own[(int)part] -= (double)slope;
            }
        }

        return own;

        // Formulas over parts are sums; a row in them is a constant.
        decimal Other(string name) => PartOf(name) is null ? 1 : 0;
    }

    private bool IsBenchmark(string name) =>
        profile.Rows.FirstOrDefault(row => row.Id == name) is { Metric.Length: > 0 };

    private static Part? PartOf(string name) => Enum.GetValues<Part>()
        .Where(part => part.Name() == name)
        .Select(part => (Part?)part)
        .FirstOrDefault();

    private static double[] VectorOf(EventList events)
    {
        var vector = new double[Parts.Count];
        foreach (var (part, count) in events.Events)
        {
            if (!part.IsCountedCycle())
            {
                vector[(int)part] = (double)count;
            }
        }

        return vector;
    }

    private static bool Spans(List<double[]> known, double[] vector) =>
        Rank([.. known, vector]) == Rank(known);

    private static int Rank(List<double[]> vectors) =>
        vectors.Count == 0 ? 0 : Matrix<double>.Build.DenseOfRowArrays(vectors).Rank();
}
