using Abi.Costs;
using Records;
using Telemetry.Stepping;
using Telemetry.Text;

namespace Telemetry.Tests;

/// <summary>Walking a run written by hand: one core at 1 GHz, so that a cycle is a
/// nanosecond.</summary>
public sealed class WalkTests
{
    private const int Getpid = 39;

    [Fact]
    public void It_begins_when_the_machine_is_up_and_counts_time_from_there()
    {
        using var tape = Tape(rounds: 3);
        var (walk, view) = Begin(tape);
        Assert.Equal(1, walk.At);
        Assert.Equal(
            "test  record 1 of 7  0 ns", view.Draw(walk.At, 80)[0].Text);
        walk.Do("n");
        Assert.Equal(
            "test  record 2 of 7  10 ns", view.Draw(walk.At, 80)[0].Text);
        walk.Do("p 2");
        Assert.StartsWith("test  record 0 of 7", view.Draw(walk.At, 80)[0].Text);
        Assert.Equal("the machine is switched on here", walk.Do("p").Message);
    }

    [Theory]
    [InlineData("n;n;p", 2)]
    [InlineData("n 3", 4)]
    [InlineData("g 5", 5)]
    // The second happens at 10, and so on: the fifth at 40.
    [InlineData("g 35ns", 5)]
    [InlineData("g 0.04us", 5)]
    [InlineData("g 40cycles", 5)]
    [InlineData("g 41ns", 6)]
    [InlineData("r", 3)]
    [InlineData("r;r", 5)]
    [InlineData("r 2;R", 3)]
    [InlineData("/returns", 3)]
    [InlineData("/RETURNS;/", 5)]
    [InlineData("$", 7)]
    [InlineData("$;0", 1)]
    [InlineData("N", 7)]
    [InlineData("$;P;n", 1)]
    [InlineData("n 9223372036854775807", 7)]
    [InlineData("N 9223372036854775807", 7)]
    public void Commands_lead_there(string commands, long expected)
    {
        using var tape = Tape(rounds: 3);
        var (walk, _) = Begin(tape);
        foreach (var command in commands.Split(';'))
        {
            Assert.False(walk.Do(command).IsBad);
        }

        Assert.Equal(expected, walk.At);
    }

    [Theory]
    [InlineData("x")]
    [InlineData("n 0")]
    [InlineData("n two")]
    [InlineData("g")]
    [InlineData("g 5 parsecs")]
    [InlineData("g -1")]
    [InlineData("g .")]
    [InlineData("g 99999999999999999999999s")]
    [InlineData("/")]
    public void What_is_no_command_says_what_was_expected_and_moves_nothing(string command)
    {
        using var tape = Tape(rounds: 3);
        var (walk, _) = Begin(tape);
        var answer = walk.Do(command);
        Assert.True(answer.IsBad);
        Assert.StartsWith("expected ", answer.Message);
        Assert.Equal(1, walk.At);
    }

    [Fact]
    public void What_is_not_found_is_said()
    {
        using var tape = Tape(rounds: 3);
        var (walk, _) = Begin(tape);
        Assert.Equal("nothing after this says 'disk'", walk.Do("/disk").Message);
        Assert.Equal("no crash after this", walk.Do("c").Message);
        Assert.Equal("the run ends before that", walk.Do("g 2s").Message);
        Assert.Equal("no call ends after this", walk.Do("r").Message);
        Assert.True(walk.Do("q").IsOver);
    }

    [Fact]
    public void A_million_records_can_be_gone_through_from_either_end()
    {
        using var tape = Tape(rounds: 500_000);
        Assert.Equal(1_000_001, tape.Count);
        long[] places = [1_000_001, 3, 999_999, 500_001, 4096, 4097, 8193, 1, 777_777];
        foreach (var place in places)
        {
            var thread = Assert.Single(tape.StateAfter(place).Threads);
            // A call takes two records, after the one that starts the thread.
            Assert.Equal((place - 1) / 2, thread.CallsEnded);
            Assert.Equal(place % 2 == 0, thread.Call == Getpid);
            Assert.Equal(10 * (place - 2) + 10, tape[place - 1].Time - tape.Origin);
        }
    }

    [Fact]
    public void Waits_survive_being_a_number()
    {
        foreach (var kind in Enum.GetValues<WaitKind>())
        {
            foreach (var component in new[] { -1, 0, 7, int.MaxValue - 1 })
            {
                var wait = new Wait(kind, component);
                Assert.Equal(wait, Wait.Of(wait.Detail));
            }
        }
    }

    [Fact]
    public void Threads_that_wait_for_each_other_are_named()
    {
        using var tape = new RunTape();
        Describe(tape, "a", "b");
        tape.IsUp(0);
        for (var thread = 0; thread < 2; thread++)
        {
            tape.Record(new TraceRecord(
                thread, TraceKind.CallBegan, 0, thread, 1, Cause.Program, Getpid));
            tape.Record(new TraceRecord(
                thread, TraceKind.Blocked, 0, thread, 1 - thread, Cause.ServerBusy,
                new Wait(WaitKind.Reply, -1).Detail));
        }

        var (_, view) = Begin(tape);
        Assert.Contains(
            view.Draw(tape.Count, 100), line => line.Text.EndsWith(
                "a[1]: getpid() -> b[2] -> a[1] -> a cycle: they wait for each other",
                StringComparison.Ordinal));
    }

    private static (Walk Walk, StepView View) Begin(RunTape tape)
    {
        var view = new StepView(tape, "test", Glyphs.Ascii);
        return (new Walk(tape, view.Words), view);
    }

    // The thread runs at 100, which is up; then calls begin and end, 10 cycles apart.
    private static RunTape Tape(int rounds)
    {
        var tape = new RunTape();
        Describe(tape, "caller");
        tape.Record(new TraceRecord(100, TraceKind.Run, 0, 0, -1, Cause.Program, 0));
        tape.IsUp(100);
        for (var i = 0; i < 2 * rounds; i++)
        {
            var time = 110 + 10L * i;
            tape.Record(i % 2 == 0
                ? new TraceRecord(time, TraceKind.CallBegan, 0, 0, 1, Cause.Program, Getpid)
                : new TraceRecord(time, TraceKind.CallEnded, 0, 0, 1, Cause.Program, 1));
        }

        return tape;
    }

    private static void Describe(RunTape tape, params string[] programs)
    {
        tape.Describe(new RunDescription(
            1_000_000_000, 1,
            [new ComponentDescription("program", ""), new ComponentDescription("kernel", "kernel")],
            []));
        for (var i = 0; i < programs.Length; i++)
        {
            tape.Describe(new ThreadDescription(i, programs[i], -1, i + 1, 0));
        }
    }
}
