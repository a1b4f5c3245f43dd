using Abi.Posix;

namespace Servers.Net;

/// <summary>Which sockets are bound to which port.</summary>
internal sealed class PortTable
{
    /// <summary>
    /// The first ephemeral port (Linux: net.ipv4.ip_local_port_range is 32768 to 60999).
    /// </summary>
    public const int FirstEphemeral = 32768;

    /// <summary>The last ephemeral port.</summary>
    public const int LastEphemeral = 60999;

    private readonly Dictionary<int, List<UdpSocket>> ports = [];
    private int nextEphemeral = FirstEphemeral;

    /// <summary>
    /// Whether no socket has the port at this address; INADDR_ANY collides with every address.
    /// </summary>
    public bool IsFree(SocketAddress local)
    {
        if (!ports.TryGetValue(local.Port, out var sockets))
        {
            return true;
        }

        foreach (var socket in sockets)
        {
            if (local.Address == InternetAddress.Any || socket.Accepts(local.Address))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Binds a socket to a free address.</summary>
    public void Add(UdpSocket socket, SocketAddress local)
    {
        socket.Local = local;
        if (!ports.TryGetValue(local.Port, out var sockets))
        {
            ports.Add(local.Port, sockets = []);
        }

        sockets.Add(socket);
    }

    /// <summary>Frees what the socket is bound to.</summary>
    public void Remove(UdpSocket socket)
    {
        if (ports.TryGetValue(socket.Local.Port, out var sockets) && sockets.Remove(socket)
            && sockets.Count == 0)
        {
            ports.Remove(socket.Local.Port);
        }
    }

    /// <summary>
    /// A free port of the ephemeral range, or 0 if there is none. The next one in turn; Linux draws
    /// lots (RFC 6056), which protects against guessing and would add a random stream here.
    /// </summary>
    public int Ephemeral(InternetAddress address)
    {
        for (var tries = FirstEphemeral; tries <= LastEphemeral; tries++)
        {
            var port = nextEphemeral;
            nextEphemeral = port == LastEphemeral ? FirstEphemeral : port + 1;
            if (IsFree(new SocketAddress(address, port)))
            {
                return port;
            }
        }

        return 0;
    }

    /// <summary>
    /// The socket that a datagram is for: the only one, as bound addresses never collide.
    /// </summary>
    public UdpSocket? Find(SocketAddress to)
    {
        if (ports.TryGetValue(to.Port, out var sockets))
        {
            foreach (var socket in sockets)
            {
                if (socket.Accepts(to.Address))
                {
                    return socket;
                }
            }
        }

        return null;
    }
}
