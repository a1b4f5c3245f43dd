namespace Microkernel.Objects;

/// <summary>
/// An address space and a capability space: what dies together. Domain 0 is the kernel's. A process
/// is a
/// domain; so is a set of components that the placement put together.
/// </summary>
/// <param name="index">Its number.</param>
/// <param name="name">Its name in traces.</param>
/// <param name="process">The number of the process it is, or 0 if it holds components.</param>
public sealed class ProtectionDomain(int index, string name, int process)
{
    /// <summary>Its number; 0 is the kernel's domain.</summary>
    public int Index { get; } = index;

    /// <summary>Its name in traces.</summary>
    public string Name { get; } = name;

    /// <summary>The number of the process it is, or 0.</summary>
    public int Process { get; } = process;

    /// <summary>Whether code in it runs in kernel mode.</summary>
    public bool IsKernel => Index == 0;

    /// <summary>What its code and data occupy.</summary>
    public WorkingSet WorkingSet { get; set; } = WorkingSet.Default;

    /// <summary>How many filters the kernel runs on each of its system calls.</summary>
    public int Filters { get; init; }

    /// <summary>Whether the kernel knows of each of its system calls that all filters allow it, and
    /// runs none.</summary>
    public bool HasFilterBitmap { get; init; }

    /// <summary>Its capabilities.</summary>
    public CapabilitySpace Capabilities { get; internal set; } = new();

    /// <summary>The components that live in it.</summary>
    public List<ComponentRecord> Residents { get; } = [];

    /// <summary>Endpoints that it made and serves itself.</summary>
    internal List<Endpoint> Endpoints { get; } = [];

    /// <summary>Its threads that live, in spawn order.</summary>
    public List<Tcb> Threads { get; } = [];

    /// <summary>The status with which the process ended.</summary>
    public int ExitStatus { get; internal set; }

    /// <summary>Whether it has died (a process), or is being restarted (components).</summary>
    public bool IsDead { get; internal set; }
}
