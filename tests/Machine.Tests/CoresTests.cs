using Records;
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
