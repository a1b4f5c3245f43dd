namespace Abi.Units;

/// <summary>The clock of the simulated cores, in hertz; positive. Converts between cycles and
/// nanoseconds.</summary>
public readonly record struct Frequency(long Hertz)
{
    /// <summary>The cycles that pass in so many nanoseconds, rounded half up.</summary>
    public Cycles FromNanoseconds(long nanoseconds)
    {
        var product = (Int128)nanoseconds * Hertz;
        return new Cycles((long)((product + 500_000_000) / 1_000_000_000));
    }

    /// <summary>The nanoseconds that so many cycles take, rounded half up.</summary>
    public long ToNanoseconds(Cycles length)
    {
        const long Billion = 1_000_000_000;
        if (length.Count >= 0 && Hertz <= 9 * Billion)
        {
            // Whole seconds apart, the rest fits into 64 bits.
            var (seconds, rest) = Math.DivRem(length.Count, Hertz);
            return seconds * Billion + (rest * Billion + Hertz / 2) / Hertz;
        }

        var product = (Int128)length.Count * 1_000_000_000;
        return (long)((product + Hertz / 2) / Hertz);
    }
}
