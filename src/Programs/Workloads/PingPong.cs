using Abi.Kernel;
using LibSys;

namespace Programs.Workloads;

/// <summary>Answers each number with the next higher one: the server of a pair.</summary>
/// <param name="name">The name under which it can be found.</param>
/// <param name="rounds">How many requests it answers before it ends.</param>
public sealed class PongServer(string name, long rounds) : IProgram
{
    /// <inheritdoc/>
    public async ValueTask<int> Main(Sys sys)
    {
        var served = await sys.IpcServe(name);
        if (served.Failed)
        {
            return 1;
        }

        var endpoint = new CapSlot((int)served.Raw);
        var ball = await sys.IpcReceive(endpoint);
        for (long i = 1; i < rounds; i++)
        {
            ball = await sys.IpcReplyReceive(endpoint, Message.Reply(ball.Raw + 1));
        }

        await sys.IpcReply(Message.Reply(ball.Raw + 1));
        return 0;
    }
}

/// <summary>Sends a number to a <see cref="PongServer"/> and takes the next one: the client of a
/// pair.</summary>
/// <param name="name">The server's name.</param>
/// <param name="rounds">How often.</param>
public sealed class PingClient(string name, long rounds) : IProgram
{
    /// <inheritdoc/>
    public async ValueTask<int> Main(Sys sys)
    {
        var found = await sys.IpcConnect(name);
        if (found.Failed)
        {
            return 1;
        }

        var server = new CapSlot((int)found.Raw);
        long ball = 0;
        for (long i = 0; i < rounds; i++)
        {
            ball = (await sys.IpcCall(server, Message.Request(1, ball))).Raw;
        }

        return ball == rounds ? 0 : 1;
    }
}
