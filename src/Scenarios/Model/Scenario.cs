namespace Scenarios.Model;

/// <summary>
/// A scenario file: a machine, what runs on it, what goes wrong, and what should come out.
/// </summary>
public sealed record Scenario
{
    /// <summary>The scenario's name in reports.</summary>
    public required string Name { get; init; }

    /// <summary>What the scenario teaches, for readers.</summary>
    public string Description { get; init; } = "";

    /// <summary>The seed of all random streams; the same seed gives the same run.</summary>
    public long Seed { get; init; } = 1;

    /// <summary>The simulated machine.</summary>
    public MachineOptions Machine { get; init; } = new();

    /// <summary>The disk and what is on it.</summary>
    public DiskOptions Disk { get; init; } = new();

    /// <summary>The network interface.</summary>
    public NetworkOptions Network { get; init; } = new();

    /// <summary>Servers and drivers that do not run with their defaults, by name.</summary>
    [KeyedByName, ComponentNames]
    public IReadOnlyList<ComponentOptions> Components { get; init; } = [];

    /// <summary>
    /// Placements of the author's own, by name, besides microkernel and monolithic.
    /// </summary>
    [KeyedByName]
    public IReadOnlyList<Placement> Placements { get; init; } = [];

    /// <summary>The processes, by name, in the order in which they are made.</summary>
    [KeyedByName]
    public required IReadOnlyList<ProcessDefinition> Processes { get; init; }

    /// <summary>
    /// Components and processes whose queues of requests the report shows: how busy, how long, how
    /// slow.
    /// </summary>
    public IReadOnlyList<string> Observe { get; init; } = [];

    /// <summary>The crashes ordered.</summary>
    public IReadOnlyList<FaultOrder> Faults { get; init; } = [];

    /// <summary>How crashed components come back.</summary>
    public RecoveryOptions Recovery { get; init; } = new();

    /// <summary>Where a run that does not end is stopped.</summary>
    public RunLimits Limits { get; init; } = new();

    /// <summary>What must hold of the results.</summary>
    public IReadOnlyList<Expectation> Expect { get; init; } = [];

    /// <summary>Where each value stands in the file, for diagnostics after loading.</summary>
    [NotInFile]
    public SourceMap Sources { get; init; } = SourceMap.None;

    /// <summary>
    /// Microkernel, monolithic, then the scenario's own placements in their order.
    /// </summary>
    [NotInFile]
    public IEnumerable<Placement> AllPlacements =>
        new[] { Placement.Microkernel, Placement.Monolithic }.Concat(Placements);
}
