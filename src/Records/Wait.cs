namespace Records;

/// <summary>What a thread that blocked waits for.</summary>
public enum WaitKind : byte
{
    /// <summary>That somebody receives its message at an endpoint.</summary>
    Send,
    /// <summary>An answer.</summary>
    Reply,
    /// <summary>A message at an endpoint of its own.</summary>
    Receive,
    /// <summary>A signal.</summary>
    Notification,
    /// <summary>That an event count advances; if its cause is a device, that the device has done
    /// what the thread asked for.</summary>
    Event,
    /// <summary>A free activation of a component.</summary>
    Entry,
    /// <summary>A component's lock.</summary>
    Lock,
}

/// <summary>A wait as a number, so that a trace record can carry it.</summary>
/// <param name="Kind">What is waited for.</param>
/// <param name="Component">
/// The component that has to do something, or -1: a process. Waiting to receive, for a signal or an
/// event it is the component that waits.
/// </param>
public readonly record struct Wait(WaitKind Kind, int Component)
{
    private const int KindBits = 8;

    /// <summary>It as a number.</summary>
    public long Detail => ((long)(Component + 1) << KindBits) | (long)Kind;

    /// <summary>From a number.</summary>
    public static Wait Of(long detail) => new(
        (WaitKind)(detail & ((1 << KindBits) - 1)), (int)(detail >> KindBits) - 1);
}
