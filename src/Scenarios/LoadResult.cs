using Scenarios.Model;

namespace Scenarios;

/// <summary>A scenario, or everything that keeps the text from being one.</summary>
/// <param name="Scenario">The scenario; null if there is any diagnostic.</param>
/// <param name="Diagnostics">All of them, in order of line and column.</param>
public sealed record LoadResult(Scenario? Scenario, IReadOnlyList<Diagnostic> Diagnostics);
