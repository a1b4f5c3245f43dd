using Abi.Costs;
using Abi.Posix;
using Microkernel.Objects;
using Records;

namespace Microkernel.Accounting;

/// <summary>The two ledgers of a run, and the clock against which they are reconciled at the end of
/// every call, also of one that a crash cut short or that never returns.</summary>
public sealed class Bill
{
    private readonly ICallClock clock;
    private long calls;
    private IRequestSink? requests;

    /// <summary>Ledgers for so many components, besides programs and the kernel.</summary>
    public Bill(CostProfile profile, int components, ICallClock clock)
    {
        Profile = profile;
        ProgramComponent = components;
        KernelComponent = components + 1;
        Work = new WorkLedger(profile, components + 2);
        Latency = new LatencyLedger(components + 2);
        this.clock = clock;
    }

    /// <summary>Who is told what becomes of each call, or null.</summary>
    public IRequestSink? Requests
    {
        get => requests;
        set
        {
            requests = value;
            Work.Requests = value;
            Latency.Requests = value;
        }
    }

    /// <summary>The prices.</summary>
    public CostProfile Profile { get; }

    /// <summary>Who charged what.</summary>
    public WorkLedger Work { get; }

    /// <summary>Where the calls' time went.</summary>
    public LatencyLedger Latency { get; }

    /// <summary>The number under which programs stand in the ledgers.</summary>
    public int ProgramComponent { get; }

    /// <summary>The number under which the kernel stands in the ledgers.</summary>
    public int KernelComponent { get; }

    /// <summary>Calls that ended.</summary>
    public long CallsEnded { get; private set; }

    /// <summary>Contradictions found, if they are collected instead of thrown: for the tests of the
    /// reconciliation.</summary>
    public List<string>? Contradictions { get; set; }

    /// <summary>The number under which the code that a thread runs stands in the ledgers.</summary>
    public int ComponentOf(Tcb thread) => thread.Component?.Index ?? ProgramComponent;

    /// <summary>A record for a call that begins.</summary>
    public static CallRecord NewCall(PosixCall call, long a, long b, long c, string text)
    {
        return new CallRecord
        {
            Call = call,
            Kind = CallKinds.Of(call),
            A = a,
            B = b,
            C = c,
            Text = text,
        };
    }

    internal void CallBegins(Tcb thread, CallRecord call, long now)
    {
        call.Number = ++calls;
        call.Caller = thread;
        call.PartitionedUntil = now;
        thread.Call = call;
        clock.Begins(thread, call, now);
        requests?.Begins(new StartedCall(
            call.Number, thread.Home.Process, thread.Name, thread.Index, thread.CallsEnded,
            call.Call, call.A, call.B, call.C, call.Text, now));
    }

    internal void CallEnds(Tcb thread, long result, long now)
    {
        var call = thread.Call
            ?? throw new SimulatorDefectException($"{thread.Name}: a call ends that has not begun");
        thread.Call = null;
        CallsEnded++;
        Reconcile(call, clock.Ends(thread, call, result, now));
        call.IsOver = true;
        requests?.Ends(call.Number, result, now);
    }

    /// <summary>A call will never end: its process dies, or the run stops. What was done for it
    /// stays in the bill.</summary>
    internal void CallAbandoned(CallRecord call, long now)
    {
        Reconcile(call, clock.Abandons(call, now));
        requests?.Ends(call.Number, null, now);
    }

    /// <summary>Something happened to the call that a thread works for, if it works for
    /// one.</summary>
    public void Tell(
        RequestStepKind kind, CallRecord? call, long now, Tcb thread, Tcb? peer = null,
        int component = -1, int detail = 0)
    {
        if (requests is not null && call is { IsOver: false })
        {
            requests.Step(new RequestStep(
                call.Number, kind, now, 0, component, thread.Index, peer?.Index ?? -1, detail, 0));
        }
    }

    private void Reconcile(CallRecord call, long measured)
    {
        if (call.Partitioned != measured)
        {
            Contradict($"call #{call.Number} {call.Call}: the clock says {measured} cycles, "
                + $"the latency ledger {call.Partitioned}");
        }

        if (call.Running != call.Charged)
        {
            Contradict($"call #{call.Number} {call.Call}: cores worked for it for {call.Running} "
                + $"cycles, the work ledger charged {call.Charged}");
        }
    }

    /// <summary>Forgets everything charged so far: the machine has booted and stands
    /// still.</summary>
    public void Reset()
    {
        Work.Reset();
        Latency.Reset();
    }

    /// <summary>Checks that all work and idling fill all cores' time. Cycles.</summary>
    public void Reconcile(long idle, long cores, long now)
    {
        var work = Work.TotalCycles;
        if (work + idle != cores * now)
        {
            Contradict($"work {work} and idling {idle} do not fill {cores} cores for {now} cycles: "
                + $"{cores * now - work - idle} cycles are missing");
        }
    }

    /// <summary>Checks that a queue's numbers over time agree with its requests' own
    /// times.</summary>
    public void Reconcile(QueueLedger queue)
    {
        if (queue.Contradiction() is { } contradiction)
        {
            Contradict(contradiction);
        }
    }

    private void Contradict(string message)
    {
        if (Contradictions is null)
        {
            throw new SimulatorDefectException("the bill does not add up: " + message);
        }

        Contradictions.Add(message);
    }
}
