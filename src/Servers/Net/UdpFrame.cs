using System.Buffers.Binary;
using Abi.Posix;

namespace Servers.Net;

/// <summary>An address of an Ethernet interface, in the low 48 bits.</summary>
public readonly record struct HardwareAddress(ulong Value);

/// <summary>Why a frame is not a datagram for us; None: it is.</summary>
public enum FrameDefect
{
    /// <summary>A datagram.</summary>
    None,
    /// <summary>Shorter than its headers say.</summary>
    Truncated,
    /// <summary>Not IPv4 without options, or a fragment, or not UDP: valid, but not spoken
    /// here.</summary>
    NotSpoken,
    /// <summary>A wrong checksum of the IPv4 header.</summary>
    HeaderChecksum,
    /// <summary>A wrong checksum of the datagram.</summary>
    DatagramChecksum,
}

/// <summary>
/// A UDP datagram in IPv4 in Ethernet: RFC 768, RFC 791, IEEE 802.3. Without IPv4 options,
/// fragments and
/// the frame check sequence, which the device adds and removes.
/// </summary>
public readonly record struct UdpFrame
{
    /// <summary>Bytes before the datagram's payload: 14 of Ethernet, 20 of IPv4, 8 of
    /// UDP.</summary>
    public const int HeaderLength = EthernetLength + Ipv4Length + UdpLength;

    /// <summary>The most payload that fits a frame of 1514 bytes.</summary>
    public const int LongestPayload = 1472;

    /// <summary>The shortest frame, bytes, without the check sequence: 64 less 4 (IEEE
    /// 802.3).</summary>
    public const int ShortestFrame = 60;

    private const int EthernetLength = 14;
    private const int Ipv4Length = 20;
    private const int UdpLength = 8;
    private const ushort Ipv4Type = 0x0800;
    private const byte UdpNumber = 17;
    private const byte VersionAndLength = 0x45;
    private const ushort DoNotFragment = 0x4000;
    private const byte DefaultTimeToLive = 64;

    /// <summary>Whose interface sent it.</summary>
    public HardwareAddress FromHardware { get; init; }

    /// <summary>Whose interface it is for.</summary>
    public HardwareAddress ToHardware { get; init; }

    /// <summary>The sender.</summary>
    public SocketAddress From { get; init; }

    /// <summary>The receiver.</summary>
    public SocketAddress To { get; init; }

    /// <summary>The IPv4 identification.</summary>
    public ushort Identification { get; init; }

    /// <summary>How many bytes of payload follow the headers.</summary>
    public int PayloadLength { get; init; }

    /// <summary>
    /// Writes the headers before a payload that is already in its place, and pads a short frame.
    /// </summary>
    /// <returns>The frame's length, bytes.</returns>
    public int WriteAround(Span<byte> frame)
    {
        WriteHardware(frame, ToHardware);
        WriteHardware(frame[6..], FromHardware);
        BinaryPrimitives.WriteUInt16BigEndian(frame[12..], Ipv4Type);

        var ip = frame.Slice(EthernetLength, Ipv4Length);
        ip.Clear();
        ip[0] = VersionAndLength;
        BinaryPrimitives.WriteUInt16BigEndian(
            ip[2..], (ushort)(Ipv4Length + UdpLength + PayloadLength));
        BinaryPrimitives.WriteUInt16BigEndian(ip[4..], Identification);
        BinaryPrimitives.WriteUInt16BigEndian(ip[6..], DoNotFragment);
        ip[8] = DefaultTimeToLive;
        ip[9] = UdpNumber;
        BinaryPrimitives.WriteUInt32BigEndian(ip[12..], From.Address.Value);
        BinaryPrimitives.WriteUInt32BigEndian(ip[16..], To.Address.Value);
        BinaryPrimitives.WriteUInt16BigEndian(ip[10..], ChecksumOf(ip));

        var udp = frame.Slice(EthernetLength + Ipv4Length, UdpLength + PayloadLength);
        BinaryPrimitives.WriteUInt16BigEndian(udp, (ushort)From.Port);
        BinaryPrimitives.WriteUInt16BigEndian(udp[2..], (ushort)To.Port);
        BinaryPrimitives.WriteUInt16BigEndian(udp[4..], (ushort)udp.Length);
        udp[6..8].Clear();
        var checksum = DatagramChecksum(udp, From.Address, To.Address);
        // A checksum of zero would say that there is none (RFC 768).
        BinaryPrimitives.WriteUInt16BigEndian(udp[6..], checksum == 0 ? (ushort)0xFFFF : checksum);

        var length = HeaderLength + PayloadLength;
        if (length < ShortestFrame)
        {
            frame[length..ShortestFrame].Clear();
        }

        return Math.Max(length, ShortestFrame);
    }

    /// <summary>Reads the headers and checks them; the payload lies behind <see
    /// cref="HeaderLength"/>.</summary>
    public static FrameDefect Read(ReadOnlySpan<byte> frame, out UdpFrame header)
    {
        header = default;
        if (frame.Length < HeaderLength)
        {
            return FrameDefect.Truncated;
        }

        var ip = frame.Slice(EthernetLength, Ipv4Length);
        if (BinaryPrimitives.ReadUInt16BigEndian(frame[12..]) != Ipv4Type
            || ip[0] != VersionAndLength)
        {
            return FrameDefect.NotSpoken;
        }

        if (ChecksumOf(ip) != 0)
        {
            return FrameDefect.HeaderChecksum;
        }

        var isFragment = (BinaryPrimitives.ReadUInt16BigEndian(ip[6..]) & 0x3FFF) != 0;
        if (ip[9] != UdpNumber || isFragment)
        {
            return FrameDefect.NotSpoken;
        }

        int total = BinaryPrimitives.ReadUInt16BigEndian(ip[2..]);
        int length = BinaryPrimitives.ReadUInt16BigEndian(
            frame[(EthernetLength + Ipv4Length + 4)..]);
        if (length < UdpLength || Ipv4Length + length > total
            || EthernetLength + total > frame.Length)
        {
            return FrameDefect.Truncated;
        }

        var udp = frame.Slice(EthernetLength + Ipv4Length, length);
        var from = new InternetAddress(BinaryPrimitives.ReadUInt32BigEndian(ip[12..]));
        var to = new InternetAddress(BinaryPrimitives.ReadUInt32BigEndian(ip[16..]));
        var hasChecksum = BinaryPrimitives.ReadUInt16BigEndian(udp[6..]) != 0;
        if (hasChecksum && DatagramChecksum(udp, from, to) != 0)
        {
            return FrameDefect.DatagramChecksum;
        }

        header = new UdpFrame
        {
            ToHardware = ReadHardware(frame),
            FromHardware = ReadHardware(frame[6..]),
            From = new SocketAddress(from, BinaryPrimitives.ReadUInt16BigEndian(udp)),
            To = new SocketAddress(to, BinaryPrimitives.ReadUInt16BigEndian(udp[2..])),
            Identification = BinaryPrimitives.ReadUInt16BigEndian(ip[4..]),
            PayloadLength = length - UdpLength,
        };
        return FrameDefect.None;
    }

    private static ushort ChecksumOf(ReadOnlySpan<byte> bytes)
    {
        var checksum = new InternetChecksum();
        checksum.Add(bytes);
        return checksum.Value;
    }

    /// <summary>Over the pseudo header, the UDP header and the payload (RFC 768).</summary>
    private static ushort DatagramChecksum(
        ReadOnlySpan<byte> udp, InternetAddress from, InternetAddress to)
    {
        var checksum = new InternetChecksum();
        checksum.Add(from.Value);
        checksum.Add(to.Value);
        checksum.Add((ushort)UdpNumber);
        checksum.Add((ushort)udp.Length);
        checksum.Add(udp);
        return checksum.Value;
    }

    private static void WriteHardware(Span<byte> at, HardwareAddress address)
    {
        BinaryPrimitives.WriteUInt16BigEndian(at, (ushort)(address.Value >> 32));
        BinaryPrimitives.WriteUInt32BigEndian(at[2..], (uint)(address.Value & 0xFFFF_FFFF));
    }

    private static HardwareAddress ReadHardware(ReadOnlySpan<byte> at) => new(
        (ulong)BinaryPrimitives.ReadUInt16BigEndian(at) << 32
        | BinaryPrimitives.ReadUInt32BigEndian(at[2..]));
}
