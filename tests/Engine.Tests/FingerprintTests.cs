namespace Engine.Tests;

public sealed class FingerprintTests
{
    [Fact]
    public void The_order_of_the_values_counts() =>
        Gen.Long.Array[2, 20].Sample(values =>
        {
            var reversed = values.Reverse().ToArray();
            return values.SequenceEqual(reversed) || Of(values) != Of(reversed);
        });

    [Fact]
    public void Swapping_two_neighbours_changes_it() =>
        Gen.Select(Gen.Long.Array[2, 20], Gen.Int[0, 1000]).Sample((values, choice) =>
        {
            var at = choice % (values.Length - 1);
            var swapped = values.ToArray();
            (swapped[at], swapped[at + 1]) = (swapped[at + 1], swapped[at]);
            return values[at] == values[at + 1] || Of(values) != Of(swapped);
        });

    [Fact]
    public void Changing_one_bit_of_one_value_changes_it() =>
        Gen.Select(Gen.Long.Array[1, 20], Gen.Int[0, 1000], Gen.Int[0, 63]).Sample(
            (values, choice, bit) =>
            {
                var changed = values.ToArray();
                changed[choice % values.Length] ^= 1L << bit;
                return Of(values) != Of(changed);
            });

    [Fact]
    public void Zeros_count_too()
    {
        var prints = Enumerable.Range(0, 100).Select(n => Of(new long[n])).ToHashSet();

        Assert.Equal(100, prints.Count);
    }

    [Fact]
    public void A_flipped_bit_flips_half_of_the_bits_on_average()
    {
        // 64 x 200 changes; the mean of a binomial (64, 1/2) has the standard error 4/sqrt(12800).
        var stream = new RandomStream(5, "avalanche");
        var flipped = 0L;
        for (var i = 0; i < 200; i++)
        {
            var value = unchecked((long)stream.Next());
            for (var bit = 0; bit < 64; bit++)
            {
                flipped += System.Numerics.BitOperations.PopCount(
                    Value(value, 1) ^ Value(value ^ (1L << bit), 1));
            }
        }

        Assert.InRange(flipped / 12800.0, 32 - 0.15, 32 + 0.15);
    }

    [Fact]
    public void It_is_written_as_sixteen_hexadecimal_digits()
    {
        var fingerprint = new Fingerprint();
        Assert.Equal("0000000000000000", fingerprint.ToString());
        fingerprint.Add(1);
        Assert.Equal(fingerprint.Value.ToString("X16"), fingerprint.ToString());
        Assert.Equal(16, fingerprint.ToString().Length);
    }

    private static string Of(long[] values)
    {
        var fingerprint = new Fingerprint();
        foreach (var value in values)
        {
            fingerprint.Add(value);
        }

        return fingerprint.ToString();
    }

    private static ulong Value(params long[] values)
    {
        var fingerprint = new Fingerprint();
        foreach (var value in values)
        {
            fingerprint.Add(value);
        }

        return fingerprint.Value;
    }
}
