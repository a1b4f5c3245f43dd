using Abi.Posix;
using LibSys;

namespace Programs.Workloads;

/// <summary>Sends datagrams to an echo server, each after the answer to the one before.</summary>
/// <param name="server">Where it is; the peer on the wire is 10.0.0.2, port 7.</param>
/// <param name="length">Bytes in each datagram.</param>
/// <param name="rounds">How many.</param>
public sealed class EchoClient(SocketAddress server, int length, long rounds) : IProgram
{
    /// <inheritdoc/>
    public async ValueTask<int> Main(Sys sys)
    {
        var made = await sys.Socket(SocketConstants.AF_INET, SocketConstants.SOCK_DGRAM);
        var socket = (int)made.Raw;
        var sent = new byte[length];
        var received = new byte[length + 1];
        for (long i = 0; i < rounds; i++)
        {
            sent.AsSpan().Fill((byte)(i % 256));
            await sys.Sendto(socket, sent, server);
            var answer = await sys.Recvfrom(socket, received);
            if (answer.Raw != length || !received.AsSpan(0, length).SequenceEqual(sent))
            {
                return 1;
            }
        }

        await sys.Close(socket);
        return 0;
    }
}
