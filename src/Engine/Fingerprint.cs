using System.Globalization;

namespace Engine;

/// <summary>
/// A 64-bit hash of a sequence of 64-bit values that depends on their order: two runs with equal
/// fingerprints did the same. It finds differences, not forgers.
/// </summary>
/// <remarks>
/// For each value: xor it in, multiply by the odd constant 0x9E3779B97F4A7C15 (2^64 divided by the
/// golden ratio), xor the upper half into the lower. Each of these can be undone, so two sequences
/// that differ in one value never collide. At the end: xor the number of values in, then the
/// finalizer of MurmurHash3 (Appleby, fmix64, public domain).
/// </remarks>
public sealed class Fingerprint
{
    private const ulong Golden = 0x9E3779B97F4A7C15;
    private ulong _state;
    private ulong _count;

    /// <summary>The hash of all values so far. More can follow.</summary>
    public ulong Value
    {
        get
        {
            unchecked
            {
                var hash = _state ^ _count;
                hash ^= hash >> 33;
                hash *= 0xFF51AFD7ED558CCD;
                hash ^= hash >> 33;
                hash *= 0xC4CEB9FE1A85EC53;
                return hash ^ (hash >> 33);
            }
        }
    }

    /// <summary>Appends one value.</summary>
    public void Add(long value)
    {
        unchecked
        {
            var state = (_state ^ (ulong)value) * Golden;
            _state = state ^ (state >> 32);
            _count++;
        }
    }

    /// <summary>The hash as 16 hexadecimal digits.</summary>
    public override string ToString() => Value.ToString("X16", CultureInfo.InvariantCulture);
}
