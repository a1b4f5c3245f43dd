using System.Text;
using System.Text.Json;
using Abi.Costs;
using Abi.Kernel;
using Abi.Posix;
using Records;
using Telemetry.TraceEvents;

namespace Telemetry.Tests;

/// <summary>
/// Records made by hand: a program (thread 0) calls read(); its thread traps at 100 and is blocked,
/// the server (thread 1) runs from 150 to 250 and answers, the program goes on at 300.
/// </summary>
public sealed class TraceEventExportTests
{
    private static List<JsonElement> Events(long hertz, Action<TraceEventExport> play)
    {
        using var output = new MemoryStream();
        using var export = new TraceEventExport(output, [("scenario", "by hand")]);
        export.Describe(new RunDescription(
            hertz, 1,
            [new("server", "apart"), new("program", ""), new("kernel", "kernel")], ["nvme"]));
        export.Describe(new ThreadDescription(0, "reader", -1, 1, 0));
        export.Describe(new ThreadDescription(1, "server/0", 0, 0, 0));
        play(export);
        export.Finish();
        var text = Encoding.UTF8.GetString(output.ToArray());
        Assert.StartsWith(
            """{"displayTimeUnit":"ns","otherData":{"scenario":"by hand",""", text);
        return [.. JsonDocument.Parse(text).RootElement.GetProperty("traceEvents")
            .EnumerateArray()];
    }

    private static TraceRecord Record(
        long time, TraceKind kind, int thread = -1, int peer = -1, long detail = 0, int core = 0) =>
        new(time, kind, core, thread, peer, Cause.Program, detail);

    private static void Up(TraceEventExport export)
    {
        export.Record(Record(5, TraceKind.Trap, 1, 0, (long)Syscall.Receive));
        export.Record(Record(8, TraceKind.KernelDone, detail: 3));
        export.IsUp(1_000);
    }

    private static void Read(TraceEventExport export)
    {
        var requests = export.Requests;
        export.Record(Record(1_000, TraceKind.Run, 0));
        requests.Begins(new StartedCall(1, 1, "reader", 0, 0, PosixCall.Read, 3, 8, 0, "", 1_040));
        export.Record(Record(1_100, TraceKind.Trap, 0, 0, (long)Syscall.Call));
        export.Record(Record(1_100, TraceKind.MessageReceived, 1, 0));
        requests.Step(new RequestStep(
            1, RequestStepKind.Entered, 1_150, 0, 0, 0, 1, (int)Crossing.Ipc, 0));
        export.Record(Record(1_150, TraceKind.KernelDone, 1, detail: 50));
        export.Record(Record(1_150, TraceKind.Run, 1));
        export.Record(Record(1_250, TraceKind.Trap, 1, 0, (long)Syscall.ReplyReceive));
        requests.Step(new RequestStep(1, RequestStepKind.Left, 1_250, 0, 0, 0, 1, 0, 0));
        export.Record(Record(1_250, TraceKind.Replied, 1, 0));
        export.Record(Record(1_300, TraceKind.KernelDone, 0, detail: 50));
        export.Record(Record(1_300, TraceKind.Run, 0));
        requests.Ends(1, 8, 1_330);
        export.Record(Record(1_350, TraceKind.Trap, 0, 0, (long)Syscall.ThreadExit));
        export.Record(Record(1_350, TraceKind.Exited, 0, 1));
        export.Record(Record(1_360, TraceKind.KernelDone, detail: 10));
    }

    // "name began ended" of each slice, parents before children, from pairs of B and E.
    private static List<string> Slices(List<JsonElement> events, string track)
    {
        var tid = events.Single(each => Is(each, "thread_name")
                && each.GetProperty("args").GetProperty("name").GetString() == track)
            .GetProperty("tid").GetInt64();
        var (open, all) = (new Stack<int>(), new List<string>());
        foreach (var each in events.Where(
            each => each.GetProperty("tid").GetInt64() == tid && Phase(each) is "B" or "E"
                && each.GetProperty("tid").GetInt64() == tid))
        {
            if (Phase(each) == "B")
            {
                open.Push(all.Count);
                all.Add($"{each.GetProperty("name").GetString()} {Time(each)}");
            }
            else
            {
                all[open.Pop()] += $" {Time(each)}";
            }
        }

        Assert.Empty(open);
        return all;
    }

    private static bool Is(JsonElement each, string name) =>
        each.TryGetProperty("name", out var found) && found.GetString() == name;

    private static string Phase(JsonElement each) => each.GetProperty("ph").GetString()!;

    private static string Time(JsonElement each) => each.GetProperty("ts").GetRawText();

    [Fact]
    public void A_call_contains_what_its_thread_runs_and_waits_for() =>
        Assert.Equal(
            [
                "running 0.000 0.040", "read 0.040 0.330", "running 0.040 0.100",
                "call 0.100 0.300", "running 0.300 0.330", "running 0.330 0.350",
            ],
            Slices(Events(1_000_000_000, Played), "reader"));

    [Fact]
    public void A_server_shows_which_call_it_serves() =>
        Assert.Equal(
            [
                "receive 0.000 0.150", "read 0.150 0.250", "running 0.150 0.250",
                "reply_receive 0.250 0.360",
            ],
            Slices(Events(1_000_000_000, Played), "server/0"));

