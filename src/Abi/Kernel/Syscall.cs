namespace Abi.Kernel;

/// <summary>
/// The system calls of the microkernel. Which registers each reads and writes is said here; every one sets
/// <see cref="Registers.Error"/>. A number that is not here is answered ENOSYS.
/// </summary>
public enum Syscall
{
    /// <summary>No call: answered ENOSYS.</summary>
    None = 0,
    /// <summary>Send Message (and Lend) to Capability and wait for the answer, which replaces Message.</summary>
    Call = 1,
    /// <summary>Send Message to Capability; wait until it is received, not for an answer.</summary>
    Send = 2,
    /// <summary>Like Send, but dropped (EAGAIN) if no receiver waits.</summary>
    SendNonBlocking = 3,
    /// <summary>Wait for a message on Capability: sets Message, Badge, Reply.</summary>
    Receive = 4,
    /// <summary>Like Receive, but EAGAIN if no sender waits.</summary>
    ReceiveNonBlocking = 5,
    /// <summary>Answer Reply with Message; never waits. EOWNERDEAD if that caller no longer waits.</summary>
    Reply = 6,
    /// <summary>Answer Reply with Message, then Receive on Capability, in one trap.</summary>
    ReplyReceive = 7,
    /// <summary>OR the capability's badge into the notification Capability and wake its waiter.</summary>
    Signal = 8,
    /// <summary>Wait until the notification Capability is not zero; sets Badge and clears it.</summary>
    Wait = 9,
    /// <summary>Like Wait, but EAGAIN if the notification is zero.</summary>
    Poll = 10,
    /// <summary>Give the core to the next ready thread of the same priority.</summary>
    Yield = 11,
    /// <summary>Copy Capability with at most the rights Arg0; Arg0 becomes the new slot.</summary>
    CapCopy = 12,
    /// <summary>Like CapCopy, and the copy of an unbadged capability bears the badge Arg1.</summary>
    CapMint = 13,
    /// <summary>Move Capability to another slot; Arg0 becomes it.</summary>
    CapMove = 14,
    /// <summary>Delete every capability derived from Capability, in all capability spaces.</summary>
    CapRevoke = 15,
    /// <summary>Empty the slot Capability.</summary>
    CapDelete = 16,
    /// <summary>Copy from Message.Lease at offset Arg0 into Buffer; Arg0 becomes the count.</summary>
    LeaseRead = 17,
    /// <summary>Copy Buffer into Message.Lease at offset Arg0; Arg0 becomes the count.</summary>
    LeaseWrite = 18,
    /// <summary>Signal the notification Capability at the instant Arg0 (cycles since the start).</summary>
    TimerSet = 19,
    /// <summary>Let the interrupt line Arg0 interrupt again.</summary>
    InterruptAcknowledge = 20,
    /// <summary>Keep the interrupt line Arg0 from interrupting.</summary>
    InterruptMask = 21,
    /// <summary>The virtual time, in cycles, to Arg0.</summary>
    ClockRead = 22,
    /// <summary>Block until the event count with key Arg0 of this component exceeds Arg1.</summary>
    EventAwait = 23,
    /// <summary>Add one to the event count with key Arg0 of this component and wake those it satisfies.</summary>
    EventAdvance = 24,
    /// <summary>End this thread with the status Arg0. Does not return.</summary>
    ThreadExit = 25,
    /// <summary>Make a process that runs program Arg0 as process number Arg1 (process factory only).</summary>
    ProcessCreate = 26,
    /// <summary>The next death this holder has not seen: Arg0 what (<see cref="DeathKind"/>), Arg1 who, Arg2 status; EAGAIN if none.</summary>
    DeathNext = 27,
    /// <summary>Start the next incarnation of component Arg0 (reincarnation right only).</summary>
    ComponentRestart = 28,
    /// <summary>Make a notification; Arg0 becomes its slot.</summary>
    NotificationCreate = 29,
    /// <summary>Mint an unbadged endpoint capability of component Arg0's current incarnation into a slot of the caller, Arg0 (naming right only); EAGAIN while it is down.</summary>
    ComponentEndpoint = 30,
}

/// <summary>Who died, in the answer to <see cref="Syscall.DeathNext"/>.</summary>
public enum DeathKind
{
    /// <summary>A process: its number and exit status.</summary>
    Process = 1,
    /// <summary>A component: its number and its incarnation.</summary>
    Component = 2,
}
