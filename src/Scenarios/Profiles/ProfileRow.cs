namespace Scenarios.Profiles;

/// <summary>
/// How much a number can be trusted; the first is the best. An entry is never better than the worst
/// of what it is computed from.
/// </summary>
public enum ProfileStatus
{
    /// <summary>
    /// Measured on the profile's own machine by `micro calibrate`; the source says when, on what
    /// and with which spread. What a run computes from it is modeled all the same.
    /// </summary>
    Measured,
    /// <summary>Read in the named source.</summary>
    Verified,
    /// <summary>Remembered from the named source, not looked up.</summary>
    Recalled,
    /// <summary>
    /// No published figure: the source says the reasoning and the nearest figure there is.
    /// </summary>
    Assumed,
}

/// <summary>A published figure that a profile's entries are computed from.</summary>
/// <param name="Id">Its name in formulas.</param>
/// <param name="Value">The figure, in <paramref name="Unit"/>.</param>
/// <param name="Unit">As published: cycles, us, MB/s, Mpps.</param>
/// <param name="Cpu">The processor it was measured on.</param>
/// <param name="Source">Where it is published.</param>
/// <param name="Status">How much it can be trusted.</param>
public sealed record ProfileRow(
    string Id, decimal Value, string Unit, string Cpu, string Source, ProfileStatus Status)
{
    /// <summary>What was measured, as a benchmark of `micro bench` names it; or empty.</summary>
    public string Metric { get; init; } = "";

    /// <summary>
    /// The mechanisms that were on or off, as `--mechanism` takes them, separated by commas; empty
    /// for the profile's own machine as it is.
    /// </summary>
    public string Configuration { get; init; } = "";
}

/// <summary>
/// A price, limit or delay of a profile, or a figure of a device, with everything needed to check
/// it.
/// </summary>
/// <param name="Name">The part's, limit's, delay's or figure's name.</param>
/// <param name="Section">The section of the file: parts, limits, delays or figures.</param>
/// <param name="Amount">
/// What the model uses, whole: cycles; words, entries or lines for limits; a device's figure in the
/// unit of its model (nanoseconds, picoseconds for a byte on the wire, or <paramref name="Unit"/>).
/// </param>
/// <param name="Value">The figure before rounding, in <paramref name="Unit"/>.</param>
/// <param name="Unit">The unit of the figure in the file.</param>
/// <param name="Derivation">
/// The formula over rows and other entries; empty if the figure is given.
/// </param>
/// <param name="Borrowed">
/// The other machine that it is from; empty if it is of the profile's own.
/// </param>
/// <param name="Source">Where it is from, or why it was chosen.</param>
/// <param name="Status">How much it can be trusted: never better than the rows it rests on.</param>
public sealed record ProfileEntry(
    string Name, string Section, long Amount, decimal Value, string Unit, string Derivation,
    string Borrowed, string Source, ProfileStatus Status)
{
    /// <summary>The rows and entries that its formula names, in order; none if the figure is
    /// given.</summary>
    public IReadOnlyList<string> Names =>
        Derivation.Length == 0 || Formula.Parse(Derivation, out _, out _) is not { } formula
            ? []
            : [.. formula.Names.Select(name => name.Text).Distinct()];

    /// <summary>What its formula gives with other values for the names in it.</summary>
    public decimal ValueWith(Func<string, decimal> valueOf) =>
        Formula.Parse(Derivation, out _, out _)?.Evaluate(valueOf) ?? Value;
}