    [Fact]
    public void Each_core_shows_what_it_does_in_the_kernel() =>
        Assert.Equal(
            ["call 0.100 0.150", "reply_receive 0.250 0.300", "thread_exit 0.350 0.360"],
            Slices(Events(1_000_000_000, Played), "core 0"));

    [Fact]
    public void Arrows_go_from_the_senders_trap_to_the_receivers_next_segment()
    {
        var arrows = Events(1_000_000_000, Played).Where(each => Phase(each) is "s" or "f")
            .OrderBy(each => each.GetProperty("id").GetInt64()).ThenByDescending(Phase)
            .Select(each => $"{Phase(each)} {each.GetProperty("pid")} {Time(each)} "
                + each.GetProperty("name").GetString());
        Assert.Equal(
            [
                "s 1 0.100 call", "f 1000001 0.150 call",
                "s 1000001 0.250 reply", "f 1 0.300 reply",
            ],
            arrows);
    }

    [Fact]
    public void Components_processes_kernel_and_devices_are_processes() =>
        Assert.Equal(
            ["devices", "kernel", "reader", "server"],
            Events(1_000_000_000, Played).Where(each => Is(each, "process_name"))
                .Select(each => each.GetProperty("args").GetProperty("name").GetString())
                .Order(StringComparer.Ordinal));

    // 3 cycles of a 2 GHz clock are 1.5 ns: half up to 2, and exactly 3 in the arguments.
    [Fact]
    public void Where_a_cycle_is_no_whole_number_of_nanoseconds_the_arguments_say_it()
    {
        var events = Events(2_000_000_000, export =>
        {
            export.IsUp(1_000);
            export.Record(Record(1_000, TraceKind.Run, 0));
            export.Record(Record(1_003, TraceKind.Trap, 0, 0, (long)Syscall.Yield));
            export.Record(Record(1_005, TraceKind.KernelDone, 0, detail: 2));
        });
        Assert.Equal(["running 0.000 0.002", "yield 0.002 0.003"], Slices(events, "reader"));
        var running = events.First(each => Is(each, "running")).GetProperty("args");
        Assert.Equal(0, running.GetProperty("cycle").GetInt64());
        Assert.Equal(3, running.GetProperty("cycles").GetInt64());
    }

    [Fact]
    public void An_interruption_takes_a_segment_apart()
    {
        var events = Events(1_000_000_000, export =>
        {
            Up(export);
            export.Record(Record(1_000, TraceKind.Run, 0));
            export.Record(Record(1_040, TraceKind.Interrupt, -1, 0));
            export.Record(Record(1_060, TraceKind.KernelDone, 0, detail: 20));
            export.Record(Record(1_100, TraceKind.Trap, 0, 0, (long)Syscall.Yield));
            export.Record(Record(1_110, TraceKind.KernelDone, detail: 10));
        });
        Assert.Equal(
            ["running 0.000 0.040", "running 0.060 0.100", "yield 0.100 0.110"],
            Slices(events, "reader"));
        Assert.Equal(["interrupt 0.040 0.060", "yield 0.100 0.110"], Slices(events, "core 0"));
        Assert.Equal("0.040", Time(events.Single(each => Phase(each) == "i")));
    }

    [Fact]
    public void A_device_that_serves_two_requests_at_once_has_two_tracks()
    {
        var events = Events(1_000_000_000, export =>
        {
            export.IsUp(1_000);
            export.Record(Record(1_010, TraceKind.DeviceBegan, 1, 0, 7));
            export.Record(Record(1_020, TraceKind.DeviceBegan, 1, 0, 8));
            export.Record(Record(1_030, TraceKind.DeviceFinished, 1, 0, 7));
            export.Record(Record(1_040, TraceKind.DeviceBegan, 1, 0, 9));
            export.Record(Record(1_050, TraceKind.DeviceFinished, 1, 0, 8));
            export.Record(Record(1_060, TraceKind.DeviceFinished, 1, 0, 9));
        });
        Assert.Equal(["service 0.010 0.030", "service 0.040 0.060"], Slices(events, "nvme"));
        Assert.Equal(["service 0.020 0.050"], Slices(events, "nvme 2"));
        Assert.Equal(
            [1, 2, 1, 2, 1, 0],
            events.Where(each => Phase(each) == "C")
                .Select(each => each.GetProperty("args").GetProperty("in service").GetInt64()));
    }

    [Fact]
    public void A_crash_ends_what_its_component_did()
    {
        var events = Events(1_000_000_000, export =>
        {
            Up(export);
            export.Record(Record(1_000, TraceKind.Run, 1));
            export.Record(Record(1_030, TraceKind.Crashed, -1, 0));
            export.Record(Record(1_050, TraceKind.KernelDone, detail: 20));
        });
        Assert.Equal(["running 0.000 0.030"], Slices(events, "server/0"));
        var crash = events.Single(each => Is(each, "crashed"));
        Assert.Equal("p", crash.GetProperty("s").GetString());
        Assert.Equal("0.030", Time(crash));
    }

    private static void Played(TraceEventExport export)
    {
        Up(export);
        Read(export);
    }
}
