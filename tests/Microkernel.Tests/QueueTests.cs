using Abi;
using Abi.Kernel;
using Microkernel.Accounting;
using Microkernel.Objects;

namespace Microkernel.Tests;

/// <summary>Queues that are measured, bounded, and served by several.</summary>
public sealed class QueueTests
{
    private readonly Rig rig = new(new KernelOptions { Observed = ["maker"], Cores = 3 });

    private (Tcb Maker, CapSlot Slot, QueueLedger Queue) Make(long limit = 0)
    {
        var maker = rig.Program("maker");
        var slot = rig.InvokeForSlot(maker, Syscall.EndpointCreate, default, limit);
        return (maker, slot, Assert.Single(rig.Kernel.Queues));
    }

    private static CapSlot Share(Tcb from, CapSlot slot, Tcb to, Rights rights) =>
        to.Domain.Capabilities.Insert(from.Domain.Capabilities[slot]!.Derive(rights, 0));

    private void AssertConsistent(QueueLedger queue)
    {
        rig.Enter(rig.Kernel.Cores[2], op => queue.Advance(op.Start));
        Assert.Null(queue.Contradiction());
    }

    [Fact]
    public void A_pulse_is_in_service_until_its_receiver_comes_back()
    {
        var (maker, slot, queue) = Make();
        var client = rig.Program("client", core: 1);
        var peer = Share(maker, slot, client, Rights.Write);
        rig.Pulse(client, peer, 1);
        rig.Pulse(client, peer, 2);
        Assert.Equal((2, 2, 0), (queue.Arrivals, queue.Waiting, queue.InService));
        rig.Invoke(maker, Syscall.Receive, slot);
        Assert.Equal((1, 1, 0), (queue.Waiting, queue.InService, queue.Served));
        rig.Invoke(maker, Syscall.Receive, slot);
        Assert.Equal((0, 1, 1), (queue.Waiting, queue.InService, queue.Served));
        rig.Invoke(maker, Syscall.Receive, slot);
        Assert.Equal((0, 0, 2), (queue.Waiting, queue.InService, queue.Served));
        rig.Pulse(client, peer, 3);
        Assert.Equal((0, 1, 2), (queue.Waiting, queue.InService, queue.Served));
        AssertConsistent(queue);
    }

    [Fact]
    public void A_call_is_in_service_until_it_is_answered()
    {
        var (maker, slot, queue) = Make();
        var client = rig.Program("client", core: 1);
        var other = rig.Program("other", core: 2);
        var peer = Share(maker, slot, client, Rights.Write);
        rig.Invoke(maker, Syscall.Receive, slot);
        rig.Call(client, peer, Message.Request(1));
        rig.Call(other, Share(maker, slot, other, Rights.Write), Message.Request(1));
        Assert.Equal((1, 1), (queue.Waiting, queue.InService));
        rig.Reply(maker, Message.Reply(0));
        Assert.Equal((1, 0, 1), (queue.Waiting, queue.InService, queue.Served));
        rig.Invoke(maker, Syscall.Receive, slot);
        rig.Invoke(maker, Syscall.Receive, slot);
        Assert.Equal((0, 0, 1), (queue.Waiting, queue.InService, queue.Deferred));
        AssertConsistent(queue);
    }

    [Fact]
    public void A_full_queue_turns_pulses_away_and_counts_them()
    {
        var (maker, slot, queue) = Make(limit: 2);
        var client = rig.Program("client", core: 1);
        var peer = Share(maker, slot, client, Rights.Write);
        for (var i = 0; i < 3; i++)
        {
            rig.Pulse(client, peer, i);
        }

        Assert.Equal(Errno.EAGAIN, client.Registers.Error);
        Assert.Equal((2, 1), (queue.Arrivals, queue.Blocked));
        rig.Invoke(maker, Syscall.Receive, slot);
        rig.Pulse(client, peer, 4);
        Assert.Equal(Errno.None, client.Registers.Error);
        AssertConsistent(queue);
    }

    [Fact]
    public void Who_dies_abandons_its_requests()
    {
        var (maker, slot, queue) = Make();
        var client = rig.Program("client", core: 1);
        var peer = Share(maker, slot, client, Rights.Write);
        rig.Pulse(client, peer, 1);
        rig.Call(client, peer, Message.Request(1));
        rig.Trap(maker, Syscall.ThreadExit);
        Assert.Equal(Errno.EOWNERDEAD, client.Registers.Error);
        Assert.Equal((2, 2, 0), (queue.Arrivals, queue.Abandoned, queue.InSystem));
        AssertConsistent(queue);
    }

    [Fact]
    public void A_caller_whose_server_dies_hears_of_it_though_another_made_the_endpoint()
    {
        var (maker, slot, queue) = Make();
        var helper = rig.Program("helper", core: 1);
        var client = rig.Program("client", core: 2);
        rig.Invoke(helper, Syscall.Receive, Share(maker, slot, helper, Rights.Read));
        rig.Call(client, Share(maker, slot, client, Rights.Write), Message.Request(1));
        Assert.Equal(TcbState.BlockedOnReply, client.State);
        rig.Trap(helper, Syscall.ThreadExit);
        Assert.Equal(Errno.EOWNERDEAD, client.Registers.Error);
        Assert.Equal((1, 0), (queue.Abandoned, queue.InSystem));
    }

    [Fact]
    public void A_helper_that_waits_at_an_endpoint_hears_that_its_maker_is_gone()
    {
        var (maker, slot, _) = Make();
        var helper = rig.Program("helper", core: 1);
        rig.Invoke(helper, Syscall.Receive, Share(maker, slot, helper, Rights.Read));
        Assert.Equal(TcbState.BlockedOnReceive, helper.State);
        rig.Trap(maker, Syscall.ThreadExit);
        Assert.NotEqual(TcbState.BlockedOnReceive, helper.State);
        Assert.Equal(Errno.EOWNERDEAD, helper.Registers.Error);
    }

    [Fact]
    public void Nobody_else_is_measured()
    {
        var other = rig.Program("other");
        rig.InvokeForSlot(other, Syscall.EndpointCreate, default);
        Assert.Empty(rig.Kernel.Queues);
    }

    [Fact]
    public void What_was_before_measuring_began_is_not_counted()
    {
        var (maker, slot, queue) = Make();
        var client = rig.Program("client", core: 1);
        var peer = Share(maker, slot, client, Rights.Write);
        rig.Pulse(client, peer, 1);
        rig.Pulse(client, peer, 2);
        rig.Invoke(maker, Syscall.Receive, slot);
        rig.Enter(rig.Kernel.Cores[2], op => rig.Kernel.ResetQueues(op.Start));
        Assert.Equal((2, 0, 1), (queue.Arrivals, queue.Served, queue.Waiting));
        Assert.Equal(0, queue.Waits);
        rig.Invoke(maker, Syscall.Receive, slot);
        rig.Invoke(maker, Syscall.Receive, slot);
        Assert.Equal((2, 0), (queue.Served, queue.InSystem));
        AssertConsistent(queue);
        Assert.Equal(queue.Sojourns, queue.Waits + queue.Services);
        Assert.True(queue.Services > 0);
    }
}
