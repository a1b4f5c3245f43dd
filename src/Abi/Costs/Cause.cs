namespace Abi.Costs;

/// <summary>
/// Why cycles pass: the rows of the bill. The first group is work of a core or a device, charged in
/// the
/// work ledger; the second is waiting, which only the latency ledger knows.
/// </summary>
public enum Cause
{
    /// <summary>The program's own computation between its calls.</summary>
    Program = 0,
    /// <summary>LibSys: turning a call into a message and back.</summary>
    Library,
    /// <summary>A server's handler.</summary>
    Handler,
    /// <summary>Entering and leaving the kernel.</summary>
    ModeSwitch,
    /// <summary>Loading another address space.</summary>
    AddressSpaceSwitch,
    /// <summary>Page-table isolation: changing the page table at kernel entry and exit.</summary>
    PageTableIsolation,
    /// <summary>Filling the translation buffer again after a flush.</summary>
    TlbRefill,
    /// <summary>Filling the cache again after others used it.</summary>
    CacheRefill,
    /// <summary>Flushing caches between address spaces (time protection).</summary>
    CacheFlush,
    /// <summary>Switching the floating-point registers.</summary>
    FpuSwitch,
    /// <summary>Scheduling contexts: checking, charging and lending budgets.</summary>
    SchedulingContext,
    /// <summary>Filters on system calls.</summary>
    SystemCallFilter,
    /// <summary>System calls that another process makes for the caller (sandboxes).</summary>
    Interception,
    /// <summary>Leaving a virtual machine for its hypervisor and coming back.</summary>
    VmExit,
    /// <summary>Crossing between user domains without the kernel: VMFUNC, protection
    /// keys.</summary>
    UserCrossing,
    /// <summary>The kernel's IPC and scheduling paths.</summary>
    KernelPath,
    /// <summary>Copying message words and lent memory.</summary>
    Copy,
    /// <summary>Taking and delivering interrupts, sending inter-processor interrupts.</summary>
    Interrupt,
    /// <summary>Calling a component of the same domain.</summary>
    ProcedureCall,
    /// <summary>Taking and releasing locks that were free.</summary>
    Lock,
    /// <summary>A core spinning on a lock that another core holds.</summary>
    LockSpin,

    /// <summary>A device works on the request.</summary>
    DeviceService,
    /// <summary>The request waits in a device's queue.</summary>
    DeviceQueue,
    /// <summary>Another call's work, a disk read for one, that this call waits for too.</summary>
    Shared,
    /// <summary>All activations of the component serve other calls.</summary>
    ServerBusy,
    /// <summary>Ready, but the core runs another thread.</summary>
    WaitingForCore,
    /// <summary>Taken off the core before its segment was over.</summary>
    Preempted,
    /// <summary>Asleep on a lock of a component.</summary>
    LockWait,
    /// <summary>An inter-processor or device interrupt is on its way.</summary>
    InterruptLatency,
    /// <summary>The peer died and its next incarnation is awaited.</summary>
    Recovery,
    /// <summary>The call asked to wait: sleep, wait, an empty socket.</summary>
    Asleep,
}

/// <summary>Questions about causes.</summary>
public static class Causes
{
    /// <summary>How many causes there are.</summary>
    public const int Count = (int)Cause.Asleep + 1;

    /// <summary>Whether a core works while this is the cause; otherwise the call waits.</summary>
    public static bool IsWork(this Cause cause) => cause <= Cause.LockSpin;

    /// <summary>The cause's name in reports: lower case with hyphens.</summary>
    public static string Name(this Cause cause) => KebabCase.Of(cause.ToString());
}
