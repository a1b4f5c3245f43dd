using Abi.Kernel;

namespace Microkernel.Objects;

/// <summary>Where a component is in its life.</summary>
public enum ComponentState
{
    /// <summary>It has not been started, or died.</summary>
    Down,
    /// <summary>Its start-up code runs.</summary>
    Starting,
    /// <summary>It can be bound and called.</summary>
    Ready,
}

/// <summary>What the kernel knows of a component: where it lives, who runs in it, who waits for
/// it.</summary>
public sealed class ComponentRecord : KernelObject
{
    /// <summary>A component of a domain, which it joins.</summary>
    public ComponentRecord(int index, string name, ProtectionDomain domain, int concurrency)
    {
        Index = index;
        Name = name;
        Domain = domain;
        Concurrency = concurrency;
        Endpoint = new Endpoint(this, domain);
        domain.Residents.Add(this);
    }

    /// <summary>Its number, from 0.</summary>
    public int Index { get; }

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>Where it lives.</summary>
    public ProtectionDomain Domain { get; }

    /// <summary>How many activations of its handlers may live at once, in every
    /// placement.</summary>
    public int Concurrency { get; }

    /// <summary>Where it is in its life.</summary>
    public ComponentState State { get; internal set; }

    /// <summary>Where its clients send.</summary>
    public Endpoint Endpoint { get; }

    /// <summary>What its device signals.</summary>
    public Notification Interrupt { get; } = new();

    /// <summary>What announces <see cref="Unseen"/>.</summary>
    public Notification LifeEventNotification { get; } = new();

    /// <summary>The priority of its threads, 0 to 255.</summary>
    public int Priority { get; init; }

    /// <summary>The core of its threads, or null: spread over all.</summary>
    public int? Core { get; init; }

    /// <summary>Whether it is told of ends of processes.</summary>
    public bool HearsProcesses { get; init; }

    /// <summary>Whether it is told of deaths and starts of components.</summary>
    public bool HearsComponents { get; init; }

    /// <summary>Threads of its own that receive requests; none where callers migrate into
    /// it.</summary>
    public List<Tcb> Workers { get; } = [];

    /// <summary>Threads that have migrated into it.</summary>
    public List<Tcb> Visitors { get; } = [];

    /// <summary>Migrating callers that wait for an activation to become free.</summary>
    public TcbQueue EntryQueue { get; } = new();

    /// <summary>Who holds its lock, under the lock policy `component`.</summary>
    public Tcb? LockHolder { get; internal set; }

    /// <summary>Who sleeps on its lock.</summary>
    public TcbQueue LockQueue { get; } = new();

    /// <summary>What its code finds in the fixed slots: its endpoint, its interrupt, its life
    /// events.</summary>
    internal Capability?[] FixedSlots { get; } = new Capability?[CapabilitySpace.FirstFree];

    /// <summary>The capability from which all of its clients' are derived.</summary>
    internal Capability? Root { get; private set; }

    /// <summary>Begins the next incarnation.</summary>
    internal void Begin()
    {
        State = ComponentState.Starting;
        Root = new Capability(Endpoint, Rights.Write | Rights.Grant, 0);
        FixedSlots[CapSlot.OwnEndpoint.Index] = new Capability(Endpoint, Rights.Read, 0);
        FixedSlots[CapSlot.Interrupt.Index] = new Capability(Interrupt, Rights.All, 0);
        FixedSlots[CapSlot.LifeEvents.Index] =
            new Capability(LifeEventNotification, Rights.Read, 0);
    }

    internal Queue<(LifeEvent Event, long Who, long Status)> Unseen { get; } = [];

    internal Dictionary<long, EventCountRecord> EventCounts { get; } = [];

    /// <summary>Forgets everything of the incarnation that died.</summary>
    internal void Die()
    {
        Incarnation++;
        State = ComponentState.Down;
        Endpoint.Incarnation++;
        Endpoint.Pulses.Clear();
        Interrupt.Word = 0;
        Interrupt.OnBehalfOf = null;
        Interrupt.Bound = null;
        LifeEventNotification.Word = 0;
        EventCounts.Clear();
        Workers.Clear();
        Visitors.Clear();
        LockHolder = null;
    }
}

/// <summary>The kernel's side of an event count.</summary>
internal sealed class EventCountRecord
{
    /// <summary>How often it was advanced.</summary>
    public long Value;

    /// <summary>Who waits for it to pass the value each has seen.</summary>
    public TcbQueue Waiters { get; } = new();
}
