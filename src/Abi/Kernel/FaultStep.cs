namespace Abi.Kernel;

/// <summary>The named steps at which a scenario can order a crash. A closed list; `micro list`
/// prints it.</summary>
public enum FaultStep
{
    /// <summary>A request was received, nothing is done yet.</summary>
    RequestReceived = 0,
    /// <summary>The request is handled, the answer is not yet sent.</summary>
    BeforeReply = 1,
    /// <summary>The file server is about to ask the disk driver.</summary>
    BeforeDiskRequest = 2,
    /// <summary>The file server has the block from the disk driver.</summary>
    AfterDiskRequest = 3,
    /// <summary>The driver has programmed the device.</summary>
    DeviceProgrammed = 4,
    /// <summary>The driver saw the device's completion and has told nobody.</summary>
    CompletionSeen = 5,
}

/// <summary>A crash that the scenario ordered.</summary>
public sealed class FaultInjectedException : Exception
{
    /// <summary>A crash with the default text.</summary>
    public FaultInjectedException() : this("fault injected") { }

    /// <summary>A crash with a text that names the order.</summary>
    public FaultInjectedException(string message) : base(message) { }

    /// <summary>A crash with a text and what led to it.</summary>
    public FaultInjectedException(string message, Exception inner) : base(message, inner) { }
}
