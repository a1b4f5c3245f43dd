using System.Text;
using Abi;
using Abi.Posix;
using LibSys;
using Servers.Net;
using static Servers.Tests.Net.NetMachine;

namespace Servers.Tests.Net;

public sealed class SocketTests
{
    private readonly NetMachine machine = new();

    [Fact]
    public void Only_datagram_sockets_of_IPv4_are_made() => machine.Run(async sys =>
    {
        const int Inet6 = 10;
        const int Tcp = 6;
        Assert.Equal(
            Errno.EAFNOSUPPORT, (await sys.Socket(Inet6, SocketConstants.SOCK_DGRAM)).Error);
        Assert.Equal(
            Errno.EPROTONOSUPPORT,
            (await sys.Socket(SocketConstants.AF_INET, SocketConstants.SOCK_STREAM)).Error);
        Assert.Equal(
            Errno.EPROTONOSUPPORT,
            (await sys.Socket(SocketConstants.AF_INET, SocketConstants.SOCK_DGRAM, Tcp)).Error);
        Assert.Equal(3, (await sys.Socket(
            SocketConstants.AF_INET, SocketConstants.SOCK_DGRAM, SocketConstants.IPPROTO_UDP)).Raw);
    });

    [Fact]
    public void Socket_calls_on_others_are_EBADF_or_ENOTSOCK() => machine.Run(async sys =>
    {
        var buffer = new byte[1];
        Assert.Equal(Errno.EBADF, (await sys.Bind(77, Local(1))).Error);
        Assert.Equal(Errno.EBADF, (await sys.Sendto(77, buffer, Local(1))).Error);
        Assert.Equal(Errno.EBADF, (await sys.Recvfrom(77, buffer)).Error);
        Assert.Equal(Errno.ENOTSOCK, (await sys.Bind(1, Local(1))).Error);
        Assert.Equal(Errno.ENOTSOCK, (await sys.Sendto(1, buffer, Local(1))).Error);
        Assert.Equal(Errno.ENOTSOCK, (await sys.Recvfrom(1, buffer)).Error);
    });

    [Fact]
    public void A_datagram_reaches_the_socket_bound_to_its_port_and_tells_where_it_came_from() =>
        machine.Run(async sys =>
        {
            var server = await Bound(sys, Local(9000));
            var client = await Bound(sys, Local(9001));
            Assert.Equal(5, (await sys.Sendto(client, Bytes("hello"), Local(9000))).Raw);
            var buffer = new byte[100];
            Assert.Equal(5, (await sys.Recvfrom(server, buffer)).Raw);
            Assert.Equal("hello", Encoding.ASCII.GetString(buffer, 0, 5));
            Assert.Equal(Local(9001), sys.Source);
        });

    [Fact]
    public void Recvfrom_waits_for_a_datagram_and_the_sender_does_not_wait_for_the_receiver()
    {
        var order = new List<string>();
        machine.Gate.Spawn(async sys =>
        {
            var server = await Bound(sys, Local(9000));
            await sys.Recvfrom(server, new byte[10]);
            order.Add($"received at {sys.Now.Cycles}");
            return 0;
        });
        machine.Gate.Spawn(async sys =>
        {
            var client = await Udp(sys);
            await sys.Nanosleep(700);
            await sys.Sendto(client, Bytes("x"), Local(9000));
            await sys.Sendto(client, Bytes("y"), Local(9000));
            order.Add($"sent at {sys.Now.Cycles}");
            return 0;
        });
        machine.Gate.Run();
        Assert.Equal(["received at 700", "sent at 700"], order.Order());
    }

    [Fact]
    public void Receivers_are_served_in_their_order_of_arrival()
    {
        var got = new List<string>();
        machine.Gate.Spawn(async sys =>
        {
            var server = await Bound(sys, Local(9000));
            var buffer = new byte[1];
            for (var i = 0; i < 3; i++)
            {
                await sys.Recvfrom(server, buffer);
                got.Add(Encoding.ASCII.GetString(buffer));
            }

            return 0;
        });
        machine.Gate.Spawn(async sys =>
        {
            var client = await Udp(sys);
            await sys.Nanosleep(10);
            foreach (var text in new[] { "a", "b", "c" })
            {
                await sys.Sendto(client, Bytes(text), Local(9000));
            }

            return 0;
        });
        machine.Gate.Run();
        Assert.Equal(["a", "b", "c"], got);
    }

