using Records;
using Scenarios;
using Telemetry.Tests;

namespace Queueing.Tests;

/// <summary>Queues of all components are measured, whatever happens to these.</summary>
public sealed class ObservingTests
{
    [Theory]
    [InlineData("crash-file-server.yaml")]
    [InlineData("crash-disk-driver.yaml")]
    [InlineData("crash-net-stack.yaml")]
    [InlineData("spawn-wait.yaml")]
    [InlineData("ping-pong.yaml")]
    public void Observing_everything_changes_nothing_and_the_accounts_agree(string file)
    {
        var scenario = ScenarioLoader.Load(Repository.PathOf("scenarios/" + file)).Scenario!;
        string[] names =
        [
            .. Scenarios.Model.Components.All,
            .. scenario.Processes.Select(process => process.Name),
        ];
        string[] placements = ["microkernel", "monolithic"];
        var plain = new ScenarioRunner().Compare(scenario, placements, new RunOptions());
        var observed = new ScenarioRunner().Compare(
            scenario with { Observe = names }, placements, new RunOptions());
        Assert.Equal(
            plain.Placements.Select(run => run.Fingerprint),
            observed.Placements.Select(run => run.Fingerprint));
        Assert.All(plain.Placements, run => Assert.Empty(run.Queues));
        Assert.All(observed.Placements, run => Assert.Contains(run.Queues, q => q.Served > 0));
        foreach (var queue in observed.Placements.SelectMany(run => run.Queues))
        {
            Assert.True(queue.Served + queue.Abandoned <= queue.Arrivals);
            if (queue is { Stable: true, Arrivals: > 0, PeriodCycles: > 0 })
            {
                var perCycle = (double)queue.Arrivals / queue.PeriodCycles;
                QueueLab.AssertSame(
                    queue.MeanInSystem!.Value, perCycle * queue.MeanSojournCycles!.Value);
            }
        }
    }

    [Fact]
    public void A_crash_abandons_what_was_in_its_queue()
    {
        var scenario = ScenarioLoader
            .Load(Repository.PathOf("scenarios/crash-file-server.yaml")).Scenario!;
        var run = new ScenarioRunner().Compare(
            scenario with { Observe = ["file-server"] }, ["microkernel"],
            new RunOptions()).Placements[0];
        QueueStatistics queue = Assert.Single(run.Queues);
        Assert.True(queue.Abandoned > 0);
        Assert.Equal(queue.Arrivals, queue.Served + queue.Abandoned);
    }
}
