using Scenarios.Expectations;

namespace Scenarios.Model;

/// <summary>Something that must hold of the results.</summary>
/// <param name="Text">As the author wrote it.</param>
/// <param name="Claim">What it says.</param>
public sealed record Expectation(string Text, Claim Claim);
