using System.Globalization;
using Scenarios.Profiles;

namespace Validation.Calibration;

/// <summary>What measurements say about the entries of a profile, and what they do not.</summary>
/// <param name="Clock">Hertz, with which times become cycles.</param>
/// <param name="ClockSource">Where that is from.</param>
/// <param name="Prices">Entries that the measurements give.</param>
/// <param name="Left">Entries that they should have given.</param>
/// <param name="Kept">
/// Entries of the base whose formulas name what was measured here. They are about another machine,
/// so they keep the value that they have in the base: Haswell's send less this host's switch would
/// be about no machine at all.
/// </param>
public sealed record CalibratedPrices(
    long Clock, string ClockSource, IReadOnlyList<Price> Prices, IReadOnlyList<LeftToBase> Left,
    IReadOnlyList<ProfileEntry> Kept)
{
    /// <summary>The base that fills what is not measured.</summary>
    public const string Base = "common";

    private const long HertzIfUnknown = 1_000_000_000;

    /// <summary>Follows the rules, one after the other.</summary>
    public static CalibratedPrices Of(CalibrationReport report)
    {
        var megahertz = report.Host.Megahertz;
        var hertz = megahertz is { } known
            ? decimal.ToInt64(decimal.Round(known * 1_000_000))
            : HertzIfUnknown;
        var source = megahertz is null
            ? "not stated by /proc/cpuinfo; a round figure, with which the times become cycles"
            : "/proc/cpuinfo, first processor, when it was measured";
        var foundation = BaseWith(hertz);
        var prices = new List<Price>();
        var left = new List<LeftToBase>();
        foreach (var rule in PriceRule.All)
        {
            var cycles = Evaluate(rule, report, foundation, prices, hertz, out var reason);
            if (reason.Length > 0)
            {
                left.Add(new LeftToBase(rule.Entry, reason));
            }
            else
            {
                prices.Add(new Price(
                    rule.Entry, rule.Section, rule.Derivation, cycles,
                    foundation.Find(rule.Entry)!.Amount, rule.Status, rule.Source));
            }
        }

        if (report.Host.IsIsolated && prices.Exists(price => price.Entry == "trap-enter"))
        {
            prices.Add(new Price(
                "isolation-switch", "parts", "", 0, foundation.Find("isolation-switch")!.Amount,
                ProfileStatus.Assumed,
                "This host was measured with page-table isolation, which is therefore in "
                + "trap-enter and trap-leave: to charge it again would count it twice."));
        }

        return new CalibratedPrices(hertz, source, prices, left, KeptOf(foundation, prices));
    }

    private static decimal Evaluate(
        PriceRule rule, CalibrationReport report, LoadedProfile foundation, List<Price> prices,
        long hertz, out string reason)
    {
        var entry = rule.Entity;
        var terms = report.Measurements.Where(each => entry.Names.Contains(each.Id)).ToList();
        var unusable = entry.Names.Where(name =>
            name != "clock" && foundation.Find(name) is null
            && !terms.Exists(term => term.Id == name && term.Problem.Length == 0));
        reason = string.Join(", ", unusable) is { Length: > 0 } names
            ? $"{names} cannot be used"
            : "";
        if (reason.Length > 0)
        {
            return 0;
        }

        decimal With(Measurement? other, decimal difference) => entry.ValueWith(name =>
            name == "clock" ? hertz / 1_000_000m
            : terms.Find(term => term.Id == name) is { } term
                ? term.Value!.Value + (term == other ? difference : 0)
            : prices.Find(price => price.Entry == name) is { } price
                ? decimal.Floor(price.Cycles + 0.5m)
            : foundation.Find(name)!.Amount);

        // As if every term were off, and none made up for another.
        var cycles = With(null, 0);
        var noise = terms.Sum(term =>
            decimal.Abs(With(term, (decimal)term.Uncertainty) - cycles));
        reason = cycles <= 0
            ? string.Create(
                CultureInfo.InvariantCulture, $"the difference is not positive: {cycles:0} cycles")
            : cycles <= noise
                ? string.Create(
                    CultureInfo.InvariantCulture,
                    $"lost in the noise: {cycles:0} cycles, give or take {noise:0}")
                : "";
        return cycles;
    }

    /// <summary>The base alone, with a clock.</summary>
    private static LoadedProfile BaseWith(long hertz)
    {
        var text = string.Create(
            CultureInfo.InvariantCulture,
            $$"""
            name: base
            base: {{Base}}
            clock: { value: {{hertz / 1_000_000m}}, unit: MHz, source: the host's }
            """);
        var loaded = ProfileLoader.LoadText(text, "base");
        return loaded.Profile ?? throw new InvalidOperationException(
            "the base does not load: " + string.Join("; ", loaded.Diagnostics));
    }

    private static List<ProfileEntry> KeptOf(LoadedProfile foundation, List<Price> prices)
    {
        var changed = prices.Select(price => price.Entry).ToHashSet(StringComparer.Ordinal);
        var isOwn = prices.Select(price => price.Entry).ToHashSet(StringComparer.Ordinal);
        var kept = new List<ProfileEntry>();
        var before = -1;
        while (changed.Count != before)
        {
            // What is only another name of a changed entry ("taken as file-open") changes with it.
            before = changed.Count;
            var rest = foundation.Entries.Where(entry => !isOwn.Contains(entry.Name)).ToList();
            changed.UnionWith(rest
                .Where(entry => entry.Names.Count == 1 && entry.Derivation == entry.Names[0]
                    && changed.Contains(entry.Names[0]))
                .Select(entry => entry.Name));
        }

        kept.AddRange(foundation.Entries.Where(entry =>
            !changed.Contains(entry.Name) && entry.Names.Any(changed.Contains)));
        return kept;
    }
}
