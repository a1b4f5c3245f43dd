using MathNet.Numerics.Statistics;

namespace Validation.Calibration;

/// <summary>What repeated measurements of one thing say together; nanoseconds.</summary>
/// <param name="Minimum">The least: what it takes if nothing disturbs.</param>
/// <param name="Median">The value that is used.</param>
/// <param name="InterquartileRange">From the first quartile to the third.</param>
public sealed record Spread(double Minimum, double Median, double InterquartileRange)
{
    /// <summary>The largest <see cref="Relative"/> of a figure that becomes a price.</summary>
    public const double Limit = 0.20;

    /// <summary>The interquartile range as a fraction of the median; null if that is not
    /// positive.</summary>
    public double? Relative => Median > 0 ? InterquartileRange / Median : null;

    /// <summary>Whether it is no price: too wide, or nothing is left of it.</summary>
    public bool IsTooNoisy => !(Relative <= Limit);

    /// <summary>
    /// Of at least one sample. Quantiles are the approximately median-unbiased ones (R's type 8,
    /// which MathNet.Numerics takes).
    /// </summary>
    public static Spread Of(IEnumerable<double> samples)
    {
        var sorted = samples.Order().ToArray();
        return new Spread(
            sorted[0], SortedArrayStatistics.Median(sorted),
            SortedArrayStatistics.InterquartileRange(sorted));
    }
}
