using Abi.Costs;
using Akka.Actor;
using Engine;
using Machine.Cores;
using Machine.Devices;
using Machine.Threads;
using Microkernel;
using Microkernel.Objects;
using Microkernel.Placing;
using Microkernel.Scheduling;
using Records;

namespace Machine;

/// <summary>
/// The kernel's actor: parent of all domains. It hears when threads trap, devices interrupt and
/// time is
/// up, lets cores into the kernel one after the other, and carries out what the kernel decided. Its
/// own
/// failure is a kernel panic.
/// </summary>
internal sealed partial class KernelActor : SimulatedActor
{
    private const long ProgressInterval = (1 << 16) - 1;

    private readonly Hardware hardware;
    private readonly Kernel kernel;
    private readonly Board board;
    private readonly CoreUnit[] units;
    private readonly Released[] released;
    private readonly QuantumCheck[] quantumChecks;
    private readonly List<Port?> threads = [];
    private readonly Dictionary<ProtectionDomain, IActorRef> domains = [];
    private readonly Dictionary<IActorRef, ProtectionDomain> domainsByActor = [];
    private readonly Dictionary<ComponentRecord, Port> components = [];
    private readonly Dictionary<object, KernelLock> locks = [];
    private readonly KernelLock bigKernelLock = new();
    private readonly Queue<CoreUnit> bigLockWaiters = [];
    private long segments;

    public KernelActor(Hardware hardware, Board board)
    {
        this.hardware = hardware;
        this.board = board;
        kernel = hardware.Kernel;
        hardware.KernelPort = Port;
        board.KernelIs(this);
        var keepsCharges = kernel.Cores.Count > 1 || hardware.Options.Operations is not null;
        units = [.. kernel.Cores.Select(core => new CoreUnit(core, kernel.Bill, keepsCharges))];
        released = [.. units.Select(unit => new Released(unit))];
        quantumChecks = [.. units.Select(unit => new QuantumCheck(unit))];
    }

    /// <summary>The board's order to start the first component.</summary>
    public static readonly object Boot = new();

    protected override SupervisorStrategy SupervisorStrategy() =>
        new OneForOneStrategy(-1, -1, Decide, loggingEnabled: false);

    protected override void Handle(object message)
    {
        switch (message)
        {
            case Fiber fiber:
                SegmentEnds(fiber);
                break;
            case Released { Unit: var unit }:
                Release(unit);
                break;
            case LockAsked { Unit: var unit }:
                AskForLock(unit);
                break;
            case LockFreed { Unit: var unit }:
                FreeLock(unit);
                break;
            case DevicePort device:
                DeviceInterrupts(device);
                break;
            case Signal { Unit: var unit, Woken: var woken }:
                Arrive(unit, EntryKind.InterprocessorInterrupt, woken);
                break;
            case Notification notification:
                if (notification.Deadline == Engine.NowCycles)
                {
                    Arrive(units[0], EntryKind.Timer, notification);
                }

                break;
            case QuantumCheck { Unit: var unit }:
                CheckQuantum(unit);
                break;
            case Beginning { Unit: var unit, Threads: var begun }:
                Arrive(unit, EntryKind.Begin, begun);
                break;
            case Incarnation { Component: var component }:
                StartComponent(component);
                break;
            case DomainFault fault:
                Arrive(UnitOf(fault.Fault), EntryKind.Death, fault);
                break;
            case Terminated { ActorRef: var actor }:
                DomainTerminated(actor);
                break;
            case ProcessPlan plan:
                StartProcess(plan);
                break;
            case FaultPlan plan:
                CrashNow(plan);
                break;
            default:
                if (message == Boot && kernel.Components.Count > 0)
                {
                    StartComponent(kernel.Components[0]);
                }

                break;
        }
    }

    // Entering the kernel.

    private void SegmentEnds(Fiber fiber)
    {
        var thread = fiber.Thread;
        thread.EndEventOutstanding = false;
        if (thread.State != TcbState.Running || thread.SuspendedAt >= 0)
        {
            return;
        }

        if (Engine.NowCycles < thread.SegmentEnd)
        {
            PostSegmentEnd(fiber);
            return;
        }

        if (fiber.Doorbells.Count > 0)
        {
            RingDoorbells(fiber);
        }

        thread.CommitSegment(kernel.Bill);
        if ((++segments & ProgressInterval) == 0)
        {
            board.ReportProgress();
        }

        if (Engine.NowCycles > board.TimeLimitAt || board.Clock.Ended >= board.CallLimit)
        {
            hardware.LimitReached =
                Engine.NowCycles > board.TimeLimitAt ? "virtual time" : "calls";
            Engine.Stop();
        }

        if (thread.Trap == TrapKind.Pause)
        {
            thread.ContinueAfterPause(Engine.NowCycles);
            Engine.Post(threads[thread.Index]!, ThreadActor.Run);
            return;
        }

        Arrive(units[thread.Core.Index], EntryKind.Trap, thread);
    }

