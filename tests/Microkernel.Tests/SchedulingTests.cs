using Abi.Costs;
using Abi.Kernel;
using Microkernel.Objects;
using Records;

namespace Microkernel.Tests;

public sealed class SchedulingTests
{
    private readonly Rig rig = new();

    [Fact]
    public void A_more_urgent_thread_preempts_when_it_becomes_ready()
    {
        var low = rig.Program("low", priority: 10);
        var high = rig.Program("high", priority: 11);
        var notification = new Notification();
        rig.Invoke(high, Syscall.Wait, Rig.Give(high, notification));

        var length = rig.Invoke(low, Syscall.Signal, Rig.Give(low, notification, badge: 1));

        Assert.Equal(TcbState.Running, high.State);
        Assert.Equal(TcbState.Ready, low.State);
        rig.AssertCharged(
            length, Part.TrapEnter, Part.NotificationPath, Part.Schedule, Part.AddressSpaceSwitch,
            Part.TrapLeave);
    }

    [Theory]
    [InlineData(10)]
    [InlineData(9)]
    public void A_thread_that_is_not_more_urgent_does_not(int priority)
    {
        var current = rig.Program("current", priority: 10);
        var other = rig.Program("other", priority);
        Rig.Dispatch(current);

        rig.Begin(other);

        Assert.Equal(TcbState.Running, current.State);
        Assert.Equal(TcbState.Ready, other.State);
    }

    [Fact]
    public void An_interrupt_preempts_the_segment_and_the_preempted_is_the_next_of_its_priority()
    {
        var first = rig.Program("first");
        var second = rig.Program("second");
        var urgent = rig.Program("urgent", priority: 20);
        var notification = new Notification();
        rig.Invoke(urgent, Syscall.Wait, Rig.Give(urgent, notification, badge: 1));
        Rig.Dispatch(first);
        rig.Begin(second);
        first.BeginSegment(0);
        first.Suspend(0);

        rig.Enter(first.Core, op => rig.Kernel.TimerExpired(op, notification));
        Assert.Equal(TcbState.Running, urgent.State);
        Assert.Equal(1, rig.Counted(Counter.Preemptions));

        rig.Trap(urgent, Syscall.ThreadExit);
        Assert.Equal(TcbState.Running, first.State);
    }

    [Fact]
    public void Equals_that_yield_take_turns()
    {
        var threads = Enumerable.Range(0, 4).Select(i => rig.Program($"t{i}")).ToArray();
        rig.Begin(threads);
        for (var turn = 0; turn < 12; turn++)
        {
            var current = rig.Kernel.Cores[0].Current!;
            Assert.Same(threads[turn % threads.Length], current);
            rig.Trap(current, Syscall.Yield);
        }
    }

    [Fact]
    public void Whoever_yields_to_less_urgent_ones_goes_on()
    {
        var thread = rig.Program("thread", priority: 11);
        Rig.Dispatch(thread);
        rig.Begin(rig.Program("other", priority: 10));

        rig.Trap(thread, Syscall.Yield);

        Assert.Equal(TcbState.Running, thread.State);
        Assert.Equal(Rig.Quantum, thread.QuantumLeft);
    }

    [Fact]
    public void A_spent_quantum_is_the_turn_of_the_next()
    {
        var first = rig.Program("first");
        var second = rig.Program("second");
        Rig.Dispatch(first);
        rig.Begin(second);
        first.BeginSegment(0);
        first.Suspend(Rig.Quantum);

        rig.Enter(first.Core, op => rig.Kernel.QuantumExpired(op));

        Assert.Equal(TcbState.Running, second.State);
        Assert.Equal(1, rig.Counted(Counter.QuantaExpired));
        Assert.Equal(Rig.Quantum, first.QuantumLeft);
    }

    [Fact]
    public void Threads_run_in_the_order_of_their_priorities()
    {
        Gen.Int[0, 255].Array[1, 40].Sample(priorities =>
        {
            var fresh = new Rig();
            fresh.Begin([.. priorities.Select((each, i) => fresh.Program($"t{i}", each))]);
            var ran = new List<Tcb>();
            while (fresh.Kernel.Cores[0].Current is { } current)
            {
                ran.Add(current);
                fresh.Trap(current, Syscall.ThreadExit);
            }

            // A stable sort: equals in the order in which they became ready.
            Assert.Equal(fresh.Kernel.Threads.OrderByDescending(each => each.Priority), ran);
        }, threads: 1, iter: 100);
    }

    [Fact]
    public void Direct_hand_over_skips_the_ready_queue_of_equals()
    {
        var server = rig.Server("server");
        var client = rig.Program("client");
        var other = rig.Program("other");
        rig.Receive(server);
        var slot = Rig.Grant(client, server);
        Rig.Dispatch(client);
        rig.Begin(other);

        rig.Call(client, slot);
        Assert.Equal(TcbState.Running, server.State);
        Assert.DoesNotContain(Part.Schedule, rig.Charged);

        rig.ReplyReceive(server, Message.Reply(0));
        Assert.Equal(TcbState.Running, client.State);
        Assert.DoesNotContain(Part.Schedule, rig.Charged);
        Assert.Equal(TcbState.Ready, other.State);
        Assert.Equal(2, rig.Counted(Counter.IpcFastPath));
    }

    [Fact]
    public void So_does_the_slow_path()
    {
        var server = rig.Server("server");
        var client = rig.Program("client");
        var other = rig.Program("other");
        rig.Receive(server);
        Rig.Dispatch(client);
        rig.Begin(other);
        var longMessage = new Message { Words = 6 };

        rig.Call(client, Rig.Grant(client, server), longMessage);
        Assert.Equal(TcbState.Running, server.State);

        rig.ReplyReceive(server, longMessage);
        Assert.Equal(TcbState.Running, client.State);
        Assert.DoesNotContain(Part.Schedule, rig.Charged);
        Assert.Equal(0, rig.Counted(Counter.IpcFastPath));
    }

    [Fact]
    public void A_core_without_ready_threads_idles()
    {
        var server = rig.Server("server");

        rig.Receive(server);

        Assert.Null(rig.Kernel.Cores[0].Current);
    }
}
