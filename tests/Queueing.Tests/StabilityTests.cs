using Records;

namespace Queueing.Tests;

/// <summary>When a queue is called unstable, and what is said of it then.</summary>
public sealed class StabilityTests
{
    private static QueueStatistics Measure(
        string service, double lambda, int arrivals, long seed = 1) =>
        QueueLab.Run(QueueModel.Open("G/G/1", lambda, service, []), seed, arrivals).Queues[0];

    [Theory]
    [InlineData("exponential(100us)", 1.05, 100_000)]
    [InlineData("exponential(100us)", 1.25, 20_000)]
    [InlineData("100us", 2, 1_000)]
    [InlineData("choice(50us: 9, 500us: 1)", 1.5, 20_000)]
    public void Past_saturation_it_says_how_fast_the_queue_grows_and_no_steady_mean(
        string service, double lambda, int arrivals)
    {
        var queue = Measure(service, lambda, arrivals);
        Assert.False(queue.Stable);
        Assert.Null(queue.MeanQueueLength);
        Assert.Null(queue.MeanInSystem);
        Assert.Null(queue.MeanWaitCycles);
        Assert.Null(queue.MeanSojournCycles);
        var mean = service.StartsWith('c') ? 95_000 : QueueModel.Unit;
        var growth = (lambda / QueueModel.Unit - 1 / mean) * 1e9;
        Assert.InRange(queue.GrowthPerSecond!.Value, 0.75 * growth, 1.25 * growth);
        Assert.Equal(
            queue.ArrivalRatePerSecond - 1e9 / queue.MeanServiceCycles!.Value,
            queue.GrowthPerSecond.Value, 1e-6);
        Assert.True(queue.OfferedLoad > 1);
        Assert.True(queue.Utilisation is > 0.99 and <= 1);
    }

    [Theory]
    [InlineData("exponential(100us)", 0.95, 5_000)]
    [InlineData("exponential(100us)", 0.9, 200)]
    [InlineData("choice(50us: 9, 500us: 1)", 0.9, 2_000)]
    [InlineData("100us", 0.99, 2_000)]
    public void Below_saturation_it_is_stable(string service, double lambda, int arrivals)
    {
        for (var seed = 1; seed <= 20; seed++)
        {
            Assert.True(Measure(service, lambda, arrivals, seed).Stable, $"seed {seed}");
        }
    }

    [Fact]
    public void A_closed_queue_is_stable_however_busy()
    {
        var queue = QueueLab.Run(
            QueueModel.Closed(20, 1, 100_000, 100_000, []), 1, 1_000_000_000).Queues[0];
        Assert.True(queue.Stable);
        Assert.True(queue.Utilisation > 0.99);
        Assert.True(queue.MeanInSystem is > 18 and < 20);
    }

    [Fact]
    public void A_bounded_queue_is_stable_however_much_comes()
    {
        var queue = QueueLab.Run(QueueModel.Bounded(2, 10, []), 1, 20_000).Queues[0];
        Assert.True(queue.Stable);
        Assert.InRange((double)queue.Blocked / 20_000, 0.48, 0.52);
    }
}
