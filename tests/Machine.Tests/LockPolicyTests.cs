using Abi.Costs;
using Abi.Posix;
using LibSys;
using Microkernel.Accounting;
using Scenarios.Import;
using Scenarios.Model;

namespace Machine.Tests;

/// <summary>
/// Four readers that miss, two cores: makespans computed by hand. All four start at one instant,
/// two on each core; each reads one block that nobody has read. What has a price:
/// <code>
/// L  library-call                     user mode, the reader's core
/// F  file-request + file-block        file server, before the block is there
/// P  procedure-call                   file server to driver, if they share the kernel's domain
/// Q  component-lock                   taking a free lock
/// S  disk-submit                      driver, before the device starts
/// D  the device                       all requests at once, if asked
/// C  disk-complete                    the driver's bottom half
/// K  64 x copy-line                   file server, when the block is there
/// </code>
/// </summary>
public sealed class LockPolicyTests : IDisposable
{
    private const long L = 100;
    private const long F = 1000 + 70;
    private const long P = 30;
    private const long Q = 7;
    private const long S = 400;
    private const long D = 100_000;
    private const long C = 200;
    private const long K = 64 * 10;
    private const long Begin = 1_000_000_000;

    private static readonly Placement BigLock = Placement.Monolithic;

    private static readonly Placement ComponentLocks =
        Placement.Monolithic with { Name = "component locks", Lock = DomainLock.Component };

    private readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("micro");

    public void Dispose() => directory.Delete(recursive: true);

    [Fact]
    public void Microkernel_with_one_activation_serves_one_read_after_the_other()
    {
        var run = FourReaders(Placement.Microkernel, concurrency: 1);

        // The first reader of each core reaches the server after L. From then on the server's only
        // thread is busy, or asleep for the device on behalf of the one it serves.
        const long Turn = F + S + D + C + K;
        Assert.Equal(L + 4 * Turn, run.Makespan);

        // The second sends at L, the third (its core is idle) at 2 L, the fourth when the first
        // core is left, at 2 L + F + S; they are received one turn after the other.
        Assert.Equal(6 * Turn - 2 * L - (F + S), run.Waited(Cause.ServerBusy));
    }

    [Fact]
    public void Microkernel_with_eight_activations_overlaps_what_the_cores_and_the_device_can()
    {
        var run = FourReaders(Placement.Microkernel, concurrency: 8);

        // Each core runs its first reader up to the device, then its second. The second pair's
        // requests end together and one bottom half takes both. Writing into another's memory is a
        // system call: under the kernel's one lock the two copies go one after the other.
        Assert.Equal(2 * (L + F + S) + D + C + 2 * K, run.Makespan);
        Assert.Equal(0, run.Waited(Cause.ServerBusy));
        Assert.Equal(0, run.Waited(Cause.LockWait));
    }

    [Fact]
    public void Big_lock_with_one_activation_queues_the_others_at_the_entry()
    {
        var run = FourReaders(BigLock, concurrency: 1);

        // Q three times for each read: the lock is taken at entry, by the bottom half, and again
        // when the device has finished.
        const long Turn = Q + F + P + S + D + Q + C + Q + K;
        Assert.Equal(L + 4 * Turn, run.Makespan);

        // They queue at L + Q (the kernel's lock is held while the first one enters), at 2 L + Q,
        // and L after the first one has left its core to the fourth.
        Assert.Equal(6 * Turn - 2 * L - 3 * Q - (F + P + S), run.Waited(Cause.ServerBusy));
        Assert.Equal(0, run.Waited(Cause.LockWait));
    }

    [Fact]
    public void Big_lock_with_eight_activations_is_released_at_the_block()
    {
        var run = FourReaders(BigLock, concurrency: 8);

        // Under the lock one after the other up to the device, L of the later readers hidden behind
        // the spinning of others; then all in the device at once. The last one in is the last out.
        const long Held = F + P + S;
        Assert.Equal(L + Q + 4 * Held + D + Q + C + Q + K, run.Makespan);

        // The second spins from its entry on, which ends Q after the first one's; the third and the
        // fourth while another holds the lock, but for their own L + Q.
        Assert.Equal(Held - Q + 2 * (Held - L - Q), run.SpunOnBigLock);
        Assert.Equal(0, run.Waited(Cause.ServerBusy));
        Assert.Equal(0, run.Waited(Cause.LockWait));
    }

