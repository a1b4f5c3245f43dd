using Records;
using Scenarios;
using Scenarios.Model;
using Telemetry.Stepping;
using Telemetry.Text;

namespace Tracing.Tests;

/// <summary>What the records of real runs say of the machine, against what must be true of
/// it.</summary>
public sealed class SteppingTests
{
    private const int MostRecords = 20_000;

    public static TheoryData<string> Files => [.. Lab.Files];

    [Theory]
    [MemberData(nameof(Files))]
    public void Whoever_traps_was_running_and_whoever_runs_was_not_blocked(string file)
    {
        var scenario = Lab.File(file);
        foreach (var placement in scenario.AllPlacements)
        {
            using var tape = Tape(scenario, placement.Name, most: MostRecords);
            var state = tape.StateAfter(0);
            while (state.Records < tape.Count)
            {
                var record = tape[state.Records];
                var next = tape.Next(state);
                var thread = record.Thread >= 0 ? ThreadBefore(state, next, record) : null;
                var isSound = record.Kind switch
                {
                    TraceKind.Trap => thread!.Mode == ThreadMode.Running
                        && state.Cores[record.Core].Thread == record.Thread,
                    TraceKind.Run => thread!.Mode is ThreadMode.Ready or ThreadMode.Running,
                    TraceKind.Blocked => thread!.Mode != ThreadMode.Dead,
                    TraceKind.CallBegan => thread!.Call < 0,
                    TraceKind.CallEnded => thread!.Call >= 0,
                    _ => true,
                };
                if (!isSound || next.Cores.Any(core =>
                    core.Mode == CoreMode.Idle && core.Thread != -1))
                {
                    Assert.Fail(
                        $"{placement.Name}, record {state.Records}: {record}, was {thread}");
                }

                state = next;
            }
        }
    }

    [Theory]
    [InlineData("read-files.yaml")]
    [InlineData("crash-disk-driver.yaml")]
    [InlineData("many-readers.yaml")]
    public void At_the_end_of_a_finished_run_nobody_is_in_a_call(string file)
    {
        var scenario = Lab.File(file);
        foreach (var placement in scenario.AllPlacements)
        {
            using var tape = Tape(scenario, placement.Name);
            var end = tape.StateAfter(tape.Count);
            Assert.DoesNotContain(
                end.Threads, thread => thread.Call >= 0 && thread.Mode != ThreadMode.Dead);
            Assert.All(end.Devices, device => Assert.Empty(device.Busy));
        }
    }

    [Fact]
    public void Calls_that_ended_are_as_many_as_the_report_counts()
    {
        var scenario = Lab.File("read-files.yaml");
        var result = default(RunResult);
        using var tape = Tape(scenario, "microkernel", run => result = run);
        var end = tape.StateAfter(tape.Count);
        Assert.Equal(
            result!.Calls.Sum(call => call.Count), end.Threads.Sum(thread => thread.CallsEnded));
        Assert.Equal(
            result.Counters[Counter.DeviceRequests.Name()],
            // The counters begin when the machine is up.
            end.Devices.Sum(device => device.Done)
                - tape.StateAfter(tape.Up).Devices.Sum(device => device.Done));
    }

    [Fact]
    public void Back_is_where_one_came_from()
    {
        using var tape = Tape(Lab.File("crash-disk-driver.yaml"), "monolithic");
        var view = new StepView(tape, "test", Glyphs.Ascii);
        var forward = new Dictionary<long, string>();
        for (var at = 0L; at <= tape.Count; at += 37)
        {
            forward.Add(at, Text(view, at));
        }

        Assert.True(forward.Count > 20, $"{tape.Count} records");
        foreach (var (at, text) in forward.Reverse())
        {
            Assert.Equal(text, Text(view, at));
        }
    }

    /// <summary>A read that misses in the microkernel: the program waits for a thread of the file
    /// server, that for one of the disk driver, and that for the device.</summary>
    [Fact]
    public void A_read_that_misses_is_a_chain_down_to_the_device()
    {
        using var tape = Tape(Lab.File("read-miss.yaml"), "microkernel");
        var view = new StepView(tape, "test", Glyphs.Ascii);
        var walk = new Walk(tape, view.Words);
        Assert.False(walk.Do("/calls read()").IsBad);
        Assert.Equal("", walk.Do("/nvme begins").Message);
        var lines = view.Draw(walk.At, 100).Select(line => line.Text).ToList();
        Assert.Contains(
            lines, line => System.Text.RegularExpressions.Regex.IsMatch(
                line,
                @"reader\[1\]: read\(\) -> file-server/\d+ -> disk-driver/\d+ -> device nvme$"));
        Assert.Contains(lines, line => line.StartsWith("  nvme ", StringComparison.Ordinal)
            && line.Contains("serves #", StringComparison.Ordinal));
    }

