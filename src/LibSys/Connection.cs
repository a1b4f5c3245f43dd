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

    /// <summary>
    /// Calls the server and waits for its answer: the answer's first word, which is an errno
    /// negated if there is none; the rest is then in the registers. If the server died, finds its
    /// next incarnation and, where <paramref name="retry"/> allows, asks again; else the answer is
    /// EIO. EAGAIN: it did not come back within naming's bound.
    /// </summary>
    /// <param name="self">Who asks.</param>
    /// <param name="request">What is asked.</param>
    /// <param name="retry">Whether it may be asked twice.</param>
    /// <param name="lend">Memory to lend with it.</param>
    /// <param name="access">What the server may do with that.</param>
    /// <param name="handle">What the request is about, if that is to be its first word.</param>
    [AsyncMethodBuilder(typeof(ActivationBuilder<>))]
    public async ValueTask<long> Ask(
        Activation self, Message request, Retry retry, Memory<byte> lend, LeaseAccess access,
        IHandle? handle = null)
    {
        while (true)
        {
            if (handle is not null)
            {
                if (!handle.IsBound && await handle.Bind(self) is not Errno.None and var error)
                {
                    return -(long)error;
                }

                request.A = handle.Number;
            }

            CapSlot used;
            long result;
            while (true)
            {
                if (endpoint == CapSlot.None
                    && await Bind(self) is not Errno.None and var error)
                {
                    return -(long)error;
                }

                used = endpoint;
                result = await self.Ask(used, request, lend, access);
                if (result != -(long)Errno.EOWNERDEAD)
                {
                    break;
                }

                if (endpoint == used)
                {
                    endpoint = CapSlot.None;
                }

                var wasReceived = self.Registers.Arg0 == 0;
                if (retry == Retry.Never && wasReceived)
                {
                    return -(long)Errno.EIO;
                }
            }

            if (handle is null || result != -(long)Errno.ESTALE)
            {
                return result;
            }

            handle.Unbind();
        }
    }
}

/// <summary>
/// What a server's incarnation gave out to be named in later requests, and what it takes to get
/// another one from the next incarnation.
/// </summary>
public interface IHandle
{
    /// <summary>Whether the incarnation that the connection leads to gave it, as far as is known.
    /// </summary>
    bool IsBound { get; }

    /// <summary>Its number, while it is bound.</summary>
    long Number { get; }

    /// <summary>Makes sure that it is bound: None, or why not.</summary>
    ValueTask<Errno> Bind(Activation self);

    /// <summary>The server does not know it any more: ESTALE.</summary>
    void Unbind();
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
