using Microkernel.Accounting;

namespace Microkernel.Objects;

/// <summary>
/// Where senders and receivers meet. Senders wait or receivers wait, never both; pulses wait with
/// the senders.
/// </summary>
/// <param name="owner">The component that serves it, or null for a process's own endpoint.</param>
/// <param name="domain">The protection domain that serves it.</param>
public sealed class Endpoint(ComponentRecord? owner, ProtectionDomain domain) : KernelObject
{
    /// <summary>The component that serves it, or null for a process's own endpoint.</summary>
    public ComponentRecord? Owner { get; } = owner;

    /// <summary>The protection domain that serves it.</summary>
    public ProtectionDomain Domain { get; } = domain;

    /// <summary>Threads that wait to send.</summary>
    public TcbQueue Senders { get; } = new();

    /// <summary>Threads that wait to receive.</summary>
    public TcbQueue Receivers { get; } = new();

    /// <summary>The most pulses that may wait, or 0: any number.</summary>
    public long PulseLimit { get; init; }

    /// <summary>What measures the requests to it, or null: nobody asked.</summary>
    public QueueLedger? Queue { get; set; }

    /// <summary>Pulses nobody has received.</summary>
    internal Queue<Pulse> Pulses { get; } = [];
}

/// <summary>A small message that waits in a queue although its sender does not.</summary>
/// <param name="Arrival">Its arrival among those who wait.</param>
/// <param name="Badge">Of the capability it was sent with.</param>
/// <param name="Operation">Its operation.</param>
/// <param name="Word">Its word.</param>
/// <param name="Visit">Its way through the queue, if that is measured.</param>
internal readonly record struct Pulse(
    long Arrival, long Badge, int Operation, long Word, Visit? Visit);
