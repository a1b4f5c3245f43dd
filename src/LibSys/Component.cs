using Abi.Costs;
using Abi.Kernel;

namespace LibSys;

/// <summary>A request as a handler sees it.</summary>
/// <param name="Message">What is asked; <see cref="Message.Lease"/> is the memory lent with
/// it.</param>
/// <param name="Client">The badge of the capability used: the number of the client's
/// process.</param>
/// <param name="Token">The right to answer, for handlers that answer later.</param>
public readonly record struct Request(Message Message, Badge Client, ReplyToken Token);

/// <summary>A thread of a component besides its request handlers: a bottom half, a timer, a
/// write-back.</summary>
/// <param name="Name">What it does, for traces and bills.</param>
/// <param name="Body">Its code; runs until it returns.</param>
public sealed record BackgroundThread(string Name, Func<Activation, ValueTask> Body);

/// <summary>
/// A server or driver: state plus activations of its handlers. It does not know where it runs:
/// whether a
/// request comes by IPC from another domain, by a trap or by a procedure call is the placement's
/// choice.
/// Await only what <see cref="Activation"/> offers; between two awaits nothing else of this
/// component runs.
/// </summary>
public abstract class Component
{
    private long eventCounts;

    /// <summary>The name under which naming knows it: lower case with hyphens.</summary>
    public abstract string Name { get; }

    /// <summary>Threads that live besides the handlers, in every placement.</summary>
    public virtual IReadOnlyList<BackgroundThread> Background => [];

    /// <summary>Runs before the first request, in each incarnation: connect, read what is on
    /// disk.</summary>
    public virtual ValueTask Start(Activation self) => ValueTask.CompletedTask;

    /// <summary>Handles one request; up to `concurrency` of these live at once.</summary>
    /// <returns>The answer, or <see cref="Message.Deferred"/>.</returns>
    public abstract ValueTask<Message> Handle(Request request, Activation self);

    /// <summary>Makes an event count of this component, whose waits are billed to <paramref
    /// name="cause"/>.</summary>
    protected EventCount NewEventCount(Cause cause) => new(++eventCounts, cause);
}
