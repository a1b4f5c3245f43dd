using Abi;
using Abi.Costs;
using Abi.Kernel;
using Abi.Units;
using LibSys;
using Testing;

namespace Servers.Tests.Gate;

/// <summary>
/// The fake machine keeps the promises of the trap gate that the other tests rely on.
/// </summary>
public sealed class DirectGateTests
{
    [Fact]
    public void A_call_reaches_the_named_component_and_its_answer_comes_back()
    {
        var gate = new DirectGate();
        gate.Register(() => new Echo());
        Assert.Equal(42, gate.Ask(sys => Ask(sys, Echo.Double, 21)));
    }

    [Fact]
    public void What_was_lent_can_be_touched_within_range_and_access_until_the_answer()
    {
        var gate = new DirectGate();
        gate.Register(() => new Echo());
        var memory = new byte[8];
        var answer = gate.Ask(async sys => await sys.Call(
            sys.Connections.To("echo"), Message.Request(Echo.Fill), Retry.Never, memory,
            LeaseAccess.Write));
        Assert.Equal(8, answer.A);
        Assert.Equal(-(long)Errno.EFAULT, answer.B);
        Assert.Equal(-(long)Errno.EPERM, answer.C);
        Assert.All(memory, value => Assert.Equal(7, value));
        Assert.Equal(-(long)Errno.EPERM, gate.Ask(sys => Ask(sys, Echo.FillLate, 0)));
    }

    [Fact]
    public void Activations_wait_for_each_other_by_event_counts()
    {
        var gate = new DirectGate();
        gate.Register(() => new Echo());
        var order = new List<string>();
        gate.Spawn(async sys =>
        {
            await Ask(sys, Echo.WaitForOpen, 0);
            order.Add("waiter");
            return 0;
        });
        gate.Spawn(async sys =>
        {
            order.Add("opener");
            await Ask(sys, Echo.Open, 0);
            return 0;
        });
        gate.Run();
        Assert.Equal(["opener", "waiter"], order);
    }

    [Fact]
    public void A_deferred_request_is_answered_by_a_timer_thread_when_the_clock_has_jumped()
    {
        var gate = new DirectGate();
        gate.Register(() => new Echo());
        Assert.Equal(5000, gate.Ask(sys => Ask(sys, Echo.Later, 5000)));
        Assert.Equal(new VirtualTime(5000), gate.Now);
    }

    [Fact]
    public void A_crash_fails_the_calls_in_flight_and_makes_capabilities_stale()
    {
        var gate = new DirectGate();
        var echo = gate.Register(() => new Echo());
        var waits = gate.Spawn(async sys => (int)-await Ask(sys, Echo.WaitForOpen, 0));
        gate.Run();
        Assert.Null(waits.Status);
        gate.Crash("echo");
        gate.Run();
        Assert.Equal((int)Errno.EIO, waits.Status);
        Assert.Equal(2, echo.Incarnations);
        Assert.Equal(4, gate.Ask(sys => Ask(sys, Echo.Double, 2)));
    }

    [Fact]
    public void A_step_can_crash_the_component_that_takes_it()
    {
        var gate = new DirectGate();
        var echo = gate.Register(() => new Echo());
        var seen = 0;
        gate.OnStep = (_, step) =>
        {
            if (step == FaultStep.BeforeReply && ++seen == 1)
            {
                throw new FaultInjectedException();
            }
        };
        var raw = gate.Ask(async sys =>
        {
            var first = await Ask(sys, Echo.Double, 2);
            return (first, await Ask(sys, Echo.Double, 3));
        });
        Assert.Equal((-(long)Errno.EIO, 6), raw);
        Assert.Equal(2, echo.Incarnations);
    }

    [Fact]
    public void No_more_activations_live_at_once_than_the_concurrency()
    {
        var gate = new DirectGate();
        var echo = gate.Register(() => new Echo(), concurrency: 2);
        for (var i = 0; i < 5; i++)
        {
            gate.Spawn(async sys => (int)await Ask(sys, Echo.Pause, 0));
        }

        gate.Run();
        Assert.Equal(2, echo.MostActive);
    }

    [Fact]
    public void An_unknown_system_call_is_answered_ENOSYS() =>
        Assert.Equal(
            Errno.ENOSYS, new DirectGate().Ask(async sys => await sys.Trap((Syscall)9999)));

    [Fact]
    public void Work_is_summed_by_part()
    {
        var gate = new DirectGate();
        gate.Ask(sys =>
        {
            sys.Compute(new Cycles(5));
            sys.Compute(new Cycles(6));
            return ValueTask.CompletedTask;
        });
        Assert.Equal(11, gate.Worked(Part.ProgramCycle));
    }

    private static async ValueTask<long> Ask(Sys sys, int operation, long a)
    {
        var answer = await sys.Call(
            sys.Connections.To("echo"), Message.Request(operation, a), Retry.Never);
        return answer.A;
    }

    private sealed class Echo : Component
    {
        public const int Double = 1, Fill = 2, FillLate = 3, WaitForOpen = 4, Open = 5, Later = 6,
            Pause = 7;

        private readonly EventCount opened;
        private CapSlot alarm;
        private Lease late;
        private ReplyToken waiting;

        public Echo() => opened = NewEventCount(Cause.LockWait);

        public override string Name => "echo";

        public override IReadOnlyList<BackgroundThread> Background =>
            [new BackgroundThread("alarm", Alarm)];

        public override async ValueTask Start(Activation self) =>
            alarm = await self.CreateNotification();

        public override async ValueTask<Message> Handle(Request request, Activation self)
        {
            switch (request.Message.Operation)
            {
                case Double:
                    return Message.Reply(2 * request.Message.A);
                case Fill:
                    late = request.Message.Lease;
                    var memory = new byte[late.Length];
                    memory.AsSpan().Fill(7);
                    var answer = Message.Request(0, await self.WriteLease(late, 0, memory));
                    answer.B = await self.WriteLease(late, 1, memory);
                    answer.C = await self.ReadLease(late, 0, memory);
                    answer.Words = 3;
                    return answer;
                case FillLate:
                    return Message.Reply(await self.WriteLease(late, 0, new byte[1]));
                case WaitForOpen:
                    await self.Await(opened, 0);
                    return Message.Reply(0);
                case Open:
                    await self.Advance(opened);
                    return Message.Reply(0);
                case Later:
                    waiting = request.Token;
                    await self.SetTimer(alarm, new VirtualTime(request.Message.A));
                    return Message.Deferred;
                case Pause:
                    await self.YieldCore();
                    return Message.Reply(0);
                default:
                    return Message.Fail(Errno.ENOSYS);
            }
        }

        private async ValueTask Alarm(Activation self)
        {
            await self.Wait(alarm);
            await self.Reply(waiting, Message.Reply(self.Now.Cycles));
        }
    }
}
