using Abi.Costs;

namespace Scenarios.Profiles;

/// <summary>A cost profile as a run uses it, and where each of its numbers is from.</summary>
/// <param name="Profile">The prices, limits and delays.</param>
/// <param name="Description">The machine and what it is good for, in the file's words.</param>
/// <param name="ClockSource">Where the clock's frequency is from.</param>
/// <param name="Entries">Every entry, in the file's order.</param>
/// <param name="Rows">The published figures that they rest on, in the file's order.</param>
public sealed record LoadedProfile(
    CostProfile Profile, string Description, string ClockSource,
    IReadOnlyList<ProfileEntry> Entries, IReadOnlyList<ProfileRow> Rows)
{
    /// <summary>The entry of this name, or null.</summary>
    public ProfileEntry? Find(string name) => Entries.FirstOrDefault(entry => entry.Name == name);
}

/// <summary>A profile, or everything that keeps the text from being one.</summary>
/// <param name="Profile">The profile; null if there is any diagnostic.</param>
/// <param name="Diagnostics">All of them, in order of line and column.</param>
public sealed record ProfileLoadResult(
    LoadedProfile? Profile, IReadOnlyList<Diagnostic> Diagnostics);
