using System.Text;
using Abi;
using Abi.Kernel;
using Abi.Units;
using LibSys;
using LibSys.Protocols;
using Servers.Naming;
using Testing;

namespace Servers.Tests.Naming;

public sealed class NamingServerTests
{
    private const long Bound = 1000;

    private readonly DirectGate gate = new();

    public NamingServerTests() => gate.Register(() => new NamingServer(Bound));

    [Fact]
    public void A_lookup_gives_a_capability_that_reaches_the_component_and_tells_it_who_calls()
    {
        gate.Register(() => new LateComponent(0));
        var process = gate.Spawn(async sys =>
        {
            var found = await Lookup(sys, "late");
            return (int)(await sys.Call(found.Capability, Message.Request(1))).A;
        });
        gate.Run();
        Assert.Equal((int)process.Pid, process.Status);
    }

    [Fact]
    public void A_lookup_of_a_component_that_is_down_waits_until_it_is_bound_again()
    {
        gate.Register(() => new LateComponent(300));
        var lookup = gate.Spawn(async sys =>
        {
            var found = await Lookup(sys, "late");
            Assert.Equal(0, found.A);
            return (int)sys.Now.Cycles;
        });
        gate.Spawn(sys => RebindAt(sys, 400, "late"));
        gate.Run();
        Assert.Equal(400, lookup.Status);
    }

    [Fact]
    public void A_name_that_is_bound_while_a_lookup_asks_for_it_is_not_missed()
    {
        gate.Register(() => new LateComponent(0, turns: 20));
        var asked = false;
        gate.TurnsAfter = call =>
        {
            var isFirst = call == Syscall.ComponentEndpoint && !asked;
            asked |= isFirst;
            return isFirst ? 100 : 0;
        };
        var lookup = gate.Spawn(async sys =>
        {
            Assert.Equal(0, (await Lookup(sys, "late")).A);
            return (int)sys.Now.Cycles;
        });
        gate.Spawn(async sys =>
        {
            for (var i = 0; i < 30; i++)
            {
                await sys.SchedYield();
            }

            return await RebindAt(sys, 0, "late");
        });
        gate.Run();
        Assert.Equal(0, lookup.Status);
    }

    [Fact]
    public void A_lookup_of_a_component_that_stays_down_is_answered_EAGAIN_at_the_bound()
    {
        gate.Register(() => new LateComponent(5000));
        var (error, at) = gate.Ask(sys => LookupFailure(sys, "late"));
        Assert.Equal((Errno.EAGAIN, Bound), (error, at));
    }

    [Fact]
    public void A_lookup_of_a_name_that_nobody_bears_is_answered_ENOENT_at_the_bound()
    {
        var (error, at) = gate.Ask(sys => LookupFailure(sys, "nobody"));
        Assert.Equal((Errno.ENOENT, Bound), (error, at));
    }

    [Fact]
    public void Lookups_that_wait_are_answered_each_at_its_own_bound()
    {
        var first = gate.Spawn(async sys => (int)(await LookupFailure(sys, "one")).At);
        var second = gate.Spawn(async sys =>
        {
            await SleepUntil(sys, 250);
            return (int)(await LookupFailure(sys, "two")).At;
        });
        gate.Run();
        Assert.Equal((1000, 1250), (first.Status, second.Status));
    }

    [Fact]
    public void A_lookup_whose_component_died_again_at_once_waits_for_the_rest_of_its_bound()
    {
        gate.Register(() => new LateComponent(5000));
        var first = gate.Spawn(async sys => (int)(await LookupFailure(sys, "late")).At);
        var second = gate.Spawn(async sys =>
        {
            await SleepUntil(sys, 250);
            return (int)(await LookupFailure(sys, "nobody")).At;
        });
        gate.Spawn(sys => RebindAt(sys, 400, "late"));
        gate.Run();
        Assert.Equal((1000, 1250), (first.Status, second.Status));
    }

    [Fact]
    public void Rebinding_one_name_leaves_lookups_of_another_waiting()
    {
        gate.Register(() => new LateComponent(5000));
        var (error, at) = (Errno.None, 0L);
        gate.Spawn(async sys =>
        {
            (error, at) = await LookupFailure(sys, "late");
            return 0;
        });
        gate.Spawn(sys => RebindAt(sys, 400, "another"));
        gate.Run();
        Assert.Equal((Errno.EAGAIN, Bound), (error, at));
    }

