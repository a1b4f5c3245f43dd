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

    public static TheoryData<int, int, int, int> Rows => QueueLab.RunsAll
        ? new()
        {
            { 1, 4, 1000, 1000 }, { 1, 4, 1000, 2283 }, { 1, 8, 10_000, 1500 },
            { 1, 16, 20_000, 1000 }, { 1, 48, 64_000, 2000 }, { 2, 16, 10_000, 1500 },
        }
        : new() { { 1, 4, 1000, 1000 }, { 1, 8, 10_000, 1500 }, { 2, 16, 10_000, 1500 } };

    [Theory]
    [MemberData(nameof(Rows))]
    public void Closed_queues_agree_with_theory(int servers, int processes, int think, int service)
    {
        // A row's cycles are 100 here, so that a loop's own cycle weighs nothing.
        var kind = servers == 1 ? "M/M/1//N" : "M/M/c//N";
        var c = servers == 1 ? "" : $"c={servers} ";
        var unit = servers == 1 ? " cycles" : "";
        var parameters = $"N={processes} {c}Z={think} S={service}{unit}";
        var model = QueueModel.Closed(
            processes, servers, 100L * think, 100L * service,
            Vectors.Of(kind, parameters, 100));
        var rate = Vectors.Value(kind, parameters, "X_per_Mcycle") / 1e8;
        Compare(model, processes + 1000 * service, (long)(Calls / rate));
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

    private void Compare(
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
            Assert.True(Math.Abs(error) < 0.01, line);
        }
    }
}
