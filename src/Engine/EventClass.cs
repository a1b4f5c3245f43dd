namespace Engine;

/// <summary>
/// What kind of thing a timed event is. Events of one instant happen in this order, so that what
/// the hardware does is visible to the software that runs at the same instant.
/// </summary>
public enum EventClass
{
    /// <summary>A device finishes, or raises its interrupt line.</summary>
    Device = 0,

    /// <summary>One core signals another.</summary>
    InterprocessorInterrupt = 1,

    /// <summary>A timer expires; also every delay asked for through Akka's scheduler.</summary>
    Timer = 2,

    /// <summary>A thread enters the kernel, or any other step of software.</summary>
    Trap = 3,
}
