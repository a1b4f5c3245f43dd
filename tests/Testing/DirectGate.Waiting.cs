using Abi;
using Abi.Kernel;
using Abi.Units;

namespace Testing;

// Notifications, timers and event counts.
public sealed partial class DirectGate
{
    private static void Signal(Frame frame)
    {
        if (FindNotification(frame) is { } notification)
        {
            notification.Signal(BadgeOf(frame));
        }
    }

    private static void Poll(Frame frame)
    {
        if (FindNotification(frame) is { } notification)
        {
            frame.Registers.Badge = new Badge(notification.Word);
            frame.Registers.Error = notification.Word == 0 ? Errno.EAGAIN : Errno.None;
            notification.Word = 0;
        }
    }

    private void SetTimer(Frame frame)
    {
        if (FindNotification(frame) is not { } notification)
        {
            return;
        }

        var version = ++notification.TimerVersion;
        var badge = BadgeOf(frame);
        At(new VirtualTime(Math.Max(frame.Registers.Arg0, Now.Cycles)), () =>
        {
            if (notification.TimerVersion == version)
            {
                notification.Signal(badge);
            }
        });
    }

    private static FakeNotification? FindNotification(Frame frame)
    {
        var found = frame.Owner.Find(frame.Registers.Capability)?.Target as FakeNotification;
        frame.Registers.Error = found is null ? Errno.EINVAL : Errno.None;
        return found;
    }

    /// <summary>What a signal by this capability ORs in: its badge, or 1 if it has none.</summary>
    private static long BadgeOf(Frame frame)
    {
        var badge = frame.Owner.Find(frame.Registers.Capability)!.Badge.Value;
        return badge == 0 ? 1 : badge;
    }

    private static ValueTask WaitFor(Frame frame)
    {
        var registers = frame.Registers;
        if (frame.Owner.Find(registers.Capability)?.Target is not FakeNotification notification)
        {
            registers.Error = Errno.EINVAL;
            return ValueTask.CompletedTask;
        }

        if (notification.Word != 0)
        {
            registers.Badge = new Badge(notification.Word);
            notification.Word = 0;
            return ValueTask.CompletedTask;
        }

        notification.Waiter = frame;
        return frame.Park();
    }

    private static ValueTask AwaitEvent(Frame frame)
    {
        var (key, seen) = (frame.Registers.Arg0, frame.Registers.Arg1);
        if (frame.Owner.EventCounts.GetValueOrDefault(key) > seen)
        {
            return ValueTask.CompletedTask;
        }

        frame.Owner.EventWaiters.Add((key, seen, frame));
        return frame.Park();
    }

    private static void AdvanceEvent(Frame frame)
    {
        var owner = frame.Owner;
        var key = frame.Registers.Arg0;
        var value = owner.EventCounts[key] = owner.EventCounts.GetValueOrDefault(key) + 1;
        for (var i = 0; i < owner.EventWaiters.Count;)
        {
            var waiter = owner.EventWaiters[i];
            if (waiter.Key == key && value > waiter.Seen)
            {
                owner.EventWaiters.RemoveAt(i);
                waiter.Frame.Wake();
            }
            else
            {
                i++;
            }
        }
    }
}
