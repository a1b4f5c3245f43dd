using System.Globalization;

namespace Abi.Units;

/// <summary>An amount of memory or disk.</summary>
public readonly record struct Bytes(long Count)
{
    /// <summary>
    /// In the largest binary unit that leaves a whole number: "512", "4KiB", "64MiB", "1GiB".
    /// </summary>
    public override string ToString()
    {
        var (amount, unit) = Count switch
        {
            0 => (0, ""),
            _ when Count % (1L << 30) == 0 => (Count >> 30, "GiB"),
            _ when Count % (1L << 20) == 0 => (Count >> 20, "MiB"),
            _ when Count % (1L << 10) == 0 => (Count >> 10, "KiB"),
            _ => (Count, ""),
        };
        return amount.ToString(CultureInfo.InvariantCulture) + unit;
    }
}
