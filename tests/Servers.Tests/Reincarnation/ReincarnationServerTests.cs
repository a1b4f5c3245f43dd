using System.Text;
using Abi;
using Abi.Kernel;
using Abi.Units;
using LibSys;
using LibSys.Protocols;
using Servers.Reincarnation;
using Testing;

namespace Servers.Tests.Reincarnation;

public sealed class ReincarnationServerTests
{
    private static readonly ReincarnationOptions Options = new(
        BackoffUnit: 100, BackoffCap: 3000, GiveUpAfter: 10, SettledAfter: 1_000_000);

    private readonly DirectGate gate = new();
    private readonly Naming naming = new();
    private readonly List<(long At, int Component)> restarts = [];

    public ReincarnationServerTests()
    {
        gate.Register(() => naming);
        gate.Register(() => new ReincarnationServer(
            [new(2, "disk-driver"), new(1, "file-server"), new(7, "net-stack")], Options));
        gate.Answer(Syscall.ComponentRestart, (registers, _) =>
        {
            restarts.Add((gate.Now.Cycles, (int)registers.Arg0));
            return Errno.None;
        });
    }

    [Fact]
    public void The_first_restart_comes_at_once_then_the_delay_doubles_up_to_a_cap_and_then_none()
    {
        // One crash each 10,000 cycles. By hand: 0, then 100 x 2^k for k = 1..4, then the cap of
        // 3000;
        // the eleventh crash is not answered.
        for (var i = 0; i < 12; i++)
        {
            DieAt(10_000 * i, 1);
        }

        gate.Run();
        long[] delays = [0, 200, 400, 800, 1600, 3000, 3000, 3000, 3000, 3000];
        Assert.Equal(delays.Select((delay, i) => (10_000L * i + delay, 1)), restarts);
    }

    [Fact]
    public void The_default_unit_is_a_millisecond_and_the_default_cap_64()
    {
        var options = new ReincarnationOptions();
        Assert.Equal((1_000_000, 64_000_000, 10),
            (options.BackoffUnit, options.BackoffCap, options.GiveUpAfter));
    }

    [Fact]
    public void Components_that_die_at_one_instant_come_back_in_order_of_dependency()
    {
        DieAt(50, 1, 7, 2);
        gate.Run();
        Assert.Equal([(50L, 2), (50, 1), (50, 7)], restarts);
    }

    [Fact]
    public void Components_that_die_at_one_instant_wait_once_as_one_domain()
    {
        DieAt(0, 1, 2);
        DieAt(10_000, 2, 1);
        gate.Run();
        Assert.Equal([(0L, 2), (0, 1), (10_200, 2), (10_200, 1)], restarts);
    }

    [Fact]
    public void One_components_crashes_do_not_delay_another()
    {
        DieAt(0, 1);
        DieAt(10_000, 1);
        DieAt(10_050, 7);
        gate.Run();
        Assert.Equal([(0L, 1), (10_050, 7), (10_200, 1)], restarts);
    }

    [Fact]
    public void A_component_that_stayed_up_long_enough_starts_counting_anew()
    {
        DieAt(0, 1);
        ReadyAt(10, 1);
        DieAt(1_000_009, 1);
        ReadyAt(1_001_000, 1);
        DieAt(2_001_000, 1);
        gate.Run();
        Assert.Equal([(0L, 1), (1_000_209, 1), (2_001_000, 1)], restarts);
    }

    [Fact]
    public void Naming_is_told_the_name_of_each_component_that_is_ready_again()
    {
        DieAt(0, 1);
        ReadyAt(30, 1);
        gate.Run();
        Assert.Equal([(30L, "file-server")], naming.Rebound);
    }

    [Fact]
    public void Components_that_it_does_not_know_stay_dead()
    {
        DieAt(0, 99);
        ReadyAt(10, 99);
        gate.Run();
        Assert.Empty(restarts);
        Assert.Empty(naming.Rebound);
    }

    private void DieAt(long at, params int[] components) => gate.At(new VirtualTime(at), () =>
    {
        foreach (var component in components)
        {
            Announce(LifeEvent.ComponentDied, component);
        }
    });

    private void ReadyAt(long at, int component) =>
        gate.At(new VirtualTime(at), () => Announce(LifeEvent.ComponentReady, component));

    private void Announce(LifeEvent what, int component) =>
        gate.Announce(ReincarnationServer.ServerName, what, component, 1);

    /// <summary>Keeps what it is told.</summary>
    private sealed class Naming : Component
    {
        public List<(long At, string Name)> Rebound { get; } = [];

        public override string Name => NamingProtocol.Name;

        public override ValueTask<Message> Handle(Request request, Activation self)
        {
            Assert.Equal(NamingProtocol.Rebound, request.Message.Operation);
            var name = Encoding.UTF8.GetString(request.Message.Data.Span);
            Rebound.Add((self.Now.Cycles, name));
            return new(Message.Reply(0));
        }
    }
}
