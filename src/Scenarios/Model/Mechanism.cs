namespace Scenarios.Model;

/// <summary>
/// A mechanism of processor or kernel, switched on or off. Without any: tagged translation buffer
/// and fast path are on, all others off.
/// </summary>
public enum Mechanism
{
    /// <summary>Page-table isolation: user code runs on a page table without the kernel.</summary>
    Isolation,
    /// <summary>No page-table isolation.</summary>
    NoIsolation,
    /// <summary>Translation-buffer entries carry their address space (PCID, ASID).</summary>
    TaggedTlb,
    /// <summary>Each write of the page-table base flushes the translation buffer.</summary>
    NoTaggedTlb,
    /// <summary>IPC may take the fast path.</summary>
    FastPath,
    /// <summary>All IPC takes the slow path.</summary>
    NoFastPath,
    /// <summary>Scheduling contexts (seL4 MCS): what checking and lending budgets costs.</summary>
    SchedulingContexts,
    /// <summary>No scheduling contexts.</summary>
    NoSchedulingContexts,
    /// <summary>The kernel takes its lock even on one core.</summary>
    Multiprocessor,
    /// <summary>The kernel takes its lock only if there are several cores.</summary>
    NoMultiprocessor,
    /// <summary>The machine is a virtual one, under a hypervisor.</summary>
    Hypervisor,
    /// <summary>No hypervisor.</summary>
    NoHypervisor,
    /// <summary>A switch of address spaces flushes the core's first-level caches.</summary>
    FlushLocal,
    /// <summary>A switch of address spaces flushes all caches.</summary>
    FlushFull,
    /// <summary>A switch of address spaces flushes no cache.</summary>
    NoFlush,
    /// <summary>A tracer makes the system calls of programs, stopped by ptrace.</summary>
    InterceptPtrace,
    /// <summary>A sandbox makes the system calls of programs, woken by a signal
    /// (systrap).</summary>
    InterceptSystrap,
    /// <summary>Programs make their own system calls.</summary>
    NoIntercept,
    /// <summary>Calls between user domains cross by VMFUNC, without the kernel.</summary>
    Vmfunc,
    /// <summary>Calls between user domains cross by protection keys, without the kernel.</summary>
    ProtectionKeys,
    /// <summary>Calls between user domains are IPC.</summary>
    NoGate,
}
