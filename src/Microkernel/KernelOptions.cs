using Microkernel.Objects;
using Microkernel.Placing;

namespace Microkernel;

/// <summary>The kernel's parameters.</summary>
public sealed record KernelOptions
{
    /// <summary>How many cores the machine has; 1 to 64.</summary>
    public int Cores { get; init; } = 1;

    /// <summary>Whether IPC may take the fast path.</summary>
    public bool FastPath { get; init; } = true;

    /// <summary>Page-table isolation: user code runs on a page table without the
    /// kernel.</summary>
    public bool Isolation { get; init; }

    /// <summary>Whether entries of the translation buffer carry their address space (PCID, ASID),
    /// so that writes of the page-table base lose none.</summary>
    public bool TaggedTlb { get; init; } = true;

    /// <summary>
    /// Scheduling contexts as in seL4's MCS kernel: what checking, charging and lending budgets
    /// costs. Budgets are not enforced.
    /// </summary>
    public bool SchedulingContexts { get; init; }

    /// <summary>Whether the kernel is built for several cores: it takes its lock even on
    /// one.</summary>
    public bool IsMultiprocessor { get; init; }

    /// <summary>Whether the machine is a virtual one, under a hypervisor.</summary>
    public bool IsGuest { get; init; }

    /// <summary>Which caches a switch of address spaces flushes.</summary>
    public CacheFlush CacheFlush { get; init; }

    /// <summary>Whether a sandbox intercepts the system calls of programs: what that costs; what
    /// the sandbox does itself is not modelled.</summary>
    public Interception Interception { get; init; }

    /// <summary>The kernel's own working set.</summary>
    public WorkingSet WorkingSet { get; init; } = WorkingSet.Default;

    /// <summary>How calls cross from one user domain into another.</summary>
    public UserCrossing UserCrossing { get; init; }

    /// <summary>What the kernel's lock covers.</summary>
    public KernelLockPolicy KernelLock { get; init; }

    /// <summary>How components in the kernel's domain exclude each other.</summary>
    public LockPolicy DomainLock { get; init; }

    /// <summary>What becomes of processes whose calls would close a cycle.</summary>
    public DeadlockPolicy Deadlocks { get; init; }

    /// <summary>The components and processes whose queues are measured, by name.</summary>
    public IReadOnlyList<string> Observed { get; init; } = [];

    /// <summary>Measured queues charge service twice: for the test of their
    /// reconciliation.</summary>
    public bool CountsServiceTwice { get; init; }

    /// <summary>Who is received first.</summary>
    public ReceiveOrder ReceiveOrder { get; init; }
}
