using Abi;
using Abi.Costs;
using Abi.Kernel;
using Microkernel.Accounting;
using Microkernel.Objects;
using Microkernel.Scheduling;
using Records;

namespace Microkernel;

/// <summary>A program that processes can run.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Priority">Of its processes' threads, 0 to 255.</param>
/// <param name="Core">Their core, or null: spread over all.</param>
public sealed record ProgramRecord(string Name, int Priority, int? Core)
{
    /// <summary>What its processes' code and data occupy.</summary>
    public WorkingSet WorkingSet { get; init; } = WorkingSet.Default;

    /// <summary>The first of the cores that they are spread over.</summary>
    public int FirstCore { get; init; }

    /// <summary>How many filters the kernel runs on each of their system calls.</summary>
    public int Filters { get; init; }

    /// <summary>Whether the kernel knows of each of their system calls that all filters allow it,
    /// and runs none.</summary>
    public bool HasFilterBitmap { get; init; }

    /// <summary>Whether their code uses the floating-point registers.</summary>
    public bool UsesFpu { get; init; }
}

/// <summary>A step of a crash and its repair.</summary>
public enum LifeStep
{
    /// <summary>A component threw.</summary>
    Crashed,
    /// <summary>It went down because another of its domain threw.</summary>
    Collateral,
    /// <summary>The kernel has cleaned up and told the reincarnation server.</summary>
    Detected,
    /// <summary>Its next incarnation has started.</summary>
    Restarted,
    /// <summary>A client was given a capability for it.</summary>
    Rebound,
    /// <summary>It answered its first request, and not with an error.</summary>
    FirstGoodReply,
}

/// <summary>One step of a crash and its repair: when (cycles), what, who, and how many callers it
/// failed.</summary>
public readonly record struct LifeRecord(
    long Time, LifeStep Step, ComponentRecord Component, int Incarnation, int Failed);

/// <summary>Making and ending processes and incarnations of components.</summary>
public sealed partial class Kernel
{
    private readonly HashSet<ComponentRecord> awaitingFirstReply = [];
    private readonly HashSet<ComponentRecord> awaitingRebind = [];
    private int processes;

    /// <summary>The programs that processes can run, by name.</summary>
    public SortedDictionary<string, ProgramRecord> Programs { get; } = new(StringComparer.Ordinal);

    /// <summary>
    /// Objects that every new process finds in its capability space, from the first free slot on;
    /// the one marked also handles its faults.
    /// </summary>
    public List<(KernelObject Target, bool IsFaultHandler)> Shared { get; } = [];

    /// <summary>Crashes and repairs so far.</summary>
    public List<LifeRecord> Lives { get; } = [];

    /// <summary>Makes a domain for components.</summary>
    public ProtectionDomain AddDomain(string name)
    {
        var domain = new ProtectionDomain(Domains.Count, name, 0);
        Domains.Add(domain);
        return domain;
    }

    /// <summary>Makes the threads of a component's next incarnation: one that runs its start-up
    /// code.</summary>
    public Tcb BeginComponent(ComponentRecord component)
    {
        component.Begin();
        component.Domain.IsDead = false;
        foreach (var line in Lines)
        {
            if (line.Owner == component)
            {
                line.IsMasked = false;
                line.IsPending = false;
            }
        }

        GrantNaming(component.Domain, -1 - component.Index);
        return NewThread(
            component.Name, component.Domain, component, component.Priority,
            CoreFor(component.Core, component.Index));
    }

    /// <summary>Makes one more thread of a component: a worker or a background thread.</summary>
    public Tcb NewComponentThread(ComponentRecord component, string name, bool isWorker)
    {
        var spread = isWorker ? component.Workers.Count : component.Index;
        var thread = NewThread(
            name, component.Domain, component, component.Priority,
            CoreFor(component.Core, spread));
        if (isWorker)
        {
            component.Workers.Add(thread);
        }

        return thread;
    }

