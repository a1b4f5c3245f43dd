using Abi;
using Abi.Costs;
using Abi.Kernel;
using Microkernel.Objects;
using Records;

namespace Microkernel.Tests;

/// <summary>One test for each guard of the fast path, named after its counter, and two for the way
/// through.</summary>
public sealed class FastPathTests
{
    private readonly Rig rig = new();

    [Fact]
    public void A_call_to_a_waiting_receiver_is_charged_the_fast_path_and_hands_the_core_over()
    {
        var (client, server, slot) = WaitingServer(rig);

        var length = rig.Call(client, slot, Message.Request(7, 1, 2, 3, 4));

        rig.AssertCharged(
            length, Part.TrapEnter, Part.FastPathCall, Part.AddressSpaceSwitch, Part.TrapLeave);
        Assert.Equal(TcbState.Running, server.State);
        Assert.Equal(TcbState.BlockedOnReply, client.State);
        Assert.Equal(1, rig.Counted(Counter.IpcFastPath));
        Assert.Equal(0, Misses(rig));
    }

    [Fact]
    public void A_reply_to_a_waiting_caller_is_charged_the_fast_path_and_hands_the_core_back()
    {
        var (client, server, slot) = WaitingServer(rig);
        rig.Call(client, slot, Message.Request(7));

        var length = rig.ReplyReceive(server, Message.Reply(42));

        rig.AssertCharged(
            length, Part.TrapEnter, Part.FastPathReply, Part.AddressSpaceSwitch, Part.TrapLeave);
        Assert.Equal(TcbState.Running, client.State);
        Assert.Equal(TcbState.BlockedOnReceive, server.State);
        Assert.Equal(42, client.Registers.Message.A);
        Assert.Equal(2, rig.Counted(Counter.IpcFastPath));
        Assert.Equal(0, Misses(rig));
    }

    [Fact]
    public void MissSwitchedOff_in_call_and_reply()
    {
        var slow = new Rig(new KernelOptions { FastPath = false });
        var (client, server, slot) = WaitingServer(slow);

        var length = slow.Call(client, slot, Message.Request(7));
        slow.AssertCharged(
            length, Part.TrapEnter, Part.SlowPathCall, Part.AddressSpaceSwitch, Part.TrapLeave);

        length = slow.ReplyReceive(server, Message.Reply(42));
        slow.AssertCharged(
            length, Part.TrapEnter, Part.SlowPathReply, Part.MessageWord,
            Part.AddressSpaceSwitch, Part.TrapLeave);
        Assert.Equal(42, client.Registers.Message.A);
        Assert.Equal(2, slow.Counted(Counter.MissSwitchedOff));
        Assert.Equal(2, Misses(slow));
        Assert.Equal(0, slow.Counted(Counter.IpcFastPath));
    }

    [Fact]
    public void MissMessageTooLong_in_call()
    {
        var (client, server, slot) = WaitingServer(rig);

        rig.Call(client, slot, new Message { Operation = 7, Words = 5, E = 50 });

        AssertOnlyMiss(Counter.MissMessageTooLong);
        Assert.Equal(50, server.Registers.Message.E);
    }

    [Fact]
    public void MissMessageTooLong_in_reply()
    {
        var (client, server, slot) = WaitingServer(rig);
        rig.Call(client, slot, Message.Request(7));

        rig.ReplyReceive(server, new Message { Words = 5, E = 50 });

        AssertOnlyMiss(Counter.MissMessageTooLong);
        Assert.Equal(50, client.Registers.Message.E);
    }

    [Fact]
    public void MissCarriesCapability_in_call()
    {
        var (client, server, slot) = WaitingServer(rig);

        rig.Call(client, slot, new Message { Capability = slot });

        AssertOnlyMiss(Counter.MissCarriesCapability);
        var received = server.Domain.Capabilities[server.Registers.Message.Capability];
        Assert.Same(server.Component!.Endpoint, received!.Target);
    }

    [Fact]
    public void MissCarriesCapability_in_reply()
    {
        var (client, server, slot) = WaitingServer(rig);
        var carried = Rig.Give(server, new Notification());
        rig.Call(client, slot, Message.Request(7));

        rig.ReplyReceive(server, new Message { Capability = carried });

        AssertOnlyMiss(Counter.MissCarriesCapability);
        Assert.IsType<Notification>(
            client.Domain.Capabilities[client.Registers.Message.Capability]!.Target);
    }

    [Fact]
    public void MissInvalidCapability_in_call()
    {
        var (client, _, _) = WaitingServer(rig);

        rig.Call(client, new CapSlot(77));

        AssertOnlyMiss(Counter.MissInvalidCapability);
        Assert.Equal(Errno.EBADF, client.Registers.Error);
    }

    [Fact]
    public void MissInvalidCapability_in_reply()
    {
        var (client, server, slot) = WaitingServer(rig);
        rig.Call(client, slot);

        rig.Trap(server, Syscall.ReplyReceive, r => r.Capability = new CapSlot(77));

        AssertOnlyMiss(Counter.MissInvalidCapability);
        Assert.Equal(Errno.EBADF, server.Registers.Error);
    }

