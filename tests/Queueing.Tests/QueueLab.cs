using MathNet.Numerics.Distributions;
using Records;
using Scenarios;

namespace Queueing.Tests;

/// <summary>Runs models, several seeds side by side: a simulation has one thread and no static
/// state.</summary>
internal static class QueueLab
{
    /// <summary>Whether all models run, not only those that the suite has time for.</summary>
    public static bool RunsAll { get; } =
        Environment.GetEnvironmentVariable("MICRO_QUEUES") == "all";

    /// <summary>One run; {n} of the model's scenario is <paramref name="arrivals"/>.</summary>
    public static RunResult Run(
        QueueModel model, long seed, long arrivals, string placement = "microkernel")
    {
        var text = model.Text.Replace("{n}", $"{arrivals}", StringComparison.Ordinal);
        var loaded = ScenarioLoader.LoadText(text, "queue.yaml");
        Assert.Empty(loaded.Diagnostics);
        var comparison = new ScenarioRunner().Compare(
            loaded.Scenario!, [placement], new RunOptions { Seed = seed });
        var run = Assert.Single(comparison.Placements);
        Assert.True(run.End is RunEnd.Finished or RunEnd.Limit, run.EndDetail);
        Assert.Empty(run.Defects);
        Assert.Empty(run.FailedResults);
        return run;
    }

    /// <summary>The queue of each run, in the order of the seeds. Each fulfils Little's
    /// law.</summary>
    /// <param name="model">The model.</param>
    /// <param name="first">The first seed; each model has its own, so that their errors are
    /// independent.</param>
    /// <param name="seeds">How many seeds.</param>
    /// <param name="arrivals">The scenario's n.</param>
    /// <param name="placement">Where its components are.</param>
    public static QueueStatistics[] Runs(
        QueueModel model, long first, int seeds, long arrivals, string placement = "microkernel")
    {
        var queues = new QueueStatistics[seeds];
        Parallel.For(0, seeds, seed =>
        {
            var run = Run(model, first + seed, arrivals, placement);
            queues[seed] = run.Queues.Single(queue => queue.Name == model.Queue);
            AssertLittle(queues[seed]);
        });
        return queues;
    }

    /// <summary>L = lambda W, for the waiting, for those in service and for all, to 1e-9.</summary>
    public static void AssertLittle(QueueStatistics queue)
    {
        var perCycle = (double)queue.Arrivals / queue.PeriodCycles;
        AssertSame(queue.MeanInSystem!.Value, perCycle * queue.MeanSojournCycles!.Value);
        AssertSame(queue.MeanQueueLength!.Value, perCycle * queue.MeanWaitCycles!.Value);
        AssertSame(
            queue.Utilisation * queue.Servers,
            perCycle * (queue.MeanSojournCycles.Value - queue.MeanWaitCycles.Value));
    }

    /// <summary>The mean of the runs' values and half the width of its confidence interval of
    /// 99 %, by Student's t.</summary>
    public static (double Mean, double HalfWidth) Interval(IReadOnlyList<double> values)
    {
        var mean = values.Average();
        var variance = values.Sum(value => (value - mean) * (value - mean)) / (values.Count - 1);
        var quantile = StudentT.InvCDF(0, 1, values.Count - 1, 0.995);
        return (mean, quantile * Math.Sqrt(variance / values.Count));
    }

    public static void AssertSame(double left, double right) =>
        Assert.True(
            Math.Abs(left - right) <= 1e-9 * Math.Max(left, right), $"{left:R} and {right:R}");
}
