namespace Microkernel.Accounting;

/// <summary>One request on its way through a queue whose <see cref="QueueLedger"/> is
/// kept.</summary>
internal sealed class Visit
{
    private Stage stage;
    private readonly long arrived;
    private long since;

    /// <summary>How far it has come.</summary>
    public enum Stage
    {
        /// <summary>Nobody has received it.</summary>
        Waiting,
        /// <summary>A thread works on it.</summary>
        InService,
        /// <summary>Its handler has returned without an answer.</summary>
        Deferred,
        /// <summary>It has departed.</summary>
        Over,
    }

    /// <summary>A request arrives.</summary>
    public Visit(QueueLedger queue, long now, Visit? outer)
    {
        Queue = queue;
        arrived = now;
        since = now;
        Outer = outer;
    }

    /// <summary>The ledger that measures it.</summary>
    public QueueLedger Queue { get; }

    /// <summary>The visit of the same thread that goes on when this one is over, or null.</summary>
    public Visit? Outer { get; }

    /// <summary>A thread, named by its number, receives it.</summary>
    public void Take(int receiver, long now)
    {
        Go(Stage.InService, receiver, now);
        Queue.CountWait(arrived, now);
    }

    /// <summary>Its handler has returned and answers later.</summary>
    public void Defer(long now)
    {
        if (stage == Stage.InService)
        {
            Go(Stage.Deferred, 0, now);
        }
    }

    /// <summary>It departs, answered or dealt with.</summary>
    public void Finish(long now)
    {
        Go(Stage.Over, 0, now);
        Queue.CountServed(arrived, now);
    }

    /// <summary>It departs because its server or sender died.</summary>
    public void Abandon(long now)
    {
        Go(Stage.Over, 0, now);
        Queue.CountAbandoned();
    }

    private void Go(Stage to, int receiver, long now)
    {
        Queue.Leave(stage, since, now);
        Queue.Enter(to, receiver, now);
        (stage, since) = (to, now);
    }
}
