using Microkernel.Objects;

namespace Microkernel.Scheduling;

/// <summary>What a core does now.</summary>
public enum CoreState
{
    /// <summary>Nothing is ready.</summary>
    Idle,
    /// <summary>Runs its current thread's segment.</summary>
    Running,
    /// <summary>Is in the kernel, or waits for the kernel's lock.</summary>
    Kernel,
    /// <summary>Spins on the big lock of the kernel's domain for its current thread.</summary>
    Spinning,
}

/// <summary>A core as the scheduler sees it: who runs, who is ready. Only operations on the core
/// itself touch it.</summary>
/// <param name="index">Its number, from 0.</param>
public sealed class Core(int index)
{
    /// <summary>Its number, from 0.</summary>
    public int Index { get; } = index;

    /// <summary>What it does now.</summary>
    public CoreState State { get; set; }

    /// <summary>The thread that runs or was interrupted on it, or null.</summary>
    public Tcb? Current { get; set; }

    /// <summary>Threads that could run.</summary>
    public ReadyQueue Ready { get; } = new();

    /// <summary>The address space that is loaded: a domain's number, or 0 while none was loaded
    /// yet.</summary>
    public int LoadedSpace { get; set; }

    /// <summary>Whose floating-point registers are loaded, or null.</summary>
    internal Tcb? FpuOwner { get; set; }

    /// <summary>What domains have in its cache.</summary>
    internal CacheModel Cache { get; } = new();

    /// <summary>When it last became idle, cycles.</summary>
    public long IdleSince { get; set; }

    /// <summary>Cycles that it idled so far.</summary>
    public long IdleCycles { get; set; }

    /// <summary>When the current thread's quantum runs out within its segment, or -1.</summary>
    public long QuantumDeadline { get; set; } = -1;
}