    /// <summary>Makes a process that runs a program: its first thread, not yet ready.</summary>
    public Tcb NewProcess(ProgramRecord program, string name)
    {
        var pid = ++processes;
        var domain = new ProtectionDomain(Domains.Count, name, pid)
        {
            WorkingSet = program.WorkingSet,
            Filters = program.Filters,
            HasFilterBitmap = program.HasFilterBitmap,
        };
        Domains.Add(domain);
        GrantNaming(domain, pid);
        foreach (var (target, isFaultHandler) in Shared)
        {
            domain.Capabilities.Insert(new Capability(target, Rights.All, 0));
            if (isFaultHandler)
            {
                domain.Capabilities.Put(
                    new Capability(target, Rights.All, 0), CapSlot.FaultHandler);
            }
        }

        Count(Counter.ProcessesCreated);
        return NewThread(
            name, domain, null, program.Priority,
            CoreFor(program.Core, pid - 1, program.FirstCore), program.UsesFpu);
    }

    /// <summary>Makes one more thread of a process, to run a program of its own; not yet
    /// ready.</summary>
    public Tcb NewProcessThread(ProtectionDomain process, ProgramRecord program, string name) =>
        NewThread(
            name, process, null, program.Priority, CoreFor(program.Core, 0), program.UsesFpu);

    private void GrantNaming(ProtectionDomain domain, long badge)
    {
        var naming = Components.Find(component => component.Name == "naming");
        if (naming?.Root is { } root && domain.Capabilities[CapSlot.Naming] is null)
        {
            domain.Capabilities.Put(
                root.Derive(Rights.Write | Rights.Grant, badge), CapSlot.Naming);
        }
    }

    private Core CoreFor(int? wanted, int spread, int first = 0) =>
        Cores[wanted ?? first + spread % (Cores.Count - first)];

    private Tcb NewThread(
        string name, ProtectionDomain domain, ComponentRecord? component, int priority, Core core,
        bool usesFpu = false)
    {
        var thread = new Tcb(Threads.Count, name, domain, component, priority, core)
        {
            UsesFpu = usesFpu,
        };
        Threads.Add(thread);
        domain.Threads.Add(thread);
        var description = new ThreadDescription(
            thread.Index, name, component?.Index ?? -1, domain.Process, core.Index);
        trace.Describe(description);
        Bill.Requests?.Describe(description);
        return thread;
    }

    private void CreateProcess(Operation op, Tcb creator)
    {
        if (creator.Component?.HearsProcesses != true)
        {
            Count(Counter.DeniedCalls);
            SetError(creator, Errno.EPERM);
            return;
        }

        var name = System.Text.Encoding.UTF8.GetString(creator.Registers.Message.Data.Span);
        if (!Programs.TryGetValue(name, out var program))
        {
            SetError(creator, Errno.ENOENT);
            return;
        }

        var thread = NewProcess(program, name);
        creator.Registers.Arg0 = thread.Home.Process;
        op.Created.Add(thread);
    }

    private void ExitThread(Operation op, Tcb thread)
    {
        op.Charge(Part.ProcessPath);
        if (!thread.IsProgram)
        {
            // A background thread of a component came to its end: nobody hears of it.
            Bury(thread);
            return;
        }

        FinishHandled(op, thread);
        var status = thread.Registers.Arg0 & 0xff;
        thread.Home.ExitStatus = (int)status;
        trace.Record(new TraceRecord(
            op.Start, TraceKind.Exited, op.Core.Index, thread.Index, thread.Home.Process,
            Cause.KernelPath, status));
        EndDomain(op, thread.Home);
        op.Ended.Add(thread.Home);
        TellOfProcess(op, thread.Home.Process, status);
    }

