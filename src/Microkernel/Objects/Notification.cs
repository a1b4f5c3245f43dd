namespace Microkernel.Objects;

/// <summary>A word into which signals OR their badges; many signals before a wait are one
/// wake-up.</summary>
public sealed class Notification : KernelObject
{
    /// <summary>The signals nobody has seen.</summary>
    public long Word { get; internal set; }

    /// <summary>Threads that wait for a signal.</summary>
    public TcbQueue Waiters { get; } = new();

    /// <summary>The thread whose Receive a signal also ends, or null.</summary>
    public Tcb? Bound { get; internal set; }

    /// <summary>The instant at which the timer signals it; -1 if none is set.</summary>
    public long Deadline { get; internal set; } = -1;

    /// <summary>A deadline that has passed when it is set comes at an instant that has
    /// not.</summary>
    public void Postpone(long earliest) => Deadline = Math.Max(Deadline, earliest);

    /// <summary>The badge of the timer's signal.</summary>
    internal long TimerBadge { get; set; }

    /// <summary>The device request whose end the oldest unseen signal announced, or null.</summary>
    internal DeviceWait? OnBehalfOf { get; set; }

    /// <summary>The arrival of the oldest unseen signal among those who wait.</summary>
    internal long Arrival { get; set; }
}
