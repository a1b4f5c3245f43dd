using Abi.Costs;
using Microkernel.Objects;
using Microkernel.Scheduling;
using Records;

namespace Microkernel;

/// <summary>Who runs next. Every operation ends here.</summary>
public sealed partial class Kernel
{
    private static bool IsRunning(Tcb? thread) => thread is { State: TcbState.Running };

    private void Schedule(Operation op)
    {
        var core = op.Core;
        var current = core.Current;
        var next = op.Direct ?? (IsRunning(current) ? current : null);
        var highest = core.Ready.Highest;
        if (MustSwitch(op, next, current, highest))
        {
            if (next is not null)
            {
                Displace(core, next, current);
            }

            next = core.Ready.Dequeue();
            op.Charge(Part.Schedule);
        }

        op.Next = next;
        if (next is not null)
        {
            SwitchTo(op, next, current);
        }

        op.ReleasesBigLock = BigLockHolder is not null && BigLockHolder.Core == core
            && !(BigLockHolder == next && next.WillRunInKernelMode);
    }

    private bool MustSwitch(Operation op, Tcb? next, Tcb? current, int highest)
    {
        if (highest < 0 || !op.MaySwitch)
        {
            return false;
        }

        if (next is null || highest > next.Priority)
        {
            return true;
        }

        return next == current && next.QuantumLeft <= 0 && highest == next.Priority;
    }

    private void Displace(Core core, Tcb next, Tcb? current)
    {
        next.State = TcbState.Ready;
        if (next == current && next.QuantumLeft <= 0)
        {
            next.QuantumLeft = Bill.Profile.Quantum.Count;
            core.Ready.Enqueue(next);
        }
        else
        {
            core.Ready.EnqueueFirst(next);
        }

        if (next == current && next.Resumption == Resumption.Segment)
        {
            Count(Counter.Preemptions);
        }
    }

    private void MakeReady(Operation op, Tcb thread)
    {
        thread.State = TcbState.Ready;
        trace.Record(new TraceRecord(
            op.Start, TraceKind.Ready, thread.Core.Index, thread.Index, -1, thread.BlockCause, 0));
        if (thread.Core == op.Core)
        {
            op.Core.Ready.Enqueue(thread);
        }
        else
        {
            op.Charge(Part.InterprocessorSend);
            if (Options.IsGuest)
            {
                op.Charge(Part.VirtualSignal);
                Count(Counter.VmExits);
            }

            op.RemoteWakes.Add(thread);
        }
    }

    /// <summary>Ends a wait that was billed to the thread's cause, unless this operation works for
    /// the same call.</summary>
    private void EndWait(Operation op, Tcb thread, Cause cause)
    {
        if (thread.Call is { IsOver: false } call && call != op.Call)
        {
            var device = cause == Cause.DeviceService ? thread.DeviceWait : null;
            op.Ending.Add((call, Bill.ComponentOf(thread), cause, device));
        }
    }

    private void Wake(Operation op, Tcb thread, Cause cause)
    {
        EndWait(op, thread, cause);
        thread.DeviceWait = null;
        MakeReady(op, thread);
    }

    private void Block(Tcb thread, TcbState state, Cause cause)
    {
        thread.State = state;
        thread.BlockCause = cause;
        thread.Arrival = ++arrivals;
        trace.Record(new TraceRecord(
            thread.SegmentEnd, TraceKind.Blocked, thread.Core.Index, thread.Index,
            AwaitedBy(thread), cause, WaitOf(thread).Detail));
    }

    private static Wait WaitOf(Tcb thread) => thread.State switch
    {
        TcbState.BlockedOnSend => new(WaitKind.Send, OwnerOf(thread.Endpoint)),
        TcbState.BlockedOnReply => new(WaitKind.Reply, OwnerOf(thread.Endpoint)),
        TcbState.BlockedOnReceive => new(WaitKind.Receive, OwnerOf(thread.Endpoint)),
        TcbState.BlockedOnNotification => new(WaitKind.Notification, IndexOf(thread.Component)),
        TcbState.BlockedOnEvent => new(WaitKind.Event, IndexOf(thread.Component)),
        TcbState.BlockedOnEntry => new(WaitKind.Entry, IndexOf(thread.Entering)),
        TcbState.BlockedOnLock => new(WaitKind.Lock, IndexOf(thread.Entering)),
        TcbState.Created or TcbState.Ready or TcbState.Running or TcbState.Dead =>
            throw new InvalidOperationException($"{thread.Name} is {thread.State}, not blocked"),
    };

    /// <summary>The thread that has to do something; -1: any of several, or none.</summary>
    private static int AwaitedBy(Tcb thread) => thread.State switch
    {
        // To a process's endpoint: its first thread is who it is known by.
        TcbState.BlockedOnSend when thread.Endpoint is { Owner: null } endpoint =>
            endpoint.Domain.Threads is [var first, ..] ? first.Index : -1,
        TcbState.BlockedOnReply when thread.Server is { } server && server.Serving == thread =>
            server.Index,
        TcbState.BlockedOnLock => thread.Entering!.LockHolder?.Index ?? -1,
        TcbState.BlockedOnSend or TcbState.BlockedOnReply or TcbState.BlockedOnReceive
            or TcbState.BlockedOnNotification or TcbState.BlockedOnEvent
            or TcbState.BlockedOnEntry or TcbState.Created or TcbState.Ready or TcbState.Running
            or TcbState.Dead => -1,
    };

    private static int OwnerOf(Endpoint? endpoint) => IndexOf(endpoint?.Owner);

    private static int IndexOf(ComponentRecord? component) => component?.Index ?? -1;
}
