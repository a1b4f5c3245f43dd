using System.Globalization;

namespace Abi.Units;

/// <summary>An instant: cycles since the simulated machine was switched on. Never the host's
/// time.</summary>
public readonly record struct VirtualTime(long Cycles) : IComparable<VirtualTime>
{
    /// <summary>The instant at which the machine is switched on.</summary>
    public static VirtualTime Start => default;

    /// <summary>The instant that lies <paramref name="length"/> after <paramref
    /// name="instant"/>.</summary>
    public static VirtualTime operator +(VirtualTime instant, Cycles length) =>
        new(instant.Cycles + length.Count);

    /// <summary>The length from <paramref name="earlier"/> to <paramref name="later"/>.</summary>
    public static Cycles operator -(VirtualTime later, VirtualTime earlier) =>
        new(later.Cycles - earlier.Cycles);

    /// <summary>Whether the left instant is earlier.</summary>
    public static bool operator <(VirtualTime left, VirtualTime right) =>
        left.Cycles < right.Cycles;

    /// <summary>Whether the left instant is later.</summary>
    public static bool operator >(VirtualTime left, VirtualTime right) =>
        left.Cycles > right.Cycles;

    /// <summary>Whether the left instant is not later.</summary>
    public static bool operator <=(VirtualTime left, VirtualTime right) =>
        left.Cycles <= right.Cycles;

    /// <summary>Whether the left instant is not earlier.</summary>
    public static bool operator >=(VirtualTime left, VirtualTime right) =>
        left.Cycles >= right.Cycles;

    /// <inheritdoc/>
    public int CompareTo(VirtualTime other) => Cycles.CompareTo(other.Cycles);

    /// <inheritdoc/>
    public override string ToString() => "@" + Cycles.ToString(CultureInfo.InvariantCulture);
}
