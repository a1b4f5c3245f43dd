using System.Runtime.CompilerServices;
using Abi;
using Abi.Costs;
using Abi.Kernel;
using Abi.Posix;
using LibSys;
using LibSys.Protocols;

namespace Servers.Net;

/// <summary>
/// Sockets for datagrams: UDP over IPv4 over Ethernet, with the results and errnos of Linux.
/// Datagrams to this machine stay inside; frames for others go to the driver, and a thread of its
/// own asks the driver for those that arrive, so that calls go one way only.
/// </summary>
/// <param name="options">The machine's place in the network; the defaults if absent.</param>
public sealed class NetStack(NetOptions? options = null) : Component
{
    private readonly NetOptions options = options ?? new();
    private readonly SortedDictionary<long, UdpSocket> sockets = [];
    private readonly PortTable ports = new();
    private readonly Stack<byte[]> freeBuffers = new();
    private long birth;
    private long lastSocket;
    private ushort identification;
    private bool hasInterface = true;

    /// <summary>What came to nothing so far.</summary>
    public NetCounters Counters { get; } = new();

    /// <inheritdoc/>
    public override string Name => NetProtocol.Name;

    /// <inheritdoc/>
    public override IReadOnlyList<BackgroundThread> Background => [new("arrivals", TakeFrames)];

