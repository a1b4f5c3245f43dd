using System.Runtime.CompilerServices;
using Abi;
using Abi.Posix;
using LibSys.Descriptors;
using LibSys.Protocols;

namespace LibSys;

// Sockets: datagrams over IPv4. What a net stack that dies means for them stands in Retries.
public sealed partial class Sys
{
    private Connection Net => field ??= Connections.To(NetProtocol.Name);

    /// <summary>Who sent the datagram that the last successful recvfrom() returned.</summary>
    public SocketAddress Source { get; private set; }

    /// <summary>
    /// socket(): the lowest free descriptor. Constants: <see cref="SocketConstants"/>.
    /// EAFNOSUPPORT: not AF_INET. EPROTONOSUPPORT: not datagrams. EMFILE.
    /// </summary>
    public async ValueTask<SysResult> Socket(int family, int type, int protocol = 0)
    {
        Begin(PosixCall.Socket, family, type, protocol);
        if (Descriptors.IsFull)
        {
            return Fail(Errno.EMFILE);
        }

        var answer = await Call(
            Net, OpenSocket.Request(family, type, protocol), Retries.Socket.Retry);
        return End(answer.A < 0 ? answer.A : Descriptors.Add(new OpenSocket(Net, answer)));
    }

    /// <summary>
    /// bind(): gives the socket an address of this machine and a port, 0 for any. EADDRNOTAVAIL:
    /// not an address of this machine. EADDRINUSE. EINVAL: bound already. EBADF, ENOTSOCK.
    /// </summary>
    public async ValueTask<SysResult> Bind(int descriptor, SocketAddress address)
    {
        Begin(PosixCall.Bind, descriptor, address.Packed);
        return FindSocket(descriptor, out var socket) is not Errno.None and var error
            ? Fail(error)
            : End(await socket.Bind(this, address));
    }

    /// <summary>
    /// sendto(): the count. Null: no address, EDESTADDRREQ. EMSGSIZE: more than 1472 bytes, as
    /// datagrams are not cut into fragments here. EINVAL: port 0. ENETUNREACH: no way there.
    /// EACCES: broadcast. EIO: the net stack died meanwhile, and the datagram may have gone. EBADF,
    /// ENOTSOCK.
    /// </summary>
    [AsyncMethodBuilder(typeof(ActivationBuilder<>))]
    public async ValueTask<SysResult> Sendto(
        int descriptor, ReadOnlyMemory<byte> buffer, SocketAddress? to)
    {
        Begin(PosixCall.Sendto, descriptor, buffer.Length, to?.Packed ?? NetProtocol.NoAddress);
        return FindSocket(descriptor, out var socket) is not Errno.None and var error
            ? Fail(error)
            : End(await socket.Send(this, buffer, to));
    }

    /// <summary>
    /// recvfrom(): waits for a datagram; the count, and its sender in <see cref="Source"/>. What
    /// does not fit is lost. EIO, once: the net stack died, and with it what had arrived. EBADF,
    /// ENOTSOCK.
    /// </summary>
    [AsyncMethodBuilder(typeof(ActivationBuilder<>))]
    public async ValueTask<SysResult> Recvfrom(int descriptor, Memory<byte> buffer)
    {
        Begin(PosixCall.Recvfrom, descriptor, buffer.Length);
        if (FindSocket(descriptor, out var socket) is not Errno.None and var error)
        {
            return Fail(error);
        }

        var answer = await socket.Receive(this, buffer);
        if (answer.A >= 0)
        {
            Source = new SocketAddress(new InternetAddress((uint)answer.B), (int)answer.C);
        }

        return End(answer.A);
    }

    private Errno FindSocket(int descriptor, out OpenSocket socket)
    {
        var description = Descriptors.Find(descriptor);
        socket = (description as OpenSocket)!;
        return description is null ? Errno.EBADF
            : socket is null ? Errno.ENOTSOCK
            : Errno.None;
    }
}
