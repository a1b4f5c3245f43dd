using Abi;
using Abi.Kernel;
using Microkernel.Objects;
using Records;

namespace Microkernel.Tests;

public sealed class DeadlockTests
{
    private readonly Rig rig = new();

    [Fact]
    public void The_call_that_closes_a_cycle_of_two_is_answered_EDEADLK()
    {
        var a = rig.Server("a");
        var b = rig.Server("b");
        rig.Receive(b);
        rig.Call(a, Rig.Grant(a, b));
        Assert.Equal(TcbState.BlockedOnReply, a.State);

        rig.Call(b, Rig.Grant(b, a));

        Assert.Equal(Errno.EDEADLK, b.Registers.Error);
        Assert.Equal(TcbState.Running, b.State);
        Assert.Equal(1, rig.Counted(Counter.DeadlocksRefused));

        // The refused server can still answer: nobody hangs.
        rig.Reply(b, Message.Fail(Errno.EDEADLK));
        Assert.Equal(-(long)Errno.EDEADLK, a.Registers.Message.A);
        Assert.Empty(b.Lent);
    }

    [Fact]
    public void So_is_one_that_closes_it_before_the_first_call_was_received()
    {
        var a = rig.Server("a");
        var b = rig.Server("b");
        rig.Call(a, Rig.Grant(a, b));
        Assert.Equal(TcbState.BlockedOnSend, a.State);

        rig.Call(b, Rig.Grant(b, a));

        Assert.Equal(Errno.EDEADLK, b.Registers.Error);
    }

    [Fact]
    public void A_cycle_of_any_length_is_refused_where_it_closes_and_nowhere_before()
    {
        Gen.Int[2, 12].Sample(length =>
        {
            var fresh = new Rig();
            var servers = Enumerable.Range(0, length).Select(i => fresh.Server($"s{i}")).ToArray();
            for (var i = length - 1; i > 0; i--)
            {
                fresh.Receive(servers[i]);
            }

            for (var i = 0; i + 1 < length; i++)
            {
                fresh.Call(servers[i], Rig.Grant(servers[i], servers[i + 1]));
                Assert.Equal(TcbState.BlockedOnReply, servers[i].State);
            }

            fresh.Call(servers[^1], Rig.Grant(servers[^1], servers[0]));
            Assert.Equal(Errno.EDEADLK, servers[^1].Registers.Error);
            Assert.Equal(1, fresh.Counted(Counter.DeadlocksRefused));
        }, threads: 1, iter: 24);
    }

    [Fact]
    public void A_call_to_a_server_with_a_worker_to_spare_is_no_deadlock()
    {
        var a = rig.Server("a");
        rig.Kernel.NewComponentThread(a.Component!, "a2", isWorker: true);
        var b = rig.Server("b");
        rig.Receive(b);
        rig.Call(a, Rig.Grant(a, b));

        rig.Call(b, Rig.Grant(b, a));

        Assert.Equal(TcbState.BlockedOnSend, b.State);
        Assert.Equal(0, rig.Counted(Counter.DeadlocksRefused));
    }

    [Fact]
    public void Waiting_is_described_with_everybody_along_the_chain()
    {
        var a = rig.Server("a");
        var b = rig.Server("b");
        var client = rig.Program("client");
        rig.Receive(a);
        rig.Receive(b);
        rig.Call(client, Rig.Grant(client, a));
        rig.Call(a, Rig.Grant(a, b));

        // Sending asks for no answer, so the kernel lets it wait: a cycle that stands.
        rig.Send(b, Rig.Grant(b, a));

        Assert.Equal(
            "client waits for an answer of a, which waits for an answer of b, "
            + "which waits to send to a",
            rig.Kernel.DescribeWaits());
        Assert.Equal(
            "a waits for an answer of b, which waits to send to a\nb waits to send to a",
            rig.Kernel.DescribeWaits(ofComponents: true));
    }
}
