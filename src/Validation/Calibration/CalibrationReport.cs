namespace Validation.Calibration;

/// <summary>What was measured on a host.</summary>
/// <param name="Host">The machine.</param>
/// <param name="Measurements">One of each thing, in the order of the table.</param>
public sealed record CalibrationReport(Host Host, IReadOnlyList<Measurement> Measurements)
{
    /// <summary>What .NET adds to a call, without and with its transition; already subtracted from
    /// the measurements.</summary>
    public IReadOnlyList<Measurement> Overheads { get; init; } = [];

    /// <summary>Those that cannot be prices.</summary>
    public IEnumerable<Measurement> Unusable =>
        Measurements.Where(each => each.Problem.Length > 0);
}
