using Abi.Costs;
using Abi.Posix;
using Microkernel.Accounting;
using Records;
using Scenarios.Import;
using Scenarios.Model;

namespace Machine.Tests;

/// <summary>A disk read that two readers wait for is in both latency ledgers, from each one's
/// joining on, and once in the work ledger.</summary>
public sealed class SharedReadTests : IDisposable
{
    private const long Begin = 1_000_000_000;
    private const long Device = 100_000;
    private const long Joining = 40_000;

    private readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("micro");

    public static TheoryData<string> Placements => ["microkernel", "big lock"];

    public void Dispose() => directory.Delete(recursive: true);

    [Theory]
    [MemberData(nameof(Placements))]
    public void B_joins_the_read_of_A_at_40_us(string placement)
    {
        File.WriteAllBytes(Path.Combine(directory.FullName, "shared"), new byte[4096]);
        var scenario = Lab.Text("""
            name: shared read
            machine: { cores: 2 }
            processes: { any: { program: "getpid()" } }
            """);
        var shares = new Shares();
        var before = 0L;
        Board? board = null;
        var run = ByHand.Run(
            scenario, placement == "microkernel" ? Placement.Microkernel : Placement.Monolithic,
            ByHand.Free(), DirectoryImporter.Import(directory.FullName).Image, Device,
            made =>
            {
                board = made;
                shares.Listen(made, call => $"{call.Call} {call.B}");
            },
            ByHand.Process("a", 0, async sys =>
            {
                var file = (await sys.Open("/shared", OpenFlags.O_RDONLY)).Raw;
                await ByHand.SleepUntil(sys, Begin);
                before = board!.Bill.Work.DeviceCycles;
                await sys.Read((int)file, new byte[1000]);
            }),
            ByHand.Process("b", 1, async sys =>
            {
                var file = (await sys.Open("/shared", OpenFlags.O_RDONLY)).Raw;
                await ByHand.SleepUntil(sys, Begin + Joining);
                await sys.Read((int)file, new byte[2000]);
            }));
        Assert.Empty(run.Result.Defects);

        // Nothing else has a price, so nothing else takes time.
        Assert.Equal([((Cause?)Cause.DeviceService, Device)], shares.Of("Read 1000"));
        Assert.Equal([((Cause?)Cause.Shared, Device - Joining)], shares.Of("Read 2000"));

        var work = run.Board.Bill.Work;
        Assert.Equal(Device, work.DeviceCycles - before);
        Assert.Equal(
            Device,
            Enumerable.Range(0, work.Components).Sum(component =>
                work.DeviceCyclesOf(CallKinds.Of(PosixCall.Read), component)));
        Assert.Equal(work.DeviceCycles, run.Result.Counters[Counter.DeviceCycles.Name()]);
    }
}
