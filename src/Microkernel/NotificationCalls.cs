using Abi;
using Abi.Costs;
using Abi.Kernel;
using Microkernel.Objects;
using Microkernel.Scheduling;
using Records;

namespace Microkernel;

/// <summary>Signals, timers and interrupt lines: everything that wakes without carrying a
/// message.</summary>
public sealed partial class Kernel
{
    private void Signal(Operation op, Tcb thread)
    {
        op.Charge(Part.NotificationPath);
        if (FindObject<Notification>(thread, Rights.Write, out var capability) is { } notification)
        {
            SignalNotification(op, notification, BitsOf(capability!), null);
        }
    }

    /// <summary>What a signal ORs in: the badge, or without one the lowest bit.</summary>
    private static long BitsOf(Capability capability) =>
        capability.Badge != 0 ? capability.Badge : 1;

    private void SignalNotification(
        Operation op, Notification notification, long badge, DeviceWait? onBehalfOf)
    {
        Count(Counter.Notifications);
        trace.Record(new TraceRecord(
            op.Start, TraceKind.Signalled, op.Core.Index, -1, -1, Cause.KernelPath, badge));
        if (notification.Word != 0)
        {
            Count(Counter.NotificationsMerged);
        }
        else
        {
            notification.OnBehalfOf = onBehalfOf;
            notification.Arrival = ++arrivals;
        }

        notification.Word |= badge;
        if (notification.Waiters.Dequeue() is { } waiter)
        {
            EndWait(op, waiter, waiter.BlockCause);
            TakeNotification(op, waiter, notification);
            MakeReady(op, waiter);
        }
        else if (notification.Bound is { State: TcbState.BlockedOnReceive } bound)
        {
            bound.Queue!.Remove(bound);
            EndWait(op, bound, bound.BlockCause);
            TakeNotification(op, bound, notification);
            MakeReady(op, bound);
        }
    }

    private void Wait(Operation op, Tcb thread, bool mayBlock)
    {
        op.Charge(Part.NotificationPath);
        LeaveCall(thread);
        if (FindObject<Notification>(thread, Rights.Read, out _) is not { } notification)
        {
            return;
        }

        if (notification.Word != 0)
        {
            TakeNotification(op, thread, notification);
        }
        else if (mayBlock)
        {
            Block(thread, TcbState.BlockedOnNotification, Cause.Asleep);
            notification.Waiters.Enqueue(thread);
        }
        else
        {
            SetError(thread, Errno.EAGAIN);
        }
    }

    private void TakeNotification(Operation op, Tcb thread, Notification notification)
    {
        var registers = thread.Registers;
        registers.Error = Errno.None;
        registers.Badge = new Badge(notification.Word);
        registers.Message = default;
        registers.Reply = ReplyToken.None;
        notification.Word = 0;
        if (notification.OnBehalfOf is { IsAwaited: true } wait)
        {
            // The bottom half works for the call whose request the device has finished.
            EndWait(op, wait.Thread, Cause.DeviceService);
            thread.Call = wait.Call;
        }

        notification.OnBehalfOf = null;
    }

    private void Bind(Tcb thread)
    {
        if (FindObject<Notification>(thread, Rights.Read, out _) is { } notification)
        {
            notification.Bound = thread;
            thread.BoundNotification = notification;
        }
    }

    private void SetTimer(Operation op, Tcb thread)
    {
        if (FindObject<Notification>(thread, Rights.Write, out var capability) is { } notification)
        {
            notification.Deadline = thread.Registers.Arg0;
            notification.TimerBadge = BitsOf(capability!);
            op.Timers.Add(notification);
        }
    }

    private void AcknowledgeInterrupt(Operation op, Tcb thread)
    {
        if (FindLine(thread) is not { } line)
        {
            return;
        }

        line.IsMasked = false;
        if (line.IsPending)
        {
            line.IsPending = false;
            line.IsMasked = true;
            SignalNotification(op, line.Owner.Interrupt, 1, null);
        }
    }

    private void MaskInterrupt(Tcb thread)
    {
        if (FindLine(thread) is { } line)
        {
            line.IsMasked = true;
        }
    }

    private InterruptLine? FindLine(Tcb thread)
    {
        // Lines are counted within the component that owns them.
        var wanted = thread.Registers.Arg0;
        foreach (var line in Lines)
        {
            if (line.Owner == thread.Component && wanted-- == 0)
            {
                return line;
            }
        }

        SetError(thread, Errno.ENODEV);
        return null;
    }

    private void AwaitEvent(Operation op, Tcb thread)
    {
        op.Charge(Part.NotificationPath);
        if (!HasEventCounts(thread))
        {
            return;
        }

        var registers = thread.Registers;
        if (registers.Arg2 is < 0 or >= Causes.Count)
        {
            SetError(thread, Errno.EINVAL);
            return;
        }

        var count = EventCountOf(thread);
        if (count.Value <= registers.Arg1)
        {
            thread.AwaitedValue = registers.Arg1;
            Block(thread, TcbState.BlockedOnEvent, (Cause)registers.Arg2);
            count.Waiters.Enqueue(thread);
        }
    }

    /// <summary>Event counts are components'; a program is answered EPERM.</summary>
    private bool HasEventCounts(Tcb thread)
    {
        if (thread.Component is not null)
        {
            return true;
        }

        Count(Counter.DeniedCalls);
        SetError(thread, Errno.EPERM);
        return false;
    }

    private void AdvanceEvent(Operation op, Tcb thread)
    {
        op.Charge(Part.NotificationPath);
        if (!HasEventCounts(thread))
        {
            return;
        }

        var count = EventCountOf(thread);
        count.Value++;
        for (var waiter = count.Waiters.Head; waiter is not null;)
        {
            var following = waiter.QueueNext;
            if (count.Value > waiter.AwaitedValue)
            {
                count.Waiters.Remove(waiter);
                Wake(op, waiter, waiter.BlockCause);
                if (waiter.Call == thread.Call && waiter != thread && thread.Serving is null)
                {
                    // The bottom half hands the call back to the thread that waited.
                    thread.Call = null;
                }
            }

            waiter = following;
        }
    }

    private static EventCountRecord EventCountOf(Tcb thread)
    {
        var counts = thread.Component!.EventCounts;
        var key = thread.Registers.Arg0;
        if (!counts.TryGetValue(key, out var count))
        {
            counts.Add(key, count = new EventCountRecord());
        }

        return count;
    }
}
