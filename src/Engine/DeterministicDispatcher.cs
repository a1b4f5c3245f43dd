using Akka.Actor;
using Akka.Configuration;
using Akka.Dispatch;

namespace Engine;

/// <summary>Gives every dispatcher id the one dispatcher of the simulation's engine.</summary>
internal sealed class DeterministicDispatcherConfigurator : MessageDispatcherConfigurator
{
    private readonly DeterministicDispatcher _dispatcher;

    public DeterministicDispatcherConfigurator(
        Config config, IDispatcherPrerequisites prerequisites)
        : base(config, prerequisites) =>
        _dispatcher = new DeterministicDispatcher(this, (SimulationEngine)prerequisites.Scheduler);

    /// <inheritdoc/>
    public override MessageDispatcher Dispatcher() => _dispatcher;
}

/// <summary>
/// Runs actors on the engine's thread, in the engine's order. Messages do not wait in mailboxes but
/// in the engine's ring; see <see cref="MailboxQueue"/> for the exceptions.
/// </summary>
internal sealed class DeterministicDispatcher : MessageDispatcher
{
    private readonly SimulationEngine _engine;

    public DeterministicDispatcher(
        MessageDispatcherConfigurator configurator, SimulationEngine engine)
        : base(configurator)
    {
        _engine = engine;
        Id = "deterministic";
        // A mailbox that holds several messages gives way to other actors after each.
        Throughput = 1;
    }

    /// <inheritdoc/>
    public override void Attach(ActorCell cell)
    {
        _engine.PortOf(cell);
        base.Attach(cell);
    }

    /// <inheritdoc/>
    public override void Dispatch(ActorCell cell, Envelope envelope)
    {
        if (cell.Mailbox?.MessageQueue is MailboxQueue { IsDirect: true, Port: { } port })
        {
            _engine.PostTold(port, envelope);
        }
        else
        {
            base.Dispatch(cell, envelope);
        }
    }

    /// <summary>
    /// Puts a message into its mailbox, and the mailbox among those that run next.
    /// </summary>
    public void DispatchToMailbox(ActorCell cell, Envelope envelope) =>
        base.Dispatch(cell, envelope);

    /// <inheritdoc/>
    protected override void ExecuteTask(IRunnable run) => _engine.PostRunnable(run);

    /// <inheritdoc/>
    protected override void Shutdown()
    {
    }
}