    private void PostSegmentEnd(Fiber fiber)
    {
        fiber.Thread.EndEventOutstanding = true;
        Engine.PostAt(
            Port, fiber, fiber.Thread.SegmentEnd, EventClass.Trap, fiber.Thread.Core.Index);
    }

    private void RingDoorbells(Fiber fiber)
    {
        foreach (var (device, request) in fiber.Doorbells)
        {
            var wait = DeviceWait.By(fiber.Thread);
            fiber.Thread.DeviceWait = wait;
            var memory = fiber.ResolveDma(request);
            Engine.Post(device.Actor!, new DeviceActor.Arrival(new DeviceCommand(
                request, memory, wait, fiber.Thread.Domain, device.Epoch)));
        }

        fiber.Doorbells.Clear();
    }

    private void DeviceInterrupts(DevicePort device)
    {
        var line = device.Line!;
        if (line.Raise())
        {
            Arrive(units[line.Core], EntryKind.Interrupt, device);
        }
    }

    private void Arrive(CoreUnit unit, EntryKind kind, object? subject)
    {
        var now = Engine.NowCycles;
        var entry = new Entry(kind, subject, now);
        var core = unit.Core;
        switch (core.State)
        {
            case CoreState.Kernel:
                unit.Pending.Enqueue(entry);
                return;
            case CoreState.Idle:
                core.IdleCycles += now - core.IdleSince;
                break;
            case CoreState.Running:
                if (kind != EntryKind.Trap)
                {
                    core.Current!.Suspend(now);
                }

                break;
            case CoreState.Spinning:
                EndSpin(unit, now);
                break;
        }

        core.State = CoreState.Kernel;
        TakeKernelLock(unit, entry);
    }

    /// <summary>The kernel's first instructions run without its lock, if there are several
    /// cores.</summary>
    private void TakeKernelLock(CoreUnit unit, Entry entry)
    {
        unit.Operation.TookLockFromOther = false;
        if (units.Length == 1)
        {
            Run(unit, entry);
            return;
        }

        unit.Waiting = entry;
        unit.IsEntering = true;
        unit.Entered = entry is { Kind: EntryKind.Trap, Subject: Tcb thread }
            && thread.Trap is TrapKind.Syscall or TrapKind.Exit
            ? kernel.EntryLength(thread)
            : 0;
        if (unit.Entered == 0)
        {
            AskForLock(unit);
        }
        else
        {
            Engine.PostAt(
                Port, unit.LockAsked, Engine.NowCycles + unit.Entered, EventClass.Trap,
                unit.Core.Index);
        }
    }

    private void AskForLock(CoreUnit unit)
    {
        unit.IsEntering = false;
        var wanted = LockFor(unit, unit.Waiting);
        unit.Lock = wanted;
        if (wanted.Holder is not null)
        {
            kernel.Counts[(int)Counter.KernelLockContended]++;
            unit.Operation.TookLockFromOther = true;
            wanted.Waiters.Enqueue(unit);
            return;
        }

        wanted.Holder = unit;
        Run(unit, unit.Waiting);
    }

    private void FreeLock(CoreUnit unit)
    {
        if (unit.Lock is not { } held)
        {
            return;
        }

        unit.Lock = null;
        held.Holder = null;
        if (held.Waiters.TryDequeue(out var waiter))
        {
            held.Holder = waiter;
            Run(waiter, waiter.Waiting);
        }
    }

    private KernelLock LockFor(CoreUnit unit, Entry entry)
    {
        if (kernel.Options.KernelLock == KernelLockPolicy.Big)
        {
            return bigKernelLock;
        }

        var key = kernel.ObjectOf(entry.Subject) ?? unit;
        if (!locks.TryGetValue(key, out var found))
        {
            locks.Add(key, found = new KernelLock());
        }

        return found;
    }

