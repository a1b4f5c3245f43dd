using System.Text;
using Abi;
using Abi.Posix;
using Abi.Units;
using Machine.Devices;
using Servers.Tests.Devices;
using static Servers.Tests.Net.NetMachine;

namespace Servers.Tests.Net;

public sealed class NicTests
{
    private static readonly Frequency PicosecondClock = new(1_000_000_000_000);

    private readonly NetMachine machine = new();

    [Theory]
    [InlineData(46, 67_200)]    // row net_10g_min: 64 B frame, 67.2 ns
    [InlineData(60, 67_200)]
    [InlineData(1514, 1_230_400)] // row net_10g_mtu: 1518 B frame, 1.2304 us
    public void A_frame_occupies_10_Gb_Ethernet_as_long_as_published(
        int length, long picoseconds) =>
        Assert.Equal(
            picoseconds,
            new NicTiming(KnownDevices.TenGigabit, PicosecondClock).WireTime(length).Count);

    [Fact]
    public void Frames_at_line_rate_reach_the_published_rate_of_14_88_million_a_second()
    {
        var timing = new NicTiming(KnownDevices.TenGigabit, PicosecondClock);
        var sent = VirtualTime.Start;
        for (var i = 0; i < 1000; i++)
        {
            sent = timing.Transmit(VirtualTime.Start, 60);
        }

        // Row net_10g_mpps: 14.88 Mpps, given to four digits.
        Assert.Equal(1488, 1000 * 1_000_000_000_000L / sent.Cycles / 10_000);
    }

    [Fact]
    public void One_gigabit_takes_ten_times_as_long_and_cycles_are_rounded_half_up_once()
    {
        // 84 bytes of 8 ns are 672 ns; at 2.5 GHz 1680 cycles; at 1.2 GHz 806.4; at 1.26 GHz
        // 846.72.
        Assert.Equal(1680, Minimal(2_500_000_000));
        Assert.Equal(806, Minimal(1_200_000_000));
        Assert.Equal(847, Minimal(1_260_000_000));

        static long Minimal(long hertz) =>
            new NicTiming(KnownDevices.OneGigabit, new Frequency(hertz)).WireTime(60).Count;
    }

    [Fact]
    public void A_frame_waits_for_those_before_it_in_its_direction_only()
    {
        var timing = new NicTiming(KnownDevices.TenGigabit, PicosecondClock);
        Assert.Equal(67_200, timing.Transmit(new(0), 60).Cycles);
        Assert.Equal(134_400, timing.Transmit(new(10), 60).Cycles);
        Assert.Equal(1_067_200, timing.Transmit(new(1_000_000), 60).Cycles);
        Assert.Equal(67_200 + 450_000, timing.ArrivesHere(new(0), 60).Cycles);
    }

    [Fact]
    public void A_datagram_to_the_echo_peer_comes_back_after_wire_latency_and_turnaround() =>
        machine.Run(async sys =>
        {
            var socket = await Udp(sys);
            Assert.Equal(5, (await sys.Sendto(socket, Bytes("hello"), Echo)).Raw);
            Assert.Equal(0, sys.Now.Cycles);
            var buffer = new byte[100];
            Assert.Equal(5, (await sys.Recvfrom(socket, buffer)).Raw);
            Assert.Equal("hello", Encoding.ASCII.GetString(buffer, 0, 5));
            Assert.Equal(Echo, sys.Source);

            // Twice 67.2 ns of wire, each rounded to 67, and 450 ns of latency; 12.5 us in between.
            Assert.Equal(2 * (67 + 450) + 12_500, sys.Now.Cycles);
        });

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(1472)]
    public void A_datagram_of_any_length_comes_back_byte_for_byte(int length) =>
        machine.Run(async sys =>
        {
            var sent = new byte[length];
            for (var i = 0; i < length; i++)
            {
                sent[i] = (byte)(i * 7 % 256);
            }

            var socket = await Udp(sys);
            await sys.Sendto(socket, sent, Echo);
            var buffer = new byte[2000];
            Assert.Equal(length, (await sys.Recvfrom(socket, buffer)).Raw);
            Assert.Equal(sent, buffer.AsSpan(0, length));
        });

    [Fact]
    public void Many_more_datagrams_than_the_rings_have_buffers_all_come_back()
    {
        var small = new NetMachine(ring: 2);
        small.Run(async sys =>
        {
            var socket = await Udp(sys);
            for (var i = 0; i < 50; i++)
            {
                await sys.Sendto(socket, new[] { (byte)i }, Echo);
            }

            var buffer = new byte[1];
            for (var i = 0; i < 50; i++)
            {
                await sys.Recvfrom(socket, buffer);
                Assert.Equal(i, buffer[0]);
            }
        });
        Assert.Equal(0, small.Nic.Overruns);
    }

    [Fact]
    public void A_sender_waits_while_the_transmit_ring_is_full()
    {
        var slow = new NetMachine(ring: 2) { Nic = { Slow = 1000 } };
        slow.Run(async sys =>
        {
            var socket = await Udp(sys);
            var to = new SocketAddress(Peer, 9);
            for (var i = 0; i < 2; i++)
            {
                await sys.Sendto(socket, Bytes("x"), to);
            }

            Assert.Equal(0, sys.Now.Cycles);
            await sys.Sendto(socket, Bytes("x"), to);
            Assert.Equal(1000, sys.Now.Cycles);
        });
    }

    [Fact]
    public void Damaged_frames_and_those_for_others_are_dropped_and_counted()
    {
        machine.Nic.OnArrival = frame => frame[50] ^= 1;
        machine.Gate.Spawn(async sys =>
        {
            await sys.Sendto(await Udp(sys), new byte[20], Echo);
            return 0;
        });
        machine.Gate.Run();
        machine.Nic.OnArrival = frame => frame[5] ^= 0xF0;
        machine.Gate.Spawn(async sys =>
        {
            await sys.Sendto(await Udp(sys), new byte[20], Echo);
            return 0;
        });
        machine.Gate.Run();
        var counters = machine.Stack.Counters;
        Assert.Equal((1, 1), (counters.Damaged, counters.NotForUs));
    }

    [Fact]
    public void A_datagram_to_a_host_that_is_not_there_is_counted_and_not_told() =>
        machine.Run(async sys =>
        {
            var nobody = new SocketAddress(InternetAddress.Parse("10.0.0.99"), 7);
            Assert.Equal(1, (await sys.Sendto(await Udp(sys), Bytes("x"), nobody)).Raw);
            Assert.Equal(1, machine.Stack.Counters.NotSent);
        });

    [Fact]
    public void A_frame_that_no_wire_carries_is_refused_by_the_driver() =>
        machine.Run(async sys =>
        {
            (int, long)[] cases = [(59, -22), (60, 60), (1514, 1514), (1515, -22)];
            foreach (var (length, answer) in cases)
            {
                var sent = await sys.Call(
                    sys.Connections.To("nic-driver"),
                    Abi.Kernel.Message.Request(LibSys.Protocols.NicProtocol.Transmit),
                    LibSys.Retry.Never, new byte[length], Abi.Kernel.LeaseAccess.Read);
                Assert.Equal(answer, sent.A);
            }

            Assert.Equal(22, (int)Errno.EINVAL);
        });
}
