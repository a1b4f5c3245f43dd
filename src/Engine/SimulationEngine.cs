using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using Abi.Units;
using Akka.Actor;
using Akka.Actor.Internal;
using Akka.Configuration;
using Akka.Dispatch;
using Akka.Event;

namespace Engine;

/// <summary>
/// Virtual time and the order of things. One thread executes one event after the other: first, in
/// the order of posting, what is to happen now; then the timed event that comes first by time,
/// class, lane and order of posting. Virtual time only passes between events.
/// </summary>
/// <remarks>
/// It is the <c>akka.scheduler.implementation</c> of its actor system, which is how dispatchers
/// find it without static state. Made by <see cref="Simulation"/>.
/// </remarks>
public sealed partial class SimulationEngine : SchedulerBase
{
    private const int BatchSize = 1024;

    private readonly RingBuffer<Event> _ready = new(256);
    private readonly RadixQueue<Event> _timed = new();
    private readonly List<Mailbox> _runnable = [];
    private readonly bool _fastLane;
    private readonly bool _sortBySpawn;

    // A timed event that is alone stays here: most of a lightly loaded machine's events are.
    private Event _loneEvent;
    private long _loneKey;
    private bool _hasLone;

    private long _now;
    private long _lastKey;
    private long _steps;
    private long _spawned;
    private bool _attention;
    private bool _stopRequested;
    private bool _running;
    private bool _closing;
    private int _thread;

    /// <summary>Called by Akka.</summary>
    public SimulationEngine(Config config, ILoggingAdapter log)
        : base(config, log)
    {
        ArgumentNullException.ThrowIfNull(config);
        AkkaInternals.Check();
        _fastLane = config.GetBoolean(SimulationConfiguration.FastLaneKey, true);
        _sortBySpawn = config.GetBoolean(SimulationConfiguration.SortBySpawnKey, true);
    }

    /// <summary>The current instant.</summary>
    public VirtualTime Now => new(_now);

    /// <summary>The current instant in cycles: <see cref="Now"/> for hot code.</summary>
    public long NowCycles => _now;

    /// <summary>How many events were executed so far, those of Akka's start included.</summary>
    public long Steps => _steps;

    /// <summary>
    /// Sends a message now: it arrives after everything that was posted now before it.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Post(Port to, object message) => _ready.Enqueue(new Event(to, message));

    /// <summary>
    /// Sends a message that arrives at an instant, in cycles. Among the events of one instant,
    /// class decides, then lane (the number of the core or device, 0 to 255), then the order of
    /// posting; but an event cannot come before one that was already taken.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">
    /// The instant has passed or is after 2^53 - 1, or class or lane does not exist.
    /// </exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void PostAt(Port to, object message, long atCycles, EventClass eventClass, int lane)
    {
        if (atCycles < _now || atCycles > EventKey.MaxCycles
            || !EventKey.HasPlace(eventClass, lane))
        {
            ThrowNoSuchPlace(atCycles, eventClass, lane);
        }

        AddTimed(EventKey.Encode(atCycles, eventClass, lane), new Event(to, message));
    }

    /// <summary>
    /// Executes events until none is left, someone calls <see cref="Stop"/>, or the token is
    /// cancelled (looked at every 1,024 events). Can be called again after each of these.
    /// </summary>
    /// <exception cref="InvalidOperationException">An event calls it: it runs already.</exception>
    public RunEndReason Run(CancellationToken cancellation)
    {
        if (_running)
        {
            throw new InvalidOperationException("The engine runs: an event may not run it.");
        }

        _running = true;
        _stopRequested = false;
        _thread = CurrentThread;
        // Programs have no ambient state of the host to carry along, and go on faster without.
        var flow = ExecutionContext.IsFlowSuppressed()
            ? default(AsyncFlowControl?)
            : ExecutionContext.SuppressFlow();
        // Nor may their continuations be posted to a context of the caller's: they run inline.
        var context = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        try
        {
            return Loop(cancellation);
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(context);
            flow?.Undo();
            _running = false;
            InternalCurrentActorCellKeeper.Current = null;
        }
    }

