using System.Threading.Tasks.Sources;
using Abi;
using Abi.Costs;
using Abi.Devices;
using Abi.Kernel;
using Abi.Posix;
using Abi.Units;
using LibSys;

namespace Testing;

/// <summary>
/// One activation, program or background thread: its registers and how it is parked and resumed.
/// </summary>
internal sealed class Frame : ITrapGate, IValueTaskSource
{
    private ManualResetValueTaskSourceCore<bool> source;

    public Frame(DirectGate machine, Owner owner, int number)
    {
        Machine = machine;
        Owner = owner;
        Number = number;
        Activation = owner is ProcessSpace
            ? new Sys(this)
            : new Activation(this, owner.Connections);
        Resume = () =>
        {
            if (!Owner.IsDead && !HasEnded)
            {
                source.SetResult(true);
            }
        };
    }

    public DirectGate Machine { get; }

    public Owner Owner { get; }

    public int Number { get; }

    public Activation Activation { get; }

    public Action Resume { get; }

    public bool HasEnded { get; set; }

    public Registers Registers { get; } = new();

    public Frequency Frequency => Machine.Frequency;

    /// <summary>
    /// Waits until somebody wakes this frame; a frame of a dead owner sleeps for ever.
    /// </summary>
    public ValueTask Park()
    {
        source.Reset();
        return new ValueTask(this, source.Version);
    }

    public void Wake() => Machine.Enqueue(Resume);

    public ValueTask Trap() => Machine.Enter(this);

    public void Work(Part part, long count = 1) => Machine.AddWork(part, count);

    public VirtualTime ReadClock() => Machine.Now;

    public void Submit(int device, in DeviceRequest request) =>
        Machine.Submit((Incarnation)Owner, device, request);

    public bool TryTakeCompletion(int device, out DeviceCompletion completion) =>
        ((Incarnation)Owner).Completions[device].TryDequeue(out completion);

    public void CallBegins(PosixCall call, long a, long b, long c, string text) =>
        Machine.BeginCall(Owner.Name, call, a, b, c, text);

    public void CallEnds(long result) => Machine.EndCall(Owner.Name, result);

    public void Step(FaultStep step)
    {
        if (!Owner.IsDead)
        {
            Machine.OnStep?.Invoke(Owner.Name, step);
        }
    }

    public void GetResult(short token) => source.GetResult(token);

    public ValueTaskSourceStatus GetStatus(short token) => source.GetStatus(token);

    public void OnCompleted(
        Action<object?> continuation, object? state, short token,
        ValueTaskSourceOnCompletedFlags flags) =>
        source.OnCompleted(continuation, state, token, flags);
}

/// <summary>
/// A call that waits for its answer; while it waits, what it lent may be touched.
/// </summary>
internal sealed class PendingCall
{
    public required Frame Caller { get; init; }
    public required int Sequence { get; init; }
    public required Message Request { get; init; }
    public required Memory<byte> Lent { get; init; }
    public required LeaseAccess Access { get; init; }
    public required Badge Badge { get; init; }
    public bool NeedsAnswer { get; init; } = true;
    public object? Server { get; set; }

    public Lease Lease => Lent.IsEmpty
        ? Lease.None
        : new Lease(Caller.Number, Sequence, Lent.Length, Access);

    public ReplyToken Token => new(Caller.Number, Sequence);
}

/// <summary>What a capability names, and the badge it bears.</summary>
internal sealed record Capability(object Target, Badge Badge);

/// <summary>A notification object.</summary>
internal sealed class FakeNotification
{
    public long Word { get; set; }
    public Frame? Waiter { get; set; }
    public long TimerVersion { get; set; }

    public void Signal(long badge)
    {
        Word |= badge;
        if (Waiter is { } waiter && Word != 0)
        {
            Waiter = null;
            waiter.Registers.Badge = new Badge(Word);
            waiter.Registers.Error = Errno.None;
            Word = 0;
            waiter.Wake();
        }
    }
}

/// <summary>An endpoint that a program or component made for itself.</summary>
internal sealed class FakeEndpoint
{
    public Queue<PendingCall> Senders { get; } = new();
    public Queue<Frame> Receivers { get; } = new();
}

/// <summary>The capability space of a process or of one incarnation of a component.</summary>
internal abstract class Owner
{
    private readonly List<Capability?> slots = [null];

    protected Owner(string name, long number)
    {
        Name = name;
        Number = number;
    }

    public string Name { get; }
    public long Number { get; }
    public bool IsDead { get; set; }
    public ConnectionTable Connections { get; } = new();
    public SortedDictionary<long, long> EventCounts { get; } = [];
    public List<(long Key, long Seen, Frame Frame)> EventWaiters { get; } = [];

    public CapSlot Add(object target, Badge badge = default)
    {
        slots.Add(new Capability(target, badge));
        return new CapSlot(slots.Count - 1);
    }

    public Capability? Find(CapSlot slot) =>
        slot.Index > 0 && slot.Index < slots.Count ? slots[slot.Index] : null;

    public void Remove(CapSlot slot) => slots[slot.Index] = null;
}

/// <summary>The capability space of a process.</summary>
internal sealed class ProcessSpace(string name, long pid, FakeProcess process) : Owner(name, pid)
{
    public FakeProcess Process { get; } = process;
}

/// <summary>One life of a component.</summary>
internal sealed class Incarnation(string name, int number, FakeComponent of) : Owner(name, number)
{
    private readonly Stack<Frame> idle = new();

    public FakeComponent Of { get; } = of;
    public Component Component { get; } = of.Make();
    public bool IsReady { get; set; }
    public int Active { get; set; }
    public Queue<PendingCall> Waiting { get; } = new();
    public List<Queue<DeviceCompletion>> Completions { get; } = [];
    public bool[] IsMasked { get; } = new bool[of.Devices.Count];
    public bool[] IsPending { get; } = new bool[of.Devices.Count];
    public FakeNotification Interrupt { get; } = new();
    public FakeNotification LifeEvents { get; } = new();
    public Queue<(LifeEvent What, long Who, long Detail)> News { get; } = new();

    public Frame Rent(DirectGate machine) =>
        idle.TryPop(out var frame) ? frame : machine.NewFrame(this);

    public void Return(Frame frame) => idle.Push(frame);
}
