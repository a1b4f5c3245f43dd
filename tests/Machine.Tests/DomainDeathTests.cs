using Scenarios.Model;

namespace Machine.Tests;

/// <summary>A fault in any component kills its whole domain at one instant.</summary>
public class DomainDeathTests
{
    private const string Storage = """
        name: storage
        disk: { cacheBlocks: 16 }
        placements:
          storage:
            domains:
              disk: [file-server, disk-driver]
          vital:
            domains:
              desk: [naming, console]
        processes:
          reader:
            count: 3
            program: |
              fd = open("/own-" + index, O_RDWR|O_CREAT, 0644)
              write(fd, bytes(64KiB)) = 64KiB
              lseek(fd, 0, SEEK_SET)
              repeat 16 { read(fd, 4096) = 4096 }
          writer:
            program: |
              repeat 3 { write(1, "line"); nanosleep(100us) }
        """;

    [Fact]
    public void Both_residents_die_at_one_instant_and_come_back_in_the_order_of_dependency()
    {
        var run = Crash("storage", "disk-driver", nth: 5);
        Assert.Empty(run.Result.Defects);
        Assert.Empty(run.Result.FailedResults);
        Assert.All(run.Result.Processes, process => Assert.Equal(0, process.ExitCode));

        var deaths = run.Result.Timeline.Where(entry =>
            entry.Event is "crashed" or "collateral").ToList();
        Assert.Equal(
            [("collateral", "file-server", 1), ("crashed", "disk-driver", 1)],
            deaths.Select(entry => (entry.Event, entry.Component, entry.Incarnation)).Order());
        Assert.Single(deaths.Select(entry => entry.Cycles).Distinct());
        Assert.Equal(
            [("disk-driver", 2), ("file-server", 2)],
            run.Result.Timeline.Where(entry => entry.Event == "restarted")
                .Select(entry => (entry.Component, entry.Incarnation)));
        Assert.Equal(2, run.Result.Counters["crashes"]);
        Assert.Equal(2, run.Result.Counters["restarts"]);
    }

    [Fact]
    public void A_domain_that_holds_naming_has_the_machine_as_its_blast_radius()
    {
        var run = Crash("vital", "console", nth: 2);
        Assert.Empty(run.Result.Defects);
        Assert.Equal(
            ["crashed", "panic", "rebooted"],
            run.Result.Timeline.Select(entry => entry.Event));
        Assert.Equal("console", run.Result.Timeline[0].Component);
        Assert.Contains(run.Result.Processes, process => process.ExitCode == 137);
    }

    // The second crash is of the other resident, and the first of its own: in a domain with the one
    // that crashed before it waits; in a domain of its own it does not.
    [Theory]
    [InlineData("storage", true)]
    [InlineData("microkernel", false)]
    public void A_domain_has_one_backoff_counter(string placement, bool waits)
    {
        const long Millisecond = 3_400_000;
        var scenario = Lab.Text("""
            name: backoff
            recovery: { restartDelay: 20us, backoffUnit: 1ms }
            placements:
              storage:
                domains:
                  disk: [file-server, disk-driver]
            processes:
              sleeper: { program: "nanosleep(40ms)" }
            faults:
              - crash: disk-driver
                at: { time: 1ms }
              - crash: file-server
                at: { time: 20ms }
            """);
        var run = Lab.Run(
            scenario, scenario.AllPlacements.Single(each => each.Name == placement)).Result;
        Assert.Empty(run.Defects);
        Assert.True(Downtime("disk-driver") < Millisecond);
        Assert.Equal(waits, Downtime("file-server") >= Millisecond);

        long Downtime(string component)
        {
            var crash = run.Timeline.Single(entry =>
                entry.Event == "crashed" && entry.Component == component);
            return run.Timeline.First(entry =>
                entry.Event == "restarted" && entry.Component == component
                && entry.Cycles > crash.Cycles).Cycles - crash.Cycles;
        }
    }

    [Fact]
    public void A_call_that_comes_before_rebinding_waits_up_to_the_bound_and_is_answered_EAGAIN()
    {
        const long Millisecond = 3_400_000;
        var scenario = Lab.Text("""
            name: early
            recovery: { restartDelay: 50ms, bound: 1ms }
            processes:
              early:
                program: |
                  nanosleep(2ms)
                  stat("/nope") = -1 EAGAIN
                  nanosleep(100ms)
                  stat("/nope") = -1 ENOENT
            faults:
              - crash: file-server
                at: { time: 1ms }
            """);
        var run = Lab.Run(scenario, Placement.Microkernel);
        Assert.Empty(run.Result.Defects);
        Assert.Empty(run.Result.FailedResults);
        var refused = run.Calls.Calls.First(call => call.Result == -(long)Abi.Errno.EAGAIN);
        Assert.InRange(refused.Ended - refused.Began, Millisecond, 2 * Millisecond);
    }

    private static Observed Crash(string placement, string component, long nth)
    {
        var scenario = Lab.Text(Storage);
        return Lab.Run(
            scenario with
            {
                Faults =
                [
                    new FaultOrder { Crash = component, At = new FaultMoment.AtRequest(nth) },
                ],
            },
            scenario.AllPlacements.Single(known => known.Name == placement));
    }
}
