using Abi;
using Records;
using Scenarios.Model;

namespace Machine.Tests;

public class EndsTests
{
    [Theory]
    [InlineData("limits: { virtualTime: 10ms }", "repeat 1000000000000 { }", "virtual time")]
    [InlineData("limits: { calls: 100 }", "repeat 1000000000000 { getpid() }", "calls")]
    public void A_program_that_does_not_end_is_stopped_by_a_limit(
        string limits, string program, string detail)
    {
        var scenario = Lab.Text($$"""
            name: endless
            {{limits}}
            processes:
              endless:
                program: |
                  {{program}}
            """);
        foreach (var placement in scenario.AllPlacements)
        {
            var run = Lab.Run(scenario, placement).Result;
            Assert.Empty(run.Defects);
            Assert.Equal(RunEnd.Limit, run.End);
            Assert.Equal(detail, run.EndDetail);
            Assert.Null(run.Processes.Single().ExitCode);
        }
    }

    [Fact]
    public void Who_waits_for_ever_is_named()
    {
        var scenario = Lab.Text("""
            name: deadlock
            processes:
              left:
                program: |
                  mine = ipc_serve("left")
                  n = ipc_receive(mine)
              right:
                program: |
                  mine = ipc_serve("right")
                  n = ipc_receive(mine)
            """);
        foreach (var placement in scenario.AllPlacements)
        {
            var run = Lab.Run(scenario, placement).Result;
            Assert.Empty(run.Defects);
            Assert.Equal(RunEnd.Deadlock, run.End);
            Assert.Contains("left waits to receive", run.EndDetail, StringComparison.Ordinal);
            Assert.Contains("right waits to receive", run.EndDetail, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Of_two_processes_that_call_each_other_the_second_is_answered_EDEADLK()
    {
        var scenario = Lab.Text("""
            name: embrace
            machine: { cores: 2 }
            processes:
              left:
                program: |
                  mine = ipc_serve("left")
                  peer = ipc_connect("right")
                  ipc_call(peer, 1) = -1 EOWNERDEAD
              right:
                program: |
                  mine = ipc_serve("right")
                  peer = ipc_connect("left")
                  nanosleep(1ms)
                  ipc_call(peer, 1) = -1 EDEADLK
            """);
        foreach (var placement in scenario.AllPlacements)
        {
            // The right one ends with the answer and with it whom the left one waits for.
            var run = Lab.Run(scenario, placement).Result;
            Assert.Empty(run.Defects);
            Assert.Empty(run.FailedResults);
            Assert.Equal(RunEnd.Finished, run.End);
            Assert.Equal(1, run.Counters["deadlocks-refused"]);
        }
    }

    // MINIX's way, Hubris's and none: the same two processes that call each other.
    [Theory]
    [InlineData(Deadlocks.Detect, RunEnd.Finished, 1)]
    [InlineData(Deadlocks.Forbid, RunEnd.Finished, 1)]
    [InlineData(Deadlocks.Hang, RunEnd.Deadlock, 0)]
    public void The_same_cycle_has_the_outcome_that_the_policy_says(
        Deadlocks policy, RunEnd end, long refused)
    {
        var scenario = Lab.Text("""
            name: embrace
            processes:
              upper:
                priority: 70
                program: |
                  mine = ipc_serve("upper")
                  peer = ipc_connect("lower")
                  r = ipc_call(peer, 1)
              lower:
                priority: 60
                program: |
                  mine = ipc_serve("lower")
                  peer = ipc_connect("upper")
                  nanosleep(1ms)
                  ipc_call(peer, 1)
            """);
        var run = Lab.Run(
            scenario with { Machine = scenario.Machine with { Deadlocks = policy } },
            Placement.Microkernel);
        Assert.Empty(run.Result.Defects);
        Assert.Equal(end, run.Result.End);
        Assert.Equal(refused, run.Result.Counters.GetValueOrDefault("deadlocks-refused"));
        var upper = run.Calls.ResultsOf("upper");
        switch (policy)
        {
            case Deadlocks.Detect:
                // The lower one closes the cycle, is refused and ends: the peer is dead.
                Assert.Contains(upper, each => each.EndsWith($" = {-(long)Errno.EOWNERDEAD}"));
                break;
            case Deadlocks.Forbid:
                // Calling down is refused at once; the lower one waits for somebody who has ended.
                Assert.Contains(upper, each => each.EndsWith($" = {-(long)Errno.EDEADLK}"));
                break;
            case Deadlocks.Hang:
                Assert.Contains(
                    "upper waits to send to lower", run.Result.EndDetail, StringComparison.Ordinal);
                Assert.Contains(
                    "lower waits to send to upper", run.Result.EndDetail, StringComparison.Ordinal);
                break;
        }
    }
}
