using Abi.Kernel;

namespace Microkernel.Objects;

/// <summary>Something that a capability can name.</summary>
public abstract class KernelObject
{
    /// <summary>Raised when what stands behind the object dies; older capabilities are stale from
    /// then on.</summary>
    public int Incarnation { get; internal set; } = 1;
}

/// <summary>
/// The right to invoke an object. Copies and badged copies are its children in the derivation tree,
/// so
/// that revoking it finds them in whichever capability space they are.
/// </summary>
public sealed class Capability
{
    private readonly List<Capability> children = [];
    private Capability? parent;

    internal Capability(KernelObject target, Rights rights, long badge)
    {
        Target = target;
        Rights = rights;
        Badge = badge;
        Incarnation = target.Incarnation;
    }

    /// <summary>What it names.</summary>
    public KernelObject Target { get; }

    /// <summary>What its holder may do.</summary>
    public Rights Rights { get; }

    /// <summary>The word that receivers see; 0 is no badge.</summary>
    public long Badge { get; }

    /// <summary>The incarnation of the object for which it was made.</summary>
    public int Incarnation { get; }

    /// <summary>Whether what it named is gone: it never reaches the next incarnation.</summary>
    public bool IsStale => Incarnation != Target.Incarnation;

    internal CapabilitySpace? Space { get; set; }

    internal CapSlot Slot { get; set; }

    /// <summary>A copy with at most these rights, and a badge if it has none yet.</summary>
    internal Capability Derive(Rights rights, long badge)
    {
        var child = new Capability(Target, Rights & rights, badge != 0 ? badge : Badge)
        {
            parent = this,
        };
        children.Add(child);
        return child;
    }

    /// <summary>Deletes everything derived from this one.</summary>
    internal int Revoke()
    {
        var deleted = 0;
        foreach (var child in children.ToArray())
        {
            deleted += child.Revoke() + 1;
            child.Space?.Clear(child.Slot);
            child.parent = null;
        }

        children.Clear();
        return deleted;
    }

    /// <summary>Takes it out of the tree; its children hang on its parent from now on, as in
    /// seL4.</summary>
    internal void Detach()
    {
        parent?.children.Remove(this);
        foreach (var child in children)
        {
            child.parent = parent;
            parent?.children.Add(child);
        }

        children.Clear();
        parent = null;
    }
}

/// <summary>The capabilities of one protection domain, by slot.</summary>
public sealed class CapabilitySpace
{
    /// <summary>Slots below this one have fixed meanings (<see cref="CapSlot"/>) and are never
    /// handed out.</summary>
    public const int FirstFree = 8;

    private readonly List<Capability?> slots = [.. new Capability?[FirstFree]];
    private readonly Stack<int> free = [];

    /// <summary>What a slot holds, or null.</summary>
    public Capability? this[CapSlot slot] =>
        slot.Index >= 0 && slot.Index < slots.Count ? slots[slot.Index] : null;

    /// <summary>How many capabilities it holds.</summary>
    public int Count => slots.Count(slot => slot is not null);

    internal CapSlot Insert(Capability capability)
    {
        if (!free.TryPop(out var index))
        {
            index = slots.Count;
            slots.Add(null);
        }

        return Put(capability, new CapSlot(index));
    }

    internal CapSlot Put(Capability capability, CapSlot slot)
    {
        slots[slot.Index] = capability;
        capability.Space = this;
        capability.Slot = slot;
        return slot;
    }

    internal void Clear(CapSlot slot)
    {
        if (slots[slot.Index] is { } capability)
        {
            capability.Space = null;
            slots[slot.Index] = null;
            if (slot.Index >= FirstFree)
            {
                free.Push(slot.Index);
            }
        }
    }
}
