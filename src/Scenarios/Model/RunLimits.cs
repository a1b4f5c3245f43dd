using Abi.Units;

namespace Scenarios.Model;

/// <summary>Where a run that does not end by itself is stopped.</summary>
public sealed record RunLimits
{
    /// <summary>The most virtual time that passes.</summary>
    [Within(1, 1_000_000_000_000_000)]
    public Nanoseconds VirtualTime { get; init; } = new(3_600_000_000_000);

    /// <summary>The most calls that all processes together make.</summary>
    [Within(1, long.MaxValue)]
    public long Calls { get; init; } = 1_000_000_000;
}
