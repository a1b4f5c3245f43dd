using Microkernel.Accounting;
using Microkernel.Objects;
using Microkernel.Scheduling;

namespace Machine.Cores;

/// <summary>Why a core enters the kernel.</summary>
internal enum EntryKind
{
    Trap,
    Interrupt,
    InterprocessorInterrupt,
    Timer,
    Quantum,
    Begin,
    Death,
}

/// <summary>One reason to enter the kernel, with what it is about and when it came,
/// cycles.</summary>
internal readonly record struct Entry(EntryKind Kind, object? Subject, long Arrived);

/// <summary>A core with its operation and what waits for it.</summary>
internal sealed class CoreUnit
{
    public CoreUnit(Core core, Bill bill, bool keepsCharges)
    {
        Core = core;
        Operation = new Operation(core, bill) { KeepsCharges = keepsCharges };
        LockAsked = new LockAsked(this);
        LockFreed = new LockFreed(this);
    }

    public Core Core { get; }

    /// <summary>What it does in the kernel.</summary>
    public Operation Operation { get; }

    public LockAsked LockAsked { get; }

    public LockFreed LockFreed { get; }

    /// <summary>Reasons to enter the kernel that came while it was there.</summary>
    public Queue<Entry> Pending { get; } = [];

    /// <summary>The lock that its operation holds or waits for.</summary>
    public KernelLock? Lock { get; set; }

    /// <summary>What it waits to do when that lock is granted.</summary>
    public Entry Waiting { get; set; }

    /// <summary>Whether it is on its way to ask for that lock.</summary>
    public bool IsEntering { get; set; }

    /// <summary>Cycles that it spent in the kernel before it asked for that lock.</summary>
    public long Entered { get; set; }

    /// <summary>Since when it spins on the big lock of the kernel's domain, or -1.</summary>
    public long SpinsSince { get; set; } = -1;

    /// <summary>The earliest event that looks at the quantum, or the largest number for
    /// none.</summary>
    public long QuantumEventAt { get; set; } = long.MaxValue;
}

/// <summary>A core's own message: it has entered the kernel and asks for the lock.</summary>
internal sealed record LockAsked(CoreUnit Unit);

/// <summary>A core's own message: it needs the lock no more, and is about to leave.</summary>
internal sealed record LockFreed(CoreUnit Unit);

/// <summary>A core's own message: its operation's time has passed.</summary>
internal sealed record Released(CoreUnit Unit);

/// <summary>A core's own message: look whether the quantum has run out.</summary>
internal sealed record QuantumCheck(CoreUnit Unit);

/// <summary>An inter-processor interrupt on its way to a core.</summary>
internal sealed record Signal(CoreUnit Unit, Tcb? Woken);

/// <summary>Threads that were made and begin on a core.</summary>
internal sealed record Beginning(CoreUnit Unit, IReadOnlyList<Tcb> Threads);

/// <summary>A component whose next incarnation is loaded and starts now.</summary>
internal sealed record Incarnation(ComponentRecord Component);

/// <summary>The kernel's lock, or one of them: first come, first served.</summary>
internal sealed class KernelLock
{
    public CoreUnit? Holder { get; set; }

    public Queue<CoreUnit> Waiters { get; } = [];
}
