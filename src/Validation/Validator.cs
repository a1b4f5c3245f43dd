using Scenarios;
using Scenarios.Model;
using Scenarios.Profiles;
using Validation.Benchmarks;

namespace Validation;

/// <summary>Every published row of profiles against its prediction.</summary>
public static class Validator
{
    /// <summary>Profiles whose rows are compared, in ordinal order.</summary>
    public static IReadOnlyList<string> Profiles =>
        [.. CostProfiles.Names.Where(name =>
            ProfileLoader.Find(name, "").Profile is { } profile
            && profile.Rows.Any(row => row.Metric.Length > 0))];

    /// <summary>Predicts and compares.</summary>
    /// <param name="profiles">The profiles to look at.</param>
    public static ValidationReport Validate(IEnumerable<LoadedProfile> profiles)
    {
        var rows = new List<ValidatedRow>();
        var relations = new List<ValidatedRelation>();
        var fits = new List<FitSummary>();
        var windows = new Dictionary<(string, string), EventList>();
        foreach (var profile in profiles)
        {
            var (found, fit) = ValidateOne(profile, windows);
            rows.AddRange(found);
            relations.AddRange(Relations.Of(profile.Profile.Name, found));
            fits.Add(fit);
        }

        return new ValidationReport(rows, relations, fits);
    }

    private static (List<ValidatedRow> Rows, FitSummary Fit) ValidateOne(
        LoadedProfile profile, Dictionary<(string, string), EventList> windows)
    {
        var predictor = new Predictor(profile, windows);
        var measured = profile.Rows.Where(row => row.Metric.Length > 0).ToList();
        var predictions = new Dictionary<string, Prediction>(StringComparer.Ordinal);
        foreach (var row in measured)
        {
            if (predictor.Find(row.Metric) is { } benchmark)
            {
                predictions.Add(
                    row.Id, predictor.Predict(benchmark, ConfigurationOf(row), row.Unit));
            }
        }

        var identification = new Identification(
            profile,
            measured.Where(row => predictions.ContainsKey(row.Id))
                .Select(row => (row, predictions[row.Id].Events)));
        var rows = measured.ConvertAll(row => Compare(
            profile, row, predictions.GetValueOrDefault(row.Id), identification));
        return (rows, identification.Summary());
    }

    private static ValidatedRow Compare(
        LoadedProfile profile, ProfileRow row, Prediction? prediction,
        Identification identification)
    {
        var kind = prediction is null ? RowKind.NotModelled
            : identification.IsAnchor(row) ? RowKind.Anchor
            : identification.Determines(prediction.Events) ? RowKind.Predicted
            : RowKind.NotIdentifiable;
        var gate = Gates.Of(profile.Profile.Name, row, ConfigurationOf(row));
        return new ValidatedRow(
            profile.Profile.Name, row.Id, row.Metric, row.Configuration, kind, row.Value,
            prediction?.Figure, row.Unit, kind == RowKind.Predicted ? gate?.Tolerance : null,
            kind == RowKind.Predicted ? gate?.Reason ?? "" : "",
            prediction?.Events.ToString() ?? "", row.Source);
    }

    /// <summary>The mechanisms of a row.</summary>
    /// <exception cref="BadInputException">It names one that there is not.</exception>
    public static IReadOnlyList<Mechanism> ConfigurationOf(ProfileRow row) =>
        Mechanisms.Parse(row.Configuration, out var unknown)
        ?? throw new BadInputException(
            $"row {row.Id}: expected mechanisms in its configuration, not '{unknown}'; there are: "
            + string.Join(", ", Mechanisms.Names));
}
