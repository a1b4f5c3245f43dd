using System.Globalization;

namespace Validation.Calibration;

/// <summary>What was measured of one thing on this host.</summary>
/// <param name="Id">Its name as a row of the profile.</param>
/// <param name="What">What is done once in each iteration.</param>
public sealed record Measurement(string Id, string What)
{
    /// <summary>
    /// Nanoseconds for each iteration, what .NET adds subtracted; null if it was not measured.
    /// </summary>
    public Spread? Spread { get; init; }

    /// <summary>How many batches were timed.</summary>
    public int Batches { get; init; }

    /// <summary>How many iterations a batch has.</summary>
    public int Iterations { get; init; }

    /// <summary>Nanoseconds subtracted from each iteration: the loop and the calls into
    /// libc.</summary>
    public double Overhead { get; init; }

    /// <summary>Why it was not measured at all; empty if it was.</summary>
    public string Missing { get; init; } = "";

    /// <summary>Why it is no price; empty if it is one.</summary>
    public string Problem => Missing.Length > 0 ? "not measured: " + Missing
        : Spread is null ? "not measured"
        : Spread.Median <= 0 ? "lost in what .NET adds"
        : Spread.IsTooNoisy ? string.Create(
            CultureInfo.InvariantCulture,
            $"too noisy: spread {Spread.Relative * 100:0} %, limit {Spread.Limit * 100:0} %")
        : "";

    /// <summary>The figure as it is written, ns to two decimals; null if it was not
    /// measured.</summary>
    public decimal? Value => Spread is null ? null : decimal.Round((decimal)Spread.Median, 2);

    /// <summary>
    /// How far the median may be off, ns: two standard errors, as if batches were independent and
    /// normal (the median's error is 1.253 sigma / sqrt(n), the interquartile range 1.349 sigma).
    /// </summary>
    public double Uncertainty => Spread is null || Batches == 0
        ? 0
        : 2 * 1.253 / 1.349 * Spread.InterquartileRange / Math.Sqrt(Batches);
}
