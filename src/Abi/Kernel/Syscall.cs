namespace Abi.Kernel;

/// <summary>
/// The system calls of the microkernel. Which registers each reads and writes is said here; every
/// one sets
/// <see cref="Registers.Error"/>. A number that is not here is answered ENOSYS.
/// </summary>
public enum Syscall
{
    /// <summary>No call: answered ENOSYS.</summary>
    None = 0,
    /// <summary>
    /// Send Message (and Lend, or the lease Message.Lease lent onward) to Capability and wait for
    /// the answer,
    /// which replaces Message. With EOWNERDEAD, Arg0 becomes 1 if the peer died before it received
    /// the
    /// message, so that asking again is no repetition.
    /// </summary>
    Call = 1,
    /// <summary>Send Message to Capability; wait until it is received, not for an answer.</summary>
    Send = 2,
    /// <summary>Like Send, but dropped (EAGAIN) if no receiver waits.</summary>
    SendNonBlocking = 3,
    /// <summary>Wait for a message on Capability: sets Message, Badge, Reply.</summary>
    Receive = 4,
    /// <summary>Like Receive, but EAGAIN if no sender waits.</summary>
    ReceiveNonBlocking = 5,
    /// <summary>Answer Reply with Message; never waits. EOWNERDEAD if that caller no longer
    /// waits.</summary>
    Reply = 6,
    /// <summary>Answer Reply with Message, then Receive on Capability, in one trap.</summary>
    ReplyReceive = 7,
    /// <summary>OR the capability's badge, or 1 if it has none, into the notification Capability
    /// and wake its waiter.</summary>
    Signal = 8,
    /// <summary>Wait until the notification Capability is not zero; sets Badge and clears
    /// it.</summary>
    Wait = 9,
    /// <summary>Like Wait, but EAGAIN if the notification is zero.</summary>
    Poll = 10,
    /// <summary>Give the core to the next ready thread of the same priority.</summary>
    Yield = 11,
    /// <summary>Copy Capability with at most the rights Arg0; Arg0 becomes the new slot.</summary>
    CapCopy = 12,
    /// <summary>Like CapCopy, and the copy of an unbadged capability bears the badge
    /// Arg1.</summary>
    CapMint = 13,
    /// <summary>Move Capability to another slot; Arg0 becomes it.</summary>
    CapMove = 14,
    /// <summary>Delete every capability derived from Capability, in all capability
    /// spaces.</summary>
    CapRevoke = 15,
    /// <summary>Empty the slot Capability.</summary>
    CapDelete = 16,
    /// <summary>Copy from Message.Lease at offset Arg0 into Buffer; Arg0 becomes the
    /// count.</summary>
    LeaseRead = 17,
    /// <summary>Copy Buffer into Message.Lease at offset Arg0; Arg0 becomes the count.</summary>
    LeaseWrite = 18,
    /// <summary>Signal the notification Capability at the instant Arg0 (cycles since the
    /// start).</summary>
    TimerSet = 19,
    /// <summary>Let the interrupt line Arg0 interrupt again.</summary>
    InterruptAcknowledge = 20,
    /// <summary>Keep the interrupt line Arg0 from interrupting.</summary>
    InterruptMask = 21,
    /// <summary>The virtual time, in cycles, to Arg0.</summary>
    ClockRead = 22,
    /// <summary>Block until the event count with key Arg0 of this component exceeds Arg1. Arg2: the
    /// <see cref="Costs.Cause"/> that the wait is billed to.</summary>
    EventAwait = 23,
    /// <summary>Add one to the event count with key Arg0 of this component and wake those it
    /// satisfies.</summary>
    EventAdvance = 24,
    /// <summary>End this thread with the status Arg0. Does not return.</summary>
    ThreadExit = 25,
    /// <summary>Make a process that runs the program named by Message.Data; Arg0 becomes its
    /// number, ENOENT if there is no such program (process manager only).</summary>
    ProcessCreate = 26,
    /// <summary>The next <see cref="LifeEvent"/> that this component subscribed to and has not
    /// seen: Arg0 which, Arg1 who, Arg2 status or incarnation; EAGAIN if none. The notification
    /// <see cref="CapSlot.LifeEvents"/> announces them.</summary>
    LifeEventNext = 27,
    /// <summary>Start the next incarnation of component Arg0 (reincarnation right only).</summary>
    ComponentRestart = 28,
    /// <summary>Make a notification; Arg0 becomes its slot.</summary>
    NotificationCreate = 29,
    /// <summary>A capability for the endpoint of the component named by Message.Data, in its
    /// current incarnation, badged Arg1; Arg0 becomes its slot. ENOENT if there is none, EAGAIN
    /// while it is down (naming only).</summary>
    ComponentEndpoint = 30,
    /// <summary>This component has started and can be bound.</summary>
    ComponentReady = 31,
    /// <summary>Make an endpoint at which at most Arg0 pulses wait, or any number if that is 0;
    /// Arg0 becomes its slot.</summary>
    EndpointCreate = 32,
    /// <summary>Bind the notification Capability to this thread: its signals also end a Receive
    /// (Message.Operation is 0, Reply is none).</summary>
    NotificationBind = 33,
    /// <summary>Queue Operation and the word A at the endpoint Capability; never waits, never
    /// merges (QNX MsgSendPulse). EAGAIN if the endpoint's queue is full.</summary>
    Pulse = 34,
    /// <summary>Nothing at all: the cost of entering and leaving the kernel.</summary>
    Null = 35,
    /// <summary>
    /// Not a call but an exception: the thread executes an instruction that the processor does not
    /// know. The kernel sends <see cref="Message.FaultOperation"/> to the endpoint in <see
    /// cref="CapSlot.FaultHandler"/>, and the thread goes on when that is answered; EFAULT if there
    /// is none.
    /// </summary>
    UndefinedInstruction = 36,
    /// <summary>The hypervisor's call that does nothing; ENODEV if there is no
    /// hypervisor.</summary>
    Hypercall = 37,
}

/// <summary>What happened to a process or component, in the answer to <see
/// cref="Syscall.LifeEventNext"/>.</summary>
public enum LifeEvent
{
    /// <summary>A process ended: its number, its exit status.</summary>
    ProcessEnded = 1,
    /// <summary>A component died: its number, its incarnation.</summary>
    ComponentDied = 2,
    /// <summary>A component's new incarnation is ready: its number, its incarnation.</summary>
    ComponentReady = 3,
}
