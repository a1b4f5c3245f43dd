using Abi;

namespace Records;

/// <summary>
/// What a run counts, as a processor's performance counters and a kernel's statistics would.
/// </summary>
public enum Counter
{
    /// <summary>Crossings between user and kernel mode, each direction one.</summary>
    ModeSwitches = 0,
    /// <summary>Switches of a core to another address space.</summary>
    AddressSpaceSwitches,
    /// <summary>Writes of the page-table base register.</summary>
    Cr3Writes,
    /// <summary>
    /// Flushes of the whole translation buffer; none while address spaces are tagged.
    /// </summary>
    TlbFlushes,
    /// <summary>Switches of the floating-point registers to another thread.</summary>
    FpuSwitches,
    /// <summary>Switches to another scheduling context; none where it is lent.</summary>
    BudgetSwitches,
    /// <summary>Faults of user code sent to a handler.</summary>
    Faults,
    /// <summary>Filters run on system calls.</summary>
    FilterRuns,
    /// <summary>Exits of a virtual machine to its hypervisor.</summary>
    VmExits,
    /// <summary>Calls that crossed into another user domain without the kernel.</summary>
    GateCalls,
    /// <summary>Switches of a core to another thread.</summary>
    ContextSwitches,
    /// <summary>System calls that entered the kernel by a trap.</summary>
    Traps,
    /// <summary>IPC operations on the fast path.</summary>
    IpcFastPath,
    /// <summary>IPC operations on the slow path.</summary>
    IpcSlowPath,
    /// <summary>Messages delivered, replies included.</summary>
    Messages,
    /// <summary>Messages whose length fit the message registers.</summary>
    MessagesInRegisters,
    /// <summary>Messages that went through the message buffer.</summary>
    MessagesInBuffer,
    /// <summary>Bytes copied between domains: message buffers and leases.</summary>
    BytesCopied,
    /// <summary>Device and timer interrupts taken.</summary>
    Interrupts,
    /// <summary>Inter-processor interrupts taken.</summary>
    InterprocessorInterrupts,
    /// <summary>Signals of notifications.</summary>
    Notifications,
    /// <summary>Signals that found the notification already signalled and merged.</summary>
    NotificationsMerged,
    /// <summary>Calls that entered a component of the caller's own domain.</summary>
    ProcedureCalls,
    /// <summary>Calls that entered a component of the kernel's domain by a trap.</summary>
    KernelCalls,
    /// <summary>Threads taken off a core before their segment ended.</summary>
    Preemptions,
    /// <summary>Quanta that ran out while another thread of the same priority was ready.</summary>
    QuantaExpired,
    /// <summary>Operations that had to wait for the kernel's lock.</summary>
    KernelLockContended,
    /// <summary>Entries that had to wait for a component's or the big lock.</summary>
    ComponentLockContended,
    /// <summary>Calls refused for want of a right.</summary>
    DeniedCalls,
    /// <summary>Calls answered EDEADLK because they would have closed a cycle.</summary>
    DeadlocksRefused,
    /// <summary>Capabilities found stale: their object's incarnation is gone.</summary>
    StaleCapabilities,
    /// <summary>Replies dropped because the caller no longer waits.</summary>
    RepliesDropped,
    /// <summary>Fast-path miss: the message is longer than the registers.</summary>
    MissMessageTooLong,
    /// <summary>
    /// Fast-path miss: the message carries a capability, or lends a lease onward.
    /// </summary>
    MissCarriesCapability,
    /// <summary>
    /// Fast-path miss: the capability is no endpoint, is stale or lacks the right; the slow path
    /// says why.
    /// </summary>
    MissInvalidCapability,
    /// <summary>Fast-path miss: no receiver waits.</summary>
    MissNoReceiver,
    /// <summary>Fast-path miss: the receiver is bound to another core.</summary>
    MissOtherCore,
    /// <summary>Fast-path miss: a thread more urgent than the receiver is ready.</summary>
    MissPriority,
    /// <summary>Fast-path miss (reply): the caller no longer waits, or there is none.</summary>
    MissNoCaller,
    /// <summary>Fast-path miss (reply): the caller waits for the answer to a fault.</summary>
    MissCallerFaulted,
    /// <summary>Fast-path miss (reply): another sender already waits.</summary>
    MissSenderWaits,
    /// <summary>Fast-path miss (reply): a notification bound to the thread is pending.</summary>
    MissNotificationPending,
    /// <summary>Fast-path miss: the profile or scenario switched the fast path off.</summary>
    MissSwitchedOff,
    /// <summary>Requests that devices served.</summary>
    DeviceRequests,
    /// <summary>Cycles that devices worked on requests, each request once however many waited for
    /// it.</summary>
    DeviceCycles,
    /// <summary>Processes made.</summary>
    ProcessesCreated,
    /// <summary>Components that crashed.</summary>
    Crashes,
    /// <summary>Components restarted.</summary>
    Restarts,
    /// <summary>Callers that were answered EOWNERDEAD because their server died.</summary>
    RequestsFailed,
}

/// <summary>Questions about counters.</summary>
public static class Counters
{
    /// <summary>How many counters there are.</summary>
    public const int Count = (int)Counter.RequestsFailed + 1;

    /// <summary>The counter's name in reports: lower case with hyphens.</summary>
    public static string Name(this Counter counter) => KebabCase.Of(counter.ToString());
}
