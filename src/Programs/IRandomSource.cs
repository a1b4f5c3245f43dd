namespace Programs;

/// <summary>Where a program's random numbers come from: a stream that the run's seed
/// decides.</summary>
public interface IRandomSource
{
    /// <summary>An exponentially distributed number, rounded to an integer.</summary>
    /// <param name="mean">Its mean, from 0 to 2^57.</param>
    long Exponential(long mean);

    /// <summary>A number from 0 to <paramref name="bound"/> - 1, each as likely as any
    /// other.</summary>
    long Below(long bound);
}
