using Abi.Costs;
using Abi.Posix;

namespace Records;

/// <summary>What happened to a request: one POSIX call, from the call to its return.</summary>
public enum RequestStepKind : byte
{
    /// <summary>Thread enters the kernel; Detail is the system call.</summary>
    Trapped,
    /// <summary>Thread goes on after it; what its trap was for is over.</summary>
    Resumed,
    /// <summary>
    /// What Thread asked for is in the hands of Component, on thread Peer; Detail is the <see
    /// cref="Crossing"/>.
    /// </summary>
    Entered,
    /// <summary>What Thread asked for is answered.</summary>
    Left,
    /// <summary>Who worked for Thread died: Thread hears EOWNERDEAD.</summary>
    Cut,
    /// <summary>Work is charged: Detail is the <see cref="Part"/>, Count how often. The time in
    /// which it was done comes with the next <see cref="Worked"/>. A negative count takes a charge
    /// back: nobody waits for that work any more.</summary>
    Charged,
    /// <summary>A core worked for it in Component from Time on for Cycles.</summary>
    Worked,
    /// <summary>It waited in Component from Time on for Cycles; Detail is the <see
    /// cref="Cause"/>.</summary>
    Waited,
}

/// <summary>One step of a request.</summary>
/// <param name="Request">The request's number in the run, from 1.</param>
/// <param name="Kind">What happened.</param>
/// <param name="Time">When, or from when on, cycles.</param>
/// <param name="Cycles">For how long, or what was charged; else 0.</param>
/// <param name="Component">In whose code.</param>
/// <param name="Thread">See the kind; or -1.</param>
/// <param name="Peer">See the kind; or -1.</param>
/// <param name="Detail">See the kind.</param>
/// <param name="Count">See the kind.</param>
public readonly record struct RequestStep(
    long Request, RequestStepKind Kind, long Time, long Cycles, int Component, int Thread,
    int Peer, int Detail, long Count);

/// <summary>A request that begins.</summary>
/// <param name="Request">Its number in the run, from 1.</param>
/// <param name="Process">The number of the process that makes it.</param>
/// <param name="ProcessName">The name of that process in the scenario.</param>
/// <param name="Thread">The thread that makes it.</param>
/// <param name="Position">Its ordinal number among that thread's calls, from 0.</param>
/// <param name="Call">Which call.</param>
/// <param name="A">First argument.</param>
/// <param name="B">Second argument.</param>
/// <param name="C">Third argument.</param>
/// <param name="Text">Its path, or empty.</param>
/// <param name="Began">When, cycles.</param>
public readonly record struct StartedCall(
    long Request, int Process, string ProcessName, int Thread, long Position, PosixCall Call,
    long A, long B, long C, string Text, long Began)
{
    /// <summary>The same call with its result and when it returned, cycles.</summary>
    public FinishedCall Finish(long result, long now) => new(
        Process, ProcessName, Position, Call, A, B, C, Text, result, Began, now);
}

/// <summary>
/// Reads what becomes of each request, as the two ledgers of the run and the kernel tell it. Times
/// of one request never decrease, and its <see cref="RequestStepKind.Worked"/> and <see
/// cref="RequestStepKind.Waited"/> steps partition its time without gap or overlap.
/// </summary>
public interface IRequestSink : IRunWatcher
{
    /// <summary>A request begins.</summary>
    void Begins(in StartedCall call);

    /// <summary>One more step of a request.</summary>
    void Step(in RequestStep step);

    /// <summary>
    /// It has its result, at an instant in cycles; null: it never will, for its process died or the
    /// run stopped.
    /// </summary>
    void Ends(long request, long? result, long now);
}
