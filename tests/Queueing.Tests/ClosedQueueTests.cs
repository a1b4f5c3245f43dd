using Xunit.Abstractions;

namespace Queueing.Tests;

/// <summary>
/// Processes that wait for each call's answer, on a master core: system calls of slaves are a closed
/// queue. 30 fixed seeds, all of their calls together: theory within 1 %.
/// </summary>
public sealed class ClosedQueueTests(ITestOutputHelper output)
{
    private const int Seeds = 30;

    [Theory]
    [InlineData(1, 4, 1000, 1000, 10_000)]
    [InlineData(1, 4, 1000, 2283, 10_000)]
    [InlineData(1, 8, 10_000, 1500, 5_000)]
    [InlineData(1, 16, 20_000, 1000, 2_500)]
    [InlineData(1, 48, 64_000, 2000, 1_500)]
    [InlineData(2, 16, 10_000, 1500, 2_500)]
    public void Closed_queues_agree_with_theory(
        int servers, int processes, int think, int service, int calls)
    {
        // A row's cycles are 100 here, so that a loop's own cycle weighs nothing.
        var kind = servers == 1 ? "M/M/1//N" : "M/M/c//N";
        var c = servers == 1 ? "" : $"c={servers} ";
        var unit = servers == 1 ? " cycles" : "";
        var theory = Vectors.Of(kind, $"N={processes} {c}Z={think} S={service}{unit}", 100);
        var model = QueueModel.Closed(processes, servers, 100L * think, 100L * service, theory);
        Compare(model, processes + 1000 * service, calls);
    }

    // The topic's own numbers: think 9 S; R/S and throughput x S.
    [Theory]
    [InlineData(1, 1, 0.100, 40_000)]
    [InlineData(5, 1.52, 0.475, 10_000)]
    [InlineData(10, 3.02, 0.832, 5_000)]
    public void A_master_core_saturates_at_ten_slaves_that_call_a_tenth_of_their_time(
        int slaves, double response, double throughput, int calls)
    {
        var exact = VectorTests.MeanValues(slaves, 9, 1);
        Assert.Equal(response, exact.Response, 0.005);
        Assert.Equal(throughput, exact.Throughput, 0.0005);
        var model = QueueModel.Closed(
            slaves, 1, 900_000, 100_000,
            [
                Vectors.Make("R", exact.Response, QueueModel.Unit)!,
                Vectors.Make("X", exact.Throughput, QueueModel.Unit)!,
                Vectors.Make("U", exact.Throughput, QueueModel.Unit)!,
            ]);
        Compare(model, slaves, calls);
    }

    // The same calls as traps into a kernel that holds the process manager: the queue is then the
    // one before its only activation.
    [Fact]
    public void The_queue_is_the_same_before_a_component_of_the_kernel()
    {
        var exact = VectorTests.MeanValues(8, 9, 1);
        var model = QueueModel.Closed(
            8, 1, 900_000, 100_000, [Vectors.Make("R", exact.Response, QueueModel.Unit)!]);
        Compare(model, 5000, 5_000, "monolithic");
    }

    private void Compare(
        QueueModel model, long first, int calls, string placement = "microkernel")
    {
        var queues = QueueLab.Runs(model, first, Seeds, calls, placement);
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
