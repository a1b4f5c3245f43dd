using Akka.Actor;
using Akka.Dispatch;

namespace Engine;

// Akka's scheduler, on virtual time: one tick of TimeSpan is one cycle. Its events are of class
// Timer and have the last lane, so that they follow the machine's own timers of the same instant.
public sealed partial class SimulationEngine
{
    private const int SchedulerLane = EventKey.MaxLane;

    /// <summary>Virtual time since the start; one tick is one cycle.</summary>
    public override TimeSpan MonotonicClock => new(_now);

    /// <summary>Virtual time since the start; one tick is one cycle.</summary>
    public override TimeSpan HighResMonotonicClock => new(_now);

#pragma warning disable RS0030 // Akka asks for the type; the value is virtual
    /// <summary>Virtual time as a date: year 1 plus one tick for each cycle.</summary>
    protected override DateTimeOffset TimeNow => new(_now, TimeSpan.Zero);
#pragma warning restore RS0030

    /// <inheritdoc/>
    protected override void InternalScheduleTellOnce(
        TimeSpan delay, ICanTell receiver, object message, IActorRef sender,
        ICancelable cancelable) =>
        Schedule(delay, TimeSpan.Zero, () => receiver.Tell(message, sender), cancelable);

    /// <inheritdoc/>
    protected override void InternalScheduleTellRepeatedly(
        TimeSpan initialDelay, TimeSpan interval, ICanTell receiver, object message,
        IActorRef sender, ICancelable cancelable) =>
        Schedule(initialDelay, interval, () => receiver.Tell(message, sender), cancelable);

    /// <inheritdoc/>
    protected override void InternalScheduleOnce(
        TimeSpan delay, Action action, ICancelable cancelable) =>
        Schedule(delay, TimeSpan.Zero, action, cancelable);

    /// <inheritdoc/>
    protected override void InternalScheduleOnce(
        TimeSpan delay, IRunnable action, ICancelable cancelable) =>
        Schedule(delay, TimeSpan.Zero, action.Run, cancelable);

    /// <inheritdoc/>
    protected override void InternalScheduleRepeatedly(
        TimeSpan initialDelay, TimeSpan interval, Action action, ICancelable cancelable) =>
        Schedule(initialDelay, interval, action, cancelable);

    /// <inheritdoc/>
    protected override void InternalScheduleRepeatedly(
        TimeSpan initialDelay, TimeSpan interval, IRunnable action, ICancelable cancelable) =>
        Schedule(initialDelay, interval, action.Run, cancelable);

    private void Schedule(
        TimeSpan delay, TimeSpan interval, Action action, ICancelable? cancelable) =>
        ScheduleAt(delay.Ticks, new Scheduled(action, interval.Ticks, cancelable));

    private void ScheduleAt(long delay, Scheduled scheduled)
    {
        var at = _now + delay;
        if (at > EventKey.MaxCycles)
        {
            ThrowNoSuchPlace(at, EventClass.Timer, SchedulerLane);
        }

        AddTimed(
            EventKey.Encode(at, EventClass.Timer, SchedulerLane), new Event(scheduled, scheduled));
    }

    // A cancelled one stays in the queue and does nothing at its time.
    private sealed class Scheduled(Action action, long interval, ICancelable? cancelable)
    {
        private bool IsCancelled => cancelable is { IsCancellationRequested: true };

        public void Fire(SimulationEngine engine)
        {
            if (IsCancelled)
            {
                return;
            }

            action();
            if (interval > 0 && !IsCancelled)
            {
                engine.ScheduleAt(interval, this);
            }
        }
    }
}
