namespace Engine;

/// <summary>Why <see cref="SimulationEngine.Run"/> returned.</summary>
public enum RunEndReason
{
    /// <summary>Nothing is left to happen.</summary>
    Drained,

    /// <summary>Someone called <see cref="SimulationEngine.Stop"/>.</summary>
    Stopped,

    /// <summary>The cancellation token asked for it. The run can be continued.</summary>
    Cancelled,
}
