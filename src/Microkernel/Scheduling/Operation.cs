using System.Runtime.CompilerServices;
using Abi.Costs;
using Microkernel.Accounting;
using Microkernel.Objects;

namespace Microkernel.Scheduling;

/// <summary>
/// One entry of a core into the kernel: it starts when the kernel's lock is granted, runs once, and
/// has a
/// length; what it decided becomes visible when that has passed. One object for each core, reused.
/// </summary>
/// <param name="core">The core.</param>
/// <param name="bill">Where it is charged.</param>
public sealed class Operation(Core core, Bill bill)
{
    /// <summary>The core that is in the kernel.</summary>
    public Core Core { get; } = core;

    /// <summary>When the lock was granted, cycles.</summary>
    public long Start { get; private set; }

    /// <summary>Its length so far, from when the lock was granted, cycles.</summary>
    public long Length { get; private set; }

    /// <summary>Of its length, what comes after the kernel's lock is released, cycles.</summary>
    public long ExitLength { get; private set; }

    /// <summary>Whether the kernel's lock came from another core that held it when this one
    /// asked.</summary>
    public bool TookLockFromOther { get; set; }

    /// <summary>Whether the next thread goes on with the budget of this one.</summary>
    internal bool DonatesBudget { get; set; }

    /// <summary>The call on whose behalf it runs, or null.</summary>
    public CallRecord? Call { get; internal set; }

    /// <summary>Under which number its background work stands in the ledgers.</summary>
    internal int Component { get; set; }

    /// <summary>The thread that runs on this core afterwards, or null: idle.</summary>
    public Tcb? Next { get; internal set; }

    /// <summary>The thread that IPC switches to directly, or null.</summary>
    internal Tcb? Direct { get; set; }

    /// <summary>Threads of other cores that it made ready; each is told by an inter-processor
    /// interrupt.</summary>
    public List<Tcb> RemoteWakes { get; } = [];

    /// <summary>Notifications whose deadline it set.</summary>
    public List<Notification> Timers { get; } = [];

    /// <summary>Threads that it made and that the machine must give a body.</summary>
    public List<Tcb> Created { get; } = [];

    /// <summary>Domains that ended or died in it.</summary>
    public List<ProtectionDomain> Ended { get; } = [];

    /// <summary>Components that are to be started again.</summary>
    public List<ComponentRecord> Restarts { get; } = [];

    /// <summary>Components whose start-up code has run: their threads can be made.</summary>
    public List<ComponentRecord> Started { get; } = [];

    /// <summary>Other cores whose current thread it killed.</summary>
    public List<Core> Kicks { get; } = [];

    /// <summary>Calls whose wait ends when it ends: the call, where, and why it waited.</summary>
    internal List<(CallRecord Call, int Component, Cause Cause, DeviceWait? Device)> Ending
    {
        get;
    } = [];

    /// <summary>Calls whose request somebody has when it ends: the call, who asked, who has
    /// it.</summary>
    internal List<(CallRecord Call, Tcb Caller, Tcb Server)> Entering { get; } = [];

    /// <summary>Calls that lost who worked for them in it, by a death.</summary>
    public List<CallRecord> Cut { get; } = [];

    /// <summary>Whether it remembers its charges: so that it can be disowned where several
    /// operations are under way at once, or for who wants to see them.</summary>
    public bool KeepsCharges { get; init; }

    /// <summary>What it charged so far and in which component, in order, if it remembers
    /// it.</summary>
    public IReadOnlyList<(int Component, Part Part, long Count)> Charged => charged;

    private readonly List<(int Component, Part Part, long Count)> charged = [];

    /// <summary>Whether it may take the current thread off the core.</summary>
    internal bool MaySwitch { get; set; }

    /// <summary>Whether the big lock is released when it ends.</summary>
    public bool ReleasesBigLock { get; internal set; }

    /// <summary>Begins it.</summary>
    /// <param name="now">When the lock was granted.</param>
    /// <param name="call">The call on whose behalf, or null.</param>
    /// <param name="component">Under which number its background work is charged.</param>
    /// <param name="entered">Cycles of what it will charge that have passed already.</param>
    public void Begin(long now, CallRecord? call, int component, long entered = 0)
    {
        Start = now;
        Length = -entered;
        ExitLength = 0;
        DonatesBudget = false;
        Call = call is { IsOver: false } ? call : null;
        Component = component;
        Next = null;
        Direct = null;
        MaySwitch = true;
        RemoteWakes.Clear();
        Timers.Clear();
        Created.Clear();
        Ended.Clear();
        Restarts.Clear();
        Started.Clear();
        Kicks.Clear();
        Ending.Clear();
        Entering.Clear();
        Cut.Clear();
        charged.Clear();
    }

    /// <summary>While it is under way its call lost who worked for it, on another core: it goes on
    /// as background.</summary>
    public void Disown(CallRecord call)
    {
        Ending.RemoveAll(wait => wait.Call == call);
        if (Call == call)
        {
            foreach (var (component, part, count) in charged)
            {
                bill.Work.Disown(call, component, part, count);
            }

            charged.Clear();
            Call = null;
        }
    }

    /// <summary>Its time has passed: what it charged stays where it is.</summary>
    internal void End()
    {
        Call = null;
        charged.Clear();
    }

    /// <summary>The core spun on the kernel's lock before it: charged, but not part of its
    /// length.</summary>
    public void ChargeSpin(long cycles) => Charge(Part.SpinCycle, cycles, 0, "Spin");

    /// <summary>Does one or more parts of the kernel's work: it takes their time and is charged for
    /// them.</summary>
    public void Charge(Part part, long count = 1, [CallerMemberName] string site = "") =>
        Charge(part, count, bill.Profile[part] * count, site);

    private void Charge(Part part, long count, long length, string site)
    {
        var component = Call is null ? Component : bill.KernelComponent;
        Length += length;
        bill.Work.Charge(Call, component, part, count, site);
        if (KeepsCharges)
        {
            charged.Add((component, part, count));
        }
    }

    /// <summary>The same for what comes after the kernel's lock is released.</summary>
    public void ChargeExit(Part part, [CallerMemberName] string site = "")
    {
        ExitLength += bill.Profile[part];
        Charge(part, 1, site);
    }
}
