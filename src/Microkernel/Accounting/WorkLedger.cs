using Abi.Costs;
using Records;

namespace Microkernel.Accounting;

/// <summary>
/// Charges every cycle of every core once: to a call or to the background, in a component, as a
/// count of
/// parts of the profile. A device's cycles of service are charged once too, to the call whose
/// request it serves: who joins that request waits for it, but the device does not work twice.
/// </summary>
/// <param name="profile">The prices.</param>
/// <param name="components">How many components there are, programs and kernel included.</param>
public sealed class WorkLedger(CostProfile profile, int components)
{
    private readonly long[] counts = new long[CallKinds.Count * components * Parts.Count];
    private readonly long[] deviceCycles = new long[CallKinds.Count * components];

    /// <summary>Of one charge site, "Trap:TrapEnter" for one, nothing is written: for the tests of
    /// the reconciliation.</summary>
    public string? DroppedSite { get; set; }

    /// <summary>The charge sites met so far, if <see cref="DroppedSite"/> is not null.</summary>
    public SortedSet<string> Sites { get; } = new(StringComparer.Ordinal);

    /// <summary>Told of each charge to a call, or null.</summary>
    internal IRequestSink? Requests { get; set; }

    /// <summary>How many components it distinguishes.</summary>
    public int Components { get; } = components;

    /// <summary>Charges a part so many times.</summary>
    /// <param name="call">The call that waits for it, or null.</param>
    /// <param name="component">In whose code.</param>
    /// <param name="part">What.</param>
    /// <param name="count">How often; not negative.</param>
    /// <param name="site">The place in the kernel that charges; user code is one place for each
    /// part.</param>
    public void Charge(CallRecord? call, int component, Part part, long count, string site)
    {
        if (DroppedSite is not null && IsDropped(site, part))
        {
            return;
        }

        var kind = CallKinds.Background;
        if (call is not null)
        {
            kind = call.Kind;
            call.Charged += profile[part] * count;
            Tell(call, component, part, count);
        }

        counts[(kind * Components + component) * Parts.Count + (int)part] += count;
    }

    /// <summary>What was charged to a call becomes background: nobody waits for it any
    /// more.</summary>
    internal void Disown(CallRecord call, int component, Part part, long count)
    {
        call.Charged -= profile[part] * count;
        Tell(call, component, part, -count);
        counts[(call.Kind * Components + component) * Parts.Count + (int)part] -= count;
        counts[(CallKinds.Background * Components + component) * Parts.Count + (int)part] += count;
    }

    /// <summary>A device has worked for so many cycles on a request.</summary>
    /// <param name="call">The call whose request it was, or null.</param>
    /// <param name="component">The driver's.</param>
    /// <param name="cycles">How long; not negative.</param>
    public void ChargeDevice(CallRecord? call, int component, long cycles)
    {
        var kind = call is { IsOver: false } ? call.Kind : CallKinds.Background;
        deviceCycles[kind * Components + component] += cycles;
    }

    /// <summary>Cycles that a component's devices worked for calls of a kind.</summary>
    public long DeviceCyclesOf(int kind, int component) =>
        deviceCycles[kind * Components + component];

    /// <summary>Cycles that devices worked at all.</summary>
    public long DeviceCycles => deviceCycles.Sum();

    /// <summary>How often a part was charged to calls of a kind in a component.</summary>
    public long CountOf(int kind, int component, Part part) =>
        counts[(kind * Components + component) * Parts.Count + (int)part];

    /// <summary>How often a part was charged at all.</summary>
    public long CountOf(Part part)
    {
        var sum = 0L;
        for (var i = (int)part; i < counts.Length; i += Parts.Count)
        {
            sum += counts[i];
        }

        return sum;
    }

    /// <summary>All cycles charged.</summary>
    public long TotalCycles
    {
        get
        {
            var sum = 0L;
            for (var part = 0; part < Parts.Count; part++)
            {
                sum += CountOf((Part)part) * profile[(Part)part];
            }

            return sum;
        }
    }

    internal void Reset()
    {
        Array.Clear(counts);
        Array.Clear(deviceCycles);
        Sites.Clear();
    }

    private void Tell(CallRecord call, int component, Part part, long count)
    {
        var cycles = profile[part] * count;
        if (cycles != 0)
        {
            Requests?.Step(new RequestStep(
                call.Number, RequestStepKind.Charged, call.PartitionedUntil, cycles, component,
                -1, -1, (int)part, count));
        }
    }

    private bool IsDropped(string site, Part part)
    {
        var name = site + ":" + part;
        Sites.Add(name);
        return name == DroppedSite;
    }
}
