using Records;
using Xunit.Abstractions;

namespace Queueing.Tests;

/// <summary>
/// Processes that wait for each call's answer, on a master core: system calls of slaves are a
/// closed queue. 30 fixed seeds, all of their calls together: theory within 1 %.
/// </summary>
public sealed class ClosedQueueTests(ITestOutputHelper output)
{
    private const int Seeds = 30;

    /// <summary>Calls in each run, of all processes together.</summary>
    private static readonly long Calls = QueueLab.RunsAll ? 20_000 : 10_000;

    private static readonly (int Servers, int Processes, int Think, int Service)[] Models =
    [
        (1, 4, 1000, 1000), (1, 8, 10_000, 1500), (2, 16, 10_000, 1500), // in the suite
        (1, 4, 1000, 2283), (1, 16, 20_000, 1000), (1, 48, 64_000, 2000),
    ];

    public static TheoryData<int, int, int, int> Rows
    {
        get
        {
            var data = new TheoryData<int, int, int, int>();
            foreach (var (servers, processes, think, service) in
                Models.Take(QueueLab.RunsAll ? Models.Length : 3))
            {
                data.Add(servers, processes, think, service);
            }

            return data;
        }
    }

    /// <summary>The rows of the reference table that the models here are compared with.</summary>
    internal static IReadOnlyList<(string Model, string Parameters)> AllRows { get; } =
        [.. Models.Select(each => RowOf(each.Servers, each.Processes, each.Think, each.Service))];

    private static (string Model, string Parameters) RowOf(
        int servers, int processes, int think, int service) => servers == 1
            ? ("M/M/1//N", $"N={processes} Z={think} S={service} cycles")
            : ("M/M/c//N", $"N={processes} c={servers} Z={think} S={service}");

    [Theory]
    [MemberData(nameof(Rows))]
    public void Closed_queues_agree_with_theory(int servers, int processes, int think, int service)
    {
        // A row's cycles are 100 here, so that a loop's own cycle weighs nothing.
        var (kind, parameters) = RowOf(servers, processes, think, service);
        var model = QueueModel.Closed(
            processes, servers, 100L * think, 100L * service,
            Vectors.Of(kind, parameters, 100));
        var rate = Vectors.Value(kind, parameters, "X_per_Mcycle") / 1e8;
        var queues = Compare(model, processes + 1000 * service, (long)(Calls / rate));
        if (servers == 1)
        {
            // What no queue exceeds: one call for each service time, or for each think and service
            // time of every process.
            var bound = Vectors.Value(kind, parameters, "bound_min") / 1e8;
            Assert.Equal(
                Math.Min(1.0 / service, processes / (double)(think + service)) / 100, bound, 12);
            Assert.True(queues.Sum(queue => queue.Served)
                <= bound * queues.Sum(queue => queue.PeriodCycles));
        }
    }

    // The topic's own numbers: think 9 S; R/S and throughput x S.
    [Theory]
    [InlineData(1, 1, 0.100)]
    [InlineData(5, 1.52, 0.475)]
    [InlineData(10, 3.02, 0.832)]
    public void A_master_core_saturates_at_ten_slaves_that_call_a_tenth_of_their_time(
        int slaves, double response, double throughput)
    {
        var exact = VectorTests.MeanValues(slaves, 9, 1);
        Assert.Equal(response, exact.Response, 0.005);
        Assert.Equal(throughput, exact.Throughput, 0.0005);
        Compare(MasterCore(slaves), slaves, DurationOf(slaves));
    }

    // The same calls as traps into a kernel that holds the process manager: the queue is then the
    // one before its only activation.
    [Fact]
    public void The_queue_is_the_same_before_a_component_of_the_kernel() =>
        Compare(MasterCore(8), 5000, DurationOf(8), "monolithic");

    private static QueueModel MasterCore(int slaves)
    {
        var exact = VectorTests.MeanValues(slaves, 9, 1);
        return QueueModel.Closed(
            slaves, 1, 900_000, 100_000,
            [
                Vectors.Make("R", exact.Response, QueueModel.Unit)!,
                Vectors.Make("X", exact.Throughput, QueueModel.Unit)!,
                Vectors.Make("U", exact.Throughput, QueueModel.Unit)!,
            ]);
    }

    private static long DurationOf(int slaves) => (long)(
        Calls * QueueModel.Unit / VectorTests.MeanValues(slaves, 9, 1).Throughput);

    private QueueStatistics[] Compare(
        QueueModel model, long first, long duration, string placement = "microkernel")
    {
        var queues = QueueLab.Runs(model, first, Seeds, duration, placement);
        Assert.All(queues, queue => Assert.True(queue.Stable));
        foreach (var expected in model.Theory)
        {
            var mean = queues.Average(expected.Measured);
            var error = mean / expected.Value - 1;
            var line = $"{model} {placement} {expected.Quantity}: theory {expected.Value:G6}, "
                + $"measured {mean:G6} ({error:+0.00%;-0.00%})";
            output.WriteLine(line);

            // p0 is what utilisation leaves: a thousandth or two, which no run knows to 1 %.
            var (_, halfWidth) = QueueLab.Interval([.. queues.Select(expected.Measured)]);
            Assert.True(
                Math.Abs(error) < 0.01
                || (expected.Quantity == "p0" && Math.Abs(mean - expected.Value) <= halfWidth),
                line);
        }

        return queues;
    }
}
