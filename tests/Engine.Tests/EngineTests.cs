using Akka.Actor;

namespace Engine.Tests;

public sealed class EngineTests
{
    [Fact]
    public void Stop_ends_the_run_after_the_current_event_and_the_next_run_goes_on()
    {
        using var simulation = new Simulation();
        var log = new List<string>();
        var port = Scripted.Spawn(simulation, (actor, message) =>
            {
                log.Add((string)message);
                if (message is "stop")
                {
                    actor.StopRun();
                }
            });
        foreach (var message in new[] { "one", "stop", "two" })
        {
            simulation.Engine.Post(port, message);
        }

        Assert.Equal(RunEndReason.Stopped, simulation.Run());
        Assert.Equal(["one", "stop"], log);
        Assert.Equal(RunEndReason.Drained, simulation.Run());
        Assert.Equal(["one", "stop", "two"], log);
    }

    [Fact]
    public void A_cancelled_run_ends_within_1024_events_and_can_be_continued()
    {
        using var simulation = new Simulation();
        using var cancellation = new CancellationTokenSource();
        var handled = 0;
        var port = Scripted.Spawn(simulation, (actor, message) =>
            {
                if (++handled == 5000)
                {
                    cancellation.Cancel();
                }

                if (handled < 20_000)
                {
                    actor.After(3, message);
                }
            });
        simulation.Engine.Post(port, "go");

        Assert.Equal(RunEndReason.Cancelled, simulation.Run(cancellation.Token));
        Assert.InRange(handled, 5000, 5000 + 1024);
        Assert.Equal(RunEndReason.Drained, simulation.Run());
        Assert.Equal(20_000, handled);
        Assert.Equal(19_999 * 3, simulation.Engine.NowCycles);
    }

    [Fact]
    public void An_event_cannot_run_the_engine()
    {
        using var simulation = new Simulation();
        Exception? refused = null;
        var port = Scripted.Spawn(simulation, (_, _) =>
                refused = Record.Exception(() => simulation.Run()));

        simulation.Engine.Post(port, "go");
        simulation.Run();

        Assert.IsType<InvalidOperationException>(refused);
    }

    [Fact]
    public void Akkas_scheduler_runs_on_virtual_time_one_tick_a_cycle()
    {
        using var simulation = new Simulation();
        var log = new List<string>();
        var port = Scripted.Spawn(
            simulation, (actor, message) => log.Add($"{actor.Now} {message}"));
        var scheduler = simulation.System.Scheduler;
        using var cancel = new Cancelable(scheduler);

        scheduler.ScheduleTellOnce(TimeSpan.FromTicks(70), port.Ref, "once", ActorRefs.NoSender);
        scheduler.ScheduleTellRepeatedly(
            TimeSpan.FromTicks(10), TimeSpan.FromTicks(30), port.Ref, "often", ActorRefs.NoSender,
            cancel);
        scheduler.Advanced.ScheduleOnce(TimeSpan.FromTicks(80), cancel.Cancel);
        simulation.Run();

        Assert.Equal(["@10 often", "@40 often", "@70 once", "@70 often"], log);
        Assert.Equal(100, scheduler.MonotonicClock.Ticks);
    }

    [Fact]
    public void A_timer_of_the_machine_comes_before_akkas_timers_of_the_same_instant()
    {
        using var simulation = new Simulation();
        var log = new List<object>();
        var port = Scripted.Spawn(simulation, (_, message) => log.Add(message));

        simulation.System.Scheduler.ScheduleTellOnce(
            TimeSpan.FromTicks(5), port.Ref, "akka", ActorRefs.NoSender);
        simulation.Engine.PostAt(port, "trap", 5, EventClass.Trap, 0);
        simulation.Engine.PostAt(port, "timer", 5, EventClass.Timer, 1);
        simulation.Run();

        Assert.Equal(["timer", "akka", "trap"], log);
    }

    [Fact]
    public void Two_simulations_do_not_know_each_others_actors()
    {
        using var one = new Simulation();
        using var other = new Simulation();
        var port = Scripted.Spawn(one, (_, _) => { });
        one.Run();

        Assert.Same(port, one.Engine.PortOf(port.Ref));
        Assert.Throws<ArgumentException>(() => other.Engine.PortOf(port.Ref));
    }

    [Fact]
    public void A_posted_message_allocates_nothing()
    {
        using var simulation = new Simulation();
        var left = 0;
        var port = Scripted.Spawn(simulation, (actor, message) =>
            {
                if (--left > 0)
                {
                    actor.After(left % 7, message);
                }
            });

        long Allocated(int events)
        {
            left = events;
            simulation.Engine.Post(port, "go");
            var before = GC.GetAllocatedBytesForCurrentThread();
            simulation.Run();
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }

        Allocated(100);
        Assert.Equal(0, Allocated(10_000));
    }

    private sealed class Scripted(Action<Scripted, object> script) : SimulatedActor
    {
        public static Port Spawn(Simulation simulation, Action<Scripted, object> script) =>
            simulation.Spawn(Props.Create(() => new Scripted(script)), "scripted");

        public string Now => Engine.Now.ToString();

        public void StopRun() => Engine.Stop();

        public void After(long cycles, object message) =>
            Engine.PostAt(Port, message, Engine.NowCycles + cycles, EventClass.Trap, 0);

        protected override void Handle(object message) => script(this, message);
    }
}
