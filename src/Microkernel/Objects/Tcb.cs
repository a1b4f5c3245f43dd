using Abi.Costs;
using Abi.Kernel;
using Microkernel.Accounting;
using Microkernel.Scheduling;

namespace Microkernel.Objects;

/// <summary>What a thread does or waits for.</summary>
public enum TcbState
{
    /// <summary>Made, never dispatched.</summary>
    Created,
    /// <summary>In a ready queue, or on its way there.</summary>
    Ready,
    /// <summary>A core's current thread.</summary>
    Running,
    /// <summary>Waits in an endpoint until its message is received.</summary>
    BlockedOnSend,
    /// <summary>Its message was received; waits for the answer.</summary>
    BlockedOnReply,
    /// <summary>Waits in an endpoint for a message.</summary>
    BlockedOnReceive,
    /// <summary>Waits for a signal.</summary>
    BlockedOnNotification,
    /// <summary>Waits for an event count to advance.</summary>
    BlockedOnEvent,
    /// <summary>Waits for an activation of a component to become free.</summary>
    BlockedOnEntry,
    /// <summary>Sleeps on a component's lock.</summary>
    BlockedOnLock,
    /// <summary>Ended or killed.</summary>
    Dead,
}

/// <summary>Why a thread enters the kernel.</summary>
public enum TrapKind
{
    /// <summary>The system call in its registers.</summary>
    Syscall,
    /// <summary>To enter <see cref="Tcb.Entering"/>, which is busy or locked.</summary>
    Enter,
    /// <summary>To leave the component it runs in, with the answer in its registers.</summary>
    Leave,
    /// <summary>To wait for the answer numbered <see cref="Tcb.AwaitedReply"/> of the component it
    /// runs in.</summary>
    AwaitReply,
    /// <summary>Its body has returned; Arg0 is its status.</summary>
    Exit,
    /// <summary>Not at all: its segment was long, and others may catch up before the
    /// next.</summary>
    Pause,
}

/// <summary>What a thread does first when it is dispatched.</summary>
public enum Resumption
{
    /// <summary>Goes on with a suspended segment.</summary>
    Segment,
    /// <summary>Returns from its trap.</summary>
    Return,
    /// <summary>Begins its program or loop.</summary>
    Begin,
    /// <summary>Enters the component <see cref="Tcb.Entering"/>.</summary>
    Enter,
}

/// <summary>A thread control block.</summary>
public sealed class Tcb
{
    internal Tcb(
        int index, string name, ProtectionDomain home, ComponentRecord? component, int priority,
        Core core)
    {
        Index = index;
        Name = name;
        Home = home;
        Domain = home;
        HomeComponent = component;
        Component = component;
        Priority = priority;
        Core = core;
        Log = new SegmentLog(this);
    }

    // Who it is.

    /// <summary>Its number, in spawn order, from 0.</summary>
    public int Index { get; }

    /// <summary>Its name in traces.</summary>
    public string Name { get; }

    /// <summary>The domain it dies with.</summary>
    public ProtectionDomain Home { get; }

    /// <summary>The component it was made for, or null if it runs a program.</summary>
    public ComponentRecord? HomeComponent { get; }

    // Where it runs.

    /// <summary>The domain whose code it runs now.</summary>
    public ProtectionDomain Domain { get; private set; }

    /// <summary>The component whose code it runs now, or null: a program's.</summary>
    public ComponentRecord? Component { get; private set; }

    /// <summary>The core it is bound to.</summary>
    public Core Core { get; }

    /// <summary>0 to 255, larger is more urgent.</summary>
    public int Priority { get; }

    /// <summary>Whether its code uses the floating-point registers.</summary>
    public bool UsesFpu { get; init; }

    /// <summary>What it does or waits for.</summary>
    public TcbState State { get; internal set; }

    /// <summary>What it does when dispatched.</summary>
    public Resumption Resumption { get; internal set; } = Resumption.Begin;

    /// <summary>The registers of the trap it is in.</summary>
    public Registers Registers { get; set; } = new();

    /// <summary>Why it enters the kernel.</summary>
    public TrapKind Trap { get; set; }

