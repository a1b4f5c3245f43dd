using Abi.Costs;
using Abi.Posix;
using Microkernel.Accounting;
using Scenarios.Model;

namespace Machine.Tests;

/// <summary>The bills of two placements explain the difference of their latencies, to the
/// cycle.</summary>
public class BillDifferenceTests
{
    [Theory]
    [InlineData("getpid.yaml", PosixCall.Getpid, "getpid")]
    [InlineData("read-hit.yaml", PosixCall.Read, "read")]
    public void Parts_counted_times_their_prices_are_the_difference(
        string file, PosixCall call, string name)
    {
        var micro = Lab.Run(Lab.File(file), Placement.Microkernel);
        var mono = Lab.Run(Lab.File(file), Placement.Monolithic);
        var measured = Total(micro, name) - Total(mono, name);

        var explained = 0L;
        for (var part = 0; part < Parts.Count; part++)
        {
            var more = CountOf(micro.Board, call, (Part)part)
                - CountOf(mono.Board, call, (Part)part);
            explained += more * micro.Board.Bill.Profile[(Part)part];
        }

        Assert.True(measured > 0);
        Assert.Equal(measured, explained);
        Assert.Equal(0, Waited(micro.Board, call) + Waited(mono.Board, call));
    }

    [Fact]
    public void Getpid_costs_what_its_crossing_is_made_of()
    {
        var micro = Lab.Run(Lab.File("getpid.yaml"), Placement.Microkernel);
        var mono = Lab.Run(Lab.File("getpid.yaml"), Placement.Monolithic);
        var price = micro.Board.Bill.Profile;
        var trap = price[Part.TrapEnter] + price[Part.TrapLeave];
        var work = price[Part.LibraryCall] + price[Part.ProcessQuery];

        // There and back: two traps, both fast paths, two address spaces; from the trap to the
        // handler.
        Assert.Equal(
            2 * trap + price[Part.FastPathCall] + price[Part.FastPathReply]
                + 2 * price[Part.AddressSpaceSwitch] + work,
            micro.Result.Calls.Single(call => call.Name == "getpid").MinCycles);
        Assert.Equal(
            trap + work,
            mono.Result.Calls.Single(call => call.Name == "getpid").MinCycles);
    }

    private static long Total(Observed run, string name) =>
        run.Result.Calls.Single(call => call.Name == name).TotalCycles;

    private static long CountOf(Board board, PosixCall call, Part part)
    {
        var count = 0L;
        for (var component = 0; component < board.Bill.Work.Components; component++)
        {
            count += board.Bill.Work.CountOf(CallKinds.Of(call), component, part);
        }

        return count;
    }

    private static long Waited(Board board, PosixCall call)
    {
        var cycles = 0L;
        for (var component = 0; component < board.Bill.Work.Components; component++)
        {
            foreach (var cause in Enum.GetValues<Cause>())
            {
                cycles += board.Bill.Latency.Waiting(CallKinds.Of(call), component, cause);
            }
        }

        return cycles;
    }
}
