using System.Globalization;

namespace Abi.Units;

/// <summary>
/// A length of time as people and data sheets give it, before it becomes <see cref="Cycles"/>.
/// </summary>
public readonly record struct Nanoseconds(long Count)
{
    /// <summary>
    /// In the largest unit that leaves a whole number: "500ns", "10us", "5ms", "1s".
    /// </summary>
    public override string ToString()
    {
        var (amount, unit) = Count switch
        {
            0 => (0, "ns"),
            _ when Count % 1_000_000_000 == 0 => (Count / 1_000_000_000, "s"),
            _ when Count % 1_000_000 == 0 => (Count / 1_000_000, "ms"),
            _ when Count % 1_000 == 0 => (Count / 1_000, "us"),
            _ => (Count, "ns"),
        };
        return amount.ToString(CultureInfo.InvariantCulture) + unit;
    }
}