    /// <summary>
    /// Makes <see cref="Run"/> return after the current event. Without effect outside of it.
    /// </summary>
    public void Stop()
    {
        _stopRequested = true;
        _attention = true;
    }

    /// <summary>The port of an actor of this simulation.</summary>
    /// <exception cref="ArgumentException">It is none, has not started, or stopped.</exception>
    public Port PortOf(IActorRef actor)
    {
        if (actor is ActorRefWithCell { Underlying: ActorCell cell }
            && ReferenceEquals(cell.System.Scheduler, this)
            && cell.Mailbox?.MessageQueue is MailboxQueue { Port: { } port })
        {
            return port;
        }

        throw new ArgumentException(
            "Only an actor of this simulation that has started and not stopped has a port.",
            nameof(actor));
    }

    /// <summary>
    /// The port of a cell; made, with the next spawn number, when first asked for.
    /// </summary>
    internal Port PortOf(ActorCell cell)
    {
        if (cell.Mailbox is not { MessageQueue: MailboxQueue queue } mailbox)
        {
            throw new NotSupportedException(
                $"{cell.Self.Path}: inside a simulation the mailbox type cannot be chosen.");
        }

        return queue.Port ??= new Port(cell, mailbox, ++_spawned);
    }

    internal void SetInstance(Port port, SimulatedActor instance)
    {
        if (_fastLane && port.Mailbox.MessageQueue is MailboxQueue { IsDirect: true })
        {
            port.FastActor = instance;
        }
    }

    internal void PostTold(Port port, Envelope envelope) =>
        _ready.Enqueue(new Event(new Told(port, envelope.Sender), envelope.Message));

    internal void PostRunnable(IRunnable runnable)
    {
        if (_running && CurrentThread != _thread)
        {
            throw new InvalidOperationException(
                "Another thread wants to run an actor: something awaits outside of virtual time.");
        }

        if (_sortBySpawn && runnable is Mailbox mailbox)
        {
            _runnable.Add(mailbox);
            _attention = true;
        }
        else
        {
            _ready.Enqueue(new Event(runnable, runnable));
        }
    }

    /// <summary>The simulation ends: from now on timed events are dropped.</summary>
    internal void Close()
    {
        _closing = true;
        _attention = true;
    }

    /// <summary>
    /// Executes what is left. What dying actors throw is of no interest any more.
    /// </summary>
    internal void Drain(CancellationToken cancellation)
    {
        while (!cancellation.IsCancellationRequested)
        {
            try
            {
                if (Run(cancellation) == RunEndReason.Drained)
                {
                    return;
                }
            }
            catch (Exception) when (!_running)
            {
                // The event is gone; go on with the next.
            }
        }
    }

    private static int CurrentThread
    {
#pragma warning disable RS0030 // only compared, to find intruders
        get => Environment.CurrentManagedThreadId;
#pragma warning restore RS0030
    }

    private RunEndReason Loop(CancellationToken cancellation)
    {
        while (true)
        {
            if (cancellation.IsCancellationRequested)
            {
                return RunEndReason.Cancelled;
            }

            if (RunBatch() is { } end)
            {
                return end;
            }
        }
    }

    // A method of its own, because the runtime optimises what is called often, not what loops long.
    private RunEndReason? RunBatch()
    {
        Port? direct = null;
        object? message = null;
        try
        {
            for (var left = BatchSize; left > 0; left--)
            {
                if (_attention && !Attend())
                {
                    return RunEndReason.Stopped;
                }

                if (!_ready.TryDequeue(out var next) && !TryTakeTimed(out next))
                {
                    return RunEndReason.Drained;
                }

                _steps++;
                if (next.Target is Port port && port.FastActor is { } actor && port.IsIdle)
                {
                    direct = port;
                    message = next.Message;
                    InternalCurrentActorCellKeeper.Current = port.Cell;
                    actor.Deliver(message);
                }
                else
                {
                    direct = null;
                    Execute(next);
                }
            }
        }
        catch (Exception failure) when (direct is not null)
        {
            Fail(direct, message!, failure);
        }

        return null;
    }

