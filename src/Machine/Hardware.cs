using Abi;
using Abi.Devices;
using Abi.Kernel;
using Engine;
using LibSys;
using Machine.Devices;
using Microkernel.Objects;

namespace Machine;

/// <summary>What one boot of the machine shares between its actors.</summary>
internal sealed class Hardware(
    BoardOptions options, SimulationEngine engine, Microkernel.Kernel kernel, TraceHub trace,
    FaultInjector faults, IReadOnlyList<DevicePort> devices)
{
    public BoardOptions Options { get; } = options;

    public SimulationEngine Engine { get; } = engine;

    public Microkernel.Kernel Kernel { get; } = kernel;

    public TraceHub Trace { get; } = trace;

    public FaultInjector Faults { get; } = faults;

    public IReadOnlyList<DevicePort> Devices { get; } = devices;

    /// <summary>The kernel's actor.</summary>
    public Port KernelPort { get; set; } = null!;

    /// <summary>The state of each component's present incarnation, by its number.</summary>
    public Component[] Instances { get; } = new Component[kernel.Components.Capacity];

    /// <summary>The connections of each component's present incarnation.</summary>
    public ConnectionTable[] Connections { get; } =
        new ConnectionTable[kernel.Components.Capacity];

    /// <summary>Each thread's code, by its number: told when a thread's actor is made.</summary>
    public Dictionary<int, Threads.Fiber> Fibers { get; } = [];

    /// <summary>The exception that was just thrown, and in whose code: for the
    /// supervisor.</summary>
    public Fault? LastFault { get; set; }

    /// <summary>Why the run is over before its processes are, or null.</summary>
    public string? LimitReached { get; set; }

    /// <summary>The longest segment without a trap before the time limit is reached,
    /// cycles.</summary>
    public long SegmentLimit { get; set; } = long.MaxValue;

    public bool IsDmaAllowed(DeviceCommand command)
    {
        var lease = command.Request.Lease;
        if (lease == Lease.None)
        {
            return !command.Borrower.IsDead;
        }

        var access = command.Request.Operation is DeviceOperation.ReadSectors
            or DeviceOperation.ReceiveBuffer
            ? LeaseAccess.Write
            : LeaseAccess.Read;
        return Kernel.Borrow(
            command.Borrower, lease, access, 0, lease.Length, out _) == Errno.None;
    }
}

/// <summary>An exception in a thread: whose, in which component's code.</summary>
internal sealed record Fault(Tcb? Thread, ComponentRecord? Component, Exception Exception);
