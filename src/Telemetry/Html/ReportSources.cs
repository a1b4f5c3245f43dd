namespace Telemetry.Html;

/// <summary>What a page says of where its numbers are from, besides the results.</summary>
/// <param name="Version">The version of this program.</param>
/// <param name="File">The scenario's file, without its directory.</param>
/// <param name="ProfileDescription">The machine of the cost profile and what it is good
/// for.</param>
/// <param name="ClockSource">Where the clock's frequency is from.</param>
/// <param name="Prices">Each number of the cost profile.</param>
/// <param name="Words">What causes, parts, counters, calls and components mean, by name.</param>
public sealed record ReportSources(
    string Version, string File, string ProfileDescription, string ClockSource,
    IReadOnlyList<PriceSource> Prices, IReadOnlyDictionary<string, string> Words);

/// <summary>A number of the cost profile, with what is needed to check it.</summary>
/// <param name="Name">The part's, limit's or delay's name.</param>
/// <param name="Amount">What the model uses, in <paramref name="Unit"/>; whole.</param>
/// <param name="Unit">cycles, or words.</param>
/// <param name="Status">MEASURED, VERIFIED, RECALLED or ASSUMED.</param>
/// <param name="Source">Where it is from, or why it was chosen.</param>
/// <param name="Borrowed">The other machine that it is from; empty: the profile's own.</param>
/// <param name="Derivation">The formula that it is computed by; empty: it is given.</param>
/// <param name="Figures">The published figures in the formula.</param>
public sealed record PriceSource(
    string Name, long Amount, string Unit, string Status, string Source, string Borrowed,
    string Derivation, IReadOnlyList<FigureSource> Figures);

/// <summary>A published figure.</summary>
/// <param name="Id">Its name in formulas.</param>
/// <param name="Value">The figure with its unit, and the processor if it is known.</param>
/// <param name="Status">MEASURED, VERIFIED, RECALLED or ASSUMED.</param>
/// <param name="Source">Where it is published.</param>
public sealed record FigureSource(string Id, string Value, string Status, string Source);
