using Machine;
using Microkernel.Accounting;
using Records;
using Scenarios;

namespace Queueing.Tests;

/// <summary>Little's law is checked inside every run, to the cycle. Here: that the check can
/// fail.</summary>
public sealed class LittleTests
{
    private static readonly QueueModel Model =
        QueueModel.Open("M/M/1", 0.8, "exponential(100us)", []);

    [Fact]
    public void It_holds_of_a_run_that_ends_with_requests_in_the_system()
    {
        // The time limit comes in the middle of everything.
        var text = Model.Text.Replace("{n}", "100000", StringComparison.Ordinal)
            + "\nlimits: { virtualTime: 333333us }";
        var scenario = ScenarioLoader.LoadText(text, "queue.yaml").Scenario!;
        for (var seed = 1; seed <= 20; seed++)
        {
            var run = new ScenarioRunner()
                .Compare(scenario, ["microkernel"], new RunOptions { Seed = seed }).Placements[0];
            Assert.Equal(RunEnd.Limit, run.End);
            QueueLab.AssertLittle(run.Queues[0]);
        }
    }

    [Fact]
    public void A_service_time_that_is_counted_twice_breaks_it()
    {
        var ledger = new QueueLedger("master", 1) { CountsServiceTwice = true };
        Assert.Null(ledger.Contradiction());
        var text = Model.Text.Replace("{n}", "1000", StringComparison.Ordinal);
        var scenario = ScenarioLoader.LoadText(text, "queue.yaml").Scenario!;
        Board? board = null;
        var run = ScenarioRunner.Run(
            scenario, Scenarios.Model.Placement.Microkernel, null, new RunOptions(),
            plan => board = new Board(plan with
            {
                Kernel = plan.Kernel with { CountsServiceTwice = true },
                CollectContradictions = true,
            }));
        var contradiction = Assert.Single(board!.Bill.Contradictions!);
        Assert.StartsWith("queue master: the number in service over time sums to ", contradiction);
        Assert.Throws<Xunit.Sdk.TrueException>(() => QueueLab.AssertLittle(run.Queues[0]));
    }

    [Fact]
    public void One_seed_gives_one_run_and_another_seed_another()
    {
        var first = QueueLab.Run(Model, 1, 1000);
        Assert.Equal(first.Fingerprint, QueueLab.Run(Model, 1, 1000).Fingerprint);
        Assert.NotEqual(first.Fingerprint, QueueLab.Run(Model, 2, 1000).Fingerprint);
    }

    [Fact]
    public void Observing_a_queue_changes_nothing_of_the_run()
    {
        var text = Model.Text.Replace("{n}", "1000", StringComparison.Ordinal);
        var blind = text.Replace("observe: [master]", "", StringComparison.Ordinal);
        string FingerprintOf(string scenario) => new ScenarioRunner().Compare(
            ScenarioLoader.LoadText(scenario, "queue.yaml").Scenario!, ["microkernel"],
            new RunOptions()).Placements[0].Fingerprint;
        Assert.Equal(FingerprintOf(text), FingerprintOf(blind));
    }
}
