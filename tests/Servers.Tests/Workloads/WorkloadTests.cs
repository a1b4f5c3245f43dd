using Abi.Posix;
using Programs.Workloads;
using Servers.Naming;
using Servers.Processes;
using Servers.Tests.Net;
using Testing;

namespace Servers.Tests.Workloads;

public sealed class WorkloadTests
{
    [Fact]
    public void Getpid_in_a_loop_is_that_many_calls()
    {
        var gate = new DirectGate();
        gate.Register(() => new NamingServer());
        gate.Register(() => new ProcessManager());
        var program = gate.Spawn(new GetpidLoop(25));
        gate.Run();
        Assert.Equal(0, program.Status);
        Assert.Equal(25, gate.Calls.Count(call => call.Call == PosixCall.Getpid));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(100)]
    public void Ping_and_pong_end_together_after_their_rounds(int rounds)
    {
        var gate = new DirectGate();
        gate.Register(() => new NamingServer());
        var client = gate.Spawn(new PingClient("pong", rounds), "ping");
        var server = gate.Spawn(new PongServer("pong", rounds), "pong");
        gate.Run();
        Assert.Equal((0, 0), (client.Status, server.Status));
        Assert.Equal(
            rounds,
            gate.Calls.Count(call =>
                call.Call is PosixCall.IpcReceive or PosixCall.IpcReplyReceive));
    }

    [Fact]
    public void Datagrams_go_to_the_echo_peer_and_back_one_after_the_other()
    {
        var machine = new NetMachine();
        var program = machine.Gate.Spawn(new EchoClient(NetMachine.Echo, 18, 10));
        machine.Gate.Run();
        Assert.Equal(0, program.Status);

        // Each round: twice 67.2 ns of wire, rounded, and 450 ns of latency, and 12.5 us at the
        // peer.
        Assert.Equal(10 * (2 * (67 + 450) + 12_500), machine.Gate.Now.Cycles);
    }
}
