using Abi.Costs;
using Records;
using Scenarios;
using Scenarios.Model;

namespace Machine.Tests;

/// <summary>
/// Mechanisms in whole runs: each has a cause of its own on the bill and changes no answer.
/// </summary>
public class MechanismTests
{
    private const string Reader = """
        name: mechanisms
        processes:
          reader:
            fpu: true
            filters: 2
            workingSet: { pages: 16, lines: 400 }
            program: |
              fd = open("/hot", O_RDWR|O_CREAT, 0644)
              write(fd, bytes(4096)) = 4096
              repeat 50 { pread(fd, 4096, 0) = 4096; stat("/nope") = -1 ENOENT }
              sock = socket(AF_INET, SOCK_DGRAM, 0)
              sendto(sock, "ping", "10.0.0.2", 7) = 4
              recvfrom(sock, "ping", 1500) = 4
          other:
            fpu: true
            program: |
              repeat 50 { getpid(); sched_yield() }
        components:
          file-server: { workingSet: { pages: 32, lines: 300 } }
        """;

    private static Observed Run(Placement placement, params Mechanism[] mechanisms) => Lab.Run(
        Lab.Text(Reader) with
        {
            Machine = new MachineOptions { Mechanisms = mechanisms },
        },
        placement);

    private static long BillOf(RunResult run, Cause cause) =>
        run.Bill.Where(line => line.Cause == cause.Name()).Sum(line => line.Cycles);

    private static long CountOf(RunResult run, Part part) =>
        run.Parts.Where(line => line.Part == part.Name()).Sum(line => line.Count);

    [Theory]
    [InlineData(Mechanism.Isolation, Cause.PageTableIsolation)]
    [InlineData(Mechanism.NoTaggedTlb, Cause.TlbRefill)]
    [InlineData(Mechanism.SchedulingContexts, Cause.SchedulingContext)]
    [InlineData(Mechanism.Multiprocessor, Cause.Lock)]
    [InlineData(Mechanism.Hypervisor, Cause.VmExit)]
    [InlineData(Mechanism.FlushLocal, Cause.CacheFlush)]
    [InlineData(Mechanism.FlushFull, Cause.CacheFlush)]
    [InlineData(Mechanism.InterceptPtrace, Cause.Interception)]
    [InlineData(Mechanism.InterceptSystrap, Cause.Interception)]
    [InlineData(Mechanism.Vmfunc, Cause.UserCrossing)]
    [InlineData(Mechanism.ProtectionKeys, Cause.UserCrossing)]
    public void Each_has_its_cause_on_the_bill_and_changes_no_answer(
        Mechanism mechanism, Cause cause)
    {
        var without = Run(Placement.Microkernel);
        var with = Run(Placement.Microkernel, mechanism);
        Assert.Equal(0, BillOf(without.Result, cause));
        Assert.True(BillOf(with.Result, cause) > 0);
        Assert.Empty(with.Result.FailedResults);
        Assert.Equal(without.Calls.ResultsOf("reader"), with.Calls.ResultsOf("reader"));
    }

    [Fact]
    public void What_the_scenario_gives_its_processes_is_billed_without_being_switched_on()
    {
        var run = Run(Placement.Microkernel).Result;
        Assert.True(BillOf(run, Cause.FpuSwitch) > 0);
        Assert.True(BillOf(run, Cause.SystemCallFilter) > 0);
        // 400 lines of the reader and 300 of the file server do not fit 512 together.
        Assert.True(BillOf(run, Cause.CacheRefill) > 0);
        Assert.Equal(2 * CountOf(run, Part.FilterEntry), CountOf(run, Part.FilterRun));
    }

    [Fact]
    public void Without_the_fast_path_all_ipc_is_slow()
    {
        var run = Run(Placement.Microkernel, Mechanism.NoFastPath).Result;
        Assert.Equal(0, run.Counters["ipc-fast-path"]);
        Assert.True(run.Counters["miss-switched-off"] > 0);
        Assert.True(Run(Placement.Microkernel).Result.Counters["ipc-fast-path"] > 0);
    }

    [Fact]
    public void A_gate_takes_the_kernel_out_of_a_call_between_user_domains()
    {
        var ipc = Run(Placement.Microkernel).Result;
        var gate = Run(Placement.Microkernel, Mechanism.Vmfunc).Result;
        Assert.True(gate.Counters["gate-calls"] > 100);
        Assert.True(
            gate.Counters["address-space-switches"] < ipc.Counters["address-space-switches"]);
        long Stat(RunResult run) => run.Calls.Single(call => call.Name == "stat").P50Cycles;
        Assert.True(Stat(gate) < Stat(ipc));
    }

    // The control of tagged entries: with them isolation costs the same whatever is touched;
    // without, each entry and each exit loses what the reader touches, page for page.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Dropping_the_tags_makes_isolation_grow_with_the_working_set(bool isTagged)
    {
        long Cycles(int pages)
        {
            var scenario = Lab.Text("""
                name: null calls
                processes: { asker: { program: "repeat 100 { clock_gettime(CLOCK_MONOTONIC) }" } }
                """);
            scenario = scenario with
            {
                Processes =
                [
                    scenario.Processes[0] with
                    {
                        WorkingSet = new WorkingSetSize { Pages = pages },
                    },
                ],
                Machine = new MachineOptions
                {
                    Mechanisms = isTagged
                        ? [Mechanism.Isolation]
                        : [Mechanism.Isolation, Mechanism.NoTaggedTlb],
                },
            };
            return Lab.Run(scenario, Placement.Monolithic).Result.VirtualTime.Cycles;
        }

        var price = ProfileOf().TlbEntries;
        var (none, some, more) = (Cycles(0), Cycles(100), Cycles(200));
        if (isTagged)
        {
            Assert.Equal(none, some);
            Assert.Equal(none, more);
            return;
        }

        Assert.True(some > none);
        Assert.Equal(some - none, more - some);
        // And no more than the buffer holds.
        Assert.Equal(Cycles(price), Cycles(2 * price));
    }

    [Fact]
    public void Crashes_behind_gates_are_refused_because_they_are_not_modelled()
    {
        var scenario = Lab.File("crash-file-server.yaml");
        var refused = Assert.Throws<BadInputException>(() => Lab.Run(
            scenario with { Machine = new MachineOptions { Mechanisms = [Mechanism.Vmfunc] } },
            Placement.Microkernel));
        Assert.Contains("expected no faults", refused.Message);
    }

    private static CostProfile ProfileOf() =>
        Run(Placement.Microkernel).Board.Bill.Profile;
}
