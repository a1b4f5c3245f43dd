using Abi.Posix;
using Abi.Units;
using Records;
using Telemetry.Strace;

namespace Telemetry.Tests;

public sealed class StraceSummaryTests
{
    private static string Table(
        long hertz, params (PosixCall Call, long Cycles, long Result)[] calls)
    {
        var summary = new StraceSummary(new Frequency(hertz));
        foreach (var (call, cycles, result) in calls)
        {
            summary.Record(
                new FinishedCall(1, "reader", 0, call, 0, 0, 0, "", result, 50, 50 + cycles));
        }

        var output = new StringWriter();
        summary.Write(output);
        return output.ToString();
    }

    // Heading, lines and widths are those that strace 6.1 -c prints; 2,000 + 1,000 + 500 + 4,500
    // cycles at 2 GHz are 4,000 ns.
    [Fact]
    public void The_table_looks_as_strace_prints_it() =>
        Assert.Equal(
            """
            % time     seconds  usecs/call     calls    errors syscall
            ------ ----------- ----------- --------- --------- ----------------
             56.25 0.000002250       2.250         1           pread64
             37.50 0.000001500       0.750         2           read
              6.25 0.000000250       0.250         1         1 open
            ------ ----------- ----------- --------- --------- ----------------
            100.00 0.000004000       1.000         4         1 total

            """.ReplaceLineEndings("\n"),
            Table(
                2_000_000_000, (PosixCall.Read, 2_000, 7), (PosixCall.Open, 500, -2),
                (PosixCall.Read, 1_000, 7), (PosixCall.Pread, 4_500, 7)));

    [Fact]
    public void Calls_of_the_same_time_are_in_the_order_of_their_names()
    {
        var rows = Table(
            1_000_000_000, (PosixCall.Write, 10, 0), (PosixCall.Close, 10, 0),
            (PosixCall.Read, 10, 0)).Split('\n');
        Assert.EndsWith(" close", rows[2]);
        Assert.EndsWith(" read", rows[3]);
        Assert.EndsWith(" write", rows[4]);
    }

    [Fact]
    public void Exit_never_returns_and_is_not_counted() =>
        Assert.DoesNotContain("exit", Table(1_000_000_000, (PosixCall.Exit, 10, 0)));

    [Fact]
    public void No_calls_are_a_table_without_rows() =>
        Assert.EndsWith(
            "\n  0.00 0.000000000       0.000         0           total\n", Table(1_000_000_000));
}
