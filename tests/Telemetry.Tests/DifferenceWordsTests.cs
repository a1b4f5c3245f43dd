using Telemetry.Text;

namespace Telemetry.Tests;

public sealed class DifferenceWordsTests
{
    [Fact]
    public void Say_how_much_more_and_what_it_is_made_of() => Assert.Equal(
        [
            "The cores work 6,600 cycles more in microkernel than in monolithic: 2.83 times as "
                + "long.",
            "address-space-switch (address-space-switch): 20 more in microkernel, each 200 cycles, "
                + "+4,000 in all.",
            "trap-enter (mode-switch): 20 more in microkernel, each 65 cycles, +1,300 in all.",
            "trap-leave (mode-switch): 20 more in microkernel, each 65 cycles, +1,300 in all.",
            "Calls wait longer or less in microkernel, in cycles: device-service +900.",
        ],
        DifferenceWords.Of(Samples.Microkernel, Samples.Monolithic));

    [Fact]
    public void Say_less_and_fewer_the_other_way_round()
    {
        var words = DifferenceWords.Of(Samples.Monolithic, Samples.Microkernel);
        Assert.StartsWith("The cores work 6,600 cycles less in monolithic", words[0]);
        Assert.Contains("20 fewer in monolithic", words[1]);
    }

    [Fact]
    public void Say_that_nothing_differs() => Assert.Equal(
        ["The cores work equally long in monolithic and in monolithic: 3,600 cycles."],
        DifferenceWords.Of(Samples.Monolithic, Samples.Monolithic));

    [Fact]
    public void Say_when_the_ledger_does_not_add_up() => Assert.EndsWith(
        "the ledger does not add up.",
        DifferenceWords.Whole(
            Samples.Microkernel with { Bill = [] }, Samples.Monolithic));
}
