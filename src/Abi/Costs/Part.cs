namespace Abi.Costs;

/// <summary>
/// The countable primitives: what a cost profile gives a price and the work ledger counts. A charge
/// is
/// always (part, count), so a bill is counts times prices, to the cycle. Prices are whole cycles.
/// </summary>
public enum Part
{
    /// <summary>One cycle of a program's computation; its price is 1 in every profile.</summary>
    ProgramCycle = 0,
    /// <summary>One cycle of spinning on a lock; its price is 1 in every profile.</summary>
    SpinCycle,
    /// <summary>One cycle of a segment that a crash cut short; its price is 1 in every
    /// profile.</summary>
    AbandonedCycle,
    /// <summary>One cycle of work that a scenario adds to a component's handler; its price is 1 in
    /// every profile.</summary>
    HandlerCycle,

    // The kernel's parts.

    /// <summary>User to kernel mode by a system call.</summary>
    TrapEnter,
    /// <summary>Kernel to user mode.</summary>
    TrapLeave,
    /// <summary>Loading another address space on this core.</summary>
    AddressSpaceSwitch,
    /// <summary>The fast path of Call, all guards passed.</summary>
    FastPathCall,
    /// <summary>The fast path of ReplyReceive, all guards passed.</summary>
    FastPathReply,
    /// <summary>The slow path of Call.</summary>
    SlowPathCall,
    /// <summary>The slow path of Reply and ReplyReceive.</summary>
    SlowPathReply,
    /// <summary>The path of Send, and of Receive that finds or awaits a sender.</summary>
    SlowPathSend,
    /// <summary>Choosing the next thread and switching to its registers.</summary>
    Schedule,
    /// <summary>Yield: putting the thread behind the others of its priority.</summary>
    YieldPath,
    /// <summary>Signal, Wait and Poll of a notification; EventAwait and EventAdvance.</summary>
    NotificationPath,
    /// <summary>Any other small system call: capabilities, timers, clock, interrupt
    /// lines.</summary>
    SmallCall,
    /// <summary>The kernel's part in making or ending a process, or restarting a
    /// component.</summary>
    ProcessPath,
    /// <summary>Copying one word of a message beyond nothing at all.</summary>
    MessageWord,
    /// <summary>Copying one line of 64 bytes of lent memory.</summary>
    CopyLine,
    /// <summary>Taking an interrupt: entry, acknowledge at the controller, finding the
    /// notification.</summary>
    InterruptEntry,
    /// <summary>Sending an inter-processor interrupt.</summary>
    InterprocessorSend,
    /// <summary>Taking and releasing the kernel's lock, if there are several cores.</summary>
    KernelLock,
    /// <summary>What a kernel for several cores adds off the fast path: finding what belongs to
    /// the current core.</summary>
    MultiprocessorPath,
    /// <summary>Getting the kernel's lock from another core that just released it.</summary>
    LockHandover,
    /// <summary>Under page-table isolation: loading the kernel's page table at entry, or the user's
    /// at exit, where no other address space is loaded anyway.</summary>
    IsolationSwitch,
    /// <summary>Walking the page table again for one entry that a flush of the translation buffer
    /// lost.</summary>
    TlbRefill,
    /// <summary>Fetching one line of 64 bytes again that others displaced from the
    /// cache.</summary>
    CacheRefill,
    /// <summary>Flushing a core's own first-level caches at a switch of address spaces.</summary>
    CacheFlushLocal,
    /// <summary>Flushing all caches at a switch of address spaces.</summary>
    CacheFlushFull,
    /// <summary>Saving one thread's floating-point registers and loading another's.</summary>
    FpuSwitch,
    /// <summary>Scheduling contexts: lending the caller's to the server, or giving it back, on the
    /// fast path.</summary>
    BudgetDonation,
    /// <summary>Scheduling contexts: reading the clock and checking the budget at a kernel entry
    /// off the fast path.</summary>
    BudgetCheck,
    /// <summary>Scheduling contexts: charging one thread's budget, going on with another's and
    /// setting the timer for it.</summary>
    BudgetSwitch,
    /// <summary>Making a message of a fault and delivering it to its handler.</summary>
    FaultDelivery,
    /// <summary>Answering a fault: the thread's registers are set and it goes on.</summary>
    FaultReply,
    /// <summary>Preparing a system call's arguments for the filters on it.</summary>
    FilterEntry,
    /// <summary>Running one filter on a system call.</summary>
    FilterRun,
    /// <summary>A system call stopped by ptrace and made by another process for this
    /// one.</summary>
    PtraceInterception,
    /// <summary>The same through a signal that a filter raises (gVisor's systrap).</summary>
    SystrapInterception,

    // What a hypervisor below the kernel adds.

    /// <summary>A call of the hypervisor that does nothing: out of the guest and back.</summary>
    Hypercall,
    /// <summary>A device register's write that the hypervisor carries out.</summary>
    DeviceExit,
    /// <summary>An inter-processor interrupt that the hypervisor carries over.</summary>
    VirtualSignal,
    /// <summary>The end of an interrupt that the hypervisor injected.</summary>
    VirtualInterrupt,

    // Crossings inside one domain.

    /// <summary>Calling a component of the same domain and returning.</summary>
    ProcedureCall,
    /// <summary>Taking and releasing a component's lock that is free.</summary>
    ComponentLock,

    // Crossings between user domains without the kernel.