    [Fact]
    public void MissNoReceiver_in_call()
    {
        var server = rig.Server("server");
        var client = rig.Program("client");

        rig.Call(client, Rig.Grant(client, server));

        AssertOnlyMiss(Counter.MissNoReceiver);
        Assert.Equal(TcbState.BlockedOnSend, client.State);
    }

    [Fact]
    public void MissOtherCore_in_call_and_reply()
    {
        var two = new Rig(new KernelOptions { Cores = 2 });
        var (client, server, slot) = WaitingServer(two, serverCore: 1);

        two.Call(client, slot, Message.Request(7));
        Assert.Equal(1, two.Counted(Counter.MissOtherCore));
        Assert.Equal(1, two.Counted(Counter.InterprocessorInterrupts));
        Assert.Equal(TcbState.Running, server.State);

        two.ReplyReceive(server, Message.Reply(42));
        Assert.Equal(2, two.Counted(Counter.MissOtherCore));
        Assert.Equal(2, Misses(two));
        Assert.Equal(42, client.Registers.Message.A);
        Assert.Equal(TcbState.Running, client.State);
    }

    [Fact]
    public void MissPriority_in_call()
    {
        var (client, server, slot) = WaitingServer(rig);
        var urgent = rig.Program("urgent", priority: 11);
        Rig.Dispatch(client);

        // It becomes ready while the client is in the kernel: nothing has preempted the client yet.
        urgent.State = TcbState.Ready;
        urgent.Core.Ready.Enqueue(urgent);
        rig.Call(client, slot);

        AssertOnlyMiss(Counter.MissPriority);
        Assert.Equal(TcbState.Running, urgent.State);
        Assert.Equal(TcbState.Ready, server.State);
    }

    [Fact]
    public void MissPriority_in_reply()
    {
        // A server more urgent than both, so that the thread between cannot have preempted it.
        var (client, server, slot) = WaitingServer(rig, serverPriority: 20);
        rig.Call(client, slot);
        var between = rig.Program("between", priority: 15);
        rig.Begin(between);
        Assert.Equal(TcbState.Running, server.State);

        rig.ReplyReceive(server, Message.Reply(0));

        AssertOnlyMiss(Counter.MissPriority);
        Assert.Equal(TcbState.Running, between.State);
        Assert.Equal(TcbState.Ready, client.State);
    }

    [Fact]
    public void MissNoCaller_in_reply()
    {
        var server = rig.Server("server");

        rig.ReplyReceive(server, Message.Reply(0));

        AssertOnlyMiss(Counter.MissNoCaller);
        Assert.Equal(TcbState.BlockedOnReceive, server.State);
        Assert.Equal(1, rig.Counted(Counter.RepliesDropped));
    }

    [Fact]
    public void MissSenderWaits_in_reply_for_a_sender_and_for_a_pulse()
    {
        var (client, server, slot) = WaitingServer(rig);
        var second = rig.Program("second");
        rig.Call(client, slot, Message.Request(1));
        rig.Call(second, Rig.Grant(second, server), Message.Request(2));
        var before = rig.Counted(Counter.MissSenderWaits);

        rig.ReplyReceive(server, Message.Reply(0));
        Assert.Equal(before + 1, rig.Counted(Counter.MissSenderWaits));
        Assert.Equal(2, server.Registers.Message.Operation);

        rig.Pulse(client, slot, 3);
        rig.ReplyReceive(server, Message.Reply(0));
        Assert.Equal(before + 2, rig.Counted(Counter.MissSenderWaits));
        Assert.Equal(3, server.Registers.Message.Operation);
    }

    [Fact]
    public void MissNotificationPending_in_reply()
    {
        var (client, server, slot) = WaitingServer(rig);
        rig.Call(client, slot);
        var signals = Rig.Give(server, new Notification(), badge: 4);
        rig.Invoke(server, Syscall.NotificationBind, signals);
        rig.Invoke(server, Syscall.Signal, signals);

        rig.ReplyReceive(server, Message.Reply(42));

        AssertOnlyMiss(Counter.MissNotificationPending);
        Assert.Equal(new Badge(4), server.Registers.Badge);
        Assert.Equal(42, client.Registers.Message.A);
    }

    private static (Tcb Client, Tcb Server, CapSlot Slot) WaitingServer(
        Rig rig, int serverPriority = 10, int serverCore = 0)
    {
        var server = rig.Server("server", serverPriority, serverCore);
        var client = rig.Program("client");
        rig.Receive(server);
        return (client, server, Rig.Grant(client, server));
    }

    private void AssertOnlyMiss(Counter counter)
    {
        Assert.Equal(1, rig.Counted(counter));
        Assert.Equal(1, Misses(rig));
    }

    private static long Misses(Rig rig)
    {
        var misses = 0L;
        for (var counter = Counter.MissMessageTooLong;
            counter <= Counter.MissSwitchedOff;
            counter++)
        {
            misses += rig.Counted(counter);
        }

        return misses;
    }
}
