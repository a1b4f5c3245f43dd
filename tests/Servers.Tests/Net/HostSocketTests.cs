using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Abi.Posix;
using LibSys;

namespace Servers.Tests.Net;

/// <summary>The same calls on the host's kernel and on ours: same results, same errnos.</summary>
public sealed partial class HostSocketTests
{
    /// <summary>A step of a program: what it does to sockets, on one side or the other.</summary>
    private interface ISide
    {
        ValueTask<long> Open();

        ValueTask<long> Bind(int socket, string address, int port);

        ValueTask<long> Send(int socket, byte[] bytes, string address, int port);

        ValueTask<long> Receive(int socket, byte[] buffer);

        ValueTask<long> Close(int socket);
    }

    public static TheoryData<string> Programs => [.. Catalogue.Keys];

    private static SortedDictionary<string, Func<ISide, List<object>, ValueTask>> Catalogue
    {
        get;
    } =
        new(StringComparer.Ordinal)
        {
            ["a datagram keeps its bounds, and what does not fit is lost"] = async (side, seen) =>
            {
                var (server, client) = await Pair(side);
                seen.Add(await side.Send(client, [1, 2, 3, 4, 5], Loopback, ServerPort));
                seen.Add(await side.Send(client, [6, 7], Loopback, ServerPort));
                var buffer = new byte[3];
                seen.Add(await side.Receive(server, buffer));
                seen.Add(Convert.ToHexString(buffer));
                seen.Add(await side.Receive(server, buffer));
                seen.Add(Convert.ToHexString(buffer));
            },
            ["an empty datagram is one"] = async (side, seen) =>
            {
                var (server, client) = await Pair(side);
                seen.Add(await side.Send(client, [], Loopback, ServerPort));
                seen.Add(await side.Send(client, [9], Loopback, ServerPort));
                var buffer = new byte[3];
                seen.Add(await side.Receive(server, buffer));
                seen.Add(await side.Receive(server, buffer));
            },
            ["receiving into no memory consumes the datagram"] = async (side, seen) =>
            {
                var (server, client) = await Pair(side);
                seen.Add(await side.Send(client, [1, 2], Loopback, ServerPort));
                seen.Add(await side.Send(client, [3], Loopback, ServerPort));
                seen.Add(await side.Receive(server, []));
                seen.Add(await side.Receive(server, new byte[5]));
            },
            ["a port has one socket at an address"] = async (side, seen) =>
            {
                await Pair(side);
                var third = (int)await side.Open();
                seen.Add(await side.Bind(third, Loopback, ServerPort));
                seen.Add(await side.Bind(third, "0.0.0.0", ServerPort));
                seen.Add(await side.Bind(third, "127.0.0.2", ServerPort));
            },
            ["a socket on all addresses shuts out the others"] = async (side, seen) =>
            {
                var first = (int)await side.Open();
                var second = (int)await side.Open();
                seen.Add(await side.Bind(first, "0.0.0.0", ServerPort));
                seen.Add(await side.Bind(second, Loopback, ServerPort));
                seen.Add(await side.Bind(second, "127.0.0.2", ServerPort));
            },
            ["a socket is bound once"] = async (side, seen) =>
            {
                var (server, _) = await Pair(side);
                seen.Add(await side.Bind(server, Loopback, ServerPort + 2));
                var third = (int)await side.Open();
                seen.Add(await side.Send(third, [1], Loopback, ServerPort));
                seen.Add(await side.Bind(third, Loopback, ServerPort + 2));
            },
            ["a send that fails has bound its socket"] = async (side, seen) =>
            {
                var socket = (int)await side.Open();
                seen.Add(await side.Send(socket, [1], Loopback, 0));
                seen.Add(await side.Bind(socket, Loopback, ServerPort));
            },
            ["only addresses of this machine can be bound"] = async (side, seen) =>
            {
                var socket = (int)await side.Open();
                seen.Add(await side.Bind(socket, "203.0.113.1", ServerPort));
                seen.Add(await side.Bind(socket, "127.9.9.9", ServerPort));
                seen.Add(await side.Bind(socket, "203.0.113.1", ServerPort));
            },
            ["port 0 is nowhere"] = async (side, seen) =>
            {
                var (_, client) = await Pair(side);
                seen.Add(await side.Send(client, [1], Loopback, 0));
            },
            ["more than a datagram holds is refused before its address is looked at"] =
                async (side, seen) =>
                {
                    var (_, client) = await Pair(side);
                    seen.Add(await side.Send(client, new byte[65_536], Loopback, 0));
                    seen.Add(await side.Send(client, new byte[65_536], Loopback, ServerPort));
                },
            ["a datagram to nobody is sent"] = async (side, seen) =>
            {
                var (_, client) = await Pair(side);
                seen.Add(await side.Send(client, [1, 2, 3], Loopback, ServerPort + 7));
            },
            ["the address 0.0.0.0 is this machine"] = async (side, seen) =>
            {
                var (server, client) = await Pair(side);
                seen.Add(await side.Send(client, [1, 2, 3], "0.0.0.0", ServerPort));
                seen.Add(await side.Receive(server, new byte[5]));
            },
            ["a closed socket's port is free"] = async (side, seen) =>
            {
                var (server, _) = await Pair(side);
                seen.Add(await side.Close(server));
                seen.Add(await side.Bind((int)await side.Open(), Loopback, ServerPort));
            },
        };

