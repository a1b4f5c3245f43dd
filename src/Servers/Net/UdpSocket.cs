using Abi.Kernel;
using Abi.Posix;

namespace Servers.Net;

/// <summary>
/// A datagram in a buffer of the net stack, its payload behind the place of the headers.
/// </summary>
internal readonly record struct Datagram(byte[] Buffer, int Length, SocketAddress From)
{
    public ReadOnlyMemory<byte> Payload => Buffer.AsMemory(UdpFrame.HeaderLength, Length);
}

/// <summary>A client that waits for a datagram, and the memory that it lent for it.</summary>
internal readonly record struct Receiver(ReplyToken Token, Lease Lease);

/// <summary>
/// One end of datagrams: who owns it, where it is bound, what it received, who waits.
/// </summary>
internal sealed class UdpSocket(long number, long owner)
{
    public long Number { get; } = number;

    public long Owner { get; } = owner;

    /// <summary>Port 0: not bound yet.</summary>
    public SocketAddress Local { get; set; }

    public bool IsBound => Local.Port != 0;

    public Queue<Datagram> Received { get; } = new();

    public Queue<Receiver> Receivers { get; } = new();

    /// <summary>Whether a datagram to this address and our port is for this socket.</summary>
    public bool Accepts(InternetAddress address) =>
        Local.Address == InternetAddress.Any || Local.Address == address;
}