    // The events that are not for the fast lane.
    private void Execute(in Event next)
    {
        switch (next.Target)
        {
            case Port port:
                Invoke(port, Posted(port, next.Message));
                break;
            case Told told:
                Invoke(told.Port, new Envelope(next.Message, told.Sender));
                break;
            case Scheduled scheduled:
                InternalCurrentActorCellKeeper.Current = null;
                scheduled.Fire(this);
                break;
            case IRunnable runnable:
                InternalCurrentActorCellKeeper.Current = null;
                runnable.Run();
                break;
        }
    }

    // Akka's name for "no sender" in an envelope.
    private static Envelope Posted(Port port, object message) =>
        new(message, port.Cell.System.DeadLetters);

    private static void Invoke(Port port, Envelope envelope)
    {
        if (port.IsIdle)
        {
            InternalCurrentActorCellKeeper.Current = port.Cell;
            port.Cell.Invoke(envelope);
        }
        else
        {
            InternalCurrentActorCellKeeper.Current = null;
            ((DeterministicDispatcher)port.Cell.Dispatcher).DispatchToMailbox(port.Cell, envelope);
        }
    }

    // Supervision is entered where Akka would: the actor throws the exception while Akka invokes
    // it.
    private static void Fail(Port port, object message, Exception failure)
    {
        port.Failure = ExceptionDispatchInfo.Capture(failure);
        InternalCurrentActorCellKeeper.Current = port.Cell;
        port.Cell.Invoke(Posted(port, message));
    }

    // Between two events: false if the run is to stop.
    private bool Attend()
    {
        if (_runnable.Count != 0)
        {
            // Each mailbox is listed once and spawn numbers differ, so the result is unique.
            _runnable.Sort(static (x, y) => SpawnNumber(x).CompareTo(SpawnNumber(y)));
            foreach (var mailbox in _runnable)
            {
                _ready.Enqueue(new Event(mailbox, mailbox));
            }

            _runnable.Clear();
        }

        if (_closing)
        {
            _hasLone = false;
            _timed.Clear();
        }

        _attention = _closing;
        return !_stopRequested;
    }

    private static long SpawnNumber(Mailbox mailbox) =>
        ((MailboxQueue)mailbox.MessageQueue).Port!.SpawnNumber;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void AddTimed(long key, in Event timed)
    {
        key = Math.Max(key, _lastKey);
        if (!_hasLone && _timed.Count == 0)
        {
            _hasLone = true;
            _loneKey = key;
            _loneEvent = timed;
            return;
        }

        AddAnother(key, timed);
    }

    private void AddAnother(long key, in Event timed)
    {
        if (_hasLone)
        {
            _hasLone = false;
            _timed.Push(_loneKey, _loneEvent);
        }

        _timed.Push(key, timed);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool TryTakeTimed(out Event timed)
    {
        long key;
        if (_hasLone)
        {
            _hasLone = false;
            key = _loneKey;
            timed = _loneEvent;
        }
        else if (!_timed.TryPop(out key, out timed))
        {
            return false;
        }

        _lastKey = key;
        _now = EventKey.CyclesOf(key);
        return true;
    }

    private void ThrowNoSuchPlace(long atCycles, EventClass eventClass, int lane) =>
        throw new ArgumentOutOfRangeException(
            nameof(atCycles),
            $"No event can be at {atCycles}, class {(int)eventClass}, lane {lane}: "
            + $"it is {_now} now, the last instant is {EventKey.MaxCycles}, "
            + $"lanes are 0 to {EventKey.MaxLane}.");

    // The target is the port of an actor for a posted message, or what is to be done otherwise.
    private readonly struct Event(object target, object message)
    {
        public readonly object Target = target;
        public readonly object Message = message;
    }

    private sealed record Told(Port Port, IActorRef Sender);
}
