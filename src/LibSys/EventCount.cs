using Abi.Costs;

namespace LibSys;

/// <summary>
/// An event count (Reed and Kanodia, CACM 1979): how activations of one component wait for each
/// other
/// without losing a wake-up. Read <see cref="Value"/> together with the condition; if it does not
/// hold,
/// await the count beyond the value read; whoever makes it true advances the count.
/// </summary>
/// <param name="key">Unique in its component.</param>
/// <param name="cause">What the wait is billed to.</param>
public sealed class EventCount(long key, Cause cause)
{
    /// <summary>The kernel's name for it, unique in its component.</summary>
    public long Key { get; } = key;

    /// <summary>What waiting for it is billed to.</summary>
    public Cause Cause { get; } = cause;

    /// <summary>How often it was advanced.</summary>
    public long Value { get; internal set; }
}
