using Records;

namespace Telemetry.Tests;

/// <summary>
/// Results made by hand. The prices are round numbers; the microkernel makes two address-space
/// switches
/// for each of its 10 reads and as many more traps, so its bill is 10 x (2 x 200 + 2 x 130) = 6,600
/// more.
/// </summary>
public static class Samples
{
    public static RunResult Microkernel { get; } = new()
    {
        Name = "microkernel",
        Fingerprint = "00000000000000aa",
        VirtualTime = new TimeSpanCycles(14_000, 7_000),
        Calls =
        [
            new CallStatistics("read", 10, 1_260.5, 1_250, 1_400, 1_200, 1_400, 12_605, 0, []),
        ],
        Bill =
        [
            new BillLine("handler", "", 1_000),
            new BillLine("mode-switch", "", 5_200),
            new BillLine("address-space-switch", "", 4_000),
            new BillLine("device-service", "", 900),
        ],
        Parts =
        [
            new PartLine("trap-enter", "mode-switch", 40, 65, 2_600),
            new PartLine("trap-leave", "mode-switch", 40, 65, 2_600),
            new PartLine("address-space-switch", "address-space-switch", 20, 200, 4_000),
            new PartLine("file-request", "handler", 10, 100, 1_000),
        ],
        Counters = new Dictionary<string, long>
        {
            ["traps"] = 40,
            ["mode-switches"] = 80,
            ["address-space-switches"] = 20,
        },
        Processes =
        [
            new ProcessResult("reader", 1, 0, "exit"), new ProcessResult("reader", 2, 0, "exit"),
        ],
        Queues =
        [
            new QueueStatistics
            {
                Name = "file-server",
                Servers = 8,
                PeriodCycles = 12_000,
                Arrivals = 10,
                Served = 9,
                Blocked = 0,
                Abandoned = 1,
                Utilisation = 0.125,
                ArrivalRatePerSecond = 1_666_666.67,
                OfferedLoad = 0.125,
                MeanServiceCycles = 1_200,
                MeanQueueLength = 0.25,
                MeanInSystem = 1.25,
                MeanWaitCycles = 300,
                MeanSojournCycles = 1_500,
                Stable = true,
            },
            new QueueStatistics
            {
                Name = "master",
                Servers = 1,
                PeriodCycles = 10_000,
                Arrivals = 1_000,
                Served = 800,
                Blocked = 3,
                Abandoned = 0,
                Utilisation = 1,
                ArrivalRatePerSecond = 200_000_000,
                OfferedLoad = 1.25,
                MeanServiceCycles = 12.5,
                Stable = false,
                GrowthPerSecond = 40_000_000,
            },
        ],
        Files = [new FileDigest("/a b", 3, new string('a', 64))],
        Timeline =
        [
            new TimelineEntry(2_000, 1_000, "crashed", "file-server", 1, "collateral: none"),
            new TimelineEntry(6_000, 3_000, "restarted", "file-server", 2, ""),
        ],
        Console = "hello\n",
    };

    public static RunResult Monolithic { get; } = new()
    {
        Name = "monolithic",
        Fingerprint = "00000000000000bb",
        VirtualTime = new TimeSpanCycles(5_000, 2_500),
        Calls = [new CallStatistics("read", 10, 420, 420, 440, 400, 440, 4_200, 1, [])],
        Bill = [new BillLine("handler", "", 1_000), new BillLine("mode-switch", "", 2_600)],
        Parts =
        [
            new PartLine("trap-enter", "mode-switch", 20, 65, 1_300),
            new PartLine("trap-leave", "mode-switch", 20, 65, 1_300),
            new PartLine("file-request", "handler", 10, 100, 1_000),
        ],
        Counters = new Dictionary<string, long> { ["traps"] = 20, ["mode-switches"] = 40 },
        Processes =
        [
            new ProcessResult("reader", 1, 137, "killed by the panic"),
            new ProcessResult("reader", 2, 137, "killed by the panic"),
        ],
        Files = [new FileDigest("/a b", 3, new string('a', 64))],
        Losses = [new Loss("processes", 2, "the kernel panicked")],
        Timeline = [new TimelineEntry(2_000, 1_000, "panic", "file-server", 1, "")],
        Console = "hello\n",
    };

    public static Comparison Comparison { get; } = new()
    {
        Scenario = "two readers",
        Seed = 7,
        Profile = "round-numbers",
        FrequencyHertz = 2_000_000_000,
        Placements = [Microkernel, Monolithic],
        Ratios = [new CallRatio("read", "microkernel", "monolithic", 1_260.5 / 420)],
        Expectations =
        [
            new ExpectationResult("microkernel.read.mean > monolithic.read.mean", true, ""),
            new ExpectationResult("every process exits 0", false, "monolithic: reader exits 137"),
            new ExpectationResult("other.read.mean < 5us", null, "needs placement other"),
        ],
        Warnings = ["skipped socket /run/x"],
    };
}
