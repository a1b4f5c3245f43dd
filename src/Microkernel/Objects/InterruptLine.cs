namespace Microkernel.Objects;

/// <summary>A device's line to the kernel: an interrupt masks it and signals its notification until
/// acknowledged.</summary>
/// <param name="number">The line's number, which is its device's.</param>
/// <param name="owner">The component whose notification it signals.</param>
/// <param name="core">The core it interrupts.</param>
public sealed class InterruptLine(int number, ComponentRecord owner, int core)
{
    /// <summary>The line's number, which is its device's.</summary>
    public int Number { get; } = number;

    /// <summary>The component whose notification it signals.</summary>
    public ComponentRecord Owner { get; } = owner;

    /// <summary>The core it interrupts.</summary>
    public int Core { get; } = core;

    /// <summary>Whether it may not interrupt now.</summary>
    public bool IsMasked { get; internal set; }

    /// <summary>Whether the device raised it while masked.</summary>
    public bool IsPending { get; internal set; }

    /// <summary>The device raises it; false: it is masked, and will interrupt when
    /// acknowledged.</summary>
    public bool Raise()
    {
        IsPending |= IsMasked;
        return !IsMasked;
    }
}
