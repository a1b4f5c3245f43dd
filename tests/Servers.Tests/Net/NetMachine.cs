using System.Text;
using Abi.Posix;
using LibSys;
using Servers.Net;
using Servers.Timers;
using Testing;

namespace Servers.Tests.Net;

/// <summary>A machine with a network: the net stack, the NIC driver and the echo peer.</summary>
internal sealed class NetMachine
{
    public NetMachine(NetOptions? options = null, int ring = 8, bool hasInterface = true)
    {
        Nic = new FakeNic(Gate);
        Gate.Register(() => new TimerServer());
        if (hasInterface)
        {
            Gate.Register(
                () =>
                {
                    Nic.Reset();
                    return new NicDriver(ring);
                },
                devices: Nic);
        }

        Gate.Register(() => Stack = new NetStack(options));
    }

    public static InternetAddress Own => InternetAddress.Parse("10.0.0.1");

    public static InternetAddress Peer => InternetAddress.Parse("10.0.0.2");

    public static SocketAddress Echo => new(Peer, 7);

    public DirectGate Gate { get; } = new();

    public FakeNic Nic { get; }

    /// <summary>The net stack's present incarnation.</summary>
    public NetStack Stack { get; private set; } = null!;

    public void Run(Func<Sys, ValueTask> program) => Gate.Ask(program);

    public static SocketAddress Local(int port) => new(InternetAddress.Loopback, port);

    public static async ValueTask<int> Udp(Sys sys)
    {
        var made = await sys.Socket(SocketConstants.AF_INET, SocketConstants.SOCK_DGRAM);
        return (int)made.Raw;
    }

    public static async ValueTask<int> Bound(Sys sys, SocketAddress address)
    {
        var socket = await Udp(sys);
        Assert.Equal(0, (await sys.Bind(socket, address)).Raw);
        return socket;
    }

    public static byte[] Bytes(string text) => Encoding.ASCII.GetBytes(text);
}
