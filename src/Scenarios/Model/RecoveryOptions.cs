using Abi.Units;

namespace Scenarios.Model;

/// <summary>
/// How crashed components come back: at once, then after a delay that doubles up to a cap.
/// </summary>
public sealed record RecoveryOptions
{
    /// <summary>
    /// The delay before the second restart of a domain; each later one doubles it.
    /// </summary>
    [Within(0, 1_000_000_000_000)]
    public Nanoseconds BackoffUnit { get; init; } = new(1_000_000);

    /// <summary>The longest delay before a restart.</summary>
    [Within(0, 1_000_000_000_000)]
    public Nanoseconds BackoffCap { get; init; } = new(64_000_000);

    /// <summary>
    /// How often a domain is restarted before it is given up (MINIX: MAX_DET_RESTART is 10).
    /// </summary>
    [Within(0, 1_000_000)]
    public int MaxRestarts { get; init; } = 10;

    /// <summary>
    /// How long a call waits for a component to come back before it fails with EAGAIN.
    /// </summary>
    [Within(0, 1_000_000_000_000)]
    public Nanoseconds Bound { get; init; } = new(1_000_000_000);

    /// <summary>Loading and starting a component again; without it, the profile's.</summary>
    [Within(0, 1_000_000_000_000)]
    public Nanoseconds? RestartDelay { get; init; }

    /// <summary>
    /// From a kernel panic to the machine running again; without it, the profile's.
    /// </summary>
    [Within(0, 1_000_000_000_000)]
    public Nanoseconds? Reboot { get; init; }
}