    /// <summary>In the monolith it is one thread, which waits in the disk driver.</summary>
    [Fact]
    public void In_the_monolith_the_callers_thread_itself_waits_for_the_device()
    {
        using var tape = Tape(Lab.File("read-miss.yaml"), "monolithic");
        var view = new StepView(tape, "test", Glyphs.Ascii);
        var walk = new Walk(tape, view.Words);
        walk.Do("/calls read()");
        walk.Do("/nvme begins");
        Assert.Contains(
            view.Draw(walk.At, 100),
            line => line.Text.EndsWith(
                "reader[1]: read() -> device nvme", StringComparison.Ordinal));
    }

    [Fact]
    public void More_readers_than_threads_queue_at_the_endpoint()
    {
        using var tape = Tape(Lab.Text(
            """
            name: queue
            disk: { cacheBlocks: 64 }
            components: { file-server: { concurrency: 2 } }
            processes:
              reader:
                count: 5
                program: |
                  fd = open("/f", O_RDWR|O_CREAT, 0644)
                  repeat 20 { pwrite(fd, bytes(64KiB), 0) = 64KiB }
            """), "microkernel");
        var view = new StepView(tape, "test", Glyphs.Ascii);
        var most = 0;
        for (var at = tape.Up; at <= tape.Count; at++)
        {
            var queued = tape.StateAfter(at).Threads.Count(thread =>
                thread.Mode == ThreadMode.Blocked && thread.Wait.Kind == WaitKind.Send);
            if (queued == 3)
            {
                Assert.Contains(view.Draw(at, 100), line => line.Text.StartsWith(
                    "  endpoint of file-server", StringComparison.Ordinal)
                    && line.Text.Contains(" 3 wait: reader[", StringComparison.Ordinal));
            }

            most = Math.Max(most, queued);
        }

        // Five readers, two of whom are served.
        Assert.Equal(3, most);
    }

    [Fact]
    public void A_crash_shows_who_is_down_until_its_next_incarnation_runs()
    {
        using var tape = Tape(Lab.File("crash-disk-driver.yaml"), "microkernel");
        var view = new StepView(tape, "test", Glyphs.Ascii);
        var walk = new Walk(tape, view.Words);
        walk.Do("c");
        Assert.Contains(
            view.Draw(walk.At, 100), line => line.Text == "  disk-driver#1 has crashed");
        walk.Do("/disk-driver#2 runs");
        Assert.DoesNotContain(
            view.Draw(walk.At, 100), line => line.Text.Contains("has crashed"));
        Assert.Equal("no crash after this", walk.Do("c").Message);
    }

    [Fact]
    public void After_a_panic_threads_begin_again()
    {
        using var tape = Tape(Lab.File("crash-disk-driver.yaml"), "monolithic");
        var view = new StepView(tape, "test", Glyphs.Ascii);
        var walk = new Walk(tape, view.Words);
        walk.Do("c");
        Assert.Contains("KERNEL PANIC", view.Draw(walk.At, 100)[^1].Text);
        Assert.All(
            tape.StateAfter(walk.At).Threads,
            thread => Assert.Equal(ThreadMode.Dead, thread.Mode));
        walk.Do("$");
        Assert.NotEmpty(tape.StateAfter(walk.At).Threads);
        Assert.Equal(
            Enumerable.Range(0, tape.StateAfter(walk.At).Threads.Count),
            tape.StateAfter(walk.At).Threads.Select(thread => thread.About.Index));
    }

    [Fact]
    public void Every_screen_fits()
    {
        using var tape = Tape(Lab.File("many-readers.yaml"), "microkernel");
        var view = new StepView(tape, "test", Glyphs.Ascii);
        for (var at = tape.Up; at < tape.Count; at += 501)
        {
            var lines = view.Draw(at, 79, 24);
            Assert.InRange(lines.Count, 8, 23);
            Assert.All(lines, line => Assert.InRange(line.Text.Length, 0, 79));
        }
    }

    private static string Text(StepView view, long at) =>
        string.Join('\n', view.Draw(at, 100).Select(line => line.Text));

    // After a panic the thread of that number may be another.
    private static ThreadView ThreadBefore(
        RunState before, RunState after, in TraceRecord record) =>
        record.Thread < before.Threads.Count
            && before.Threads[record.Thread].About == after.Threads[record.Thread].About
            ? before.Threads[record.Thread]
            : after.Threads[record.Thread];

    private static RunTape Tape(
        Scenario scenario, string placement, Action<RunResult>? result = null,
        long most = long.MaxValue)
    {
        var tape = new RunTape();
        using var enough = new CancellationTokenSource();
        var comparison = new ScenarioRunner().Compare(
            scenario, [placement],
            new RunOptions
            {
                Trace = _ => Telemetry.Fanouts.Of([tape, new Stopper(most, enough)]),
                Cancellation = enough.Token,
            });
        result?.Invoke(comparison.Placements[0]);
        return tape;
    }

    /// <summary>Ends a run after so many records.</summary>
    private sealed class Stopper(long records, CancellationTokenSource enough) : ITraceSink
    {
        private long left = records;

        public void Record(in TraceRecord record)
        {
            if (--left == 0)
            {
                enough.Cancel();
            }
        }
    }
}
