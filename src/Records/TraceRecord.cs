using Abi.Costs;

namespace Records;

/// <summary>What happened, in a trace record. The names are those of the vocabulary.</summary>
public enum TraceKind : byte
{
    /// <summary>A thread begins a segment on a core; Peer is the component whose code it runs, or
    /// -1: a program's.</summary>
    Run,
    /// <summary>A thread enters the kernel. Peer is why: 0 by a system call, which is Detail; 1 to
    /// enter a component that is busy or locked; 2 to leave one; 3 to await an answer; 4 it
    /// ends.</summary>
    Trap,
    /// <summary>The kernel finished an operation; Detail is its length in cycles.</summary>
    KernelDone,
    /// <summary>A message was received; Peer is the sender, Detail the operation.</summary>
    MessageReceived,
    /// <summary>A reply was delivered; Peer is the caller, Detail the result.</summary>
    Replied,
    /// <summary>A thread was taken off its core.</summary>
    Preempted,
    /// <summary>A thread blocked; Peer is the thread that it waits for or -1, Detail the
    /// <see cref="Wait"/>.</summary>
    Blocked,
    /// <summary>A thread became ready.</summary>
    Ready,
    /// <summary>A device raised an interrupt; Detail is the line.</summary>
    Interrupt,
    /// <summary>An inter-processor interrupt arrived.</summary>
    InterprocessorInterrupt,
    /// <summary>A notification was signalled; Detail is the badge.</summary>
    Signalled,
    /// <summary>A timer expired.</summary>
    TimerExpired,
    /// <summary>A device began a request; Detail is its tag.</summary>
    DeviceBegan,
    /// <summary>A device finished a request; Detail is its tag.</summary>
    DeviceFinished,
    /// <summary>A POSIX call began; Detail is its number.</summary>
    CallBegan,
    /// <summary>A POSIX call ended; Detail is its result.</summary>
    CallEnded,
    /// <summary>A component crashed; Peer is the component, Detail its incarnation.</summary>
    Crashed,
    /// <summary>A component's next incarnation runs.</summary>
    Restarted,
    /// <summary>Naming knows the next incarnation.</summary>
    Rebound,
    /// <summary>The kernel panicked.</summary>
    Panic,
    /// <summary>A process ended; Detail is its status.</summary>
    Exited,
}

/// <summary>
/// One step of a run. Every field is a number, so that the fingerprint is the same on every
/// machine.
/// </summary>
/// <param name="Time">Virtual time, cycles.</param>
/// <param name="Kind">What happened.</param>
/// <param name="Core">The core, or -1.</param>
/// <param name="Thread">The thread, or -1.</param>
/// <param name="Peer">The other thread or the component, or -1.</param>
/// <param name="Cause">The cause where one applies.</param>
/// <param name="Detail">See <see cref="TraceKind"/>.</param>
public readonly record struct TraceRecord(
    long Time, TraceKind Kind, int Core, int Thread, int Peer, Cause Cause, long Detail);

/// <summary>Reads each step of a run.</summary>
public interface ITraceSink : IRunWatcher
{
    /// <summary>One more step. Times never decrease per thread.</summary>
    void Record(in TraceRecord record);
}

/// <summary>A finished POSIX call, for strace-like output and per-call analyses.</summary>
/// <param name="Process">The process's number.</param>
/// <param name="ProcessName">The process's name in the scenario.</param>
/// <param name="Position">The call's ordinal number in its process, from 0.</param>
/// <param name="Call">Which call.</param>
/// <param name="A">First argument.</param>
/// <param name="B">Second argument.</param>
/// <param name="C">Third argument.</param>
/// <param name="Text">Its path, or empty.</param>
/// <param name="Result">Not negative, or an errno negated.</param>
/// <param name="Began">Virtual time, cycles.</param>
/// <param name="Ended">Virtual time, cycles.</param>
public readonly record struct FinishedCall(
    int Process, string ProcessName, long Position, Abi.Posix.PosixCall Call,
    long A, long B, long C, string Text, long Result, long Began, long Ended);

/// <summary>Reads finished calls as they go; cannot influence the run.</summary>
public interface ICallSink
{
    /// <summary>One more finished call; calls of one process come in order.</summary>
    void Record(in FinishedCall call);
}