    /// <summary>The component it is about to enter.</summary>
    public ComponentRecord? Entering { get; set; }

    /// <summary>The badge of the capability through which it enters.</summary>
    public long EntryBadge { get; set; }

    /// <summary>Where it runs after it has left the component <see cref="Entering"/>.</summary>
    public (ProtectionDomain Domain, ComponentRecord? Component) ReturnsTo { get; set; }

    /// <summary>Whether <see cref="Entering"/> is reached by a trap, so that leaving it leaves the
    /// kernel.</summary>
    public bool EntersByTrap { get; set; }

    // IPC.

    internal TcbQueue? Queue { get; set; }

    internal Tcb? QueueNext { get; set; }

    internal Tcb? QueuePrevious { get; set; }

    /// <summary>The endpoint it waits at, or to whose server it sent.</summary>
    internal Endpoint? Endpoint { get; set; }

    /// <summary>The badge of the capability it sends with.</summary>
    internal long SendBadge { get; set; }

    /// <summary>Whether it waits for an answer after its message was received.</summary>
    internal bool WantsReply { get; set; }

    /// <summary>Its arrival among those who wait.</summary>
    internal long Arrival { get; set; }

    /// <summary>The last one-shot reply number given out for it.</summary>
    internal int ReplySequence { get; set; }

    /// <summary>The reply number of the IPC call it waits in.</summary>
    public int AwaitedReply { get; set; }

    /// <summary>Whether it waits for the answer to a fault.</summary>
    internal bool IsFaulted { get; set; }

    /// <summary>Who handles its call, as long as that thread works on it.</summary>
    internal Tcb? Server { get; set; }

    /// <summary>Whose call it handles.</summary>
    internal Tcb? Serving { get; set; }

    /// <summary>The notification that also ends its Receive.</summary>
    internal Notification? BoundNotification { get; set; }

    /// <summary>Calls by which it migrated and that may be answered later, innermost
    /// last.</summary>
    internal List<MigratedReply> MigratedReplies { get; } = [];

    /// <summary>Answers to those that came before it waited for them.</summary>
    internal List<(int Sequence, Message Answer)> EarlyAnswers { get; } = [];

    /// <summary>Memory it lends now, innermost call last.</summary>
    internal List<LentMemory> Lent { get; } = [];

    /// <summary>The value it awaits an event count to pass.</summary>
    internal long AwaitedValue { get; set; }

    /// <summary>Its request's way through a queue that is measured, innermost call
    /// first.</summary>
    internal Visit? Visit { get; set; }

    /// <summary>The request without an answer that it received last, until it comes back for
    /// another.</summary>
    internal Visit? Handled { get; set; }

    // Scheduling.

    /// <summary>Cycles left of its quantum.</summary>
    public long QuantumLeft { get; internal set; }

    /// <summary>Whether a segment has begun whose cycles are not yet in the ledgers.</summary>
    internal bool IsInSegment { get; set; }

    /// <summary>When its segment began, cycles.</summary>
    public long SegmentStart { get; internal set; }

    /// <summary>When its segment ends if nothing suspends it, cycles.</summary>
    public long SegmentEnd { get; internal set; }

    /// <summary>When its segment was last suspended, or -1 while it runs.</summary>
    public long SuspendedAt { get; internal set; } = -1;

    /// <summary>When it was last put on its core within the segment.</summary>
    public long RunningSince { get; internal set; }

    /// <summary>Whether the engine holds an event for its segment's end; it may be too
    /// early.</summary>
    public bool EndEventOutstanding { get; set; }

    // Accounting.

    /// <summary>What it did in its segment.</summary>
    public SegmentLog Log { get; }

    /// <summary>The POSIX call on whose behalf it runs, or null.</summary>
    public CallRecord? Call { get; internal set; }

    /// <summary>How many POSIX calls it has finished.</summary>
    public long CallsEnded { get; set; }

    /// <summary>What its wait is billed to.</summary>
    internal Cause BlockCause { get; set; }

