using System.Numerics;
using System.Text;

namespace Engine;

/// <summary>
/// A stream of random numbers that is a function of a seed and a name: the same on every machine.
/// Streams of different names are independent, so that a new one does not disturb the others.
/// </summary>
/// <remarks>
/// The generator is xoshiro256** 1.0 (Blackman and Vigna, Scrambled linear pseudorandom number
/// generators, ACM TOMS 47(4), 2021; reference code at prng.di.unimi.it, public domain). Its state
/// is, as its authors advise, four successive outputs of SplitMix64 (Steele, Lea, Flood, OOPSLA
/// 2014). SplitMix64 starts at the FNV-1a hash (64 bits, Fowler, Noll, Vo) of the eight bytes of
/// the seed, lowest first, followed by the name in UTF-8.
/// </remarks>
public sealed class RandomStream
{
    /// <summary>The largest mean of <see cref="Exponential"/>: 2^57.</summary>
    public const long MaxMean = 1L << 57;

    private const int FractionBits = 32;
    private const ulong Ln2 = 0xB17217F7D1CF79AC;
    private ulong _s0;
    private ulong _s1;
    private ulong _s2;
    private ulong _s3;

    /// <summary>The stream of that name in the run of that seed.</summary>
    public RandomStream(long seed, string name)
    {
        var splitMix = Hash(seed, name);
        _s0 = SplitMix64(ref splitMix);
        _s1 = SplitMix64(ref splitMix);
        _s2 = SplitMix64(ref splitMix);
        _s3 = SplitMix64(ref splitMix);
    }

    internal RandomStream(ulong s0, ulong s1, ulong s2, ulong s3) =>
        (_s0, _s1, _s2, _s3) = (s0, s1, s2, s3);

    /// <summary>The next 64 random bits.</summary>
    public ulong Next()
    {
        unchecked
        {
            var result = BitOperations.RotateLeft(_s1 * 5, 7) * 9;
            var t = _s1 << 17;
            _s2 ^= _s0;
            _s3 ^= _s1;
            _s1 ^= _s2;
            _s0 ^= _s3;
            _s2 ^= t;
            _s3 = BitOperations.RotateLeft(_s3, 45);
            return result;
        }
    }

    /// <summary>
    /// A number from 0 to <paramref name="bound"/> - 1, each as likely as any other.
    /// </summary>
    /// <remarks>
    /// Lemire, Fast random integer generation in an interval, ACM TOMACS 29(1), 2019.
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException">The bound is not positive.</exception>
    public long Below(long bound)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bound);
        var range = (ulong)bound;
        var high = Math.BigMul(Next(), range, out var low);
        if (low < range)
        {
            var threshold = unchecked(0 - range) % range;
            while (low < threshold)
            {
                high = Math.BigMul(Next(), range, out low);
            }
        }

        return (long)high;
    }

    /// <summary>
    /// An exponentially distributed number of that mean, rounded half up: the time to the next
    /// arrival of a Poisson process. At most 44.4 means.
    /// </summary>
    /// <remarks>
    /// -mean * ln(u) for u = r / 2^64, r the next nonzero output. The logarithm is our own, in
    /// integers: base 2 to 32 fractional bits by repeated squaring, times ln 2 with 64 bits.
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException">
    /// The mean is negative or above <see cref="MaxMean"/>.
    /// </exception>
    public long Exponential(long mean)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(mean);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(mean, MaxMean);
        ulong r;
        do
        {
            r = Next();
        }
        while (r == 0);

        var bits = (64UL << FractionBits) - Log2(r);
        // Units of 2^-32: below 64 * ln 2 * 2^32, so that the product with the mean has 96 bits.
        var nats = Math.BigMul(bits, Ln2, out _);
        return (long)(((UInt128)nats * (ulong)mean + (1UL << (FractionBits - 1))) >> FractionBits);
    }

    /// <summary>
    /// The base-2 logarithm of a positive number in units of 2^-32, rounded down; off by less than
    /// 2 units.
    /// </summary>
    internal static ulong Log2(ulong value)
    {
        var exponent = BitOperations.Log2(value);
        // The mantissa m in [1, 2), as m * 2^63. Squaring it doubles its logarithm: if the square
        // is 2 or more, the next bit of the logarithm is one.
        var mantissa = value << (63 - exponent);
        var log = (ulong)exponent;
        for (var bit = 0; bit < FractionBits; bit++)
        {
            var square = Math.BigMul(mantissa, mantissa, out var low);
            log <<= 1;
            if (square >> 63 != 0)
            {
                log |= 1;
                mantissa = square;
            }
            else
            {
                mantissa = (square << 1) | (low >> 63);
            }
        }

        return log;
    }

    private static ulong Hash(long seed, string name)
    {
        const ulong Prime = 0x100000001B3;
        unchecked
        {
            var hash = 0xCBF29CE484222325;
            for (var shift = 0; shift < 64; shift += 8)
            {
                hash = (hash ^ (byte)(seed >> shift)) * Prime;
            }

            foreach (var octet in Encoding.UTF8.GetBytes(name))
            {
                hash = (hash ^ octet) * Prime;
            }

            return hash;
        }
    }

    internal static ulong SplitMix64(ref ulong state)
    {
        unchecked
        {
            state += 0x9E3779B97F4A7C15;
            var z = state;
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
            return z ^ (z >> 31);
        }
    }
}