    /// <summary>A process or a domain of components dies at this instant, by a fault.</summary>
    public void DomainDied(Operation op, ProtectionDomain domain, ComponentRecord? faulted)
    {
        Enter(op);
        op.Charge(Part.ProcessPath);
        if (domain.Process != 0)
        {
            // 128 + SIGSEGV, as a shell reports a process that a signal killed.
            const int Killed = 139;
            trace.Record(new TraceRecord(
                op.Start, TraceKind.Exited, op.Core.Index, -1, domain.Process, Cause.KernelPath,
                Killed));
            EndDomainAndItsWork(op, domain);
            TellOfProcess(op, domain.Process, Killed);
            ScheduleAfterInterruption(op);
            return;
        }

        var incarnations = domain.Residents.ConvertAll(resident => resident.Incarnation);
        var failed = EndDomainAndItsWork(op, domain);
        for (var i = 0; i < domain.Residents.Count; i++)
        {
            var resident = domain.Residents[i];
            AbandonPulses(op, resident.Endpoint);
            resident.Die();
            Count(Counter.Crashes);
            var isFaulted = resident == faulted;
            trace.Record(new TraceRecord(
                op.Start, TraceKind.Crashed, op.Core.Index, -1, resident.Index, Cause.Recovery,
                incarnations[i]));
            Lives.Add(new LifeRecord(
                op.Start, isFaulted ? LifeStep.Crashed : LifeStep.Collateral, resident,
                incarnations[i], isFaulted ? failed : 0));
            Tell(op, component => component.HearsComponents, LifeEvent.ComponentDied,
                resident.Index, incarnations[i]);
        }

        ScheduleAfterInterruption(op);
        foreach (var resident in domain.Residents)
        {
            Lives.Add(new LifeRecord(
                op.Start + op.Length, LifeStep.Detected, resident, resident.Incarnation - 1, 0));
        }
    }

    /// <summary>
    /// Ends a domain in the middle of calls. From that instant on nobody works for those calls but
    /// their callers: what the dead had asked of others runs on as background, the segment that is
    /// under way included, and is what the caller recovers from.
    /// </summary>
    private int EndDomainAndItsWork(Operation op, ProtectionDomain domain)
    {
        var cut = new List<(CallRecord Call, Tcb Last)>();
        foreach (var thread in domain.Threads)
        {
            if (thread.Call is { IsOver: false } call && !cut.Exists(entry => entry.Call == call))
            {
                cut.Add((call, LastOf(call)));
            }
        }

        var waits = cut.ConvertAll(entry => WaitOf(entry.Last, Cause.Recovery));
        var failed = EndDomain(op, domain);
        for (var i = 0; i < cut.Count; i++)
        {
            var call = cut[i].Call;
            Book(call, waits[i], op.Start);
            Detach(call);
            op.Cut.Add(call);
            if (call.Caller!.State == TcbState.Dead)
            {
                Bill.CallAbandoned(call, op.Start);
            }
        }

        return failed;
    }

    /// <summary>The run stops: calls that have begun will not end. Their time is partitioned up to
    /// an instant, cycles.</summary>
    public void AbandonCalls(long now)
    {
        foreach (var thread in Threads)
        {
            if (thread.IsProgram && thread.State != TcbState.Dead
                && thread.Call is { IsOver: false } call)
            {
                Book(call, WaitOf(LastOf(call), Cause.WaitingForCore), now);
                Bill.CallAbandoned(call, now);
            }
        }
    }

    /// <summary>Who works for a call: its caller, or whom that waits for, and so on to the
    /// end.</summary>
    private static Tcb LastOf(CallRecord call)
    {
        var last = call.Caller!;
        while (last.Server is { } server && server.Call == call)
        {
            last = server;
        }

        return last;
    }

    private (int Component, Cause Cause, DeviceWait? Device) WaitOf(Tcb thread, Cause running)
    {
        var component = Bill.ComponentOf(thread);
        switch (thread.State)
        {
            case TcbState.Running:
            case TcbState.Dead:
                return (component, running, null);
            case TcbState.Created:
            case TcbState.Ready:
                return (component, Cause.WaitingForCore, null);
            case TcbState.BlockedOnSend:
            case TcbState.BlockedOnReply:
            case TcbState.BlockedOnReceive:
            case TcbState.BlockedOnNotification:
            case TcbState.BlockedOnEvent:
            case TcbState.BlockedOnEntry:
            case TcbState.BlockedOnLock:
                break;
        }

        var device = thread.BlockCause == Cause.DeviceService ? thread.DeviceWait : null;
        return (component, thread.BlockCause, device);
    }

