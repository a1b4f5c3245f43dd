using Scenarios.Profiles;

namespace Validation.Calibration;

/// <summary>An entry of the calibrated profile that was computed from measurements.</summary>
/// <param name="Entry">The part's or delay's name.</param>
/// <param name="Section">parts or delays.</param>
/// <param name="Derivation">The formula over rows and entries; cycles.</param>
/// <param name="Cycles">What it gives, before rounding.</param>
/// <param name="BaseCycles">What the base says instead.</param>
/// <param name="Status">How much it can be trusted.</param>
/// <param name="Source">How it is computed and what is assumed.</param>
public sealed record Price(
    string Entry, string Section, string Derivation, decimal Cycles, long BaseCycles,
    ProfileStatus Status, string Source);

/// <summary>An entry that stays as the base has it.</summary>
/// <param name="Entry">The part's or delay's name.</param>
/// <param name="Reason">Why the measurements give no price.</param>
public sealed record LeftToBase(string Entry, string Reason);
