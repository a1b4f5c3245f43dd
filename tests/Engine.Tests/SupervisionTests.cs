using Akka.Actor;

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
}
