using Akka.Actor;
using Akka.Configuration;
using Akka.Dispatch;
using Akka.Dispatch.MessageQueues;

namespace Engine;

/// <summary>Makes the mailboxes of a simulation. Named in its configuration.</summary>
internal sealed class SimulationMailbox(Settings settings, Config config)
    : MailboxType(settings, config), IProducesMessageQueue<MailboxQueue>
{
    /// <inheritdoc/>
    public override IMessageQueue Create(IActorRef owner, ActorSystem system) =>
        new MailboxQueue(isDirect: true);
}

/// <summary>
/// Makes the mailboxes of actors that stash. Their messages always go through the mailbox, because
/// what they take back from the stash must go before what is in the engine's ring.
/// </summary>
internal sealed class StashMailbox(Settings settings, Config config)
    : MailboxType(settings, config), IProducesMessageQueue<MailboxQueue>
{
    /// <inheritdoc/>
    public override IMessageQueue Create(IActorRef owner, ActorSystem system) =>
        new MailboxQueue(isDirect: false);
}

/// <summary>
/// The messages that cannot be handed over at once: the actor is suspended, has not started, has
/// system messages to see to first, or stashes. Not for more than one thread.
/// </summary>
internal sealed class MailboxQueue(bool isDirect)
    : IMessageQueue, IUnboundedDequeBasedMessageQueueSemantics
{
    private readonly RingBuffer<Envelope> _envelopes = new(4);

    /// <summary>Whether a message may pass by this queue when the actor is idle.</summary>
    public bool IsDirect => isDirect;

    /// <summary>The actor's port; null until the dispatcher has attached the actor.</summary>
    public Port? Port { get; set; }

    /// <inheritdoc/>
    public bool HasMessages => _envelopes.Count != 0;

    /// <inheritdoc/>
    public int Count => _envelopes.Count;

    /// <inheritdoc/>
    public void Enqueue(IActorRef receiver, Envelope envelope) => _envelopes.Enqueue(envelope);

    /// <inheritdoc/>
    public void EnqueueFirst(Envelope envelope) => _envelopes.EnqueueFirst(envelope);

    /// <inheritdoc/>
    public bool TryDequeue(out Envelope envelope) => _envelopes.TryDequeue(out envelope);

    /// <inheritdoc/>
    public void CleanUp(IActorRef owner, IMessageQueue deadletters)
    {
        while (_envelopes.TryDequeue(out var envelope))
        {
            deadletters.Enqueue(owner, envelope);
        }
    }
}
