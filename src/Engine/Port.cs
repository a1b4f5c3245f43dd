using System.Runtime.ExceptionServices;
using Akka.Actor;
using Akka.Dispatch;

namespace Engine;

/// <summary>
/// The address of an actor for <see cref="SimulationEngine.Post"/>. One for each actor; it stays
/// the same when supervision restarts the actor, and leads to dead letters once the actor has
/// stopped.
/// </summary>
public sealed class Port
{
    internal Port(ActorCell cell, Mailbox mailbox, long spawnNumber)
    {
        Cell = cell;
        Mailbox = mailbox;
        Ref = cell.Self;
        SpawnNumber = spawnNumber;
    }

    /// <summary>The same actor's Akka address.</summary>
    public IActorRef Ref { get; }

    /// <summary>
    /// The place of this actor in the order in which the simulation made its actors.
    /// </summary>
    internal long SpawnNumber { get; }

    internal ActorCell Cell { get; }

    /// <summary>
    /// The mailbox that the actor was born with; closed when the actor has stopped.
    /// </summary>
    internal Mailbox Mailbox { get; }

    /// <summary>The current instance, if its handler may be called directly.</summary>
    internal SimulatedActor? FastActor { get; set; }

    /// <summary>An exception of a direct call on its way to supervision.</summary>
    internal ExceptionDispatchInfo? Failure { get; set; }

    internal bool IsIdle => AkkaInternals.Status(Mailbox) == 0;
}
