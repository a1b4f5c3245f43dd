using System.Runtime.CompilerServices;
using Abi;
using Abi.Kernel;
using LibSys.Protocols;

namespace LibSys;

/// <summary>Whether a request may be sent again to a new incarnation after its server
/// died.</summary>
public enum Retry
{
    /// <summary>Doing it twice has the effect of doing it once: ask the next incarnation.</summary>
    Idempotent,
    /// <summary>It may have happened: answer EIO, unless the server died before it received the
    /// request.</summary>
    Never,
}

/// <summary>
/// A client's end of a named server: the capability for its current incarnation, found through
/// naming and
/// found again after the server died.
/// </summary>
/// <param name="name">The server's name.</param>
public sealed class Connection(string name)
{
    private readonly byte[] nameBytes = System.Text.Encoding.UTF8.GetBytes(name);
    private CapSlot endpoint = CapSlot.None;

    /// <summary>The server's name.</summary>
    public string Name { get; } = name;

    /// <summary>
    /// How often this connection was bound; a descriptor that was made under an older number must
    /// be
    /// made again before it is used.
    /// </summary>
    public int Generation { get; private set; }

    /// <summary>Makes sure that the connection is bound: None, or why not (EAGAIN,
    /// ENOENT).</summary>
    public async ValueTask<Errno> Bind(Activation self)
    {
        if (endpoint != CapSlot.None)
        {
            return Errno.None;
        }

        var answer = await self.Call(
            CapSlot.Naming, Message.Request(NamingProtocol.Lookup).With(nameBytes));
        if (answer.A < 0)
        {
            return (Errno)(-answer.A);
        }

        endpoint = answer.Capability;
        Generation++;
        return Errno.None;
    }

    /// <summary>See <see cref="Activation.Call(Connection, Message, Retry, Memory{byte},
    /// LeaseAccess)"/>.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<Message> Call(
        Activation self, Message request, Retry retry, Memory<byte> lend, LeaseAccess access)
    {
        while (true)
        {
            if (endpoint == CapSlot.None)
            {
                var error = await Bind(self);
                if (error != Errno.None)
                {
                    return Message.Fail(error);
                }
            }

            var used = endpoint;
            var answer = await self.Call(used, request, lend, access);
            if (answer.A != -(long)Errno.EOWNERDEAD)
            {
                return answer;
            }

            if (endpoint == used)
            {
                endpoint = CapSlot.None;
            }

            var wasReceived = self.Registers.Arg0 == 0;
            if (retry == Retry.Never && wasReceived)
            {
                return Message.Fail(Errno.EIO);
            }
        }
    }
}

/// <summary>The connections of one component or process, one for each server it talks to.</summary>
public sealed class ConnectionTable
{
    private readonly List<Connection> connections = [];

    /// <summary>The connection to the server of this name.</summary>
    public Connection To(string name)
    {
        foreach (var connection in connections)
        {
            if (connection.Name == name)
            {
                return connection;
            }
        }

        var made = new Connection(name);
        connections.Add(made);
        return made;
    }
}