    [Fact]
    public void A_client_may_look_for_its_peer_before_the_peer_has_published_itself()
    {
        var client = gate.Spawn(async sys =>
        {
            var pong = await sys.IpcConnect("pong");
            return (int)(await sys.IpcCall(
                new CapSlot((int)pong.Raw), Message.Request(1, 20))).Raw;
        }, "client");
        var server = gate.Spawn(async sys =>
        {
            await SleepUntil(sys, 500);
            var own = new CapSlot((int)(await sys.IpcServe("pong")).Raw);
            var asked = await sys.IpcReceive(own);
            await sys.IpcReply(Message.Reply(asked.Raw + 1));
            return (int)sys.Sender;
        }, "server");
        gate.Run();
        Assert.Equal(21, client.Status);
        Assert.Equal((int)client.Pid, server.Status);
    }

    [Fact]
    public void A_name_of_a_component_or_of_another_process_cannot_be_published()
    {
        gate.Register(() => new LateComponent(0));
        var first = gate.Spawn(async sys =>
        {
            Assert.Equal(Errno.EEXIST, (await sys.IpcServe("late")).Error);
            return (int)(await sys.IpcServe("pong")).Error;
        });
        var second = gate.Spawn(async sys =>
        {
            await SleepUntil(sys, 10);
            return (int)(await sys.IpcServe("pong")).Error;
        });
        gate.Run();
        Assert.Equal(((int)Errno.None, (int)Errno.EEXIST), (first.Status, second.Status));
    }

    [Fact]
    public void A_name_is_free_again_when_its_process_is_gone()
    {
        var first = gate.Spawn(async sys => (int)(await sys.IpcServe("pong")).Error);
        gate.Run();
        var second = gate.Spawn(async sys =>
        {
            await sys.Call(
                CapSlot.Naming, Message.Request(NamingProtocol.ClientGone, first.Pid));
            return (int)(await sys.IpcServe("pong")).Error;
        });
        gate.Run();
        Assert.Equal(0, second.Status);
    }

    [Fact]
    public void A_process_may_publish_another_endpoint_under_its_own_name()
    {
        var answer = gate.Ask(async sys =>
        {
            await sys.IpcServe("pong");
            return await sys.IpcServe("pong");
        });
        Assert.False(answer.Failed);
    }

    [Theory]
    [InlineData("")]
    [InlineData("named")]
    public void Publishing_needs_a_name_and_an_endpoint(string name)
    {
        var answer = gate.Ask(async sys => await sys.Call(
            CapSlot.Naming,
            Message.Request(NamingProtocol.Register).With(Encoding.UTF8.GetBytes(name))));
        Assert.Equal(-(long)Errno.EINVAL, answer.A);
    }

    [Fact]
    public void Handing_out_many_capabilities_keeps_each_valid_until_its_answer_has_gone()
    {
        gate.Register(() => new LateComponent(0));
        var sum = gate.Ask(async sys =>
        {
            long sum = 0;
            for (var i = 0; i < 500; i++)
            {
                var found = await Lookup(sys, "late");
                sum += (await sys.Call(found.Capability, Message.Request(1))).A;
            }

            return sum;
        });
        Assert.Equal(500, sum);
    }

    private static async ValueTask<Message> Lookup(Sys sys, string name) => await sys.Call(
        CapSlot.Naming, Message.Request(NamingProtocol.Lookup).With(Encoding.UTF8.GetBytes(name)));

    private static async ValueTask<(Errno Error, long At)> LookupFailure(Sys sys, string name)
    {
        var answer = await Lookup(sys, name);
        return ((Errno)(-answer.A), sys.Now.Cycles);
    }

    private static async ValueTask<int> RebindAt(Sys sys, long at, string name)
    {
        if (at > sys.Now.Cycles)
        {
            await SleepUntil(sys, at);
        }

        await sys.Call(
            CapSlot.Naming,
            Message.Request(NamingProtocol.Rebound).With(Encoding.UTF8.GetBytes(name)));
        return 0;
    }

    private static async ValueTask SleepUntil(Sys sys, long at)
    {
        var alarm = await sys.CreateNotification();
        await sys.SetTimer(alarm, new VirtualTime(at));
        await sys.Wait(alarm);
    }

    /// <summary>Takes its time to start; answers with its client's number.</summary>
    private sealed class LateComponent(long startAt, int turns = 0) : Component
    {
        public override string Name => "late";

        public override async ValueTask Start(Activation self)
        {
            if (startAt > 0)
            {
                var alarm = await self.CreateNotification();
                await self.SetTimer(alarm, new VirtualTime(startAt));
                await self.Wait(alarm);
            }

            for (var i = 0; i < turns; i++)
            {
                await self.YieldCore();
            }
        }

        public override ValueTask<Message> Handle(Request request, Activation self) =>
            new(Message.Reply(request.Client.Value));
    }
}
