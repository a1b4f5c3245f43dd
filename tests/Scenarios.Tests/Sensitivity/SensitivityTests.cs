using Abi.Costs;
using Scenarios.Profiles;
using Scenarios.Sensitivity;

namespace Scenarios.Tests.Sensitivity;

/// <summary>
/// One caller, one core: a call's mean is a sum of prices, so what a price does can be worked out
/// from the bill.
/// </summary>
public sealed class SensitivityTests
{
    private static readonly string[] Both = ["microkernel", "monolithic"];

    private static SensitivityReport Analyse(string text)
    {
        var scenario = ScenarioLoader.LoadText(text, "test.yaml").Scenario!;
        var profile = ProfileLoader.Find(scenario.Machine.Profile, "").Profile!.Profile;
        return new SensitivityAnalysis(new ScenarioRunner(), scenario, Both, new RunOptions())
            .Run(profile);
    }

    [Fact]
    public void A_price_of_one_placement_only_moves_the_ratio_by_its_share_of_the_mean()
    {
        var report = Analyse("""
            name: null
            processes: { asker: { program: "repeat 100 { getpid() }" } }
            """);
        var conclusion = report.Conclusions.Single(each => each.Call == "getpid");
        var switching = conclusion.Influences
            .Single(each => each.Parameter == Part.AddressSpaceSwitch.Name());
        // Two switches a call, there and back; 188 x 1.2 = 225.6, half up 226: 38 more, 38 less.
        var monolithic = report.Comparison.Placements[1].Calls
            .Single(call => call.Name == "getpid").MeanCycles;
        Assert.Equal(188, switching.Cycles);
        Assert.Equal(conclusion.Ratio + (2 * 38 / monolithic), switching.High, 0.01);
        Assert.Equal(conclusion.Ratio - (2 * 38 / monolithic), switching.Low, 0.01);
        Assert.False(switching.Flips);
        // 188 would have to fall below nothing.
        Assert.Null(switching.BreakEvenCycles);
    }

    [Fact]
    public void Where_placements_are_close_the_break_even_is_found_and_an_expectation_flips()
    {
        var report = Analyse("""
            name: close
            machine: { mechanisms: [protection-keys] }
            processes:
              reader:
                program: |
                  fd = open("/hot", O_RDWR|O_CREAT, 0644)
                  write(fd, bytes(4096))
                  repeat 400 { pread(fd, 4096, 0) }
            expect:
              - microkernel.pread.mean < monolithic.pread.mean
            """);
        var conclusion = report.Conclusions.Single(each => each.Call == "pread");
        Assert.InRange(conclusion.Ratio, 0.99, 0.999);
        var keys = conclusion.Influences
            .Single(each => each.Parameter == Part.ProtectionKeySwitch.Name());
        var (micro, mono) = (Mean(0), Mean(1));
        // Two switches a read: the gap closes when each takes half of it more.
        Assert.Equal(keys.Cycles + ((mono - micro) / 2), keys.BreakEvenCycles!.Value, 10.0);
        Assert.True(keys.Low < conclusion.Ratio && keys.High > conclusion.Ratio);
        // Nobody is faster by more than a hundredth; with a fifth less of it, the gate is.
        Assert.True(keys.Flips);
        Assert.Contains(
            report.Expectations, each => each.Parameter == keys.Parameter && each.Percent == 20);

        double Mean(int run) => report.Comparison.Placements[run].Calls
            .Single(call => call.Name == "pread").MeanCycles;
    }
}
