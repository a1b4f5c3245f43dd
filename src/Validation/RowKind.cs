namespace Validation;

/// <summary>What a published row is to its profile.</summary>
public enum RowKind
{
    /// <summary>Parts were fitted to it: it shows no error.</summary>
    Anchor,
    /// <summary>Not used in fitting, and the parts that were fitted determine it.</summary>
    Predicted,
    /// <summary>It contains a part that no row and no assumption determines.</summary>
    NotIdentifiable,
    /// <summary>What it measures is not in the model.</summary>
    NotModelled,
}

/// <summary>A published row beside its prediction.</summary>
/// <param name="Profile">The profile's name.</param>
/// <param name="Row">The row's name.</param>
/// <param name="Metric">The benchmark's key.</param>
/// <param name="Configuration">The mechanisms, by name.</param>
/// <param name="Kind">What the row is to the profile.</param>
/// <param name="Published">The published figure.</param>
/// <param name="Predicted">The model's; null if not modelled.</param>
/// <param name="Unit">Of both.</param>
/// <param name="Tolerance">How far off it may be, a fraction; null: it gates nothing.</param>
/// <param name="Reason">What the gate is for; or empty.</param>
/// <param name="Events">What the window contains; or empty.</param>
/// <param name="Source">Where it is published.</param>
public sealed record ValidatedRow(
    string Profile, string Row, string Metric, string Configuration, RowKind Kind,
    decimal Published, decimal? Predicted, string Unit, decimal? Tolerance, string Reason,
    string Events, string Source)
{
    /// <summary>How far off the prediction is, as a fraction of the published figure; null if
    /// nothing was predicted.</summary>
    public decimal? Error => Kind is RowKind.Anchor or RowKind.NotModelled
        ? null
        : Predicted / Published - 1;

    /// <summary>Whether a gate applies and is not passed.</summary>
    public bool Fails => Kind == RowKind.Predicted && Tolerance is { } tolerance
        && Math.Abs(Error!.Value) > tolerance;
}

/// <summary>A relation between rows beside the same relation between predictions.</summary>
/// <param name="Profile">The profile's name.</param>
/// <param name="Relation">In words.</param>
/// <param name="Published">The published ratio.</param>
/// <param name="Predicted">The model's.</param>
/// <param name="Passes">Whether it is as it must be.</param>
/// <param name="Rule">How it must be.</param>
public sealed record ValidatedRelation(
    string Profile, string Relation, decimal Published, decimal Predicted, bool Passes,
    string Rule);

/// <summary>What can be said of a profile's fit.</summary>
/// <param name="Profile">The profile's name.</param>
/// <param name="Rows">Rows with an event list.</param>
/// <param name="Parts">Parts in them.</param>
/// <param name="Rank">Of the matrix of both.</param>
/// <param name="OfWorkloads">
/// Numbers of workloads that were fitted besides: a program's own time, and how many calls it
/// makes.
/// </param>
/// <param name="Anchors">Rows that were used in fitting.</param>
/// <param name="Single">Parts that lose their value with one row, and that row.</param>
public sealed record FitSummary(
    string Profile, int Rows, int Parts, int Rank, int OfWorkloads, int Anchors,
    IReadOnlyList<(string Part, string Row)> Single)
{
    /// <summary>Rows beyond those that the parts and workloads need.</summary>
    public int DegreesOfFreedom => Rows - Rank - OfWorkloads;
}

/// <summary>All of it.</summary>
public sealed record ValidationReport(
    IReadOnlyList<ValidatedRow> Rows, IReadOnlyList<ValidatedRelation> Relations,
    IReadOnlyList<FitSummary> Fits)
{
    /// <summary>Whether no gate fails.</summary>
    public bool Passes =>
        !Rows.Any(row => row.Fails) && Relations.All(relation => relation.Passes);

    /// <summary>The same predictions beside exchanged figures: the control that gates can
    /// fail.</summary>
    /// <param name="order">Given how many figures gate, beside which of them each comes to
    /// stand.</param>
    public ValidationReport Rearranged(Func<int, int[]> order)
    {
        var gating = Rows.Where(row => row.Tolerance is not null).ToList();
        var places = order(gating.Count);
        return this with
        {
            Rows =
            [
                .. Rows.Select(row => gating.IndexOf(row) is >= 0 and var index
                    ? row with { Published = gating[places[index]].Published }
                    : row),
            ],
        };
    }
}