    private static string Loopback => "127.0.0.1";

    /// <summary>Ports of the host that are hopefully free; the tests of this class run one by
    /// one.</summary>
    private static int ServerPort => 27_431;

    [LinuxTheory]
    [MemberData(nameof(Programs))]
    public async Task A_program_gets_the_results_of_the_host(string name)
    {
        using var host = new Host();
        List<object> expected = [];
        await Catalogue[name](host, expected);

        List<object> actual = [];
        new NetMachine().Run(sys => Catalogue[name](new Ours(sys), actual));
        Assert.Equal(expected, actual);
    }

    private static async ValueTask<(int Server, int Client)> Pair(ISide side)
    {
        var (server, client) = ((int)await side.Open(), (int)await side.Open());
        await side.Bind(server, Loopback, ServerPort);
        await side.Bind(client, Loopback, ServerPort + 1);
        return (server, client);
    }

    private sealed class Ours(Sys sys) : ISide
    {
        public async ValueTask<long> Open() => await NetMachine.Udp(sys);

        public async ValueTask<long> Bind(int socket, string address, int port) =>
            (await sys.Bind(socket, new(InternetAddress.Parse(address), port))).Raw;

        public async ValueTask<long> Send(int socket, byte[] bytes, string address, int port) =>
            (await sys.Sendto(socket, bytes, new(InternetAddress.Parse(address), port))).Raw;

        public async ValueTask<long> Receive(int socket, byte[] buffer) =>
            (await sys.Recvfrom(socket, buffer)).Raw;

        public async ValueTask<long> Close(int socket) => (await sys.Close(socket)).Raw;
    }

    private sealed partial class Host : ISide, IDisposable
    {
        private readonly List<Socket> sockets = [];

        public ValueTask<long> Open()
        {
            sockets.Add(new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp));
            return new(sockets.Count - 1);
        }

        public ValueTask<long> Bind(int socket, string address, int port) => Try(() =>
        {
            sockets[socket].Bind(new IPEndPoint(IPAddress.Parse(address), port));
            return 0;
        });

        public ValueTask<long> Send(int socket, byte[] bytes, string address, int port) =>
            Try(() => sockets[socket].SendTo(
                bytes, new IPEndPoint(IPAddress.Parse(address), port)));

        // Not Socket.Receive, which only looks whether a datagram is there if the buffer is empty.
        public ValueTask<long> Receive(int socket, byte[] buffer)
        {
            var count = recv((int)sockets[socket].Handle, buffer, (nuint)buffer.Length, 0);
            return new(count < 0 ? -Marshal.GetLastPInvokeError() : count);
        }

        public ValueTask<long> Close(int socket)
        {
            sockets[socket].Dispose();
            return new(0);
        }

        public void Dispose() => sockets.ForEach(socket => socket.Dispose());

        [LibraryImport("libc", SetLastError = true)]
        private static partial nint recv(int socket, byte[] buffer, nuint length, int flags);

        private static ValueTask<long> Try(Func<int> call)
        {
            try
            {
                return new(call());
            }
            catch (SocketException exception)
            {
                // On Linux the native code is the errno.
                return new(-exception.NativeErrorCode);
            }
        }
    }
}

/// <summary>A theory that compares with Linux; elsewhere it is skipped, with a word.</summary>
public sealed class LinuxTheoryAttribute : TheoryAttribute
{
    public LinuxTheoryAttribute()
    {
        if (!OperatingSystem.IsLinux())
        {
            Skip = "compares with the host's kernel, which must be Linux";
        }
    }
}
