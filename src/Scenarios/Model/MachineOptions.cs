using Abi.Units;

namespace Scenarios.Model;

/// <summary>The simulated machine.</summary>
public sealed record MachineOptions
{
    /// <summary>How many cores.</summary>
    [Within(1, 64)]
    public int Cores { get; init; } = 1;

    /// <summary>
    /// The cost profile: a name that `micro list` prints, or a file relative to the scenario.
    /// </summary>
    public string Profile { get; init; } = "sel4-haswell";

    /// <summary>What several cores lock when they enter the kernel.</summary>
    public KernelLock KernelLock { get; init; } = KernelLock.Big;

    /// <summary>Which of several waiting messages a server receives first.</summary>
    public ReceiveOrder ReceiveOrder { get; init; } = ReceiveOrder.Fifo;

    /// <summary>
    /// Mechanisms of processor and kernel that are switched on or off; of two that contradict, the
    /// last counts.
    /// </summary>
    public IReadOnlyList<Mechanism> Mechanisms { get; init; } = [];

    /// <summary>What the kernel's own code and data occupy.</summary>
    public WorkingSetSize? KernelWorkingSet { get; init; }

    /// <summary>What becomes of processes whose calls to each other would close a
    /// cycle.</summary>
    public Deadlocks Deadlocks { get; init; } = Deadlocks.Detect;

    /// <summary>A thread's round-robin quantum; without it, the profile's.</summary>
    [Within(1, 1_000_000_000_000)]
    public Nanoseconds? Quantum { get; init; }
}

/// <summary>What becomes of processes whose calls to each other would close a cycle.</summary>
public enum Deadlocks
{
    /// <summary>The call that closes the cycle is answered EDEADLK (MINIX).</summary>
    Detect,
    /// <summary>
    /// A call to a process of no higher priority is answered EDEADLK: there is no cycle (Hubris).
    /// </summary>
    Forbid,
    /// <summary>They wait for ever; the run ends and says who waits for whom.</summary>
    Hang,
}

/// <summary>
/// What a process's, a component's or the kernel's code and data occupy while it runs.
/// </summary>
public sealed record WorkingSetSize
{
    /// <summary>
    /// Entries of the translation buffer: what a flush loses, if entries are not tagged.
    /// </summary>
    [Within(0, 1_000_000)]
    public int Pages { get; init; } = 8;

    /// <summary>
    /// Lines of 64 bytes in the core's own cache: what others that ran meanwhile displace.
    /// </summary>
    [Within(0, 1_000_000)]
    public int Lines { get; init; }
}

/// <summary>What several cores lock when they enter the kernel.</summary>
public enum KernelLock
{
    /// <summary>One lock for the whole kernel.</summary>
    Big,
    /// <summary>One lock for each kernel object.</summary>
    PerObject,
}

/// <summary>Which of several waiting messages a server receives first.</summary>
public enum ReceiveOrder
{
    /// <summary>The one that has waited longest.</summary>
    Fifo,
    /// <summary>The one whose sender has the highest priority (Hubris).</summary>
    Priority,
    /// <summary>Pending notifications, then the one that has waited longest (MINIX).</summary>
    NotificationsFirst,
}
