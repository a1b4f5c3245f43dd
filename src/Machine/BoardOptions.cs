using Abi.Costs;
using LibSys;
using Machine.Devices;
using Microkernel;
using Microkernel.Objects;
using Records;

namespace Machine;

/// <summary>A component to put on the board.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Domain">Its protection domain's name; "kernel" is the kernel's.</param>
/// <param name="Make">Makes the state of an incarnation.</param>
public sealed record ComponentPlan(string Name, string Domain, Func<Component> Make)
{
    /// <summary>How many activations of its handlers live at once; at least 1.</summary>
    public int Concurrency { get; init; } = 1;

    /// <summary>Its threads' priority, 0 to 255.</summary>
    public int Priority { get; init; } = 128;

    /// <summary>Its threads' core, or null: workers are spread over all.</summary>
    public int? Core { get; init; }

    /// <summary>What its code and data occupy.</summary>
    public WorkingSet WorkingSet { get; init; } = WorkingSet.Default;

    /// <summary>Whether it is told of ends of processes.</summary>
    public bool HearsProcesses { get; init; }

    /// <summary>Whether it is told of deaths and starts of components.</summary>
    public bool HearsComponents { get; init; }

    /// <summary>Whether its death cannot be repaired: naming, and who decides on repairs.</summary>
    public bool IsVital { get; init; }

    /// <summary>The device mapped into it, or null.</summary>
    public DeviceModel? Device { get; init; }
}

/// <summary>A process that starts with the machine.</summary>
/// <param name="Name">Its name in reports.</param>
/// <param name="Program">The program's name.</param>
/// <param name="Start">When, cycles after the machine is up.</param>
public sealed record ProcessPlan(string Name, string Program, long Start)
{
    /// <summary>The earlier process whose domain it joins as one more thread, or null: its
    /// own.</summary>
    public string? SharesWith { get; init; }
}

/// <summary>A kernel object that all processes share.</summary>
public enum SharedObject
{
    /// <summary>Where they can meet.</summary>
    Endpoint,
    /// <summary>What they can signal.</summary>
    Notification,
    /// <summary>Where their faults go.</summary>
    FaultEndpoint,
}

/// <summary>One entry into the kernel.</summary>
/// <param name="Thread">The thread that trapped, by name; empty for an interrupt.</param>
/// <param name="Number">Its system call; None for an interrupt.</param>
/// <param name="Cycles">How long the kernel had its lock and left.</param>
/// <param name="Parts">What it charged, in order.</param>
public sealed record OperationRecord(
    string Thread, Abi.Kernel.Syscall Number, long Cycles,
    IReadOnlyList<(Part Part, long Count)> Parts);

/// <summary>A program that processes can run.</summary>
/// <param name="Record">Its name, priority and core.</param>
/// <param name="Make">Makes it for one process, whose name is given.</param>
public sealed record ProgramPlan(ProgramRecord Record, Func<string, IProgram> Make);

/// <summary>Everything that a board is built from.</summary>
public sealed record BoardOptions
{
    /// <summary>The kernel's parameters.</summary>
    public KernelOptions Kernel { get; init; } = new();

    /// <summary>The prices.</summary>
    public required CostProfile Profile { get; init; }

    /// <summary>Components in the order in which they start: each after those it needs.</summary>
    public required IReadOnlyList<ComponentPlan> Components { get; init; }

    /// <summary>Programs by name.</summary>
    public required IReadOnlyList<ProgramPlan> Programs { get; init; }

    /// <summary>Processes in the order of their numbers.</summary>
    public required IReadOnlyList<ProcessPlan> Processes { get; init; }

    /// <summary>What every process finds in its capability space, from slot 8 on.</summary>
    public IReadOnlyList<SharedObject> Shared { get; init; } = [];

    /// <summary>The crashes ordered.</summary>
    public IReadOnlyList<FaultPlan> Faults { get; init; } = [];

    /// <summary>The most virtual time after the machine is up, cycles.</summary>
    public long TimeLimit { get; init; } = long.MaxValue / 4;

    /// <summary>The most calls of all processes.</summary>
    public long CallLimit { get; init; } = long.MaxValue;

    /// <summary>Reads each trace record, or null.</summary>
    public ITraceSink? Trace { get; init; }

    /// <summary>Reads what becomes of each call, or null.</summary>
    public IRequestSink? Requests { get; init; }

    /// <summary>Reads each finished call, or null.</summary>
    public ICallSink? Calls { get; init; }

    /// <summary>Told of each entry into the kernel what it charged, or null.</summary>
    public Action<OperationRecord>? Operations { get; init; }

    /// <summary>Told now and then how many calls ended, the cycles passed and the events executed;
    /// or null.</summary>
    public Action<long, long, long>? Progress { get; init; }

    /// <summary>Whether the fingerprint is kept; off only to measure what it costs.</summary>
    public bool Fingerprint { get; init; } = true;

    /// <summary>Whether contradictions of the bill are collected instead of thrown.</summary>
    public bool CollectContradictions { get; init; }

    /// <summary>A charge site of which nothing is written: for the tests of the
    /// reconciliation.</summary>
    public string? DroppedSite { get; init; }
}