    [Fact]
    public void Component_locks_with_one_activation_are_no_better_than_the_queue_before_them()
    {
        var run = FourReaders(ComponentLocks, concurrency: 1);

        // The file server's lock and the driver's, both free.
        Assert.Equal(L + 4 * (Q + F + P + Q + S + D + C + K), run.Makespan);
        Assert.Equal(0, run.Waited(Cause.LockWait));
        Assert.True(run.Waited(Cause.ServerBusy) > 0);
    }

    [Fact]
    public void Component_locks_with_eight_activations_are_held_across_the_block()
    {
        var run = FourReaders(ComponentLocks, concurrency: 8);

        // All are admitted; all but one sleep on the file server's lock, which is handed on. They
        // tried to take it, Q, while the first one worked.
        const long Turn = F + P + Q + S + D + C + K;
        Assert.Equal(L + Q + 4 * Turn, run.Makespan);

        // Asleep from L + 2 Q, 2 L + 3 Q, and 2 L + 2 Q after the first one has programmed the
        // device.
        Assert.Equal(
            6 * Turn - 2 * L - 4 * Q - (F + P + Q + S), run.Waited(Cause.LockWait));
        Assert.Equal(0, run.Waited(Cause.ServerBusy));
        Assert.Equal(0, run.SpunOnBigLock);
    }

    [Fact]
    public void A_procedure_call_that_has_to_queue_at_its_component_costs_what_any_other_does()
    {
        var run = FourReaders(BigLock, concurrency: 8, driverConcurrency: 1);
        Assert.True(run.Waited(Cause.ServerBusy) > 0);
        Assert.Equal(4, run.ProcedureCalls);
    }

    private FourReads FourReaders(
        Placement placement, int concurrency, int driverConcurrency = 32)
    {
        for (var i = 0; i < 4; i++)
        {
            File.WriteAllBytes(Path.Combine(directory.FullName, $"f{i}"), new byte[4096]);
        }

        var profile = ByHand.Free(
            0, (Part.LibraryCall, L), (Part.FileRequest, 1000), (Part.FileBlock, 70),
            (Part.ProcedureCall, P), (Part.ComponentLock, Q), (Part.DiskSubmit, S),
            (Part.DiskComplete, C), (Part.CopyLine, K / 64));
        var scenario = Lab.Text($$"""
            name: four readers that miss
            machine: { cores: 2 }
            components:
              file-server: { concurrency: {{concurrency}} }
              disk-driver: { concurrency: {{driverConcurrency}} }
            processes: { any: { program: "getpid()" } }
            """);
        var shares = new Shares();
        var run = ByHand.Run(
            scenario, placement, profile,
            DirectoryImporter.Import(directory.FullName).Image, D,
            board => shares.Listen(board, call => call.Call.ToString()),
            [.. Enumerable.Range(0, 4).Select(i => ByHand.Process(
                $"reader-{i}", i % 2, sys => ReadOne(sys, $"/f{i}")))]);
        Assert.Empty(run.Result.Defects);
        var reads = run.Calls.Calls.Where(call => call.Call == PosixCall.Read).ToList();
        Assert.Equal([4096, 4096, 4096, 4096], reads.Select(read => read.Result));
        // The first of each core.
        var begin = reads.Min(read => read.Began);
        Assert.Equal(2, reads.Count(read => read.Began == begin));
        return new FourReads(
            reads.Max(read => read.Ended) - begin, shares,
            run.Board.Bill.Work.CountOf(
                CallKinds.Of(PosixCall.Read), run.Board.Bill.ProgramComponent, Part.SpinCycle),
            Enumerable.Range(0, run.Board.Bill.Work.Components).Sum(
                component => run.Board.Bill.Work.CountOf(
                    CallKinds.Of(PosixCall.Read), component, Part.ProcedureCall)));
    }

    private static async ValueTask ReadOne(Sys sys, string path)
    {
        var file = (await sys.Open(path, OpenFlags.O_RDONLY)).Raw;
        var buffer = new byte[4096];
        await ByHand.SleepUntil(sys, Begin);
        await sys.Read((int)file, buffer);

        // Nobody's exit gets in the way of the others.
        await ByHand.SleepUntil(sys, 2 * Begin);
    }

    private sealed record FourReads(
        long Makespan, Shares Shares, long SpunOnBigLock, long ProcedureCalls)
    {
        public long Waited(Cause cause) => Shares[nameof(PosixCall.Read), cause];
    }
}
