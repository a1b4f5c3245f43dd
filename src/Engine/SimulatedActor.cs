using Akka.Actor;

namespace Engine;

/// <summary>
/// An actor inside a simulation. Messages reach <see cref="Handle"/> from
/// <see cref="SimulationEngine.Post"/>, from <see cref="SimulationEngine.PostAt"/> and from an
/// ordinary Tell; an exception in it goes to the parent's supervision strategy.
/// </summary>
/// <remarks>
/// A posted message has no sender (do not read <c>Sender</c>), does not reset Akka's receive
/// timeout and passes by <c>Become</c>: use state of your own. What Akka interprets itself
/// (PoisonPill, Kill, Identify) must be told, not posted.
/// </remarks>
public abstract class SimulatedActor : ActorBase
{
    /// <summary>Makes the actor. Only Akka does, through <c>Props</c>.</summary>
    /// <exception cref="InvalidOperationException">The actor system is no simulation.</exception>
    protected SimulatedActor()
    {
        if (Context.System.Scheduler is not SimulationEngine engine)
        {
            throw new InvalidOperationException(
                $"{GetType().Name} is a simulated actor: its actor system must be a Simulation's.");
        }

        Engine = engine;
        Port = engine.PortOf((ActorCell)Context);
        engine.SetInstance(Port, this);
    }

    /// <summary>This actor's address for Post; survives restarts.</summary>
    public Port Port { get; }

    /// <summary>The engine that this actor lives in.</summary>
    protected SimulationEngine Engine { get; }

    /// <summary>Deals with one message.</summary>
    protected abstract void Handle(object message);

    /// <inheritdoc/>
    protected sealed override bool Receive(object message)
    {
        if (Port.Failure is { } failure)
        {
            Port.Failure = null;
            failure.Throw();
        }

        Handle(message);
        return true;
    }

    internal void Deliver(object message) => Handle(message);
}
