namespace Engine.Tests;

public sealed class RandomStreamTests
{
    // From the reference implementation xoshiro256starstar.c (prng.di.unimi.it) with the state
    // 1, 2, 3, 4, compiled and run; the same ten numbers are in the tests of Rust's rand_xoshiro.
    [Fact]
    public void The_generator_gives_the_numbers_of_its_reference_implementation()
    {
        var stream = new RandomStream(1, 2, 3, 4);

        Assert.Equal(
            [
                11520, 0, 1509978240, 1215971899390074240, 1216172134540287360,
                607988272756665600, 16172922978634559625, 8476171486693032832,
                10595114339597558777, 2904607092377533576,
            ],
            Enumerable.Range(0, 10).Select(_ => stream.Next()));
    }

    // From the reference implementation splitmix64.c (prng.di.unimi.it), compiled and run; the same
    // numbers are in Rosetta Code, "Pseudo-random numbers/Splitmix64".
    [Fact]
    public void The_seeding_gives_the_numbers_of_its_reference_implementation()
    {
        var state = 1234567UL;

        Assert.Equal(
            [
                6457827717110365317, 3203168211198807973, 9817491932198370423, 4593380528125082431,
                16408922859458223821,
            ],
            Enumerable.Range(0, 5).Select(_ => RandomStream.SplitMix64(ref state)));
    }

    // From a C program of FNV-1a, splitmix64.c and xoshiro256starstar.c put together as the
    // documentation of RandomStream says.
    [Fact]
    public void Seed_and_name_lead_to_the_same_stream_as_an_independent_program()
    {
        var stream = new RandomStream(42, "disk");

        Assert.Equal(
            [
                9945121546427934247, 7403297242898533404, 14086810137725088830,
                14379903813109616872,
            ],
            Enumerable.Range(0, 4).Select(_ => stream.Next()));
    }

    [Fact]
    public void Streams_of_another_seed_or_another_name_are_other_streams() =>
        Gen.Select(Gen.Long, Gen.String, Gen.Long, Gen.String).Sample((seed, name, seed2, name2) =>
            (seed == seed2 && name == name2)
            || new RandomStream(seed, name).Next() != new RandomStream(seed2, name2).Next());

    [Fact]
    public void Below_stays_below_its_bound_for_any_bound() =>
        Gen.Select(Gen.Long, Gen.Long[1, long.MaxValue]).Sample((seed, bound) =>
        {
            var stream = new RandomStream(seed, "bound");
            return Enumerable.Range(0, 100).Select(_ => stream.Below(bound))
                .All(number => number >= 0 && number < bound);
        });

    [Fact]
    public void Below_gives_each_number_equally_often()
    {
        // With the bound 3 * 2^61, every rejection-free scheme that takes 64 bits gives the numbers
        // below 2^62 twice as often as the others. Standard error of a share p of n: sqrt(pq/n).
        const int Draws = 100_000;
        const long Bound = 3L << 61;
        var stream = new RandomStream(7, "uniform");
        var lower = Enumerable.Range(0, Draws).Count(_ => stream.Below(Bound) < Bound / 3);

        var error = Math.Sqrt(1.0 / 3 * 2 / 3 / Draws);
        Assert.InRange((double)lower / Draws, 1.0 / 3 - 4 * error, 1.0 / 3 + 4 * error);
    }

    [Fact]
    public void Bounds_and_means_out_of_range_are_refused()
    {
        var stream = new RandomStream(1, "refused");

        Assert.Throws<ArgumentOutOfRangeException>(() => stream.Below(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => stream.Exponential(-1));
        Assert.Throws<ArgumentOutOfRangeException>(
            () => stream.Exponential(RandomStream.MaxMean + 1));
        Assert.InRange(stream.Exponential(RandomStream.MaxMean), 0, long.MaxValue);
        Assert.Equal(0, stream.Exponential(0));
    }

    [Fact]
    public void The_integer_logarithm_agrees_with_the_library_to_two_units()
    {
        Assert.Equal(0UL, RandomStream.Log2(1));
        Assert.Equal(63UL << 32, RandomStream.Log2(1UL << 63));
        Gen.ULong[1, ulong.MaxValue].Sample(value =>
        {
            // A double has 52 bits, 46 of them behind the point here.
            var expected = Math.Log2(value) * 4294967296.0;
            return Math.Abs(RandomStream.Log2(value) - expected) <= 2;
        });
    }

    [Fact]
    public void Exponential_numbers_have_the_mean_and_the_variance_of_the_theory()
    {
        // Mean m with standard error m/sqrt(n). Variance m^2 with standard error m^2 sqrt(8/n): the
        // fourth central moment is 9 m^4, and Var(s^2) = (mu4 - sigma^4)/n. Allowed: 4 of them.
        const int Draws = 200_000;
        const long Mean = 1_000_000;
        var stream = new RandomStream(3, "arrivals");
        var sample = Enumerable.Range(0, Draws)
            .Select(_ => (double)stream.Exponential(Mean)).ToArray();

        var mean = sample.Average();
        var variance = sample.Sum(x => (x - mean) * (x - mean)) / (Draws - 1);

        Assert.InRange(mean / Mean, 1 - 4 / Math.Sqrt(Draws), 1 + 4 / Math.Sqrt(Draws));
        Assert.InRange(
            variance / Mean / Mean, 1 - 4 * Math.Sqrt(8.0 / Draws), 1 + 4 * Math.Sqrt(8.0 / Draws));
    }

    [Fact]
    public void Exponential_numbers_exceed_each_time_with_the_probability_of_the_theory()
    {
        const int Draws = 200_000;
        const long Mean = 1_000_000;
        var stream = new RandomStream(4, "tail");
        var sample = Enumerable.Range(0, Draws).Select(_ => stream.Exponential(Mean)).ToArray();

        foreach (var means in new[] { 0.01, 0.1, 0.5, 1, 2, 4, 6 })
        {
            var expected = Math.Exp(-means);
            var error = Math.Sqrt(expected * (1 - expected) / Draws);
            var share = sample.Count(x => x > means * Mean) / (double)Draws;
            Assert.InRange(share, expected - 4 * error, expected + 4 * error);
        }
    }
}
