using System.Diagnostics;
using System.Reflection;
using System.Runtime.CompilerServices;
using Abi;
using Abi.Costs;
using Abi.Kernel;
using Abi.Posix;
using LibSys;
using static Servers.Tests.Files.SysExtensions;

namespace Servers.Tests.Files;

/// <summary>Many activations at once, interleaved at random at every trap.</summary>
public sealed class ConcurrencyTests
{
    private const int Processes = 4;

    [Fact]
    public void Processes_with_files_of_their_own_get_what_they_get_alone() =>
        Gen.Int[0, int.MaxValue].Sample(
            seed =>
            {
                var machine = Interleaved(seed);
                for (var i = 0; i < Processes; i++)
                {
                    var number = i;
                    machine.Gate.Spawn(sys => WorkAlone(sys, number, seed));
                }

                machine.Gate.Run();
                machine.Gate.YieldsAtTrap = null;
                AssertSound(machine);
                for (var i = 0; i < Processes; i++)
                {
                    var number = i;
                    var names = machine.Ask(sys => sys.List("/p" + number));
                    Assert.Equal(["f1", "f2", "f3", "f4"], names);
                }
            },
            iter: 150);

    [Fact]
    public void Processes_that_fight_over_names_leave_a_sound_disk_and_no_lost_blocks() =>
        Gen.Int[0, int.MaxValue].Sample(
            seed =>
            {
                var machine = Interleaved(seed);
                var free = machine.Usage();
                var ended = 0;
                for (var i = 0; i < Processes; i++)
                {
                    var random = new Random(seed + i);
                    machine.Gate.Spawn(async sys =>
                    {
                        await Fight(sys, random);
                        ended++;
                        return 0;
                    });
                }

                machine.Gate.Run();
                machine.Gate.YieldsAtTrap = null;
                Assert.Equal(Processes, ended);
                AssertSound(machine);
                machine.Ask(sys => sys.RemoveAll(""));
                Assert.Equal(free, machine.Usage());
            },
            iter: 300);

    [Fact]
    public void Every_append_of_everybody_is_there_once()
    {
        var machine = Interleaved(7);
        for (var i = 0; i < Processes; i++)
        {
            var number = i;
            machine.Gate.Spawn(async sys =>
            {
                var log = await sys.Open(
                    "/log", ForWriting | OpenFlags.O_APPEND, 0x1A4).Value();
                for (var line = 0; line < 20; line++)
                {
                    var text = $"[{number}:{line:00}]";
                    await sys.Write(log, System.Text.Encoding.ASCII.GetBytes(text)).Value();
                }

                return 0;
            });
        }

        machine.Gate.Run();
        var all = System.Text.Encoding.ASCII.GetString(machine.Ask(sys => sys.Get("/log")));
        Assert.Equal(Processes * 20 * 6, all.Length);
        for (var i = 0; i < Processes; i++)
        {
            // Each one's lines in their order.
            var lines = all.Split(']').Where(
                line => line.StartsWith($"[{i}:", StringComparison.Ordinal));
            Assert.Equal(Enumerable.Range(0, 20).Select(line => $"[{i}:{line:00}"), lines);
        }
    }

    [Fact]
    public void Readers_that_miss_the_same_block_share_one_disk_read()
    {
        var machine = new FileMachine();
        machine.Ask(sys => sys.Put("/file", Pattern(4096)));
        machine.Gate.Crash("file-server"); // the next one's cache is empty
        machine.Ask(sys => sys.Stat("/file"));
        var before = machine.Disk.Reads;
        for (var i = 0; i < 4; i++)
        {
            machine.Gate.Spawn(async sys =>
            {
                Assert.Equal(Pattern(4096), await sys.Get("/file"));
                return 0;
            });
        }

        machine.Gate.Run();
        Assert.Equal(1, machine.Disk.Reads - before);
        Assert.Equal(4, machine.Server.MostActive);
    }

    [Fact]
    public void A_read_hit_asks_nobody_and_is_charged_by_block()
    {
        var machine = new FileMachine();
        machine.Ask(sys => sys.Put("/file", Pattern(20_000)));
        var (reads, writes) = (machine.Disk.Reads, machine.Disk.Writes);
        var blocks = machine.Gate.Worked(Part.FileBlock);
        var requests = machine.Gate.Worked(Part.FileRequest);
        machine.Ask(async sys =>
        {
            var file = await sys.Open("/file", OpenFlags.O_RDONLY).Value();
            await sys.Read(file, new byte[20_000]).Value();
        });
        Assert.Equal((reads, writes), (machine.Disk.Reads, machine.Disk.Writes));
        Assert.Equal(5, machine.Gate.Worked(Part.FileBlock) - blocks);
        Assert.Equal(1, machine.Gate.Worked(Part.FileRequest) - requests);
    }

