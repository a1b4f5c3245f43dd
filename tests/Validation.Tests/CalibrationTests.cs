using Scenarios.Profiles;
using Validation.Calibration;

namespace Validation.Tests;

/// <summary>What becomes of measurements; all of them are made up and computed by hand.</summary>
public sealed class CalibrationTests
{
    private static readonly Host Machine = new("Test's CPU: 'fast' @ 2.0GHz #1", 2000, "Linux 9.9")
    {
        Vulnerabilities =
        [
            new("meltdown", "Not affected"),
            new("spectre_v2", "Mitigation: Retpolines"),
            new("srbds", "Not affected"),
        ],
        HasPcid = true,
        Cpus = 2,
        Date = new DateOnly(2026, 7, 1),
    };

    // ns. At 2 GHz, a nanosecond is two cycles.
    private static readonly Dictionary<string, double> Usual = new()
    {
        [CalibrationRows.NullCall] = 100,
        [CalibrationRows.PreadZero] = 150,
        [CalibrationRows.PreadByte] = 200,
        [CalibrationRows.PreadPage] = 520,
        [CalibrationRows.OpenClose] = 700,
        [CalibrationRows.PipeAlone] = 500,
        [CalibrationRows.PipeThreads] = 3000,
        [CalibrationRows.PipeProcesses] = 3400,
        [CalibrationRows.PipeTwoCpus] = 9000,
        [CalibrationRows.Futex] = 2500,
        [CalibrationRows.MinorFault] = 400,
        [CalibrationRows.Map] = 900,
    };

    private static LoadedProfile Common { get; } = ProfileLoader.LoadText(
        "name: c\nbase: common\nclock: { value: 2, unit: GHz, source: s }", "c").Profile!;

    // Quantile p of n sorted values is the one at place (n + 1/3) p + 1/3, between two values by
    // proportion (Hyndman and Fan 1996, definition 8).
    [Fact]
    public void Spread_has_minimum_median_and_interquartile_range()
    {
        // Places 1 2/3 and 4 1/3: 16 2/3 and 43 1/3.
        var five = Spread.Of([30, 10, 50, 20, 40]);
        Assert.Equal((10, 30), (five.Minimum, five.Median));
        Assert.Equal(26.0 + (2.0 / 3), five.InterquartileRange, 9);

        // Places 1 5/12 and 3 7/12, of 2 2 4 8: 2 and 6 1/3; the median between 2 and 4.
        var four = Spread.Of([8, 2, 4, 2]);
        Assert.Equal((2, 3), (four.Minimum, four.Median));
        Assert.Equal(4 + (1.0 / 3), four.InterquartileRange, 9);
    }

    [Fact]
    public void A_batch_that_was_interrupted_does_not_show()
    {
        double[] quiet = [100, 101, 99, 100, 102, 98, 100, 101, 99, 100, 100];
        Assert.Equal(100, Spread.Of([.. quiet, 90_000]).Median);
        Assert.False(Spread.Of([.. quiet, 90_000]).IsTooNoisy);
    }

    [Theory]
    [InlineData(100, 0, false)]
    [InlineData(100, 20, false)]
    [InlineData(100, 20.1, true)]
    [InlineData(0, 0, true)]
    [InlineData(-1, 0, true)]
    public void Too_noisy_is_a_range_beyond_a_fifth_of_the_median(
        double median, double range, bool isTooNoisy) =>
        Assert.Equal(isTooNoisy, new Spread(median, median, range).IsTooNoisy);

    [Fact]
    public void The_written_profile_loads_with_the_prices_that_follow_from_the_measurements()
    {
        var (loaded, prices) = Load(Report(Usual));
        Assert.Empty(prices.Left);
        Assert.Equal("test", loaded.Profile.Name);
        Assert.Equal(
            [100, 100, 100, 100, 10, 950, 2000, 400, 4480],
            new[]
            {
                "trap-enter", "trap-leave", "file-request", "file-block", "copy-line",
                // 500 ns less the base's component of a path, 25 ns.
                "file-open",
                "schedule", "address-space-switch",
                // 6000 cycles less the base's 478 for sending and 1042 for the interrupt's entry.
                "interprocessor-latency",
            }.Select(name => loaded.Find(name)!.Amount));
        Assert.Equal(Usual.Count, loaded.Rows.Count(row => row.Status == ProfileStatus.Measured));
        Assert.Equal(ProfileStatus.Measured, loaded.Find("copy-line")!.Status);
        Assert.Equal(ProfileStatus.Assumed, loaded.Find("trap-enter")!.Status);
    }

