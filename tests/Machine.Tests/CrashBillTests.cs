using Abi.Kernel;
using Abi.Units;
using Records;
using Scenarios.Model;

namespace Machine.Tests;

/// <summary>The bill of each call sums to its time whatever crashes, wherever it lives.</summary>
public class CrashBillTests
{
    private const string Busy = """
        name: busy
        recovery: { restartDelay: 20us, reboot: 1ms }
        limits: { virtualTime: 20ms }
        disk: { cacheBlocks: 16 }
        processes:
          reader:
            count: 3
            program: |
              fd = open("/own-" + index, O_RDWR|O_CREAT, 0644)
              repeat 6 { write(fd, bytes(8192)); pread(fd, 4096, 0); getpid(); compute 1us }
              close(fd)
          asker:
            program: |
              fd = socket(AF_INET, SOCK_DGRAM, 0)
              repeat 4 { sendto(fd, "ping", "10.0.0.2", 7); recvfrom(fd, 1500); nanosleep(50us) }
          late:
            start: 100us
            program: |
              fd = open("/own-0", O_RDONLY)
              repeat 6 { read(fd, 4096); stat("/own-1") }
        """;

    private static readonly Gen<(FaultOrder[] Faults, Placement Placement, int Cores, bool Big)>
        Crashes = Gen.Select(
            Gen.Select(Gen.Int[0, Components.All.Count - 1], Gen.Int[0, 400], Gen.Int[0, 8])
                .Select(FaultOf).Array[1, 3],
            Gen.Select(Gen.Int[0, Components.All.Count].Array[Components.All.Count], Gen.Bool)
                .Select(PlacementOf),
            Gen.Int[1, 3],
            Gen.Bool);

    [Fact]
    public void Any_component_crashes_anywhere_at_any_moment()
    {
        var scenario = Lab.Text(Busy);
        var (crashes, panics, restarts, unended) = (0L, 0, 0L, 0L);
        Crashes.Sample(
            crash =>
            {
                var run = Lab.Run(
                    scenario with
                    {
                        Faults = crash.Faults,
                        Machine = scenario.Machine with
                        {
                            Cores = crash.Cores,
                            KernelLock = crash.Big ? KernelLock.Big : KernelLock.PerObject,
                        },
                    },
                    crash.Placement).Result;
                Assert.True(run.Defects.Count == 0, string.Join("; ", run.Defects));
                AssertSums(run);
                crashes += run.Counters["crashes"];
                restarts += run.Counters["restarts"];
                panics += run.Timeline.Any(entry => entry.Event == "panic") ? 1 : 0;
                unended += run.Calls.Sum(call => call.UnendedCycles);
            },
            iter: 150,
            threads: 1,
            print: crash => $"{crash.Cores} cores, kernel lock big: {crash.Big}, "
                + string.Join(", ", crash.Faults.Select(fault => fault.ToString())) + "; "
                + crash.Placement.Lock + " "
                + string.Join("; ", crash.Placement.Domains.Select(domain =>
                    $"{domain.Name}: {string.Join(", ", domain.Components)}")));

        // It was about something.
        Assert.True(
            crashes > 100 && restarts > 30 && panics > 10, $"{crashes} {restarts} {panics}");
        Assert.True(unended > 0);
    }

    [Theory]
    [InlineData("virtualTime: 100us")]
    [InlineData("calls: 20")]
    public void A_limit_stops_the_run_in_the_middle_of_calls(string limit)
    {
        var scenario = Lab.Text(Busy.Replace("virtualTime: 20ms", limit, StringComparison.Ordinal));
        foreach (var placement in scenario.AllPlacements)
        {
            var run = Lab.Run(scenario, placement).Result;
            Assert.Equal(RunEnd.Limit, run.End);
            AssertSums(run);
            Assert.True(run.Calls.Sum(call => call.UnendedCycles) > 0);
        }
    }

    private static void AssertSums(RunResult run) => Assert.All(run.Calls, call => Assert.Equal(
        call.TotalCycles + call.UnendedCycles, call.Bill.Sum(line => line.Cycles)));

    private static FaultOrder FaultOf(int component, int moment, int step) => new()
    {
        Crash = Components.All[component],
        At = step <= (int)FaultStep.CompletionSeen
            ? new FaultMoment.AtStep((FaultStep)step, 1 + moment % 12)
            : new FaultMoment.AtTime(new Nanoseconds(moment * 1000)),
    };

    private static Placement PlacementOf(int[] domains, bool isBig) => new()
    {
        Name = "random",
        Lock = isBig ? DomainLock.Big : DomainLock.Component,
        Domains =
        [
            .. domains.Distinct().Order().Select(number => new Domain
            {
                Name = number == 0 ? Placement.KernelDomain : $"domain-{number}",
                Components = [.. Components.All.Where((_, i) => domains[i] == number)],
            }),
        ],
    };
}
