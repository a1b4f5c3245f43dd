using Abi;
using Abi.Costs;
using Microkernel.Accounting;
using Microkernel.Objects;
using Microkernel.Placing;
using Microkernel.Scheduling;
using Records;

namespace Microkernel;

/// <summary>
/// The kernel: a state machine that cores enter by traps, interrupts and inter-processor
/// interrupts. Each
/// entry is an <see cref="Operation"/>: it runs once, takes the time of the parts it charges, and
/// says who
/// runs next. There is no clock and no I/O in here; whoever hosts it carries its decisions out.
/// </summary>
public sealed partial class Kernel
{
    private readonly ITraceSink trace;
    private long arrivals;

    /// <summary>A kernel without domains.</summary>
    public Kernel(KernelOptions options, Bill bill, ITraceSink trace)
    {
        Options = options;
        Bill = bill;
        this.trace = trace;
        Cores = [.. Enumerable.Range(0, options.Cores).Select(index => new Core(index))];
        Domains.Add(new ProtectionDomain(0, "kernel", 0));
    }

    /// <summary>Its parameters.</summary>
    public KernelOptions Options { get; }

    /// <summary>Where everything is charged.</summary>
    public Bill Bill { get; }

    /// <summary>What it counted.</summary>
    public long[] Counts { get; } = new long[Records.Counters.Count];

    /// <summary>The machine's cores.</summary>
    public IReadOnlyList<Core> Cores { get; }

    /// <summary>All threads that were ever made, in spawn order.</summary>
    public List<Tcb> Threads { get; } = [];

    /// <summary>All domains; the first is the kernel's.</summary>
    public List<ProtectionDomain> Domains { get; } = [];

    /// <summary>All components, by number.</summary>
    public List<ComponentRecord> Components { get; } = [];

    /// <summary>All interrupt lines, by device.</summary>
    public List<InterruptLine> Lines { get; } = [];

    /// <summary>The lock of the kernel's domain, under the policy <see
    /// cref="LockPolicy.Big"/>.</summary>
    public Tcb? BigLockHolder { get; set; }

    /// <summary>A thread enters the kernel of its own accord.</summary>
    public void Trap(Operation op, Tcb thread)
    {
        Enter(op);
        trace.Record(new TraceRecord(
            op.Start, TraceKind.Trap, op.Core.Index, thread.Index, (int)thread.Trap,
            Cause.KernelPath, (long)thread.Registers.Number));
        if (thread.Trap == TrapKind.Syscall)
        {
            Bill.Tell(
                RequestStepKind.Trapped, op.Call, op.Start, thread,
                detail: (int)thread.Registers.Number);
        }

        thread.Resumption = Resumption.Return;
        switch (thread.Trap)
        {
            case TrapKind.Syscall:
                EnterByTrap(op, thread);
                Syscalls(op, thread);
                break;
            case TrapKind.Enter:
                AdmitOrQueue(op, thread, thread.Entering!);
                break;
            case TrapKind.Leave:
                LeaveComponent(op, thread);
                break;
            case TrapKind.AwaitReply:
                AwaitMigratedReply(op, thread);
                break;
            case TrapKind.Exit:
                EnterByTrap(op, thread);
                ExitThread(op, thread);
                break;
            case TrapKind.Pause:
                throw new InvalidOperationException("a pause does not enter the kernel");
        }

        Schedule(op);
    }

    /// <summary>A device interrupts; <paramref name="finished"/> is the request whose end it
    /// announces, or null.</summary>
    public void Interrupt(Operation op, InterruptLine line, DeviceWait? finished)
    {
        Enter(op);
        EnterByInterrupt(op, Counter.Interrupts);
        trace.Record(new TraceRecord(
            op.Start, TraceKind.Interrupt, op.Core.Index, -1, line.Owner.Index, Cause.Interrupt,
            line.Number));
        line.IsMasked = true;
        op.Charge(Part.NotificationPath);
        SignalNotification(op, line.Owner.Interrupt, 1, finished);
        ScheduleAfterInterruption(op);
    }

