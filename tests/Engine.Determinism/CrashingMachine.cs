using Akka.Actor;

namespace Engine.Determinism;

/// <summary>
/// A machine in which everything goes wrong that can: racks of workers that post, tell and set
/// timers, crash at random and are resumed, restarted or stopped by supervision; racks crash too
/// and take their workers down. Its trace is to be a function of the seed.
/// </summary>
public sealed class CrashingMachine
{
    private const int Racks = 3;
    private const int WorkersPerRack = 4;
    private readonly Port?[] _workers = new Port?[Racks * WorkersPerRack];
    private readonly RandomStream _random;
    private int _budget = 120;

    private CrashingMachine(long seed) => _random = new RandomStream(seed, "machine");

    private Trace Trace { get; } = new();

    /// <summary>
    /// Runs the machine of a seed to its end, stops everything, and returns the trace.
    /// </summary>
    public static Trace Run(long seed, SimulationOptions options)
    {
        var machine = new CrashingMachine(seed);
        using (var simulation = new Simulation(options))
        {
            var hall = simulation.Spawn(Props.Create<Hall>(machine), "hall");
            simulation.Run();
            machine.Trace.Add(simulation.Engine.Now, "hall", "stops");
            simulation.System.Stop(hall.Ref);
            simulation.Run();
            machine.Trace.Add(simulation.Engine.Now, "engine", $"steps {simulation.Engine.Steps}");
        }

        return machine.Trace;
    }

    private bool TakeStep() => --_budget > 0;

    private sealed record Step(int Number);

    private sealed record Greeting(int From);

    private sealed class Crash(string message) : Exception(message);

    /// <summary>An actor that writes its life into the trace.</summary>
    private abstract class Part(CrashingMachine machine, string name) : SimulatedActor
    {
        protected CrashingMachine Machine { get; } = machine;

        protected string Name { get; } = name;

        protected void Write(string what) => Machine.Trace.Add(Engine.Now, Name, what);

        protected long Below(long bound) => Machine._random.Below(bound);

        protected override void PreRestart(Exception reason, object message)
        {
            // Akka's own messages print actors with their identifiers, which are random.
            var on = message as Step as object ?? message?.GetType().Name;
            Write($"pre-restart: {reason.Message} on {on}");
            base.PreRestart(reason, message);
        }

        protected override void PostStop() => Write("post-stop");

        protected override SupervisorStrategy SupervisorStrategy() =>
            new OneForOneStrategy(-1, -1, Decide, loggingEnabled: false);

        private Directive Decide(Exception failure)
        {
            Write($"decides on {failure.Message}");
            return failure.Message switch
            {
                "resume" => Directive.Resume,
                "stop" => Directive.Stop,
                "escalate" => Directive.Escalate,
                _ => Directive.Restart,
            };
        }
    }

    private sealed class Hall(CrashingMachine machine) : Part(machine, "hall")
    {
        protected override void PreStart()
        {
            for (var rack = 0; rack < Racks; rack++)
            {
                Context.ActorOf(Props.Create<Rack>(Machine, rack), $"rack-{rack}");
            }
        }

        protected override void Handle(object message) => Write($"got {message}");
    }

    private sealed class Rack(CrashingMachine machine, int number) : Part(machine, $"rack-{number}")
    {
        protected override void PreStart()
        {
            Write("starts");
            var clock = Context.ActorOf(Props.Create<Clock>(Machine, number), "clock");
            for (var i = 0; i < WorkersPerRack; i++)
            {
                var id = number * WorkersPerRack + i;
                var worker = Context.ActorOf(Props.Create<Worker>(Machine, id), $"worker-{id}");
                clock.Tell(worker);
            }
        }

        protected override void Handle(object message)
        {
            Write($"got {message}");
            if (Below(4) == 0)
            {
                throw new Crash("rack");
            }
        }
    }

    /// <summary>An ordinary Akka actor: periodic timer, death watch.</summary>
    private sealed class Clock : ReceiveActor, IWithTimers
    {
        private readonly string _name;
        private readonly CrashingMachine _machine;

        public Clock(CrashingMachine machine, int rack)
        {
            _name = $"clock-{rack}";
            _machine = machine;
            Receive<IActorRef>(worker => Context.Watch(worker));
            Receive<Terminated>(message => Write($"terminated {message.ActorRef.Path.Name}"));
            var ticks = 0;
            Receive<string>(message =>
            {
                Write(message);
                if (++ticks == 3)
                {
                    Timers.CancelAll();
                }
            });
        }

        public ITimerScheduler Timers { get; set; } = null!;

        protected override void PreStart() =>
            Timers.StartPeriodicTimer("tick", "tick", TimeSpan.FromTicks(97));

        protected override void PostStop() => Write("post-stop");

        private void Write(string what)
        {
            var engine = (SimulationEngine)Context.System.Scheduler;
            _machine.Trace.Add(engine.Now, _name, what);
        }
    }

    private sealed class Worker(CrashingMachine machine, int id) : Part(machine, $"worker-{id}")
    {
        protected override void PreStart()
        {
            Machine._workers[id] = Port;
            Write("starts");
            Engine.Post(Port, new Step(0));
        }

        protected override void Handle(object message)
        {
            Write($"got {message}" + (message is Greeting ? $" from {Sender.Path.Name}" : ""));
            if (message is not Step step || !Machine.TakeStep())
            {
                return;
            }

            var next = new Step(step.Number + 1);
            var at = Engine.NowCycles + Below(40);
            Engine.PostAt(Port, next, at, (EventClass)Below(4), (int)Below(2));
            if (Machine._workers[Below(Machine._workers.Length)] is { } other)
            {
                other.Ref.Tell(new Greeting(id));
            }

            switch (Below(16))
            {
                case 0:
                    throw new Crash("resume");
                case 1:
                    throw new Crash("restart");
                case 2:
                    throw new Crash("stop");
                case 3:
                    throw new Crash("escalate");
                case 4:
                    Context.System.Scheduler.ScheduleTellOnce(
                        TimeSpan.FromTicks(Below(60)), Context.Parent, next, Self);
                    break;
                case 5:
                    Self.Tell(PoisonPill.Instance);
                    break;
            }
        }
    }
}