    private void Run(CoreUnit unit, Entry entry)
    {
        var op = unit.Operation;
        var now = Engine.NowCycles;
        var entered = units.Length == 1 ? 0 : unit.Entered;
        var spun = now - entry.Arrived - entered;
        var isTrap = entry.Kind == EntryKind.Trap;
        var thread = isTrap ? (Tcb)entry.Subject! : null;
        op.Begin(
            now, thread?.Call,
            thread is null ? kernel.Bill.KernelComponent : kernel.Bill.ComponentOf(thread),
            entered);
        if (spun > 0)
        {
            op.ChargeSpin(spun);
        }

        switch (entry.Kind)
        {
            case EntryKind.Trap:
                if (thread!.State == TcbState.Running)
                {
                    kernel.Trap(op, thread);
                }
                else
                {
                    op.Charge(Part.AbandonedCycle, entered);
                    kernel.InterprocessorInterrupt(op, null);
                }

                break;
            case EntryKind.Interrupt:
                var device = (DevicePort)entry.Subject!;
                device.Finished.TryDequeue(out var finished);
                device.Finished.Clear();
                kernel.Interrupt(op, device.Line!, finished);
                break;
            case EntryKind.InterprocessorInterrupt:
                kernel.InterprocessorInterrupt(op, (Tcb?)entry.Subject);
                break;
            case EntryKind.Timer:
                kernel.TimerExpired(op, (Notification)entry.Subject!);
                break;
            case EntryKind.Quantum:
                kernel.QuantumExpired(op);
                break;
            case EntryKind.Begin:
                kernel.ThreadBegins(op, (IReadOnlyList<Tcb>)entry.Subject!);
                break;
            case EntryKind.Death:
                Die(op, (DomainFault)entry.Subject!);
                break;
        }

        hardware.Options.Operations?.Invoke(new OperationRecord(
            thread?.Name ?? "", thread?.Registers.Number ?? Abi.Kernel.Syscall.None, op.Length,
            [.. op.Charged.Select(each => (each.Part, each.Count))]));
        foreach (var kicked in op.Kicks)
        {
            if (kicked.State is CoreState.Running or CoreState.Spinning)
            {
                kicked.State = CoreState.Idle;
                kicked.IdleSince = now;
                kicked.Current = null;
            }
        }

        if (unit.Lock is not null && op.ExitLength > 0)
        {
            Engine.PostAt(
                Port, unit.LockFreed, now + op.Length - op.ExitLength, EventClass.Trap,
                unit.Core.Index);
        }

        Engine.PostAt(
            Port, released[unit.Core.Index], now + op.Length, EventClass.Trap, unit.Core.Index);
    }

    // Leaving the kernel.

    private void Release(CoreUnit unit)
    {
        var op = unit.Operation;
        var core = unit.Core;
        kernel.Complete(op);
        FreeLock(unit);

        if (op.ReleasesBigLock)
        {
            ReleaseBigLock();
        }

        core.Current = op.Next is { State: not TcbState.Dead } next ? next : null;
        core.Current?.BecomeCurrent();
        CarryOut(op);
        if (op.Next is not null && core.Current is null)
        {
            unit.Pending.Enqueue(
                new Entry(EntryKind.InterprocessorInterrupt, null, Engine.NowCycles));
        }

        if (unit.Pending.TryDequeue(out var entry))
        {
            TakeKernelLock(unit, entry with { Arrived = Engine.NowCycles });
        }
        else
        {
            Dispatch(unit);
        }
    }

    private void CarryOut(Operation op)
    {
        var now = Engine.NowCycles;
        foreach (var woken in op.RemoteWakes)
        {
            SendSignal(units[woken.Core.Index], woken);
        }

        foreach (var kicked in op.Kicks)
        {
            SendSignal(units[kicked.Index], null);
        }

        foreach (var notification in op.Timers)
        {
            if (notification.Deadline >= 0)
            {
                notification.Postpone(now + 1);
                Engine.PostAt(
                    Port, notification, notification.Deadline, EventClass.Timer,
                    op.Core.Index);
            }
        }

        foreach (var thread in op.Created)
        {
            GiveProgram(
                thread,
                hardware.Options.Programs.First(plan => plan.Record.Name == thread.Name));
            BeginThreads([thread]);
        }

        foreach (var component in op.Started)
        {
            // It may have died on another core while this operation was under way.
            if (component.State == ComponentState.Ready)
            {
                ComponentStarted(component);
            }
        }

        foreach (var component in op.Restarts)
        {
            Engine.PostAt(
                Port, new Incarnation(component),
                now + hardware.Options.Profile.ComponentStart.Count, EventClass.Device, 255);
        }

        foreach (var ended in op.Ended)
        {
            ProcessEnded(ended);
        }
    }

    private void SendSignal(CoreUnit target, Tcb? woken) => Engine.PostAt(
        Port, new Signal(target, woken),
        Engine.NowCycles + hardware.Options.Profile.InterprocessorLatency.Count,
        EventClass.InterprocessorInterrupt, target.Core.Index);