    [Fact]
    public void A_measured_row_names_machine_kernel_mitigations_date_repetitions_and_spread()
    {
        var (loaded, _) = Load(Report(Usual));
        var row = loaded.Rows.Single(row => row.Id == CalibrationRows.NullCall);
        Assert.Equal((100m, "ns", Machine.Cpu), (row.Value, row.Unit, row.Cpu));
        foreach (var said in new[]
        {
            Machine.Cpu, "Linux 9.9", "page-table isolation off", "PCID", "mitigated: spectre_v2",
            "2026-07-01", "101 batches of 64 iterations", "interquartile range 2.0 ns",
        })
        {
            Assert.Contains(said, row.Source);
        }

        Assert.DoesNotContain("srbds", row.Source);
    }

    [Fact]
    public void A_negative_difference_is_left_to_the_base_and_said()
    {
        var (loaded, prices) = Load(Report(new(Usual)
        {
            [CalibrationRows.PipeProcesses] = 2900,
            [CalibrationRows.PreadPage] = 199,
            [CalibrationRows.PipeTwoCpus] = 2000,
        }));
        Assert.Equal(
            ["copy-line", "address-space-switch", "interprocessor-latency"],
            prices.Left.Select(each => each.Entry));
        Assert.All(prices.Left, each =>
        {
            Assert.StartsWith("the difference is not positive", each.Reason);
            Assert.Equal(Common.Find(each.Entry)!.Amount, loaded.Find(each.Entry)!.Amount);
        });
    }

    [Fact]
    public void A_difference_smaller_than_the_medians_may_be_off_is_left_to_the_base()
    {
        // 3000 and 3010 with a range of 2 % each: two standard errors are 11 ns.
        var (_, prices) = Load(Report(new(Usual) { [CalibrationRows.PipeProcesses] = 3010 }));
        var left = Assert.Single(prices.Left);
        Assert.Equal("address-space-switch", left.Entry);
        Assert.StartsWith("lost in the noise", left.Reason);
    }

    [Fact]
    public void What_is_too_noisy_or_missing_is_no_row_and_no_price()
    {
        var report = Report(Usual);
        report = report with
        {
            Measurements =
            [
                .. report.Measurements.Select(each => each.Id switch
                {
                    CalibrationRows.NullCall => each with { Spread = new Spread(90, 100, 30) },
                    CalibrationRows.PipeTwoCpus => each with { Spread = null, Missing = "one CPU" },
                    _ => each,
                }),
            ],
        };
        var (loaded, prices) = Load(report);
        Assert.Equal(
            ["trap-enter", "trap-leave", "file-request", "file-open", "interprocessor-latency"],
            prices.Left.Select(each => each.Entry));
        Assert.Equal(Common.Find("trap-enter")!.Amount, loaded.Find("trap-enter")!.Amount);
        Assert.DoesNotContain(loaded.Rows, row =>
            row.Id is CalibrationRows.NullCall or CalibrationRows.PipeTwoCpus);
        Assert.Contains("# host_null_call: too noisy: spread 30 %", Text(report));
        Assert.Contains("# host_pipe_two_cpus: not measured: one CPU", Text(report));
    }

    [Fact]
    public void A_profile_of_which_nothing_could_be_measured_is_the_base()
    {
        var (loaded, prices) = Load(new CalibrationReport(Machine, []));
        Assert.Empty(prices.Prices);
        Assert.All(Common.Entries, entry =>
            Assert.Equal(entry.Amount, loaded.Find(entry.Name)!.Amount));
    }

