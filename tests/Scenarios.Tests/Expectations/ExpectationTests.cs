using Records;
using Scenarios.Expectations;
using Scenarios.Model;

namespace Scenarios.Tests.Expectations;

public class ExpectationTests
{
    private static readonly RunResult Microkernel = Run("microkernel", mean: 900, count: 4000);
    private static readonly RunResult Monolithic = Run("monolithic", mean: 300, count: 4000);

    private static RunResult Run(string name, double mean, long count) => new()
    {
        Name = name,
        Fingerprint = "0123456789abcdef",
        VirtualTime = new TimeSpanCycles(5_000_000, 1_470_588),
        Calls =
        [
            new CallStatistics(
                "read", count, mean, 280, 2000, 200, 5000, (long)(mean * count), 2, []),
            new CallStatistics("close", 0, 0, 0, 0, 0, 0, 0, 0, []),
        ],
        Bill = [new BillLine("copy", "kernel", 70), new BillLine("copy", "file-server", 30)],
        Parts = [],
        Counters = new Dictionary<string, long> { ["messages"] = 16, ["ipc-fast-path"] = 1000 },
        Processes =
        [
            new ProcessResult("reader", 1, 0, "exited"),
            new ProcessResult("reader", 2, 0, "exited"),
            new ProcessResult("child", 3, 3, "exited"),
        ],
        Files = [new FileDigest("/a", 3, "abc")],
        Queues =
        [
            Queue("master") with { MeanWaitCycles = 400, MeanServiceCycles = 100 },
            Queue("swamped") with { Stable = false, GrowthPerSecond = 25 },
        ],
    };

    private static QueueStatistics Queue(string name) => new()
    {
        Name = name,
        Servers = 1,
        PeriodCycles = 1000,
        Arrivals = 10,
        Served = 8,
        Blocked = 1,
        Abandoned = 0,
        Utilisation = 0.8,
        ArrivalRatePerSecond = 5,
        OfferedLoad = 0.8,
        Stable = true,
    };

    private static ExpectationResult Judge(string text, params RunResult[] runs)
    {
        var (claim, _, message) = ClaimParser.Parse(text);
        Assert.True(claim is not null, message);
        var comparison = new Comparison
        {
            Scenario = "s",
            Seed = 1,
            Profile = "p",
            FrequencyHertz = 3_400_000_000,
            Placements = runs,
        };
        return new ExpectationEvaluator(comparison)
            .Evaluate([new Expectation(text, claim)])
            .Single();
    }

    [Theory]
    [InlineData("microkernel.read.mean > monolithic.read.mean", true)]
    [InlineData("microkernel.read.mean > 3 * monolithic.read.mean", false)]
    [InlineData("microkernel.read.mean >= 3 * monolithic.read.mean", true)]
    [InlineData("microkernel.read.mean == 3 * (monolithic.read.mean + 100) - 300", true)]
    [InlineData("microkernel.read.mean / monolithic.read.mean == 3", true)]
    [InlineData("read.count == 4000", true)]
    [InlineData("read.mean > 500", false)]
    [InlineData("queues.master.wait == 4 * queues.master.service", true)]
    [InlineData("microkernel.queues.master.utilisation == 0.8", true)]
    [InlineData("queues.master.blocked + queues.master.stable == 2", true)]
    [InlineData("queues.swamped.stable == 0", true)]
    [InlineData("queues.swamped.growth == 25", true)]
    [InlineData("queues.swamped.wait > 0", false)]
    [InlineData("queues.nobody.wait > 0", false)]
    [InlineData("read.p50 + read.p99 == 2280", true)]
    [InlineData("read.min <= read.mean", true)]
    [InlineData("read.max != 5000", false)]
    [InlineData("read.errors == 2", true)]
    [InlineData("write.count == 0", true)]
    [InlineData("read.max == 1.5us - 100", true)]
    [InlineData("microkernel.counters.ipc-fast-path >= 1000", true)]
    [InlineData("counters.messages < 16", false)]
    [InlineData("bill.copy == 100", true)]
    [InlineData("losses == 0", true)]
    [InlineData("monolithic.losses > 0", false)]
    [InlineData("time < 10ms", true)]
    [InlineData("every process exits 0", false)]
    [InlineData("process reader exits 0", true)]
    [InlineData("process child exits 3", true)]
    [InlineData("process reader exits 1 in monolithic", false)]
    [InlineData("process reader exits 0 in monolithic", true)]
    [InlineData("results as expected in microkernel", true)]
    [InlineData("process nobody exits 3", false)]
    [InlineData("results as expected", true)]
    [InlineData("same files in every placement", true)]
    public void Judges(string text, bool holds) =>
        Assert.Equal(holds, Judge(text, Microkernel, Monolithic).Holds);

    [Fact]
    public void A_relation_between_placements_is_not_judged_without_both()
    {
        var result = Judge("microkernel.read.mean > monolithic.read.mean", Microkernel);
        Assert.Equal(
            (null, "needs placement monolithic, which did not run"), (result.Holds, result.Detail));
        Assert.Null(Judge("same files in every placement", Microkernel).Holds);
        Assert.True(Judge("microkernel.read.mean > 100", Microkernel).Holds);
    }

    [Fact]
    public void What_fails_says_where_and_by_how_much()
    {
        Assert.Equal("monolithic: 300 > 500 does not hold",
            Judge("read.mean > 500", Microkernel, Monolithic).Detail);
        Assert.Equal("microkernel: process child (pid 3) exits 3",
            Judge("every process exits 0", Microkernel).Detail);
        Assert.Equal(
            "microkernel: no close call ended", Judge("close.mean > 1", Microkernel).Detail);
        Assert.Equal("expected a counter, not 'mesages'; did you mean 'messages'?",
            Judge("counters.mesages > 1", Microkernel).Detail);
    }

    [Fact]
    public void Differing_results_and_files_and_losses_are_seen()
    {
        var broken = Monolithic with
        {
            FailedResults = ["reader:5: read(3, 1) = 1, not 0"],
            Files = [new FileDigest("/a", 3, "abd")],
            Losses = [new Loss("writes", 2, "panic")],
            Processes = [new ProcessResult("reader", 1, null, "running")],
        };
        Assert.False(Judge("results as expected", Microkernel, broken).Holds);
        Assert.True(Judge("results as expected in microkernel", Microkernel, broken).Holds);
        Assert.Null(Judge("results as expected in monolithic", Microkernel).Holds);
        Assert.Equal("/a differs between microkernel and monolithic",
            Judge("same files in every placement", Microkernel, broken).Detail);
        Assert.True(Judge("monolithic.losses == 2", Microkernel, broken).Holds);
        Assert.Equal("monolithic: process reader (pid 1) has not ended",
            Judge("process reader exits 0", broken).Detail);
    }

    [Fact]
    public void No_text_makes_the_parser_throw()
    {
        const string Alphabet = "abr. 123<>=!+-*/()processexits\n€";
        Gen.Char[Alphabet].Array[0, 40].Sample(
            chars => ClaimParser.Parse(new string(chars)) is var (claim, _, message)
                && (claim is null) == (message.Length > 0),
            iter: 10_000);
        Assert.Null(ClaimParser.Parse(new string('(', 100_000)).Claim);
        Assert.Null(ClaimParser.Parse(
            "a.b > " + string.Concat(Enumerable.Repeat("1+", 5000)) + "1").Claim);
    }
}
