namespace Validation.Calibration;

/// <summary>How often and how long is measured.</summary>
/// <param name="Batches">How many batches of each thing are timed.</param>
/// <param name="BatchLength">
/// How long a batch lasts at least. Short against the timer's ticks and the scheduler's slices
/// (some milliseconds), so that most batches are not interrupted; long against reading the
/// clock (some 30 ns).
/// </param>
public sealed record CalibrationPlan(int Batches, TimeSpan BatchLength)
{
    /// <summary>201 batches of 0.1 ms.</summary>
    public static CalibrationPlan Full { get; } = new(201, TimeSpan.FromMicroseconds(100));

    /// <summary>15 batches of 0.05 ms: to see that it works.</summary>
    public static CalibrationPlan Quick { get; } = new(15, TimeSpan.FromMicroseconds(50));
}
