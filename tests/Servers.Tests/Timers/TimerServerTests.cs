using Abi;
using Abi.Posix;
using Servers.Timers;
using Testing;

namespace Servers.Tests.Timers;

public sealed class TimerServerTests
{
    private readonly DirectGate gate = new();

    public TimerServerTests() => gate.Register(() => new TimerServer());

    [Fact]
    public void Nanosleep_takes_as_long_as_asked()
    {
        var slept = gate.Ask(async sys =>
        {
            var began = sys.ClockGettime().Raw;
            Assert.Equal(0, (await sys.Nanosleep(1234)).Raw);
            return sys.ClockGettime().Raw - began;
        });
        Assert.Equal(1234, slept);
    }

    [Fact]
    public void Nanosleep_of_nothing_returns_and_of_less_than_nothing_is_EINVAL()
    {
        Assert.Equal(0, gate.Ask(sys => sys.Nanosleep(0)).Raw);
        Assert.Equal(Errno.EINVAL, gate.Ask(sys => sys.Nanosleep(-1)).Error);
        Assert.Equal(0, gate.Now.Cycles);
    }

    [Fact]
    public void Sleepers_wake_in_order_of_their_deadlines_then_of_arrival()
    {
        var woken = new List<int>();
        int[] lengths = [300, 100, 200, 100, 300, 50];
        for (var i = 0; i < lengths.Length; i++)
        {
            var who = i;
            gate.Spawn(async sys =>
            {
                await sys.Nanosleep(lengths[who]);
                woken.Add(who);
                return 0;
            });
        }

        gate.Run();
        Assert.Equal([5, 1, 3, 2, 0, 4], woken);
    }

    [Fact]
    public void Any_sleeps_end_exactly_at_their_deadlines() =>
        Gen.Int[0, 50].List[1, 20].Sample(lengths =>
        {
            var machine = new DirectGate();
            machine.Register(() => new TimerServer());
            var wrong = 0;
            foreach (var length in lengths)
            {
                machine.Spawn(async sys =>
                {
                    // Each sleeps twice, so that sleepers arrive while others sleep.
                    for (var i = 0; i < 2; i++)
                    {
                        var began = sys.Now;
                        await sys.Nanosleep(length);
                        wrong += (sys.Now - began).Count == length ? 0 : 1;
                    }

                    return 0;
                });
            }

            machine.Run();
            return wrong == 0;
        });

    [Fact]
    public void A_sleep_goes_on_to_its_old_deadline_when_the_timer_server_dies_meanwhile()
    {
        var slept = gate.Spawn(async sys =>
        {
            await sys.Nanosleep(1000);
            return (int)sys.Now.Cycles;
        });
        gate.At(new Abi.Units.VirtualTime(600), () => gate.Crash("timer"));
        gate.Run();
        Assert.Equal(1000, slept.Status);
    }

    [Fact]
    public void Reading_the_clock_is_a_call_of_the_program_but_asks_no_server()
    {
        gate.Ask(sys =>
        {
            sys.ClockGettime();
            return ValueTask.CompletedTask;
        });
        Assert.Equal(PosixCall.ClockGettime, Assert.Single(gate.Calls).Call);
        Assert.Equal(0, gate.Worked(Abi.Costs.Part.TimerRequest));
    }
}