    [Fact]
    public void Entries_of_another_machine_keep_their_value_whatever_is_measured_here()
    {
        // Haswell's send less this host's switch would be negative.
        var (loaded, prices) = Load(Report(Usual));
        Assert.Equal(
            ["interrupt-entry", "slow-path-call", "slow-path-reply", "slow-path-send",
                "yield-path"],
            prices.Kept.Select(entry => entry.Name).Order(StringComparer.Ordinal));
        Assert.All(prices.Kept, entry =>
        {
            Assert.Equal(Common.Find(entry.Name)!.Amount, loaded.Find(entry.Name)!.Amount);
            Assert.NotEmpty(loaded.Find(entry.Name)!.Borrowed);
        });

        // What is only taken as another entry follows it.
        Assert.Equal(950, loaded.Find("socket-change")!.Amount);
    }

    [Fact]
    public void Isolation_that_is_in_the_null_call_is_not_charged_again()
    {
        var isolated = Report(Usual) with
        {
            Host = Machine with { Vulnerabilities = [new("meltdown", "Mitigation: PTI")] },
        };
        var (loaded, _) = Load(isolated);
        Assert.Equal(0, loaded.Find("isolation-switch")!.Amount);
        Assert.Contains("count it twice", loaded.Find("isolation-switch")!.Source);
        Assert.Contains(
            "isolation makes are in it",
            loaded.Rows.Single(row => row.Id == CalibrationRows.NullCall).Source);
        Assert.Equal(Common.Find("kernel-lock")!.Amount, loaded.Find("kernel-lock")!.Amount);
        Assert.NotEqual(0, Load(Report(Usual)).Loaded.Find("isolation-switch")!.Amount);
    }

    [Fact]
    public void Without_a_clock_a_round_one_is_taken_and_said()
    {
        var (loaded, _) = Load(Report(Usual) with { Host = Machine with { Megahertz = null } });
        Assert.Equal(1_000_000_000, loaded.Profile.Frequency.Hertz);
        Assert.StartsWith("not stated", loaded.ClockSource);
    }

    [Fact]
    public void Processor_and_clock_are_read_of_what_the_kernel_says()
    {
        var intel = Host.Parse("""
            processor	: 0
            model name	: Intel(R) Xeon(R) CPU @ 2.60GHz
            cpu MHz		: 2599.998
            flags		: fpu pcid hypervisor

            processor	: 1
            model name	: another
            """);
        Assert.Equal(
            ("Intel(R) Xeon(R) CPU @ 2.60GHz", 2599.998m), (intel.Cpu, intel.Megahertz));
        Assert.True(intel is { HasPcid: true, IsVirtual: true, IsIsolated: false });

        var arm = Host.Parse("processor\t: 0\nBogoMIPS\t: 50.00\nFeatures\t: fp asimd\n");
        Assert.StartsWith("unnamed", arm.Cpu);
        Assert.True(arm is { Megahertz: null, HasPcid: null });
    }

    [Fact]
    public void On_another_system_than_Linux_nothing_is_measured()
    {
        var exception = Assert.Throws<PlatformNotSupportedException>(() => Calibrator.Measure(
            CalibrationPlan.Quick, isLinux: false, CancellationToken.None));
        Assert.Contains("Linux only", exception.Message);
    }

    private static CalibrationReport Report(Dictionary<string, double> medians) => new(
        Machine,
        [
            .. medians.Select(each => new Measurement(each.Key, "something: it")
            {
                Spread = new Spread(each.Value * 0.99, each.Value, each.Value * 0.02),
                Batches = 101,
                Iterations = 64,
            }),
        ]);

    private static string Text(CalibrationReport report) =>
        ProfileText.Write("test", report, CalibratedPrices.Of(report));

    private static (LoadedProfile Loaded, CalibratedPrices Prices) Load(CalibrationReport report)
    {
        var result = ProfileLoader.LoadText(Text(report), "test.yaml");
        Assert.Empty(result.Diagnostics);
        return (result.Profile!, CalibratedPrices.Of(report));
    }
}