    private void Book(
        CallRecord call, (int Component, Cause Cause, DeviceWait? Device) wait, long now)
    {
        if (call.PartitionedUntil >= now)
        {
            return;
        }

        if (wait.Device is { } device)
        {
            Bill.Latency.WaitedForDevice(call, wait.Component, device, now);
        }
        else
        {
            Bill.Latency.Waited(call, wait.Component, wait.Cause, now);
        }
    }

    /// <summary>Of those who worked for a call only its caller, and the servers that still serve
    /// it, go on to.</summary>
    private void Detach(CallRecord call)
    {
        var keep = new List<Tcb>();
        for (var thread = call.Caller; thread?.Call == call; thread = thread.Server)
        {
            keep.Add(thread);
        }

        foreach (var thread in Threads)
        {
            if (thread.Call == call && !keep.Contains(thread))
            {
                thread.Call = null;
            }
        }
    }

    /// <summary>Kills all threads of a domain and fails all who wait for it; how many those
    /// are.</summary>
    private int EndDomain(Operation op, ProtectionDomain domain)
    {
        domain.IsDead = true;

        // At an endpoint that several processes serve, the server that dies need not be its maker.
        var served = domain.Threads.Select(thread => thread.Serving).OfType<Tcb>().ToHashSet();
        foreach (var thread in domain.Threads)
        {
            Kill(op, thread);
        }

        domain.Threads.Clear();
        foreach (var line in Lines)
        {
            line.IsMasked |= line.Owner.Domain == domain;
        }

        foreach (var endpoint in domain.Endpoints)
        {
            endpoint.Incarnation++;
            AbandonPulses(op, endpoint);
            while (endpoint.Receivers.Dequeue() is { } receiver)
            {
                SetError(receiver, Errno.EOWNERDEAD);
                Wake(op, receiver, Cause.Asleep);
            }
        }

        domain.Endpoints.Clear();
        var failed = 0;
        foreach (var thread in Threads)
        {
            if (thread.State is TcbState.BlockedOnSend or TcbState.BlockedOnReply
                && (thread.Endpoint?.Domain == domain || served.Contains(thread))
                && thread.Home != domain)
            {
                Fail(op, thread);
                failed++;
            }
        }

        domain.Capabilities = new CapabilitySpace();
        return failed;
    }

    /// <summary>The status with which a process ended.</summary>
    public int ExitStatus(ProtectionDomain process) => process.ExitStatus;

    /// <summary>A thread's segment is cut short: the ledgers are written for what was
    /// executed.</summary>
    public void AbandonSegment(Tcb thread, long now) => thread.Log.Abandon(Bill, now);

    /// <summary>The kernel object that an entry is about, or null if only its own core is
    /// concerned.</summary>
    public object? ObjectOf(object? subject) => subject switch
    {
        Tcb { Trap: TrapKind.Syscall } thread => Find(thread, thread.Registers.Capability)?.Target,
        Tcb { Trap: not TrapKind.Exit } thread => thread.Entering,
        Notification notification => notification,
        _ => null,
    };

    private void Fail(Operation op, Tcb thread)
    {
        if (thread.State == TcbState.BlockedOnSend)
        {
            thread.Queue?.Remove(thread);
        }

        if (thread.Call is { } call)
        {
            call.IsCutShort = true;
        }

        Count(Counter.RequestsFailed);
        AbandonCall(op, thread);
        if (thread.WantsReply || thread.State == TcbState.BlockedOnReply)
        {
            EndLending(thread);
        }

        // Whether asking again would be a repetition: see Syscall.Call.
        thread.Registers.Arg0 = thread.State == TcbState.BlockedOnSend ? 1 : 0;
        thread.AwaitedReply = 0;
        thread.Server = null;
        SetError(thread, Errno.EOWNERDEAD);
        Bill.Tell(RequestStepKind.Cut, thread.Call, op.Start, thread);
        Wake(op, thread, Cause.Recovery);
    }