    /// <summary>Switching to another domain's extended page table by VMFUNC, one way.</summary>
    VmfuncSwitch,
    /// <summary>The stub around VMFUNC, there and back: saving registers, changing the stack,
    /// checking the caller's key.</summary>
    VmfuncStub,
    /// <summary>Switching to another domain's protection keys by WRPKRU, one way, stub
    /// included.</summary>
    ProtectionKeySwitch,

    // LibSys.

    /// <summary>LibSys: one call's marshalling, descriptor table and errno.</summary>
    LibraryCall,

    // Handlers' work, by server.

    /// <summary>File server: handling a read or write, without its blocks.</summary>
    FileRequest,
    /// <summary>File server: finding one block in the cache and its place on disk.</summary>
    FileBlock,
    /// <summary>File server: resolving one component of a path.</summary>
    PathComponent,
    /// <summary>File server: opening a file, without its path.</summary>
    FileOpen,
    /// <summary>File server: stat, without its path.</summary>
    FileStatus,
    /// <summary>File server: changing a directory or inode, without its path and blocks.</summary>
    FileChange,
    /// <summary>Disk driver: programming one request.</summary>
    DiskSubmit,
    /// <summary>Disk driver: handling one completion.</summary>
    DiskComplete,
    /// <summary>Net stack: one datagram, either way, without the copy.</summary>
    Datagram,
    /// <summary>Net stack: socket, bind, close.</summary>
    SocketChange,
    /// <summary>NIC driver: one frame, either way.</summary>
    NicFrame,
    /// <summary>Process manager: getpid and the like.</summary>
    ProcessQuery,
    /// <summary>Process manager: spawn, exit, wait.</summary>
    ProcessChange,
    /// <summary>Naming server: one lookup.</summary>
    NameLookup,
    /// <summary>Console: one line.</summary>
    ConsoleLine,
    /// <summary>Timer server: one timer.</summary>
    TimerRequest,
    /// <summary>Reincarnation server: one decision.</summary>
    ReincarnationDecision,
}

/// <summary>Questions about parts.</summary>
public static class Parts
{
    /// <summary>How many parts there are.</summary>
    public const int Count = (int)Part.ReincarnationDecision + 1;

    /// <summary>The part's name in profiles and reports: lower case with hyphens.</summary>
    public static string Name(this Part part) => KebabCase.Of(part.ToString());

    /// <summary>Whether the part is a counted cycle, whose price is 1 in every profile.</summary>
    public static bool IsCountedCycle(this Part part) => part <= Part.HandlerCycle;

    /// <summary>The row of the bill that the part belongs to.</summary>
    public static Cause Cause(this Part part) => part switch
    {
        Part.ProgramCycle => Costs.Cause.Program,
        Part.SpinCycle => Costs.Cause.LockSpin,
        Part.AbandonedCycle or Part.HandlerCycle => Costs.Cause.Handler,
        Part.TrapEnter or Part.TrapLeave => Costs.Cause.ModeSwitch,
        Part.AddressSpaceSwitch => Costs.Cause.AddressSpaceSwitch,
        Part.IsolationSwitch => Costs.Cause.PageTableIsolation,
        Part.TlbRefill => Costs.Cause.TlbRefill,
        Part.CacheRefill => Costs.Cause.CacheRefill,
        Part.CacheFlushLocal or Part.CacheFlushFull => Costs.Cause.CacheFlush,
        Part.FpuSwitch => Costs.Cause.FpuSwitch,
        Part.BudgetDonation or Part.BudgetCheck or Part.BudgetSwitch =>
            Costs.Cause.SchedulingContext,
        Part.FilterEntry or Part.FilterRun => Costs.Cause.SystemCallFilter,
        Part.PtraceInterception or Part.SystrapInterception => Costs.Cause.Interception,
        Part.Hypercall or Part.DeviceExit or Part.VirtualSignal or Part.VirtualInterrupt =>
            Costs.Cause.VmExit,
        Part.VmfuncSwitch or Part.VmfuncStub or Part.ProtectionKeySwitch =>
            Costs.Cause.UserCrossing,
        Part.FastPathCall or Part.FastPathReply or Part.SlowPathCall or Part.SlowPathReply
            or Part.SlowPathSend or Part.Schedule or Part.YieldPath
            or Part.NotificationPath or Part.SmallCall or Part.ProcessPath
            or Part.FaultDelivery or Part.FaultReply or Part.MultiprocessorPath =>
                Costs.Cause.KernelPath,
        Part.MessageWord or Part.CopyLine => Costs.Cause.Copy,
        Part.InterruptEntry or Part.InterprocessorSend => Costs.Cause.Interrupt,
        Part.KernelLock or Part.LockHandover or Part.ComponentLock => Costs.Cause.Lock,
        Part.ProcedureCall => Costs.Cause.ProcedureCall,
        Part.LibraryCall => Costs.Cause.Library,
        Part.FileRequest or Part.FileBlock or Part.PathComponent or Part.FileOpen or Part.FileStatus
            or Part.FileChange or Part.DiskSubmit or Part.DiskComplete or Part.Datagram
            or Part.SocketChange or Part.NicFrame or Part.ProcessQuery or Part.ProcessChange
            or Part.NameLookup or Part.ConsoleLine or Part.TimerRequest
            or Part.ReincarnationDecision => Costs.Cause.Handler,
    };
}