    [Fact]
    public void Sockets_get_ephemeral_ports_of_their_own_from_Linuxs_range() =>
        machine.Run(async sys =>
        {
            var server = await Bound(sys, Local(9000));
            var ports = new HashSet<int>();
            for (var i = 0; i < 5; i++)
            {
                await sys.Sendto(await Udp(sys), Bytes("x"), Local(9000));
                await sys.Recvfrom(server, new byte[1]);
                Assert.InRange(sys.Source.Port, 32768, 60999);
                Assert.True(ports.Add(sys.Source.Port));
            }
        });

    [Fact]
    public void A_socket_bound_to_one_address_comes_before_one_bound_to_all_and_takes_its_own() =>
        machine.Run(async sys =>
        {
            var all = await Bound(sys, new SocketAddress(InternetAddress.Any, 9000));
            var other = await Bound(
                sys, new SocketAddress(InternetAddress.Parse("127.0.0.2"), 9001));
            await sys.Sendto(other, Bytes("1"), Local(9000));
            await sys.Sendto(other, Bytes("2"), new SocketAddress(Own, 9000));
            var buffer = new byte[1];
            await sys.Recvfrom(all, buffer);
            Assert.Equal(new SocketAddress(InternetAddress.Parse("127.0.0.2"), 9001), sys.Source);
            await sys.Recvfrom(all, buffer);
            Assert.Equal("2", Encoding.ASCII.GetString(buffer));

            // 127.0.0.1:9001 is not 127.0.0.2:9001.
            await sys.Sendto(all, Bytes("3"), Local(9001));
            Assert.Equal(1, machine.Stack.Counters.NoPort);
        });

    [Fact]
    public void A_full_socket_drops_the_newest_and_counts_it()
    {
        var small = new NetMachine(new NetOptions { SocketBuffer = 2 });
        small.Run(async sys =>
        {
            var server = await Bound(sys, Local(9000));
            var client = await Udp(sys);
            foreach (var text in new[] { "a", "b", "c" })
            {
                Assert.Equal(1, (await sys.Sendto(client, Bytes(text), Local(9000))).Raw);
            }

            var buffer = new byte[1];
            await sys.Recvfrom(server, buffer);
            await sys.Recvfrom(server, buffer);
            Assert.Equal("b", Encoding.ASCII.GetString(buffer));
            Assert.Equal(1, small.Stack.Counters.BufferFull);
            await sys.Sendto(client, Bytes("d"), Local(9000));
            await sys.Recvfrom(server, buffer);
            Assert.Equal("d", Encoding.ASCII.GetString(buffer));
        });
    }

    [Fact]
    public void More_than_a_frame_holds_is_EMSGSIZE() => machine.Run(async sys =>
    {
        var server = await Bound(sys, Local(9000));
        Assert.Equal(1472, (await sys.Sendto(server, new byte[1472], Local(9000))).Raw);
        Assert.Equal(Errno.EMSGSIZE, (await sys.Sendto(server, new byte[1473], Local(9000))).Error);
        Assert.Equal(1472, (await sys.Recvfrom(server, new byte[2000])).Raw);
    });

    [Theory]
    [InlineData("10.0.1.1", Errno.ENETUNREACH)]
    [InlineData("8.8.8.8", Errno.ENETUNREACH)]
    [InlineData("255.255.255.255", Errno.ENETUNREACH)]
    [InlineData("10.0.0.255", Errno.EACCES)]
    [InlineData("10.0.0.2", Errno.None)]
    [InlineData("10.0.0.77", Errno.None)]
    public void What_can_be_reached_is_this_machine_and_its_network(string address, Errno error) =>
        machine.Run(async sys =>
        {
            var to = new SocketAddress(InternetAddress.Parse(address), 1);
            Assert.Equal(error, (await sys.Sendto(await Udp(sys), Bytes("x"), to)).Error);
        });

