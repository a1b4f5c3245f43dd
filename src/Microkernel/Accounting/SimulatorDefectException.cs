namespace Microkernel.Accounting;

/// <summary>The simulator contradicts itself: our defect, not the user's.</summary>
public sealed class SimulatorDefectException : Exception
{
    /// <summary>A defect without a description.</summary>
    public SimulatorDefectException() { }

    /// <summary>A defect and what contradicts what.</summary>
    public SimulatorDefectException(string message) : base(message) { }

    /// <summary>A defect, what contradicts what, and what led to it.</summary>
    public SimulatorDefectException(string message, Exception inner) : base(message, inner) { }
}
