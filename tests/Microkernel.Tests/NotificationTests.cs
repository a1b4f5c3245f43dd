using Abi;
using Abi.Costs;
using Abi.Kernel;
using Microkernel.Objects;
using Records;

namespace Microkernel.Tests;

public sealed class NotificationTests
{
    private readonly Rig rig = new();

    [Fact]
    public void Signals_before_a_wait_are_one_wake_up_with_the_OR_of_their_badges()
    {
        Gen.Long[1, long.MaxValue].Array[1, 20].Sample(badges =>
        {
            var fresh = new Rig();
            var notification = new Notification();
            var thread = fresh.Program("program");
            foreach (var badge in badges)
            {
                fresh.Invoke(thread, Syscall.Signal, Rig.Give(thread, notification, badge));
            }

            var own = Rig.Give(thread, notification);
            fresh.Invoke(thread, Syscall.Wait, own);
            Assert.Equal(badges.Aggregate((a, b) => a | b), thread.Registers.Badge.Value);
            Assert.Equal(badges.Length, fresh.Counted(Counter.Notifications));
            Assert.Equal(badges.Length - 1, fresh.Counted(Counter.NotificationsMerged));

            fresh.Invoke(thread, Syscall.Poll, own);
            Assert.Equal(Errno.EAGAIN, thread.Registers.Error);
        }, threads: 1, iter: 50);
    }

    [Fact]
    public void Who_made_a_notification_can_badge_it_for_each_signaller_and_loses_no_signal()
    {
        var thread = rig.Program("program");
        var slot = rig.InvokeForSlot(thread, Syscall.NotificationCreate, CapSlot.None);
        var two = rig.InvokeForSlot(thread, Syscall.CapMint, slot, (long)Rights.All, 2);
        var four = rig.InvokeForSlot(thread, Syscall.CapMint, slot, (long)Rights.All, 4);

        rig.Invoke(thread, Syscall.Signal, two);
        rig.Invoke(thread, Syscall.Signal, four);
        rig.Invoke(thread, Syscall.Wait, slot);
        Assert.Equal(new Badge(2 | 4), thread.Registers.Badge);

        // Without a badge it is the lowest bit: see Syscall.Signal.
        rig.Invoke(thread, Syscall.Signal, slot);
        rig.Invoke(thread, Syscall.Poll, slot);
        Assert.Equal(Errno.None, thread.Registers.Error);
        Assert.Equal(new Badge(1), thread.Registers.Badge);
    }

    [Fact]
    public void Pulses_before_a_receive_are_each_received_in_order()
    {
        Gen.Int[1, 20].Sample(count =>
        {
            var fresh = new Rig();
            var server = fresh.Server("server");
            var client = fresh.Program("client");
            var slot = Rig.Grant(client, server, badge: 9);
            for (var i = 1; i <= count; i++)
            {
                fresh.Pulse(client, slot, i);
                Assert.Equal(TcbState.Running, client.State);
            }

            for (var i = 1; i <= count; i++)
            {
                fresh.Receive(server);
                Assert.Equal(i, server.Registers.Message.Operation);
                Assert.Equal(new Badge(9), server.Registers.Badge);
                Assert.Equal(ReplyToken.None, server.Registers.Reply);
            }

            fresh.Receive(server);
            Assert.Equal(TcbState.BlockedOnReceive, server.State);
        }, threads: 1, iter: 20);
    }

    [Fact]
    public void A_signal_wakes_who_waits_and_leaves_nothing_behind()
    {
        var notification = new Notification();
        var waiter = rig.Program("waiter");
        var signaller = rig.Program("signaller");
        rig.Invoke(waiter, Syscall.Wait, Rig.Give(waiter, notification));
        Assert.Equal(TcbState.BlockedOnNotification, waiter.State);

        rig.Invoke(signaller, Syscall.Signal, Rig.Give(signaller, notification, badge: 6));

        Assert.Equal(TcbState.Ready, waiter.State);
        Assert.Equal(new Badge(6), waiter.Registers.Badge);
        Assert.Equal(0, notification.Word);
    }

    [Fact]
    public void A_signal_of_the_bound_notification_ends_a_receive()
    {
        var server = rig.Server("server");
        var client = rig.Program("client");
        var notification = new Notification();
        rig.Invoke(server, Syscall.NotificationBind, Rig.Give(server, notification));
        rig.Receive(server);
        Assert.Equal(TcbState.BlockedOnReceive, server.State);

        rig.Invoke(client, Syscall.Signal, Rig.Give(client, notification, badge: 6));

        Assert.Equal(TcbState.Ready, server.State);
        Assert.Equal(new Badge(6), server.Registers.Badge);
        Assert.Equal(0, server.Registers.Message.Operation);
        Assert.Equal(ReplyToken.None, server.Registers.Reply);
        Assert.True(server.Component!.Endpoint.Receivers.IsEmpty);
    }

