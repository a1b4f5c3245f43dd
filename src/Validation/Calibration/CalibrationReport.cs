namespace Validation.Calibration;

/// <summary>What was measured on a host.</summary>
/// <param name="Host">The machine.</param>
/// <param name="Measurements">One of each thing, in the order of the table.</param>
public sealed record CalibrationReport(Host Host, IReadOnlyList<Measurement> Measurements)
{
    /// <summary>What is said if <see cref="HasOwnDescriptors"/> is false.</summary>
    public const string SharedDescriptors =
        "This kernel gives threads no descriptors of their own (close_range): reads, pipes and "
        + "open contain references to files that a process with one thread is spared.";

    /// <summary>What .NET adds to a call, without and with its transition; already subtracted from
    /// the measurements.</summary>
    public IReadOnlyList<Measurement> Overheads { get; init; } = [];

    /// <summary>
    /// Whether the threads had descriptors of their own, as a process with one thread. If not, each
    /// call on a descriptor contains a reference that such a process is spared.
    /// </summary>
    public bool HasOwnDescriptors { get; init; } = true;

    /// <summary>Those that cannot be prices.</summary>
    public IEnumerable<Measurement> Unusable =>
        Measurements.Where(each => each.Problem.Length > 0);
}
