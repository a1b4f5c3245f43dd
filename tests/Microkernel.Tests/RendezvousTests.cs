using Abi;
using Abi.Kernel;
using Microkernel.Objects;
using Records;

namespace Microkernel.Tests;

public sealed class RendezvousTests
{
    private readonly Rig rig = new();

    [Fact]
    public void The_receiver_that_comes_first_waits_for_the_sender()
    {
        var (client, server, slot) = Pair();

        rig.Receive(server);
        Assert.Equal(TcbState.BlockedOnReceive, server.State);
        rig.Call(client, slot, Message.Request(7, 70));

        Assert.Equal((7, 70L), (server.Registers.Message.Operation, server.Registers.Message.A));
        Assert.Equal(TcbState.BlockedOnReply, client.State);
        Assert.Equal(TcbState.Running, server.State);
    }

    [Fact]
    public void The_sender_that_comes_first_waits_for_the_receiver()
    {
        var (client, server, slot) = Pair();

        rig.Call(client, slot, Message.Request(7, 70));
        Assert.Equal(TcbState.BlockedOnSend, client.State);
        rig.Receive(server);

        Assert.Equal((7, 70L), (server.Registers.Message.Operation, server.Registers.Message.A));
        Assert.Equal(TcbState.BlockedOnReply, client.State);
        Assert.Equal(TcbState.Running, server.State);
    }

    [Fact]
    public void A_reply_is_one_shot()
    {
        var (client, server, slot) = Pair();
        rig.Receive(server);
        rig.Call(client, slot, Message.Request(7));

        rig.Reply(server, Message.Reply(1));
        Assert.Equal(Errno.None, server.Registers.Error);
        rig.Reply(server, Message.Reply(2));

        Assert.Equal(Errno.EOWNERDEAD, server.Registers.Error);
        Assert.Equal(1, rig.Counted(Counter.RepliesDropped));
        Assert.Equal(1, client.Registers.Message.A);
    }

    [Fact]
    public void An_old_reply_right_does_not_answer_the_next_call()
    {
        var (client, server, slot) = Pair();
        rig.Receive(server);
        rig.Call(client, slot, Message.Request(7));
        var old = server.Registers.Reply;
        rig.ReplyReceive(server, Message.Reply(1));
        rig.Call(client, slot, Message.Request(8));

        server.Registers.Reply = old;
        rig.Reply(server, Message.Reply(2));

        Assert.Equal(Errno.EOWNERDEAD, server.Registers.Error);
        Assert.Equal(TcbState.BlockedOnReply, client.State);
    }

    [Fact]
    public void A_reply_after_the_caller_died_is_dropped()
    {
        var (client, server, slot) = Pair();
        rig.Receive(server);
        rig.Call(client, slot, Message.Request(7));
        rig.Enter(client.Core, op => rig.Kernel.DomainDied(op, client.Home, null));

        rig.Reply(server, Message.Reply(1));

        Assert.Equal(Errno.EOWNERDEAD, server.Registers.Error);
        Assert.Equal(1, rig.Counted(Counter.RepliesDropped));
        Assert.Equal(TcbState.Dead, client.State);
    }

    [Fact]
    public void A_caller_that_dies_before_it_is_received_leaves_the_queue()
    {
        var (client, server, slot) = Pair();
        rig.Call(client, slot, Message.Request(7));
        rig.Enter(client.Core, op => rig.Kernel.DomainDied(op, client.Home, null));

        rig.Receive(server);

        Assert.Equal(TcbState.BlockedOnReceive, server.State);
    }

    [Fact]
    public void Sending_without_waiting_is_dropped_if_nobody_receives()
    {
        var (client, server, slot) = Pair();

        rig.Invoke(client, Syscall.SendNonBlocking, slot);
        Assert.Equal(Errno.EAGAIN, client.Registers.Error);
        rig.Receive(server);
        Assert.Equal(TcbState.BlockedOnReceive, server.State);

        rig.Trap(client, Syscall.SendNonBlocking, r => r.Message = Message.Request(9));
        Assert.Equal(Errno.None, client.Registers.Error);
        Assert.Equal(9, server.Registers.Message.Operation);
    }

    [Fact]
    public void Receiving_without_waiting_finds_nobody_or_somebody()
    {
        var (client, server, slot) = Pair();

        rig.Invoke(server, Syscall.ReceiveNonBlocking, CapSlot.OwnEndpoint);
        Assert.Equal(Errno.EAGAIN, server.Registers.Error);
        Assert.Equal(TcbState.Running, server.State);

        rig.Call(client, slot, Message.Request(9));
        rig.Invoke(server, Syscall.ReceiveNonBlocking, CapSlot.OwnEndpoint);
        Assert.Equal(Errno.None, server.Registers.Error);
        Assert.Equal(9, server.Registers.Message.Operation);
    }

    [Fact]
    public void Who_sends_goes_on_when_the_message_is_received_and_cannot_be_answered()
    {
        var (client, server, slot) = Pair();

        rig.Send(client, slot, Message.Request(9));
        Assert.Equal(TcbState.BlockedOnSend, client.State);
        rig.Receive(server);

        Assert.Equal(9, server.Registers.Message.Operation);
        Assert.Equal(ReplyToken.None, server.Registers.Reply);
        Assert.Equal(TcbState.Ready, client.State);
        rig.Reply(server, Message.Reply(0));
        Assert.Equal(Errno.EOWNERDEAD, server.Registers.Error);
    }

    [Fact]
    public void Only_the_holder_of_the_read_right_receives()
    {
        var (client, _, slot) = Pair();

        rig.Invoke(client, Syscall.Receive, slot);

        Assert.Equal(Errno.EPERM, client.Registers.Error);
        Assert.Equal(1, rig.Counted(Counter.DeniedCalls));
    }

    private (Tcb Client, Tcb Server, CapSlot Slot) Pair()
    {
        var server = rig.Server("server");
        var client = rig.Program("client");
        return (client, server, Rig.Grant(client, server));
    }
}
