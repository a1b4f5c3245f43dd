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