    /// <summary>Another core made a thread of this one ready, or took its current one away
    /// (null).</summary>
    public void InterprocessorInterrupt(Operation op, Tcb? woken)
    {
        Enter(op);
        EnterByInterrupt(op, Counter.InterprocessorInterrupts);
        trace.Record(new TraceRecord(
            op.Start, TraceKind.InterprocessorInterrupt, op.Core.Index, woken?.Index ?? -1, -1,
            Cause.Interrupt, 0));
        if (woken is { State: TcbState.Ready })
        {
            op.Core.Ready.Enqueue(woken);
        }

        ScheduleAfterInterruption(op);
    }

    /// <summary>A notification's deadline has come.</summary>
    public void TimerExpired(Operation op, Notification notification)
    {
        Enter(op);
        EnterByInterrupt(op, Counter.Interrupts);
        trace.Record(new TraceRecord(
            op.Start, TraceKind.TimerExpired, op.Core.Index, -1, -1, Cause.Interrupt, op.Start));
        notification.Deadline = -1;
        op.Charge(Part.NotificationPath);
        SignalNotification(op, notification, notification.TimerBadge, null);
        ScheduleAfterInterruption(op);
    }

    /// <summary>The current thread's quantum ran out while another of its priority is
    /// ready.</summary>
    public void QuantumExpired(Operation op)
    {
        Enter(op);
        EnterByInterrupt(op, Counter.Interrupts);
        Count(Counter.QuantaExpired);
        ScheduleAfterInterruption(op);
    }

    /// <summary>A thread that was just made becomes ready on its core.</summary>
    public void ThreadBegins(Operation op, IReadOnlyList<Tcb> threads)
    {
        Enter(op);
        foreach (var thread in threads)
        {
            if (thread.State == TcbState.Created)
            {
                MakeReady(op, thread);
            }
        }

        ScheduleAfterInterruption(op);
    }

    /// <summary>The operation's time has passed: what it was for is partitioned up to
    /// now.</summary>
    public void Complete(Operation op)
    {
        var now = op.Start + op.Length;
        if (op.Call is { IsOver: false } call)
        {
            Bill.Latency.Ran(call, Bill.KernelComponent, now);
            if (call.Caller!.State == TcbState.Dead)
            {
                // exit(): its thread ended in this very operation.
                Bill.CallAbandoned(call, now);
            }
        }

        foreach (var (ending, component, cause, device) in op.Ending)
        {
            if (ending.IsOver)
            {
                continue;
            }

            if (device is not null)
            {
                Bill.Latency.WaitedForDevice(ending, component, device, now);
            }
            else
            {
                Bill.Latency.Waited(ending, component, cause, now);
            }
        }

        foreach (var (entering, caller, server) in op.Entering)
        {
            Bill.Tell(
                RequestStepKind.Entered, entering, now, caller, server, Bill.ComponentOf(server),
                (int)Crossing.Ipc);
        }

        trace.Record(new TraceRecord(
            now, TraceKind.KernelDone, op.Core.Index, op.Next?.Index ?? -1, -1, Cause.KernelPath,
            op.Length));
        op.End();
    }

    private void Count(Counter counter, long times = 1) => Counts[(int)counter] += times;

    private bool IsMultiprocessor => Options.Cores > 1 || Options.IsMultiprocessor;

    private void Enter(Operation op)
    {
        if (IsMultiprocessor)
        {
            op.Charge(Part.KernelLock);
            if (op.TookLockFromOther)
            {
                op.Charge(Part.LockHandover);
            }
        }
    }

    /// <summary>Kernel-domain code that this operation interrupted goes on: it is preempted when it
    /// blocks, unlocks or leaves.</summary>
    private void ScheduleAfterInterruption(Operation op)
    {
        if (op.Core.Current is { State: TcbState.Running, InKernelMode: true })
        {
            op.MaySwitch = false;
        }

        Schedule(op);
    }

    private void SetError(Tcb thread, Errno error) => thread.Registers.Error = error;
}
