using Akka.Actor;
using Engine;
using Machine.Devices;
using Records;
using Scenarios.Import;
using Scenarios.Model;

namespace Machine.Tests;

/// <summary>A crash takes down what the placement says, and nothing else.</summary>
public class CrashTests
{
    private const string Writer = """
        name: writer
        processes:
          writer:
            program: |
              fd = open("/data", O_RDWR|O_CREAT, 0644)
              pwrite(fd, "acknowledged before the crash", 0) = 29
              repeat 200 { pread(fd, 29, 0) }
        faults:
          - crash: file-server
            at: { request: 100 }
        """;

    private const string Bystander = """
        name: bystander
        machine: { cores: 2, kernelLock: per-object }
        components:
          naming: { core: 0 }
          reincarnation-server: { core: 0 }
          timer: { core: 0 }
          console: { core: 0 }
          disk-driver: { core: 0 }
          file-server: { core: 0 }
          nic-driver: { core: 0 }
          net-stack: { core: 0 }
          process-manager: { core: 1 }
        processes:
          reader:
            core: 0
            program: |
              fd = open("/data", O_RDWR|O_CREAT, 0644)
              write(fd, "data")
              repeat 6000 { pread(fd, 4, 0) }
          bystander:
            core: 1
            program: |
              repeat 500 { getpid(); compute 5us }
        faults:
          - crash: file-server
            at: { request: 100 }
        """;

    [Fact]
    public void The_components_actor_terminates_and_another_takes_its_name_with_the_next_number()
    {
        Board? board = null;
        IActorRef? first = null;
        IActorRef? terminated = null;
        TraceKind? last = null;
        TraceKind? lastBefore = null;
        var sink = new Callback(record =>
        {
            if (record.Kind == TraceKind.CallBegan && first is null)
            {
                first = board!.ComponentActors["file-server"];
                Action<IActorRef> heard = actor => (terminated, lastBefore) = (actor, last);
                board.SpawnObserver(Props.Create<DeathWatcher>(first, heard), "death-watcher");
            }

            if (record.Kind is TraceKind.Crashed or TraceKind.Restarted)
            {
                last = record.Kind;
            }
        });
        var run = Lab.Run(
            Lab.Text(Writer), Placement.Microkernel,
            change: plan => plan with { Trace = sink }, built: made => board = made);

        Assert.Equal("file-server-1", first!.Path.Name);
        Assert.Equal(first, terminated);
        Assert.NotEqual(TraceKind.Restarted, lastBefore);
        Assert.Equal("file-server-2", board!.ComponentActors["file-server"].Path.Name);
        Assert.Equal("disk-driver-1", board.ComponentActors["disk-driver"].Path.Name);
        Assert.Equal(1, run.Result.Counters["restarts"]);
        Assert.Equal(
            ["crashed", "detected", "restarted", "rebound", "first-good-reply"],
            run.Result.Timeline.Select(entry => entry.Event));
    }

    [Fact]
    public void Who_did_not_wait_for_the_server_does_not_notice()
    {
        var crashed = Lab.Run(Lab.Text(Bystander), Placement.Microkernel);
        var quiet = Lab.Run(Lab.Text(Bystander) with { Faults = [] }, Placement.Microkernel);
        Assert.Equal(1, crashed.Result.Counters["crashes"]);
        Assert.Equal(0, quiet.Result.Counters["crashes"]);
        Assert.Equal(quiet.Calls.ResultsOf("bystander"), crashed.Calls.ResultsOf("bystander"));
        Assert.Equal(LatenciesOf(quiet), LatenciesOf(crashed));
        Assert.Equal(1, crashed.Result.Counters["requests-failed"]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void What_was_acknowledged_before_the_crash_is_on_the_disk(bool isMicrokernel)
    {
        var disk = DirectoryImporter.Empty();
        Assert.False(Holds(disk, "acknowledged before the crash"u8));
        var run = Lab.Run(
            Lab.Text(Writer), isMicrokernel ? Placement.Microkernel : Placement.Monolithic, disk);
        Assert.Equal(1, run.Result.Counters["crashes"]);
        Assert.True(Holds(disk, "acknowledged before the crash"u8));
    }

    [Fact]
    public void The_monolithic_placement_panics_and_reports_what_is_lost()
    {
        var run = Lab.Run(Lab.File("crash-file-server.yaml"), Placement.Monolithic).Result;
        Assert.Empty(run.Defects);
        Assert.Equal(
            ["crashed", "panic", "rebooted"], run.Timeline.Select(entry => entry.Event));
        // 128 + SIGKILL: those that had not ended yet.
        var killed = run.Processes.Count(process => process.ExitCode == 137);
        Assert.InRange(killed, 1, run.Processes.Count);
        Assert.Equal(killed, run.Losses.Single(loss => loss.What == "processes").Count);
        Assert.Contains(run.Losses, loss => loss.What == "calls in flight");
        Assert.Equal(0, run.Counters["restarts"]);
    }

    /// <summary>How long each of its calls took.</summary>
    private static List<long> LatenciesOf(Observed run) =>
    [
        .. run.Calls.Calls.Where(call => call.ProcessName == "bystander")
            .Select(call => call.Ended - call.Began),
    ];

    private static bool Holds(DiskImage disk, ReadOnlySpan<byte> text)
    {
        var sector = new byte[512];
        for (var i = 0L; i < disk.SectorCount; i++)
        {
            disk.Read(i, sector);
            if (sector.AsSpan().StartsWith(text))
            {
                return true;
            }
        }

        return false;
    }

    private sealed class Callback(Action<TraceRecord> heard) : ITraceSink
    {
        public void Record(in TraceRecord record) => heard(record);
    }

    private sealed class DeathWatcher : SimulatedActor
    {
        private readonly Action<IActorRef> heard;

        public DeathWatcher(IActorRef subject, Action<IActorRef> heard)
        {
            this.heard = heard;
            Context.Watch(subject);
        }

        protected override void Handle(object message)
        {
            if (message is Terminated { ActorRef: var actor })
            {
                heard(actor);
            }
        }
    }
}