    /// <summary>The device request that its wait is for, or null.</summary>
    public DeviceWait? DeviceWait { get; set; }

    /// <summary>Whether its code runs in kernel mode now.</summary>
    public bool InKernelMode => Domain.IsKernel;

    /// <summary>Whether its code will run in kernel mode when it is dispatched next.</summary>
    public bool WillRunInKernelMode =>
        Resumption == Resumption.Enter ? Entering!.Domain.IsKernel : Domain.IsKernel;

    /// <summary>Whether it runs a program rather than a component.</summary>
    public bool IsProgram => HomeComponent is null;

    /// <summary>A segment begins at an instant: the thread's code runs now, its cycles pass
    /// afterwards.</summary>
    public void BeginSegment(long now)
    {
        State = TcbState.Running;
        IsInSegment = true;
        SegmentStart = now;
        SegmentEnd = now;
        RunningSince = now;
        SuspendedAt = -1;
    }

    /// <summary>The code of the segment has run: its end is known.</summary>
    public void EndSegmentCode() => SegmentEnd = SegmentStart + Log.Length;

    /// <summary>The segment is suspended: an operation interrupts it.</summary>
    public void Suspend(long now)
    {
        SuspendedAt = now;
        QuantumLeft -= now - RunningSince;
        Resumption = Resumption.Segment;
    }

    /// <summary>The segment goes on; its end moves by the time that it was suspended.</summary>
    public void Resume(long now)
    {
        Log.Suspended(SuspendedAt, now);
        SegmentEnd += now - SuspendedAt;
        SuspendedAt = -1;
        RunningSince = now;
    }

    /// <summary>The segment is over: the ledgers are written.</summary>
    public void CommitSegment(Bill bill)
    {
        QuantumLeft -= SegmentEnd - RunningSince;
        Log.Commit(bill);
    }

    /// <summary>After a pause the next segment begins at once, on the same core.</summary>
    public void ContinueAfterPause(long now)
    {
        Resumption = Resumption.Return;
        BeginSegment(now);
    }

    /// <summary>It becomes its core's current thread.</summary>
    public void BecomeCurrent() => State = TcbState.Running;

    /// <summary>Called by the machine when the thread begins or ends code of another
    /// component.</summary>
    public void RunIn(ProtectionDomain domain, ComponentRecord? component)
    {
        Domain = domain;
        Component = component;
    }
}

/// <summary>A call by which a thread migrated: its one-shot number, and who owes the
/// answer.</summary>
internal readonly record struct MigratedReply(int Sequence, ComponentRecord Owner);

/// <summary>Memory that a thread lends for one call.</summary>
/// <param name="Sequence">Its number; not used again by this thread.</param>
/// <param name="Memory">The range; empty if it is lent onward.</param>
/// <param name="Access">What may be done.</param>
/// <param name="Grantee">The domain that may do it.</param>
/// <param name="Onward">The lease that is lent onward, or none.</param>
/// <param name="Depth">How often it was lent onward.</param>
internal readonly record struct LentMemory(
    int Sequence, Memory<byte> Memory, LeaseAccess Access, ProtectionDomain Grantee, Lease Onward,
    int Depth);

/// <summary>A device request as the latency ledger sees it: when it waited, when it was served.
/// Cycles, -1: not yet.</summary>
public sealed class DeviceWait
{
    /// <summary>When the device began to serve it.</summary>
    public long Began { get; set; } = -1;

    /// <summary>When the device finished it.</summary>
    public long Finished { get; set; } = -1;

    /// <summary>The thread that made it.</summary>
    public required Tcb Thread { get; init; }

    /// <summary>The call on whose behalf it was made.</summary>
    public CallRecord? Call { get; private init; }

    /// <summary>Whether that thread still waits for it on behalf of that call.</summary>
    public bool IsAwaited =>
        Call is { IsOver: false } && Thread.DeviceWait == this && Thread.Call == Call
        && Thread.State == TcbState.BlockedOnEvent;

    /// <summary>A request that a thread makes now.</summary>
    public static DeviceWait By(Tcb thread) => new() { Thread = thread, Call = thread.Call };
}
