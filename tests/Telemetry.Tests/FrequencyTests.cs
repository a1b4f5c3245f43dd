using Abi.Units;

namespace Telemetry.Tests;

public sealed class FrequencyTests
{
    [Fact]
    public void Cycles_become_nanoseconds_rounded_half_up() =>
        Gen.Select(Gen.Long[0, long.MaxValue / 100], Gen.Long[100_000_000, 20_000_000_000])
            .Sample((cycles, hertz) =>
            {
                var exact = (Int128)cycles * 1_000_000_000;
                var nanoseconds = new Frequency(hertz).ToNanoseconds(new Cycles(cycles));
                // The nearest whole number, and of two equally near the larger one.
                var error = 2 * ((Int128)nanoseconds * hertz - exact);
                return error <= hertz && error > -hertz;
            });
}