    [SkippableFact]
    public void Read_hits_allocate_nothing_in_the_server_and_LibSys()
    {
        Skip.If(
            typeof(global::Servers.Files.FileServer).Assembly
                .GetCustomAttribute<DebuggableAttribute>()?.IsJITOptimizerDisabled ?? false,
            "an unoptimised build allocates for each await: run with -c Release");
        var machine = new FileMachine();
        machine.Gate.RecordsCalls = false;
        machine.Ask(sys => sys.Put("/file", Pattern(40_000)));

        // The fake machine allocates for each call. A call that the server refuses at once says how
        // much.
        var call = AllocatedBy(machine, AskInVain);
        var read = AllocatedBy(machine, ReadAll);
        Assert.InRange(read, 0, call);
    }

    [AsyncMethodBuilder(typeof(ActivationBuilder<>))]
    private static async ValueTask<Message> AskInVain(Sys sys, int file, byte[] buffer) =>
        await sys.Call(
            sys.Connections.To("file-server"), Message.Request(9999), Retry.Idempotent);

    [AsyncMethodBuilder(typeof(ActivationBuilder<>))]
    private static async ValueTask<Message> ReadAll(Sys sys, int file, byte[] buffer) =>
        Message.Reply((await sys.Pread(file, buffer, 0)).Raw);

    /// <summary>Bytes allocated for one call, on average of many.</summary>
    private static double AllocatedBy(
        FileMachine machine, Func<Sys, int, byte[], ValueTask<Message>> call)
    {
        const int Count = 1000;
        var buffer = new byte[40_000];
        long allocated = 0;
        machine.Ask(async sys =>
        {
            var file = await sys.Open("/file", OpenFlags.O_RDONLY).Value();
            long before = 0;
            for (var i = -100; i < Count; i++)
            {
                before = i == 0 ? GC.GetAllocatedBytesForCurrentThread() : before;
                await call(sys, file, buffer);
            }

            allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        });
        return allocated / (double)Count;
    }

    private static FileMachine Interleaved(int seed)
    {
        var random = new Random(seed);
        var machine = new FileMachine(
            bytes: 4 << 20, inodes: 128, cacheBlocks: 16, concurrency: 1 + seed % 4);
        machine.Gate.Run();
        machine.Disk.Duration = _ => random.Next(1, 1000);
        machine.Gate.YieldsAtTrap = () => random.Next(2) == 0;
        return machine;
    }

    private static async ValueTask<int> WorkAlone(Sys sys, int number, int seed)
    {
        var home = "/p" + number;
        await sys.Mkdir(home, 0x1ED).Value();
        for (var i = 1; i <= 4; i++)
        {
            var bytes = Pattern(seed % 5000 + i * 9000 * (number + 1), i);
            await sys.Put($"{home}/new", bytes);
            Assert.Equal(bytes, await sys.Get($"{home}/new"));
            await sys.Put($"{home}/f{i}", [1, 2, 3]);
            await sys.Rename($"{home}/new", $"{home}/f{i}").Value();
            Assert.Equal(bytes, await sys.Get($"{home}/f{i}"));
            await sys.Mkdir($"{home}/d{i}", 0x1ED).Value();
            Assert.Equal(Errno.EEXIST, await sys.Mkdir($"{home}/d{i}", 0x1ED).Error());
            await sys.Rmdir($"{home}/d{i}").Value();
        }

        return 0;
    }

    /// <summary>Any result will do; no deadlock, no exception and no unsound disk.</summary>
    private static async ValueTask Fight(Sys sys, Random random)
    {
        string[] names = ["/a", "/b", "/a/b", "/b/a", "/a/b/a", "/b/a/b"];
        string Name() => names[random.Next(names.Length)];
        for (var i = 0; i < 40; i++)
        {
            switch (random.Next(8))
            {
                case 0 or 1:
                    await sys.Mkdir(Name(), 0x1ED);
                    break;
                case 2:
                    await sys.Rmdir(Name());
                    break;
                case 3:
                    await sys.Unlink(Name());
                    break;
                case 4 or 5:
                    await sys.Rename(Name(), Name());
                    break;
                default:
                    var flags = random.Next(3) == 0 ? OpenFlags.O_TRUNC : OpenFlags.O_APPEND;
                    var file = await sys.Open(Name(), ForWriting | flags, 0x1A4);
                    if (!file.Failed)
                    {
                        await sys.Write((int)file.Raw, Pattern(random.Next(10_000)));
                        await sys.Pread((int)file.Raw, new byte[10_000], 0);
                        await sys.Close((int)file.Raw).Value();
                    }

                    break;
            }
        }
    }

    private static void AssertSound(FileMachine machine)
    {
        var checker = new DiskChecker(machine.Image);
        Assert.Empty(checker.Errors);
        Assert.Equal(
            (0, 0, 0), (checker.LostBlocks, checker.LostInodes, checker.ExcessLinks));
    }
}
