namespace Scenarios.Model;

/// <summary>The components of the simulated system: what a placement places.</summary>
public static class Components
{
    /// <summary>Their names, a component before those that depend on it.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        "naming", "reincarnation-server", "process-manager", "timer", "console", "disk-driver",
        "file-server", "nic-driver", "net-stack",
    ];
}
