using Abi.Posix;
using Machine.Devices;
using Servers.Net;

namespace Servers.Tests.Net;

public sealed class UdpFrameTests
{
    private static readonly HardwareAddress Here = new(0x02_00_00_00_00_01);
    private static readonly HardwareAddress There = new(0x02_00_00_00_00_02);

    [Fact]
    public void The_checksum_is_that_of_RFC_1071s_example()
    {
        // RFC 1071, section 3: the sum of 00 01 f2 03 f4 f5 f6 f7 is ddf2.
        var checksum = new InternetChecksum();
        checksum.Add([0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7]);
        Assert.Equal(0xddf2, ~checksum.Value & 0xFFFF);
    }

    [Fact]
    public void An_odd_last_byte_counts_as_if_a_zero_followed()
    {
        var odd = new InternetChecksum();
        odd.Add([0x12, 0x34, 0x56]);
        Assert.Equal(0x1234 + 0x5600, ~odd.Value & 0xFFFF);
    }

    [Fact]
    public void A_frame_has_the_bytes_that_the_standards_say()
    {
        // By hand: RFC 791's header, 28 + 2 bytes, DF, TTL 64, UDP; its checksum is the complement
        // of
        // 4500 + 001e + 0007 + 4000 + 4011 + 0a00 + 0001 + 0a00 + 0002 = d939. UDP's is the
        // complement
        // of 0a00 + 0001 + 0a00 + 0002 + 0011 + 000a + 8000 + 0007 + 000a + 6869 = fc98.
        var frame = Frame("hi"u8, out var length);
        Assert.Equal(60, length);
        Assert.Equal(
            "020000000002" + "020000000001" + "0800"
            + "4500001e00074000" + "401126c6" + "0a000001" + "0a000002"
            + "80000007000a0367" + "6869" + new string('0', 32),
            Convert.ToHexStringLower(frame.AsSpan(0, length)));
    }

    [Fact]
    public void Any_datagram_is_read_as_it_was_written() =>
        Gen.Select(Gen.UInt, Gen.UInt, Gen.UShort, Gen.UShort, Gen.Byte.Array[0, 1472]).Sample(
            (from, to, source, destination, payload) =>
            {
                var written = Header(
                    new(new(from), source), new(new(to), destination), payload.Length);
                var frame = new byte[1514];
                payload.CopyTo(frame, UdpFrame.HeaderLength);
                var length = written.WriteAround(frame);
                return UdpFrame.Read(frame.AsSpan(0, length), out var read) == FrameDefect.None
                    && read == written
                    && frame.AsSpan(UdpFrame.HeaderLength, payload.Length).SequenceEqual(payload);
            });

    [Fact]
    public void Any_single_wrong_bit_of_packet_or_payload_is_found() =>
        Gen.Select(Gen.Byte.Array[0, 100], Gen.Int[0, 1_000_000]).Sample((payload, position) =>
        {
            var frame = Frame(payload, out var length);
            var bit = position % ((20 + 8 + payload.Length) * 8);
            frame[14 + bit / 8] ^= (byte)(1 << bit % 8);
            return UdpFrame.Read(frame.AsSpan(0, length), out _) != FrameDefect.None

                // A UDP checksum of 0 says that there is none: one bit makes it so from a power of
                // two.
                || (frame[40] | frame[41]) == 0;
        });

    [Fact]
    public void A_frame_that_is_cut_off_is_truncated()
    {
        var frame = Frame(new byte[200], out var length);
        for (var cut = 0; cut < length; cut++)
        {
            Assert.NotEqual(FrameDefect.None, UdpFrame.Read(frame.AsSpan(0, cut), out _));
        }
    }

    [Fact]
    public void Any_bytes_at_all_are_read_without_an_exception() =>
        Gen.Byte.Array[0, 200].Sample(bytes =>
        {
            UdpFrame.Read(bytes, out _);
            EchoPeer.Answer(bytes);
        });

    [Fact]
    public void The_echo_peer_returns_a_datagram_to_its_sender_with_checksums_that_hold()
    {
        var frame = Frame("hello"u8, out var length);
        var reply = EchoPeer.Answer(frame.AsSpan(0, length));
        Assert.Equal(FrameDefect.None, UdpFrame.Read(reply, out var header));
        Assert.Equal(new SocketAddress(NetMachine.Peer, 7), header.From);
        Assert.Equal(new SocketAddress(NetMachine.Own, 0x8000), header.To);
        Assert.Equal((There, Here), (header.FromHardware, header.ToHardware));
        Assert.Equal("hello"u8.ToArray(), reply!.AsSpan(UdpFrame.HeaderLength, 5));
    }

    [Fact]
    public void The_echo_peer_ignores_what_is_not_for_it_or_damaged()
    {
        Assert.Null(EchoPeer.Answer(Other(There, NetMachine.Peer, 8)));
        Assert.Null(EchoPeer.Answer(Other(There, InternetAddress.Parse("10.0.0.3"), 7)));
        Assert.Null(EchoPeer.Answer(Other(Here, NetMachine.Peer, 7)));
        Assert.NotNull(EchoPeer.Answer(Other(There, NetMachine.Peer, 7)));
        for (var i = 14; i < 14 + 28 + 3; i++)
        {
            var damaged = Other(There, NetMachine.Peer, 7);
            damaged[i] ^= 1;
            Assert.Null(EchoPeer.Answer(damaged));
        }
    }

    private static byte[] Other(HardwareAddress hardware, InternetAddress address, int port)
    {
        var frame = new byte[60];
        (Header(new(NetMachine.Own, 1000), new(address, port), 3) with { ToHardware = hardware })
            .WriteAround(frame);
        return frame;
    }

    private static byte[] Frame(ReadOnlySpan<byte> payload, out int length)
    {
        var frame = new byte[1514];
        payload.CopyTo(frame.AsSpan(UdpFrame.HeaderLength));
        length = Header(new(NetMachine.Own, 0x8000), NetMachine.Echo, payload.Length)
            .WriteAround(frame);
        return frame;
    }

    private static UdpFrame Header(SocketAddress from, SocketAddress to, int length) => new()
    {
        FromHardware = Here,
        ToHardware = There,
        From = from,
        To = to,
        Identification = 7,
        PayloadLength = length,
    };
}