    /// <inheritdoc/>
    public override ValueTask Start(Activation self)
    {
        // Making a socket takes longer than a cycle, so numbers that count from the instant of
        // birth are higher than all of earlier lives: those are known to be stale.
        birth = self.Now.Cycles;
        lastSocket = birth;
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public override ValueTask<Message> Handle(Request request, Activation self) =>
        request.Message.Operation switch
        {
            NetProtocol.Socket => new(MakeSocket(request, self)),
            NetProtocol.Bind => new(Bind(request, self)),
            NetProtocol.SendTo => SendTo(request, self),
            NetProtocol.ReceiveFrom => ReceiveFrom(request, self),
            NetProtocol.Close => Close(request, self),
            NetProtocol.ClientGone => new(ClientGone(request.Message.A, self)),
            _ => new(Message.Fail(Errno.ENOSYS)),
        };

    private Message MakeSocket(Request request, Activation self)
    {
        self.Work(Part.SocketChange);
        var (family, type, protocol) = (request.Message.A, request.Message.B, request.Message.C);
        if (family != SocketConstants.AF_INET)
        {
            return Message.Fail(Errno.EAFNOSUPPORT);
        }

        if (type != SocketConstants.SOCK_DGRAM
            || (protocol != 0 && protocol != SocketConstants.IPPROTO_UDP))
        {
            return Message.Fail(Errno.EPROTONOSUPPORT);
        }

        var socket = new UdpSocket(++lastSocket, request.Client.Value);
        sockets.Add(socket.Number, socket);
        return Message.Reply(socket.Number);
    }

    /// <summary>
    /// The checks come in the order of Linux's inet_bind, so that each error hides the same others.
    /// </summary>
    private Message Bind(Request request, Activation self)
    {
        self.Work(Part.SocketChange);
        var error = Find(request, out var socket);
        if (error != Errno.None)
        {
            return Message.Fail(error);
        }

        if (request.Message.B is < 0 or > uint.MaxValue || request.Message.C is < 0 or > 0xFFFF)
        {
            return Message.Fail(Errno.EINVAL);
        }

        var address = new InternetAddress((uint)request.Message.B);
        if (address != InternetAddress.Any && !IsLocal(address))
        {
            return Message.Fail(Errno.EADDRNOTAVAIL);
        }

        if (socket.IsBound)
        {
            return Message.Fail(Errno.EINVAL);
        }

        var port = (int)request.Message.C;
        if (port == 0)
        {
            port = ports.Ephemeral(address);
        }

        var local = new SocketAddress(address, port);
        if (port == 0 || !ports.IsFree(local))
        {
            return Message.Fail(Errno.EADDRINUSE);
        }

        ports.Add(socket, local);
        return new Message { Words = 2, A = 0, B = port };
    }

    /// <summary>The checks come in the order of Linux's inet_sendmsg and udp_sendmsg.</summary>
    [AsyncMethodBuilder(typeof(ActivationBuilder<>))]
    private async ValueTask<Message> SendTo(Request request, Activation self)
    {
        self.Work(Part.Datagram);
        var error = Route(request, out var socket, out var to);
        if (error != Errno.None)
        {
            return Message.Fail(error);
        }

        var lease = request.Message.Lease;
        var buffer = freeBuffers.TryPop(out var used) ? used : new byte[NicProtocol.LongestFrame];
        if (lease.Length > 0)
        {
            var payload = buffer.AsMemory(UdpFrame.HeaderLength, lease.Length);
            var copied = await self.ReadLease(lease, 0, payload);
            if (copied < 0)
            {
                freeBuffers.Push(buffer);
                return Message.Reply(copied);
            }
        }

        var from = new SocketAddress(SourceFor(socket, to.Address), socket.Local.Port);
        if (IsLocal(to.Address))
        {
            await Deliver(to, new Datagram(buffer, lease.Length, from), self);
        }
        else
        {
            await Transmit(from, to, buffer, lease.Length, self);
            freeBuffers.Push(buffer);
        }

        return new Message { Words = 2, A = lease.Length, B = from.Port };
    }

    private Errno Route(Request request, out UdpSocket socket, out SocketAddress to)
    {
        to = default;
        var error = Find(request, out socket);
        if (error != Errno.None)
        {
            return error;
        }

        if (!socket.IsBound)
        {
            var port = ports.Ephemeral(InternetAddress.Any);
            if (port == 0)
            {
                return Errno.EAGAIN;
            }

            ports.Add(socket, new SocketAddress(InternetAddress.Any, port));
        }

        if (request.Message.Lease.Length > UdpFrame.LongestPayload)
        {
            return Errno.EMSGSIZE;
        }

        if (request.Message.B == NetProtocol.NoAddress)
        {
            return Errno.EDESTADDRREQ;
        }

        if (request.Message.B is < 0 or > uint.MaxValue || request.Message.C is <= 0 or > 0xFFFF)
        {
            return Errno.EINVAL;
        }

        var address = new InternetAddress((uint)request.Message.B);
        to = new SocketAddress(
            address == InternetAddress.Any ? InternetAddress.Loopback : address,
            (int)request.Message.C);
        return Reach(socket, to.Address);
    }

    /// <summary>Whether datagrams of this socket can go to an address.</summary>
    private Errno Reach(UdpSocket socket, InternetAddress to)
    {
        if (IsLocal(to))
        {
            return Errno.None;
        }

        if (!hasInterface || !options.IsOnLink(to))
        {
            return Errno.ENETUNREACH;
        }

        // Linux wants SO_BROADCAST for it, which no socket here can have.
        if (to == options.NetworkBroadcast)
        {
            return Errno.EACCES;
        }

        // An address of 127.0.0.0/8 must not appear on a wire (RFC 1122, 3.2.1.3).
        return socket.Local.Address.IsLoopback ? Errno.EINVAL : Errno.None;
    }

    [AsyncMethodBuilder(typeof(ActivationBuilder<>))]
    private async ValueTask<Message> ReceiveFrom(Request request, Activation self)
    {
        self.Work(Part.Datagram);
        var error = Find(request, out var socket);
        if (error != Errno.None)
        {
            return Message.Fail(error);
        }

        var receiver = new Receiver(request.Token, request.Message.Lease);
        if (!socket.Received.TryDequeue(out var datagram))
        {
            socket.Receivers.Enqueue(receiver);
            return Message.Deferred;
        }

        var answer = await HandOver(datagram, receiver, self);
        freeBuffers.Push(datagram.Buffer);
        return answer;
    }

    private async ValueTask<Message> Close(Request request, Activation self)
    {
        self.Work(Part.SocketChange);
        var error = Find(request, out var socket);
        if (error != Errno.None)
        {
            return Message.Fail(error);
        }

        Release(socket);
        while (socket.Receivers.TryDequeue(out var receiver))
        {
            await self.Reply(receiver.Token, Message.Fail(Errno.EBADF));
        }

        return Message.Reply(0);
    }

    private Message ClientGone(long client, Activation self)
    {
        foreach (var socket in sockets.Values.Where(socket => socket.Owner == client).ToArray())
        {
            self.Work(Part.SocketChange);
            Release(socket);
        }

        return Message.Reply(0);
    }

    private void Release(UdpSocket socket)
    {
        sockets.Remove(socket.Number);
        ports.Remove(socket);
        while (socket.Received.TryDequeue(out var datagram))
        {
            freeBuffers.Push(datagram.Buffer);
        }
    }

    /// <summary>
    /// Gives a datagram to the first receiver that still lives, or keeps it for one to come. What
    /// no socket has room for is dropped, the newest first, as UDP may.
    /// </summary>
    [AsyncMethodBuilder(typeof(ActivationBuilder))]
    private async ValueTask Deliver(SocketAddress to, Datagram datagram, Activation self)
    {
        var socket = ports.Find(to);
        while (socket is not null && socket.Receivers.TryDequeue(out var receiver))
        {
            self.Work(Part.Datagram);
            var answer = await HandOver(datagram, receiver, self);
            if (await self.Reply(receiver.Token, answer) == Errno.None)
            {
                freeBuffers.Push(datagram.Buffer);
                return;
            }
        }

        if (socket is null || !sockets.ContainsKey(socket.Number))
        {
            Counters.NoPort++;
            freeBuffers.Push(datagram.Buffer);
        }
        else if (socket.Received.Count >= options.SocketBuffer)
        {
            Counters.BufferFull++;
            freeBuffers.Push(datagram.Buffer);
        }
        else
        {
            socket.Received.Enqueue(datagram);
        }
    }

    /// <summary>Copies what fits to a receiver; the rest is lost (recv(2)).</summary>
    [AsyncMethodBuilder(typeof(ActivationBuilder<>))]
    private static async ValueTask<Message> HandOver(
        Datagram datagram, Receiver receiver, Activation self)
    {
        var count = Math.Min(datagram.Length, receiver.Lease.Length);
        if (count > 0)
        {
            var payload = datagram.Buffer.AsMemory(UdpFrame.HeaderLength, count);
            var copied = await self.WriteLease(receiver.Lease, 0, payload);
            if (copied < 0)
            {
                return Message.Reply(copied);
            }
        }

        return new Message
        {
            Words = 3,
            A = count,
            B = datagram.From.Address.Value,
            C = datagram.From.Port,
        };
    }

    /// <summary>
    /// Sends a frame. What the driver does not take is lost and counted, not told: so does a real
    /// network further out, and a sender of datagrams must cope with it.
    /// </summary>
    [AsyncMethodBuilder(typeof(ActivationBuilder))]
    private async ValueTask Transmit(
        SocketAddress from, SocketAddress to, byte[] buffer, int payloadLength, Activation self)
    {
        var neighbour = NeighbourAt(to.Address);
        if (neighbour is null)
        {
            Counters.NotSent++;
            return;
        }

        var header = new UdpFrame
        {
            FromHardware = options.Self.Hardware,
            ToHardware = neighbour.Hardware,
            From = from,
            To = to,
            Identification = identification,
            PayloadLength = payloadLength,
        };
        identification = unchecked((ushort)(identification + 1));
        var length = header.WriteAround(buffer);
        var answer = await self.Call(
            self.Connections.To(NicProtocol.Name), Message.Request(NicProtocol.Transmit),
            Retry.Never, buffer.AsMemory(0, length), LeaseAccess.Read);
        if (answer.A < 0)
        {
            Counters.NotSent++;
        }
    }

    private async ValueTask TakeFrames(Activation self)
    {
        var driver = self.Connections.To(NicProtocol.Name);
        var buffer = new byte[NicProtocol.LongestFrame];
        while (hasInterface)
        {
            var answer = await self.Call(
                driver, Message.Request(NicProtocol.Receive), Retry.Idempotent, buffer,
                LeaseAccess.Write);
            if (answer.A > 0)
            {
                buffer = await Accept(buffer, (int)answer.A, self);
            }
            else if (answer.A != -(long)Errno.EAGAIN)
            {
                // ENOENT: this machine has no interface, so only itself can be reached.
                hasInterface = false;
            }
        }
    }

    /// <summary>Takes an arrived frame; the buffer for the next one.</summary>
    [AsyncMethodBuilder(typeof(ActivationBuilder<>))]
    private async ValueTask<byte[]> Accept(byte[] frame, int length, Activation self)
    {
        self.Work(Part.Datagram);
        switch (UdpFrame.Read(frame.AsSpan(0, length), out var header))
        {
            case FrameDefect.NotSpoken:
                Counters.NotForUs++;
                return frame;
            case FrameDefect.Truncated:
            case FrameDefect.HeaderChecksum:
            case FrameDefect.DatagramChecksum:
                Counters.Damaged++;
                return frame;
            case FrameDefect.None:
                break;
        }

        if (header.ToHardware != options.Self.Hardware || header.To.Address != options.Self.Address)
        {
            Counters.NotForUs++;
            return frame;
        }

        var next = freeBuffers.TryPop(out var used) ? used : new byte[NicProtocol.LongestFrame];
        await Deliver(header.To, new Datagram(frame, header.PayloadLength, header.From), self);
        return next;
    }

    private Errno Find(Request request, out UdpSocket socket)
    {
        var number = request.Message.A;
        if (sockets.TryGetValue(number, out socket!) && socket.Owner == request.Client.Value)
        {
            return Errno.None;
        }

        return number > 0 && number <= birth ? Errno.ESTALE : Errno.EBADF;
    }

    private bool IsLocal(InternetAddress address) =>
        address.IsLoopback || address == options.Self.Address;

    /// <summary>The address that a datagram of this socket bears as its source.</summary>
    private InternetAddress SourceFor(UdpSocket socket, InternetAddress to) =>
        socket.Local.Address != InternetAddress.Any ? socket.Local.Address
        : to.IsLoopback ? InternetAddress.Loopback
        : options.Self.Address;

    private Neighbour? NeighbourAt(InternetAddress address)
    {
        foreach (var neighbour in options.Neighbours)
        {
            if (neighbour.Address == address)
            {
                return neighbour;
            }
        }

        return null;
    }
}
