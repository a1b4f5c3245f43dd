using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Abi;
using Abi.Kernel;
using Abi.Posix;
using LibSys.Protocols;

namespace LibSys.Descriptors;

/// <summary>
/// A socket for datagrams: the net stack's number for it, and what it takes to make it again, bound
/// to the same port, in the net stack's next incarnation.
/// </summary>
/// <param name="net">The connection to the net stack.</param>
/// <param name="made">The answer to <see cref="NetProtocol.Socket"/>.</param>
public sealed class OpenSocket(Connection net, Message made) : OpenDescription
{
    private long number = made.A;
    private int boundAt = net.Generation;
    private SocketAddress local;
    private bool wasToldOfLoss;
    private bool hasLost;

    /// <summary>Asks for a socket.</summary>
    internal static Message Request(int family, int type, int protocol) =>
        Message.Request(NetProtocol.Socket, family, type, protocol);

    /// <summary>read(): what <see cref="Receive"/> does.</summary>
    [AsyncMethodBuilder(typeof(ActivationBuilder<>))]
    public override async ValueTask<long> Read(Sys sys, Memory<byte> into)
    {
        var answer = await Receive(sys, into);
        return answer.A;
    }

    /// <summary>write(): EDESTADDRREQ, as a socket here is never connected.</summary>
    public override ValueTask<long> Write(Sys sys, ReadOnlyMemory<byte> from) =>
        Fail(Errno.EDESTADDRREQ);

    /// <inheritdoc/>
    public override ValueTask<(long Result, FileStatus Status)> GetStatus(Sys sys) =>
        new((0, new FileStatus(0, ModeBits.S_IFSOCK | 0x1FF, 1, 0, 0)));

    /// <inheritdoc/>
    public override async ValueTask<long> Close(Sys sys)
    {
        // A socket of a dead net stack is closed already.
        var answer = await sys.Call(
            net, Message.Request(NetProtocol.Close, number), Retries.Socket.Retry);
        return answer.A == -(long)Errno.ESTALE ? 0 : answer.A;
    }

    /// <summary>bind(): 0, or an errno negated.</summary>
    internal async ValueTask<long> Bind(Sys sys, SocketAddress address)
    {
        var request = Message.Request(
            NetProtocol.Bind, number, address.Address.Value, address.Port);
        var answer = await Ask(sys, request, Retries.Socket.Retry);
        if (answer.A == 0)
        {
            local = address with { Port = (int)answer.B };
        }

        return answer.A;
    }

    /// <summary>sendto(): the count, or an errno negated. Null: no address, EDESTADDRREQ.</summary>
    [AsyncMethodBuilder(typeof(ActivationBuilder<>))]
    internal async ValueTask<long> Send(Sys sys, ReadOnlyMemory<byte> from, SocketAddress? to)
    {
        var request = Message.Request(
            NetProtocol.SendTo, number, to?.Address.Value ?? NetProtocol.NoAddress, to?.Port ?? 0);
        var answer = await Ask(
            sys, request, Retries.SendTo.Retry, MemoryMarshal.AsMemory(from), LeaseAccess.Read);
        if (answer.A >= 0)
        {
            // It may have been bound to an ephemeral port just now.
            local = local with { Port = (int)answer.B };
        }

        return answer.A;
    }

    /// <summary>recvfrom(): the answer to <see cref="NetProtocol.ReceiveFrom"/>.</summary>
    internal ValueTask<Message> Receive(Sys sys, Memory<byte> into) => Ask(
        sys, Message.Request(NetProtocol.ReceiveFrom, number), Retries.ReceiveFrom.Retry, into,
        LeaseAccess.Write);

    /// <summary>
    /// Asks with the number as first word; of a new socket if the net stack died since.
    /// </summary>
    [AsyncMethodBuilder(typeof(ActivationBuilder<>))]
    private async ValueTask<Message> Ask(
        Sys sys, Message request, Retry retry, Memory<byte> lend = default,
        LeaseAccess access = LeaseAccess.None)
    {
        while (true)
        {
            if (boundAt != net.Generation)
            {
                var error = await MakeAgain(sys);
                if (error != Errno.None)
                {
                    return Message.Fail(error);
                }
            }

            if (hasLost && request.Operation == NetProtocol.ReceiveFrom)
            {
                hasLost = false;
                return Message.Fail(Errno.EIO);
            }

            request.A = number;
            var answer = await sys.Call(net, request, retry, lend, access);
            if (answer.A == -(long)Errno.EIO)
            {
                wasToldOfLoss = true;
            }

            if (answer.A != -(long)Errno.ESTALE)
            {
                return answer;
            }

            boundAt = 0;
        }
    }

    /// <summary>Makes the socket in the net stack's present incarnation, bound as it was.</summary>
    private async ValueTask<Errno> MakeAgain(Sys sys)
    {
        while (true)
        {
            var request = Request(SocketConstants.AF_INET, SocketConstants.SOCK_DGRAM, 0);
            var answer = await sys.Call(net, request, Retries.Socket.Retry);
            if (answer.A < 0)
            {
                return (Errno)(-answer.A);
            }

            (number, boundAt) = (answer.A, net.Generation);
            if (local.Port == 0)
            {
                return Errno.None;
            }

            answer = await sys.Call(
                net,
                Message.Request(NetProtocol.Bind, number, local.Address.Value, local.Port),
                Retries.Socket.Retry);
            if (answer.A == 0)
            {
                hasLost = !wasToldOfLoss;
                wasToldOfLoss = false;
                return Errno.None;
            }

            if (answer.A != -(long)Errno.ESTALE)
            {
                // Somebody else has the port now. A socket without it would not be the same: try
                // again at the next call.
                await Close(sys);
                boundAt = 0;
                return (Errno)(-answer.A);
            }
        }
    }
}
