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

    /// <summary>Pulses nobody has received: arrival number, badge, operation, word.</summary>
    internal Queue<Pulse> Pulses { get; } = [];
}

/// <summary>A small message that waits in a queue although its sender does not.</summary>
internal readonly record struct Pulse(long Arrival, long Badge, int Operation, long Word);
