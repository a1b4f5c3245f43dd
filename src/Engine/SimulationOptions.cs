namespace Engine;

/// <summary>How a simulation runs. Neither choice changes what a run computes.</summary>
public sealed record SimulationOptions
{
    /// <summary>
    /// Call the handler of a <see cref="SimulatedActor"/> directly (default), or through Akka's own
    /// <c>ActorCell.Invoke</c>. The order of events, and so the trace, is the same.
    /// </summary>
    public bool FastLane { get; init; } = true;

    /// <summary>
    /// Sort actors that system messages made runnable in one step by spawn number (default). Off,
    /// they run in the order of Akka's hash-ordered child maps, which differs between processes:
    /// only for the test that shows that the sort is needed.
    /// </summary>
    public bool SortBySpawn { get; init; } = true;
}