    [Fact]
    public void A_socket_of_the_loopback_network_cannot_send_to_the_wire() =>
        machine.Run(async sys =>
        {
            var socket = await Bound(sys, Local(9000));
            Assert.Equal(Errno.EINVAL, (await sys.Sendto(socket, Bytes("x"), Echo)).Error);
            Assert.Empty(machine.Nic.Sent);
        });

    [Fact]
    public void Without_an_interface_only_this_machine_can_be_reached()
    {
        var alone = new NetMachine(hasInterface: false);
        alone.Run(async sys =>
        {
            // By then the net stack knows that there is no driver.
            await sys.Nanosleep(1);
            var socket = await Bound(sys, Local(9000));
            Assert.Equal(1, (await sys.Sendto(socket, Bytes("x"), Local(9000))).Raw);
            Assert.Equal(
                Errno.ENETUNREACH, (await sys.Sendto(await Udp(sys), Bytes("x"), Echo)).Error);
        });
    }

    [Fact]
    public void A_closed_sockets_port_is_free_again() => machine.Run(async sys =>
    {
        var first = await Bound(sys, Local(9000));
        Assert.Equal(0, (await sys.Close(first)).Raw);
        await Bound(sys, Local(9000));
    });

    [Fact]
    public void A_descriptor_made_by_dup_keeps_the_socket_open() => machine.Run(async sys =>
    {
        var first = await Bound(sys, Local(9000));
        var second = (int)(await sys.Dup(first)).Raw;
        await sys.Close(first);
        Assert.Equal(1, (await sys.Sendto(second, Bytes("x"), Local(9000))).Raw);
        Assert.Equal(1, (await sys.Recvfrom(second, new byte[1])).Raw);
        await sys.Close(second);
        await Bound(sys, Local(9000));
    });

    [Fact]
    public void Other_calls_on_a_socket_do_what_Linux_does() => machine.Run(async sys =>
    {
        var socket = await Bound(sys, Local(9000));
        await sys.Sendto(socket, Bytes("abc"), Local(9000));
        var buffer = new byte[8];
        Assert.Equal(3, (await sys.Read(socket, buffer)).Raw);
        Assert.Equal(Errno.EDESTADDRREQ, (await sys.Write(socket, buffer)).Error);
        Assert.Equal(Errno.ESPIPE, (await sys.Lseek(socket, 0, Whence.SEEK_SET)).Error);
        Assert.Equal(Errno.ESPIPE, (await sys.Pread(socket, buffer, 0)).Error);
        Assert.Equal(Errno.ENOTDIR, (await sys.Getdents(socket, buffer)).Error);
        Assert.Equal(0, (await sys.Fstat(socket)).Raw);
        Assert.Equal(ModeBits.S_IFSOCK, sys.FileStatus.Mode & ModeBits.S_IFMT);
    });

    [Fact]
    public void A_client_that_is_gone_leaves_no_socket()
    {
        var gone = machine.Gate.Spawn(async sys =>
        {
            await Bound(sys, Local(9000));
            return 0;
        });
        machine.Gate.Run();
        machine.Run(async sys =>
        {
            Assert.Equal(Errno.EADDRINUSE, (await sys.Bind(await Udp(sys), Local(9000))).Error);
            await sys.Call(
                sys.Connections.To(LibSys.Protocols.NetProtocol.Name),
                Abi.Kernel.Message.Request(LibSys.Protocols.NetProtocol.ClientGone, gone.Pid),
                Retry.Idempotent);
            await Bound(sys, Local(9000));
        });
    }

    [Fact]
    public void The_socket_of_another_process_cannot_be_used()
    {
        long number = 0;
        machine.Run(async sys =>
        {
            var made = await sys.Call(
                sys.Connections.To("net-stack"),
                Abi.Kernel.Message.Request(LibSys.Protocols.NetProtocol.Socket, 2, 2, 0),
                Retry.Idempotent);
            number = made.A;
        });
        machine.Run(async sys =>
        {
            var answer = await sys.Call(
                sys.Connections.To("net-stack"),
                Abi.Kernel.Message.Request(LibSys.Protocols.NetProtocol.Bind, number, 0, 9000),
                Retry.Idempotent);
            Assert.Equal(-(long)Errno.EBADF, answer.A);
        });
    }
}