    private void Dispatch(CoreUnit unit)
    {
        var core = unit.Core;
        var now = Engine.NowCycles;
        if (core.Current is not { } thread)
        {
            core.State = CoreState.Idle;
            core.IdleSince = now;
            return;
        }

        if (thread.Resumption != Resumption.Segment && thread.Call is { IsOver: false } call)
        {
            kernel.Bill.Latency.Waited(
                call, kernel.Bill.ComponentOf(thread), Cause.WaitingForCore, now);
        }

        if (!TakeBigLock(unit, thread))
        {
            return;
        }

        core.State = CoreState.Running;
        if (thread.Resumption == Resumption.Segment)
        {
            thread.Resume(now);
            // No code: its domain has failed before it began; the kernel is about to hear of it.
            if (!thread.EndEventOutstanding
                && hardware.Fibers.TryGetValue(thread.Index, out var fiber))
            {
                PostSegmentEnd(fiber);
            }
        }
        else
        {
            if (thread.Resumption == Resumption.Return)
            {
                kernel.Bill.Tell(RequestStepKind.Resumed, thread.Call, now, thread);
            }

            thread.BeginSegment(now);
            hardware.Trace.Record(new TraceRecord(
                now, TraceKind.Run, core.Index, thread.Index,
                (thread.Resumption == Resumption.Enter ? thread.Entering : thread.Component)?.Index
                    ?? -1,
                Cause.Program, (long)thread.Resumption));
            if (threads[thread.Index] is { } body)
            {
                Engine.Post(body, ThreadActor.Run);
            }
        }

        ArmQuantum(unit, thread);
    }

    // The big lock of the kernel's domain.

    private bool TakeBigLock(CoreUnit unit, Tcb thread)
    {
        if (kernel.Options.DomainLock != LockPolicy.Big || !thread.WillRunInKernelMode
            || kernel.BigLockHolder == thread)
        {
            return true;
        }

        if (kernel.BigLockHolder is null && bigLockWaiters.Count == 0)
        {
            kernel.BigLockHolder = thread;
            return true;
        }

        if (!bigLockWaiters.Contains(unit))
        {
            kernel.Counts[(int)Counter.ComponentLockContended]++;
            bigLockWaiters.Enqueue(unit);
        }

        unit.Core.State = CoreState.Spinning;
        unit.SpinsSince = Engine.NowCycles;
        return false;
    }

    private void ReleaseBigLock()
    {
        kernel.BigLockHolder = null;
        while (bigLockWaiters.TryDequeue(out var unit))
        {
            if (unit.Core.Current is not { State: TcbState.Running } thread
                || !thread.WillRunInKernelMode)
            {
                continue;
            }

            kernel.BigLockHolder = thread;
            if (unit.Core.State == CoreState.Spinning)
            {
                EndSpin(unit, Engine.NowCycles);
                Dispatch(unit);
            }

            return;
        }
    }

    private void EndSpin(CoreUnit unit, long now)
    {
        var thread = unit.Core.Current!;
        var spun = now - unit.SpinsSince;
        unit.SpinsSince = -1;
        kernel.Bill.Work.Charge(
            thread.Call is { IsOver: false } ? thread.Call : null, kernel.Bill.ComponentOf(thread),
            Part.SpinCycle, spun, "BigLock");
        if (thread.Call is { IsOver: false } call && thread.Resumption != Resumption.Segment)
        {
            kernel.Bill.Latency.Ran(call, kernel.Bill.ComponentOf(thread), now);
        }
    }

    // Quanta.

    private void ArmQuantum(CoreUnit unit, Tcb thread)
    {
        if (unit.Core.Ready.Highest != thread.Priority)
        {
            return;
        }

        var deadline = thread.RunningSince + Math.Max(thread.QuantumLeft, 1);
        if (unit.QuantumEventAt > deadline)
        {
            unit.QuantumEventAt = deadline;
            Engine.PostAt(
                Port, quantumChecks[unit.Core.Index], deadline, EventClass.Timer, unit.Core.Index);
        }
    }

    private void CheckQuantum(CoreUnit unit)
    {
        if (unit.QuantumEventAt != Engine.NowCycles)
        {
            return;
        }

        unit.QuantumEventAt = long.MaxValue;
        if (unit.Core is { State: CoreState.Running, Current: { } thread }
            && unit.Core.Ready.Highest == thread.Priority)
        {
            if (Engine.NowCycles - thread.RunningSince >= thread.QuantumLeft
                && !thread.InKernelMode)
            {
                Arrive(unit, EntryKind.Quantum, null);
            }
            else
            {
                ArmQuantum(unit, thread);
            }
        }
    }
}

/// <summary>A domain went down with a fault.</summary>
internal sealed record DomainFault(ProtectionDomain Domain, Fault Fault);