    [Fact]
    public void A_created_notification_can_be_signalled_and_waited_for()
    {
        var thread = rig.Program("program");
        var slot = rig.InvokeForSlot(thread, Syscall.NotificationCreate, CapSlot.None);

        rig.Invoke(thread, Syscall.Signal, slot);
        rig.Invoke(thread, Syscall.Wait, slot);

        Assert.Equal(TcbState.Running, thread.State);
        Assert.NotEqual(0, thread.Registers.Badge.Value);
    }

    [Fact]
    public void A_timer_signals_its_badge_when_it_expires()
    {
        var notification = new Notification();
        var thread = rig.Program("program");
        var slot = Rig.Give(thread, notification, badge: 8);

        rig.Invoke(thread, Syscall.TimerSet, slot, 1_000_000);
        Assert.Equal(1_000_000, notification.Deadline);
        rig.Invoke(thread, Syscall.Wait, slot);
        Assert.Equal(TcbState.BlockedOnNotification, thread.State);

        var length = rig.Enter(thread.Core, op => rig.Kernel.TimerExpired(op, notification));

        rig.AssertCharged(
            length, Part.InterruptEntry, Part.NotificationPath, Part.Schedule, Part.TrapLeave);
        Assert.Equal(TcbState.Running, thread.State);
        Assert.Equal(new Badge(8), thread.Registers.Badge);
        Assert.Equal(-1, notification.Deadline);
    }

    [Fact]
    public void An_interrupt_masks_its_line_until_it_is_acknowledged()
    {
        var (driver, line) = Driver();

        Assert.True(line.Raise());
        Interrupt(line);
        Assert.True(line.IsMasked);
        Assert.False(line.Raise());

        rig.Invoke(driver, Syscall.Wait, CapSlot.Interrupt);
        rig.Invoke(driver, Syscall.InterruptAcknowledge, CapSlot.None);
        Assert.Equal(TcbState.Running, driver.State);

        // What was raised meanwhile is signalled at once, and masks the line again.
        Assert.True(line.IsMasked);
        rig.Invoke(driver, Syscall.Poll, CapSlot.Interrupt);
        Assert.Equal(Errno.None, driver.Registers.Error);

        rig.Invoke(driver, Syscall.InterruptAcknowledge, CapSlot.None);
        Assert.False(line.IsMasked);
        rig.Invoke(driver, Syscall.Poll, CapSlot.Interrupt);
        Assert.Equal(Errno.EAGAIN, driver.Registers.Error);
        Assert.True(line.Raise());
    }

    [Fact]
    public void Any_number_of_interrupts_while_masked_is_one_entry_into_the_kernel()
    {
        var (driver, line) = Driver();
        for (var frame = 0; frame < 10; frame++)
        {
            if (line.Raise())
            {
                Interrupt(line);
            }
        }

        Assert.Equal(1, rig.Counted(Counter.Interrupts));
        rig.Invoke(driver, Syscall.InterruptAcknowledge, CapSlot.None);
        Assert.Equal(1, rig.Counted(Counter.Interrupts));
        Assert.Equal(1, rig.Counted(Counter.NotificationsMerged));
    }

    [Fact]
    public void A_driver_may_mask_its_own_line_and_no_other()
    {
        var (driver, line) = Driver();
        var other = rig.Server("other");

        rig.Invoke(other, Syscall.InterruptMask, CapSlot.None);
        Assert.Equal(Errno.ENODEV, other.Registers.Error);
        Assert.False(line.IsMasked);

        rig.Invoke(driver, Syscall.InterruptMask, CapSlot.None);
        Assert.False(line.Raise());
    }

    [Fact]
    public void An_event_count_wakes_who_awaits_a_value_it_has_passed()
    {
        var waiter = rig.Server("server");
        var advancer = rig.Kernel.NewComponentThread(
            waiter.Component!, "advancer", isWorker: false);
        rig.Trap(waiter, Syscall.EventAwait, r => (r.Arg0, r.Arg1, r.Arg2) = (3, 1, 0));

        rig.Invoke(advancer, Syscall.EventAdvance, CapSlot.None, arg0: 3);
        Assert.Equal(TcbState.BlockedOnEvent, waiter.State);
        rig.Invoke(advancer, Syscall.EventAdvance, CapSlot.None, arg0: 4);
        Assert.Equal(TcbState.BlockedOnEvent, waiter.State);
        rig.Invoke(advancer, Syscall.EventAdvance, CapSlot.None, arg0: 3);
        Assert.Equal(TcbState.Ready, waiter.State);

        rig.Trap(waiter, Syscall.EventAwait, r => (r.Arg0, r.Arg1, r.Arg2) = (3, 1, 0));
        Assert.Equal(TcbState.Running, waiter.State);
    }

    private (Tcb Driver, InterruptLine Line) Driver()
    {
        var driver = rig.Server("driver");
        var line = new InterruptLine(0, driver.Component!, 0);
        rig.Kernel.Lines.Add(line);
        return (driver, line);
    }

    private void Interrupt(InterruptLine line) =>
        rig.Enter(rig.Kernel.Cores[0], op => rig.Kernel.Interrupt(op, line, null));
}
