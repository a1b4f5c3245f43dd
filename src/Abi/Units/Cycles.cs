using System.Globalization;

namespace Abi.Units;

/// <summary>A length of time in cycles of the simulated core's clock. Overflow throws.</summary>
public readonly record struct Cycles(long Count) : IComparable<Cycles>
{
    /// <summary>No time at all.</summary>
    public static Cycles Zero => default;

    /// <summary>The sum of two lengths.</summary>
    public static Cycles operator +(Cycles left, Cycles right) => new(left.Count + right.Count);

    /// <summary>The difference of two lengths; may be negative.</summary>
    public static Cycles operator -(Cycles left, Cycles right) => new(left.Count - right.Count);

    /// <summary>A length taken <paramref name="times"/> times.</summary>
    public static Cycles operator *(Cycles length, long times) => new(length.Count * times);

    /// <summary>Whether the left length is shorter.</summary>
    public static bool operator <(Cycles left, Cycles right) => left.Count < right.Count;

    /// <summary>Whether the left length is longer.</summary>
    public static bool operator >(Cycles left, Cycles right) => left.Count > right.Count;

    /// <summary>Whether the left length is not longer.</summary>
    public static bool operator <=(Cycles left, Cycles right) => left.Count <= right.Count;

    /// <summary>Whether the left length is not shorter.</summary>
    public static bool operator >=(Cycles left, Cycles right) => left.Count >= right.Count;

    /// <inheritdoc/>
    public int CompareTo(Cycles other) => Count.CompareTo(other.Count);

    /// <inheritdoc/>
    public override string ToString() => Count.ToString(CultureInfo.InvariantCulture) + " cycles";
}
