using System.Buffers.Binary;
using Abi.Posix;
using Abi.Units;

namespace Machine.Devices;

/// <summary>
/// The host at the other end of the wire: 10.0.0.2, which sends each UDP datagram that comes to its
/// port 7 back to where it came from (RFC 862). Its reading of frames is its own, not that of the
/// net stack, so that one does not hide the other's mistakes.
/// </summary>
public static class EchoPeer
{
    private const int EthernetLength = 14;
    private const int Ipv4Length = 20;
    private const int UdpLength = 8;
    private const int Ports = EthernetLength + Ipv4Length;

    private static readonly InternetAddress OwnAddress = InternetAddress.Parse("10.0.0.2");

    private static ReadOnlySpan<byte> OwnHardware => [0x02, 0x00, 0x00, 0x00, 0x00, 0x02];

    /// <summary>The echo service's port (RFC 862).</summary>
    public const int EchoPort = 7;

    /// <summary>The frame with which the host answers this one, or null if it does not.</summary>
    public static byte[]? Answer(ReadOnlySpan<byte> frame)
    {
        if (frame.Length < Ports + UdpLength || !frame[..6].SequenceEqual(OwnHardware))
        {
            return null;
        }

        var ip = frame.Slice(EthernetLength, Ipv4Length);
        var isUdp = BinaryPrimitives.ReadUInt16BigEndian(frame[12..]) == 0x0800
            && ip[0] == 0x45 && ip[9] == 17;
        if (!isUdp || BinaryPrimitives.ReadUInt32BigEndian(ip[16..]) != OwnAddress.Value
            || Sum(ip, 0) != 0xFFFF)
        {
            return null;
        }

        int length = BinaryPrimitives.ReadUInt16BigEndian(frame[(Ports + 4)..]);
        if (length < UdpLength || Ports + length > frame.Length
            || BinaryPrimitives.ReadUInt16BigEndian(frame[(Ports + 2)..]) != EchoPort)
        {
            return null;
        }

        var udp = frame.Slice(Ports, length);
        var pseudoHeader = Sum(ip[12..20], 17 + length);
        if (BinaryPrimitives.ReadUInt16BigEndian(udp[6..]) != 0 && Sum(udp, pseudoHeader) != 0xFFFF)
        {
            return null;
        }

        // Sums do not depend on the order of their terms, so both checksums hold for the reply too.
        var reply = frame.ToArray();
        Swap(reply, 0, 6, 6);
        Swap(reply, EthernetLength + 12, EthernetLength + 16, 4);
        Swap(reply, Ports, Ports + 2, 2);
        return reply;
    }

    /// <summary>
    /// The one's complement sum (RFC 1071); 0xFFFF over data with its correct checksum.
    /// </summary>
    private static int Sum(ReadOnlySpan<byte> bytes, int start)
    {
        var sum = start;
        for (var i = 0; i < bytes.Length; i++)
        {
            sum += i % 2 == 0 ? bytes[i] << 8 : bytes[i];
            sum = (sum & 0xFFFF) + (sum >> 16);
        }

        return sum;
    }

    private static void Swap(byte[] frame, int one, int other, int length)
    {
        for (var i = 0; i < length; i++)
        {
            (frame[one + i], frame[other + i]) = (frame[other + i], frame[one + i]);
        }
    }
}

/// <summary>What becomes of a frame that the device put on the wire.</summary>
/// <param name="Sent">When its last bit has left, and its buffer is free.</param>
/// <param name="Arrivals">
/// What comes back, in order of arrival: when the device has it, and its bytes.
/// </param>
public readonly record struct Transmission(
    VirtualTime Sent, IReadOnlyList<(VirtualTime At, byte[] Frame)> Arrivals);

/// <summary>
/// The wire with the echo peer at its other end: what a network interface is plugged into.
/// </summary>
/// <param name="timing">How fast the wire is.</param>
public sealed class EchoNetwork(NicTiming timing)
{
    /// <summary>
    /// The device puts a frame, without its check sequence, on the wire. Times of successive calls
    /// must not decrease.
    /// </summary>
    public Transmission Transmit(VirtualTime at, ReadOnlySpan<byte> frame)
    {
        var sent = timing.Transmit(at, frame.Length);
        var reply = EchoPeer.Answer(frame);
        if (reply is null)
        {
            return new Transmission(sent, []);
        }

        var begins = timing.ArrivesThere(sent) + timing.Turnaround;
        return new Transmission(sent, [(timing.ArrivesHere(begins, reply.Length), reply)]);
    }
}
