using Akka.Configuration;

namespace Engine;

/// <summary>The Akka configuration of a simulation.</summary>
internal static class SimulationConfiguration
{
    public const string FastLaneKey = "micro.engine.fast-lane";
    public const string SortBySpawnKey = "micro.engine.sort-by-spawn";

    private const string Dispatcher = "Engine.DeterministicDispatcherConfigurator, Engine";

    // One key a line: HOCON takes "b = 1 c = 2" for a string.
    private const string Text = $$"""
        akka {
          loggers = []
          loglevel = OFF
          stdout-loglevel = OFF
          log-dead-letters = off
          log-dead-letters-during-shutdown = off
          coordinated-shutdown.run-by-actor-system-terminate = off
          coordinated-shutdown.run-by-clr-shutdown-hook = off
          scheduler.implementation = "Engine.SimulationEngine, Engine"
          actor {
            default-dispatcher.type = "{{Dispatcher}}"
            internal-dispatcher.type = "{{Dispatcher}}"
            default-blocking-io-dispatcher.type = "{{Dispatcher}}"
            default-mailbox.mailbox-type = "Engine.SimulationMailbox, Engine"
            mailbox.unbounded-deque-based.mailbox-type = "Engine.StashMailbox, Engine"
          }
        }
        """;

    public static Config Create(SimulationOptions options) =>
        ConfigurationFactory.ParseString(
            $"{FastLaneKey} = {OnOff(options.FastLane)}\n"
            + $"{SortBySpawnKey} = {OnOff(options.SortBySpawn)}\n"
            + Text);

    private static string OnOff(bool value) => value ? "on" : "off";
}
