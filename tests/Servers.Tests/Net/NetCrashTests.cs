using Abi;
using Abi.Kernel;
using Abi.Units;
using static Servers.Tests.Net.NetMachine;

namespace Servers.Tests.Net;

/// <summary>What a program sees of a net stack or driver that dies; the reasons stand in
/// LibSys.Retries.</summary>
public sealed class NetCrashTests
{
    private readonly NetMachine machine = new();

    [Fact]
    public void A_receiver_that_waits_is_told_EIO_once_and_then_has_its_port_again()
    {
        machine.Gate.At(new VirtualTime(500), () => machine.Gate.Crash("net-stack"));
        machine.Run(async sys =>
        {
            var server = await Bound(sys, Local(9000));
            Assert.Equal(Errno.EIO, (await sys.Recvfrom(server, new byte[10])).Error);
            Assert.Equal(500, sys.Now.Cycles);
            Assert.Equal(3, (await sys.Sendto(server, Bytes("abc"), Local(9000))).Raw);
            Assert.Equal(3, (await sys.Recvfrom(server, new byte[10])).Raw);
            Assert.Equal(9000, sys.Source.Port);
        });
    }

    [Fact]
    public void A_receiver_that_comes_later_is_told_once_that_what_had_arrived_is_lost() =>
        machine.Run(async sys =>
        {
            var server = await Bound(sys, Local(9000));
            await sys.Sendto(server, Bytes("lost"), Local(9000));
            await sys.Nanosleep(100);
            machine.Gate.Crash("net-stack");
            Assert.Equal(Errno.EIO, (await sys.Recvfrom(server, new byte[10])).Error);
            await sys.Sendto(server, Bytes("new"), Local(9000));
            Assert.Equal(3, (await sys.Recvfrom(server, new byte[10])).Raw);
        });

    [Fact]
    public void A_sender_that_did_not_wait_never_notices_and_keeps_its_port() =>
        machine.Run(async sys =>
        {
            var server = await Bound(sys, Local(9000));
            var client = await Udp(sys);
            await sys.Sendto(client, Bytes("1"), Local(9000));
            await sys.Recvfrom(server, new byte[1]);
            var port = sys.Source.Port;
            await sys.Nanosleep(100);
            machine.Gate.Crash("net-stack");
            Assert.Equal(0, (await sys.Bind(await Udp(sys), Local(9001))).Raw);
            Assert.Equal(1, (await sys.Sendto(client, Bytes("2"), Local(9000))).Raw);

            // The server's socket is made again when the server uses it, so that datagram found
            // nobody.
            Assert.Equal(1, machine.Stack.Counters.NoPort);
            Assert.Equal(Errno.EIO, (await sys.Recvfrom(server, new byte[1])).Error);
            await sys.Sendto(client, Bytes("3"), Local(9000));
            Assert.Equal(1, (await sys.Recvfrom(server, new byte[1])).Raw);
            Assert.Equal(port, sys.Source.Port);
        });

    [Theory]
    [InlineData(FaultStep.RequestReceived)]
    [InlineData(FaultStep.BeforeReply)]
    public void A_datagram_whose_sending_was_interrupted_is_EIO_and_not_sent_twice(FaultStep at)
    {
        var orders = 0;
        machine.Run(async sys =>
        {
            var socket = await Udp(sys);
            await sys.Nanosleep(100);
            machine.Gate.OnStep = (component, step) =>
            {
                if (component == "net-stack" && step == at && orders++ == 0)
                {
                    throw new FaultInjectedException();
                }
            };
            Assert.Equal(Errno.EIO, (await sys.Sendto(socket, Bytes("x"), Echo)).Error);
        });
        Assert.Equal(at == FaultStep.BeforeReply ? 1 : 0, machine.Nic.Sent.Count);
    }

    [Fact]
    public void A_port_that_another_process_took_meanwhile_is_EADDRINUSE_and_not_lost_in_silence()
    {
        machine.Gate.Spawn(async sys =>
        {
            var server = await Bound(sys, Local(9000));
            await sys.Nanosleep(1000);
            Assert.Equal(Errno.EADDRINUSE, (await sys.Recvfrom(server, new byte[1])).Error);
            await sys.Nanosleep(1000);
            Assert.Equal(Errno.EIO, (await sys.Recvfrom(server, new byte[1])).Error);
            return (int)(await sys.Sendto(server, Bytes("x"), Local(9000))).Raw;
        });
        machine.Gate.Spawn(async sys =>
        {
            await sys.Nanosleep(500);
            machine.Gate.Crash("net-stack");
            var thief = await Bound(sys, Local(9000));
            await sys.Nanosleep(1000);
            await sys.Close(thief);
            return 0;
        });
        machine.Gate.Run();
    }

    [Fact]
    public void Closing_a_socket_of_a_dead_net_stack_succeeds() => machine.Run(async sys =>
    {
        var socket = await Bound(sys, Local(9000));
        await sys.Nanosleep(100);
        machine.Gate.Crash("net-stack");
        Assert.Equal(0, (await sys.Close(socket)).Raw);
        Assert.Equal(Errno.EBADF, (await sys.Close(socket)).Error);
    });

    [Fact]
    public void When_the_driver_dies_frames_may_be_lost_but_sockets_live_on() =>
        machine.Run(async sys =>
        {
            var socket = await Bound(sys, new(Own, 9000));
            await sys.Sendto(socket, Bytes("lost"), Echo);
            machine.Gate.Crash("nic-driver");
            await sys.Nanosleep(100_000);
            Assert.Equal(3, (await sys.Sendto(socket, Bytes("new"), Echo)).Raw);
            var buffer = new byte[10];
            Assert.True((await sys.Recvfrom(socket, buffer)).Raw > 0);
            Assert.Equal(Echo, sys.Source);
        });

    [Fact]
    public void When_the_driver_dies_while_it_sends_the_sender_is_not_told()
    {
        var orders = 0;
        machine.Gate.OnStep = (component, step) =>
        {
            if (component == "nic-driver" && step == FaultStep.DeviceProgrammed && orders++ == 0)
            {
                throw new FaultInjectedException();
            }
        };
        machine.Run(async sys =>
        {
            var socket = await Udp(sys);
            Assert.Equal(1, (await sys.Sendto(socket, Bytes("x"), Echo)).Raw);
            Assert.Equal(1, machine.Stack.Counters.NotSent);
        });
    }
}
