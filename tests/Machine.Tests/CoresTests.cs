using Abi.Costs;
using Abi.Kernel;
using Abi.Units;
using LibSys.Protocols;
using Records;
using Scenarios.Import;
using Scenarios.Model;

namespace Machine.Tests;

public class CoresTests
{
    private const string PingPong = """
        name: across cores
        machine: { cores: 2, kernelLock: per-object }
        processes:
          pong:
            core: 1
            program: |
              endpoint = ipc_serve("pong")
              n = ipc_receive(endpoint)
              repeat 99 { n = ipc_reply_receive(endpoint, n + 1) }
              ipc_reply(n + 1)
          ping:
            core: 0
            program: |
              peer = ipc_connect("pong")
              repeat 100 { ipc_call(peer, 1) }
        """;

    private const string Independent = """
        name: independent
        processes:
          writer:
            program: |
              fd = open("/w", O_RDWR|O_CREAT, 0644) = 3
              repeat 10 { write(fd, bytes(5000)) = 5000 }
              close(fd) = 0
          asker:
            program: |
              repeat 10 { stat("/nope") = -1 ENOENT }
              exit(3)
          sender:
            program: |
              fd = socket(AF_INET, SOCK_DGRAM, 0) = 3
              sendto(fd, "ping", "10.0.0.2", 7) = 4
              recvfrom(fd, "ping", 1500) = 4
              open("/nope", O_RDONLY) = -1 ENOENT
        """;

    [Fact]
    public void A_thread_woken_from_another_core_runs_after_the_path_and_the_interrupts_latency()
    {
        var run = Lab.Run(Lab.Text(PingPong), Placement.Microkernel);
        var latency = run.Board.Bill.Profile.InterprocessorLatency.Count;
        var wokenAt = new SortedDictionary<int, long>();
        var arrivals = 0;
        foreach (var record in run.Trace)
        {
            if (record.Kind == TraceKind.Ready)
            {
                wokenAt[record.Thread] = record.Time;
            }
            else if (record is { Kind: TraceKind.InterprocessorInterrupt, Thread: >= 0 })
            {
                arrivals++;
                // The path of the operation that sends is longer than nothing.
                Assert.True(record.Time > wokenAt[record.Thread] + latency, record.ToString());
                wokenAt[record.Thread] = record.Time;
            }
            else if (record.Kind == TraceKind.Run
                && wokenAt.TryGetValue(record.Thread, out var earliest))
            {
                Assert.True(record.Time >= earliest, record.ToString());
            }
        }

        Assert.True(latency > 0);
        // There and back, 100 times.
        Assert.True(arrivals >= 200, $"{arrivals} inter-processor interrupts");
    }

    [Fact]
    public void Signalled_at_t_by_a_path_of_500_with_a_latency_of_300_it_runs_from_t_plus_800_on()
    {
        const long Begin = 1_000_000_000;
        const long Path = 500;
        const long Latency = 300;
        const long Enter = 70;
        const long Lock = 50;
        const long Leave = 60;
        var profile = ByHand.Free(
            Latency, (Part.TrapEnter, Enter), (Part.KernelLock, Lock), (Part.NotificationPath, 220),
            (Part.InterprocessorSend, Path - Enter - Lock - 220 - Leave), (Part.TrapLeave, Leave));
        var scenario = Lab.Text("""
            name: signal
            machine: { cores: 2 }
            processes: { any: { program: "getpid()" } }
            """);
        var ringing = ByHand.Process("ringing", 0, async sys =>
        {
            var bell = new CapSlot((int)(await sys.IpcConnect("bell")).Raw);
            await ByHand.SleepUntil(sys, Begin);
            await sys.Signal(bell);

            // Keeps out of the kernel, whose lock core 1 needs.
            sys.Compute(new Cycles(10_000));
        });
        var hearing = ByHand.Process("hearing", 1, async sys =>
        {
            var bell = await sys.CreateNotification();
            var register = Message.Request(NamingProtocol.Register).With("bell"u8.ToArray());
            register.Capability = bell;
            await sys.Call(CapSlot.Naming, register);
            await sys.Wait(bell);
        });
        var run = ByHand.Run(
            scenario, Placement.Microkernel, profile, DirectoryImporter.Empty(), 0, null, ringing,
            hearing);

        Assert.Equal([0, 0], run.Result.Processes.Select(process => process.ExitCode));
        var trap = run.Trace.FindIndex(record =>
            record is { Kind: TraceKind.Trap, Detail: (long)Syscall.Signal, Time: > Begin });

        // The record is of when the kernel's lock was granted; entering came before.
        var t = run.Trace[trap].Time - Enter;
        var later = run.Trace.Skip(trap).ToList();
        var hearer = later.First(record => record.Kind == TraceKind.Ready).Thread;

        // Visible when the operation on core 0 is over, then 300 on the way.
        Assert.Equal(
            t + Path,
            later.First(record => record is { Kind: TraceKind.KernelDone, Core: 0 }).Time);
        Assert.Equal(
            t + Path + Latency,
            later.First(record => record.Kind == TraceKind.InterprocessorInterrupt).Time);

        // Core 1 takes the kernel's lock and leaves the kernel: no earlier than t + 800.
        Assert.Equal(
            t + 800 + Lock + Leave,
            later.First(record => record.Kind == TraceKind.Run && record.Thread == hearer).Time);
    }

    [Fact]
    public void The_order_in_which_independent_processes_start_does_not_change_what_they_get()
    {
        var scenario = Lab.Text(Independent);
        var names = scenario.Processes.Select(process => process.Name).ToList();
        var expected = Lab.Run(scenario, Placement.Microkernel);
        Gen.Shuffle(scenario.Processes.ToArray()).Sample(
            processes =>
            {
                var run = Lab.Run(scenario with { Processes = processes }, Placement.Microkernel);
                foreach (var name in names)
                {
                    Assert.Equal(expected.Calls.ResultsOf(name), run.Calls.ResultsOf(name));
                    Assert.Equal(ExitOf(expected, name), ExitOf(run, name));
                }
            },
            iter: 6,
            threads: 1);
        Assert.Equal(3, ExitOf(expected, "asker"));
        Assert.Empty(expected.Result.FailedResults);
    }

    private static int? ExitOf(Observed run, string name) =>
        run.Result.Processes.Single(process => process.Name == name).ExitCode;
}