    private void Kill(Operation op, Tcb thread)
    {
        AbandonAll(op, thread);
        switch (thread.State)
        {
            case TcbState.Running:
                thread.Log.Abandon(Bill, op.Start);
                if (thread.Core != op.Core)
                {
                    op.Kicks.Add(thread.Core);
                }

                break;
            case TcbState.Ready when thread.Queue is not null:
                thread.Log.Abandon(Bill, op.Start);
                thread.Core.Ready.Remove(thread);
                break;
            default:
                thread.Queue?.Remove(thread);
                break;
        }

        Bury(thread);
    }

    private static void Bury(Tcb thread)
    {
        thread.State = TcbState.Dead;
        thread.Lent.Clear();
        if (thread.Serving is { } caller)
        {
            // Another thread may have answered for it and the caller gone on to call a third.
            if (caller.Server == thread)
            {
                caller.Server = null;
            }
        }

        if (thread.Server is { } server)
        {
            // Its call runs on elsewhere; the answer will be dropped.
            server.Serving = null;
            server.Call = null;
            thread.Server = null;
        }
    }

    private void TellOfProcess(Operation op, int process, long status) =>
        Tell(op, component => component.HearsProcesses, LifeEvent.ProcessEnded, process, status);

    private void Tell(
        Operation op, Predicate<ComponentRecord> who, LifeEvent what, long whom, long status)
    {
        foreach (var component in Components)
        {
            if (who(component) && component.State == ComponentState.Ready)
            {
                component.Unseen.Enqueue((what, whom, status));
                SignalNotification(op, component.LifeEventNotification, 1, null);
            }
        }
    }

    private void NextLifeEvent(Tcb thread)
    {
        if (thread.Component is { } component && component.Unseen.TryDequeue(out var next))
        {
            var registers = thread.Registers;
            (registers.Arg0, registers.Arg1, registers.Arg2) =
                ((long)next.Event, next.Who, next.Status);
        }
        else
        {
            SetError(thread, Errno.EAGAIN);
        }
    }

    private void RestartComponent(Operation op, Tcb thread)
    {
        var number = thread.Registers.Arg0;
        if (thread.Component?.HearsComponents != true)
        {
            Count(Counter.DeniedCalls);
            SetError(thread, Errno.EPERM);
        }
        else if (number < 0 || number >= Components.Count
            || Components[(int)number].State != ComponentState.Down)
        {
            SetError(thread, Errno.EINVAL);
        }
        else
        {
            Components[(int)number].State = ComponentState.Starting;
            op.Restarts.Add(Components[(int)number]);
        }
    }

    private void ComponentReady(Operation op, Tcb thread)
    {
        var component = thread.Component;
        if (component is not { State: ComponentState.Starting })
        {
            SetError(thread, Errno.EINVAL);
            return;
        }

        component.State = ComponentState.Ready;
        op.Started.Add(component);
        if (component.Incarnation > 1)
        {
            Count(Counter.Restarts);
            awaitingRebind.Add(component);
            awaitingFirstReply.Add(component);
            trace.Record(new TraceRecord(
                op.Start, TraceKind.Restarted, op.Core.Index, -1, component.Index, Cause.Recovery,
                component.Incarnation));
            Lives.Add(new LifeRecord(
                op.Start, LifeStep.Restarted, component, component.Incarnation, 0));
        }

        Tell(op, hearer => hearer.HearsComponents, LifeEvent.ComponentReady, component.Index,
            component.Incarnation);
    }

    private void NoteRebind(Operation op, ComponentRecord component)
    {
        if (awaitingRebind.Count > 0 && awaitingRebind.Remove(component))
        {
            trace.Record(new TraceRecord(
                op.Start, TraceKind.Rebound, op.Core.Index, -1, component.Index, Cause.Recovery,
                component.Incarnation));
            Lives.Add(new LifeRecord(
                op.Start, LifeStep.Rebound, component, component.Incarnation, 0));
        }
    }

    private void NoteReply(Operation op, Tcb server, Tcb caller)
    {
        if (awaitingFirstReply.Count > 0 && server.Component is { } component
            && caller.Registers.Message.A >= 0 && awaitingFirstReply.Remove(component))
        {
            Lives.Add(new LifeRecord(
                op.Start + op.Length, LifeStep.FirstGoodReply, component,
                component.Incarnation, 0));
        }
    }
}
