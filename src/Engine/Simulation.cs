using Akka.Actor;

namespace Engine;

/// <summary>
/// One simulation: an actor system that lives on virtual time and on the thread that runs it. Many
/// can run side by side, each on one thread at a time.
/// </summary>
public sealed class Simulation : IDisposable
{
    private const int DisposeWaitMilliseconds = 10;
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(5);
    private bool _disposed;

    /// <summary>Makes a simulation at virtual time zero, with Akka's own actors started.</summary>
    public Simulation(SimulationOptions? options = null)
    {
        System = ActorSystem.Create(
            "sim", SimulationConfiguration.Create(options ?? new SimulationOptions()));
        Engine = (SimulationEngine)System.Scheduler;
        Engine.Run(CancellationToken.None);
    }

    /// <summary>The actor system.</summary>
    public ActorSystem System { get; }

    /// <summary>Virtual time and the order of events.</summary>
    public SimulationEngine Engine { get; }

    /// <summary>
    /// Makes a top-level actor, which starts with the first events of the next run.
    /// </summary>
    public Port Spawn(Props props, string name)
    {
        var actor = System.ActorOf(props, name);
        // A top-level actor gets its cell when its parent hears of it; here there is no one to wait
        // for.
        ((RepointableActorRef)actor).Point();
        return Engine.PortOf(actor);
    }

    /// <inheritdoc cref="SimulationEngine.Run"/>
    public RunEndReason Run(CancellationToken cancellation = default) => Engine.Run(cancellation);

    /// <summary>
    /// Stops all actors and ends the actor system. Timed events that are still to come are dropped.
    /// Never hangs: gives up after 5 seconds if an actor cannot be stopped.
    /// </summary>
    /// <exception cref="InvalidOperationException">An event calls it.</exception>
    public void Dispose()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        Engine.Close();
        System.Terminate();
        // Not the task that Terminate returns: that one needs a free thread of the pool, and where
        // many simulations run side by side, all may be here.
        var terminated = ((ExtendedActorSystem)System).Provider.TerminationTask;
        using var patience = new CancellationTokenSource(s_patience);
        while (!patience.IsCancellationRequested)
        {
            Engine.Drain(patience.Token);
            if (Task.WaitAny([terminated], DisposeWaitMilliseconds) == 0)
            {
                return;
            }
        }
    }
}
