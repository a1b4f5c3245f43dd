using Akka.Actor;
using Akka.Event;

namespace Engine.Tests;

public sealed class SupervisionTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_crashed_actor_is_restarted_and_goes_on_with_the_next_message(bool fastLane)
    {
        using var simulation = new Simulation(new SimulationOptions { FastLane = fastLane });
        var log = new List<string>();
        var port = simulation.Spawn(Props.Create(() => new Fragile(log)), "fragile");

        simulation.Engine.PostAt(port, "one", 5, EventClass.Trap, 0);
        simulation.Engine.PostAt(port, "crash", 5, EventClass.Trap, 0);
        simulation.Engine.PostAt(port, "two", 5, EventClass.Trap, 0);
        port.Ref.Tell("told");

        Assert.Equal(RunEndReason.Drained, simulation.Run());
        Assert.Equal(
            ["@0 made", "@0 told", "@5 one", "@5 crash", "@5 restart: crash on crash", "@5 made",
             "@5 two"],
            log);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Terminated_arrives_after_the_replies_that_were_already_sent(bool fastLane)
    {
        using var simulation = new Simulation(new SimulationOptions { FastLane = fastLane });
        var log = new List<string>();
        var parent = simulation.Spawn(Props.Create(() => new Parent(log)), "parent");

        simulation.Engine.Post(parent, "go");
        simulation.Run();

        Assert.Equal(["go", "reply 1", "reply 2", "reply 3", "terminated child"], log);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Messages_to_a_stopped_actor_go_to_dead_letters(bool fastLane)
    {
        using var simulation = new Simulation(new SimulationOptions { FastLane = fastLane });
        var log = new List<string>();
        var dead = new List<string>();
        var port = simulation.Spawn(Props.Create(() => new Fragile(log)), "fragile");
        var listener = simulation.Spawn(Props.Create(() => new DeadLetterLog(dead)), "listener");
        simulation.Run();
        simulation.System.EventStream.Subscribe(listener.Ref, typeof(DeadLetter));

        simulation.Engine.Post(port, "delivered");
        simulation.Engine.PostAt(port, "delivered at 5", 5, EventClass.Trap, 0);
        simulation.Engine.PostAt(port, "posted at 20", 20, EventClass.Trap, 0);
        simulation.Engine.PostAt(listener, port, 10, EventClass.Trap, 0);
        Assert.Equal(RunEndReason.Drained, simulation.Run());
        simulation.Engine.Post(port, "posted late");
        simulation.Run();
        port.Ref.Tell("told late");
        Assert.Equal(RunEndReason.Drained, simulation.Run());

        Assert.Equal(["@0 made", "@0 delivered", "@5 delivered at 5"], log);
        Assert.Equal(
            ["posted with the stop", "told with the stop", "posted at 20", "posted late",
             "told late"],
            dead);
    }

    [Fact]
    public async Task Disposing_after_a_crash_does_not_hang()
    {
        var log = new List<string>();
        var simulation = new Simulation();
        var port = simulation.Spawn(Props.Create(() => new Fragile(log)), "fragile");
        simulation.Engine.Post(port, "crash");
        simulation.Engine.PostAt(port, "never", 100, EventClass.Trap, 0);
        simulation.System.Scheduler.Advanced.ScheduleOnce(
            TimeSpan.FromTicks(50), simulation.Engine.Stop);
        Assert.Equal(RunEndReason.Stopped, simulation.Run());
        simulation.Engine.Post(port, "crash");

        simulation.Dispose();
        simulation.Dispose();

        await simulation.System.WhenTerminated.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.Contains("@0 crash", log);
        Assert.Contains("@50 crash", log);
        Assert.DoesNotContain("@100 never", log);
    }

    [Fact]
    public async Task Disposing_a_machine_that_would_run_for_ever_does_not_hang()
    {
        var simulation = new Simulation();
        var port = simulation.Spawn(Props.Create(() => new Endless()), "endless");
        simulation.System.Scheduler.ScheduleTellRepeatedly(
            TimeSpan.FromTicks(1), TimeSpan.FromTicks(1), port.Ref, "tick", ActorRefs.NoSender);
        simulation.System.Scheduler.Advanced.ScheduleRepeatedly(
            TimeSpan.FromTicks(1), TimeSpan.FromTicks(1), () => { });
        simulation.Engine.Post(port, "go");
        simulation.System.Scheduler.Advanced.ScheduleOnce(
            TimeSpan.FromTicks(50), simulation.Engine.Stop);
        Assert.Equal(RunEndReason.Stopped, simulation.Run());

        simulation.Dispose();

        await simulation.System.WhenTerminated.WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public void An_actor_that_stashes_gets_its_messages_back_in_order()
    {
        using var simulation = new Simulation();
        var log = new List<string>();
        var port = simulation.Spawn(Props.Create(() => new Stasher(log)), "stasher");

        foreach (var message in new[] { "one", "two", "open", "three" })
        {
            port.Ref.Tell(message);
        }

        simulation.Run();

        Assert.Equal(["open", "one", "two", "three"], log);
    }

    [Fact]
    public void An_exception_of_a_scheduled_action_leaves_run_and_the_run_can_go_on()
    {
        using var simulation = new Simulation();
        var scheduler = simulation.System.Scheduler.Advanced;
        var ran = false;
        scheduler.ScheduleOnce(TimeSpan.FromTicks(1), () => throw new NotSupportedException());
        scheduler.ScheduleOnce(TimeSpan.FromTicks(2), () => ran = true);

        Assert.Throws<NotSupportedException>(() => simulation.Run());
        Assert.Equal(RunEndReason.Drained, simulation.Run());
        Assert.True(ran);
    }

    private sealed class Fragile : SimulatedActor
    {
        private readonly List<string> _log;

        public Fragile(List<string> log)
        {
            _log = log;
            Write("made");
        }

        protected override void Handle(object message)
        {
            Write((string)message);
            if (message is "crash")
            {
                throw new InvalidOperationException("crash");
            }
        }

        protected override void PreRestart(Exception reason, object message) =>
            Write($"restart: {reason.Message} on {message}");

        private void Write(string what) => _log.Add($"{Engine.Now} {what}");
    }

    private sealed class Parent(List<string> log) : SimulatedActor
    {
        protected override void Handle(object message)
        {
            log.Add(message is Terminated end
                ? $"terminated {end.ActorRef.Path.Name}"
                : $"{message}");
            if (message is "go")
            {
                var self = Port;
                var child = Context.ActorOf(Props.Create(() => new Child(self)), "child");
                Context.Watch(child);
                Engine.Post(Engine.PortOf(child), "work");
            }
        }

        protected override SupervisorStrategy SupervisorStrategy() =>
            new OneForOneStrategy(-1, -1, _ => Directive.Stop, loggingEnabled: false);
    }

    private sealed class Child(Port parent) : SimulatedActor
    {
        protected override void Handle(object message)
        {
            Engine.Post(parent, "reply 1");
            parent.Ref.Tell("reply 2");
            Engine.Post(parent, "reply 3");
            throw new InvalidOperationException();
        }
    }

    /// <summary>
    /// Notes dead letters; stops the actor of a port, and writes to it in the same step.
    /// </summary>
    private sealed class DeadLetterLog(List<string> dead) : SimulatedActor
    {
        protected override void Handle(object message)
        {
            switch (message)
            {
                case DeadLetter letter:
                    dead.Add((string)letter.Message);
                    break;
                case Port port:
                    Context.Stop(port.Ref);
                    Engine.Post(port, "posted with the stop");
                    port.Ref.Tell("told with the stop");
                    break;
            }
        }
    }

    private sealed class Endless : SimulatedActor
    {
        protected override void Handle(object message)
        {
            if (message is "go")
            {
                Engine.PostAt(Port, message, Engine.NowCycles + 1, EventClass.Trap, 0);
            }
        }

        protected override void PostStop() => throw new InvalidOperationException("at the end");
    }

    private sealed class Stasher : ReceiveActor, IWithUnboundedStash
    {
        public Stasher(List<string> log)
        {
            Receive<string>(
                message => message == "open",
                message =>
                {
                    log.Add(message);
                    Become(() => Receive<string>(log.Add));
                    Stash.UnstashAll();
                });
            ReceiveAny(_ => Stash.Stash());
        }

        public IStash Stash { get; set; } = null!;
    }
}
