using Abi;
using Abi.Kernel;
using Abi.Posix;
using LibSys;
using Machine.Devices;
using static Servers.Tests.Files.SysExtensions;

namespace Servers.Tests.Files;

/// <summary>
/// The file server or the disk driver dies at each of its steps of a workload. Whatever was
/// acknowledged must be on the disk, what was answered EIO must be there wholly or not at all, and
/// the program goes on.
/// </summary>
public sealed class CrashTests
{
    private const int BlockSize = 4096;

    /// <summary>
    /// A change, and what it does to a tree (content by path; null for directories).
    /// </summary>
    private sealed record Change(
        Func<Sys, ValueTask<SysResult>> Do, Action<SortedDictionary<string, byte[]?>> Apply,
        string? Appends = null);

    private static List<Change> Workload { get; } =
    [
        Mkdir("/d"),
        Mkdir("/d/e"),
        Create("/d/one"),
        Append("/d/one", 100),
        Append("/d/one", 3 * BlockSize),
        Create("/two"),
        Append("/two", 13 * BlockSize),
        Append("/two", 2 * BlockSize),
        Write("/two", 5, 5000),
        Rename("/d/one", "/d/uno"),
        Rename("/d/uno", "/d/e/three"),
        Create("/four"),
        Append("/four", 10),
        Rename("/four", "/d/e/three"),
        Mkdir("/d/e/f"),
        Rename("/d/e", "/e"),
        Mkdir("/empty"),
        Rename("/e/f", "/empty"),
        Create("/empty/five"),
        Unlink("/two"),
        Unlink("/empty/five"),
        Rmdir("/empty"),
        Append("/e/three", 60 * BlockSize),
        Unlink("/e/three"),
        Create("/last"),
        Append("/last", 1),
    ];

    [Fact]
    public void Without_a_crash_the_disk_holds_the_tree_and_nothing_is_lost()
    {
        var (machine, _) = Run(crashAt: 0);
        var checker = new DiskChecker(machine.Image);
        Assert.Empty(checker.Errors);
        Assert.Equal(["/d", "/e", "/last"], checker.Tree.Keys);
        Assert.Equal(
            (0, 0, 0), (checker.LostBlocks, checker.LostInodes, checker.ExcessLinks));
    }

    [Fact]
    public void The_file_server_may_die_before_and_after_each_of_its_disk_requests()
    {
        var crashes = 0;
        for (var at = 1; ; at++)
        {
            var (machine, steps) = Run(at);
            if (steps < at)
            {
                break;
            }

            crashes++;
            CheckDisk(machine.Image, at);
        }

        // Two steps for each of far more than a hundred requests.
        Assert.True(crashes > 300, $"only {crashes} steps");
    }

    [Fact]
    public void The_file_server_may_die_again_while_it_recovers()
    {
        for (var at = 20; at < 320; at += 4)
        {
            for (var again = 1; again <= 16; again += 2)
            {
                var (machine, _) = Run(at, at + again);
                CheckDisk(machine.Image, at);
            }
        }
    }

    [Theory]
    [InlineData(FaultStep.RequestReceived)]
    [InlineData(FaultStep.DeviceProgrammed)]
    [InlineData(FaultStep.CompletionSeen)]
    [InlineData(FaultStep.BeforeReply)]
    public void Nobody_but_the_file_server_notices_that_the_disk_driver_died(FaultStep step)
    {
        for (var at = 1; ; at += 7)
        {
            var machine = new FileMachine();
            var steps = 0;
            machine.Gate.OnStep = (name, taken) =>
            {
                if (name == "disk-driver" && taken == step && ++steps == at)
                {
                    throw new FaultInjectedException();
                }
            };
            machine.Ask(async sys =>
            {
                foreach (var change in Workload)
                {
                    await change.Do(sys).Value();
                }
            });
            var checker = new DiskChecker(machine.Image);
            Assert.Empty(checker.Errors);
            Assert.Equal(["/d", "/e", "/last"], checker.Tree.Keys);
            Assert.Equal((0, 0), (checker.LostBlocks, checker.LostInodes));
            if (steps < at)
            {
                break;
            }

            Assert.Equal(2, machine.Driver.Incarnations);
        }
    }

    [Fact]
    public void Open_files_are_rebuilt_and_who_did_not_wait_never_notices()
    {
        var machine = new FileMachine();
        machine.Ask(async sys =>
        {
            await sys.Mkdir("/d", 0x1ED).Value();
            await sys.Put("/d/file", Pattern(10_000));
            var file = await sys.Open("/d/file", OpenFlags.O_RDWR).Value();
            var log = await sys.Open("/log", ForWriting | OpenFlags.O_APPEND, 0x1A4).Value();
            var directory = await sys.Open("/d", OpenFlags.O_RDONLY).Value();
            var nameless = await sys.Open("/gone", ForWriting, 0x1A4).Value();
            await sys.Write(nameless, Pattern(50)).Value();
            await sys.Unlink("/gone").Value();
            var buffer = new byte[100];
            await sys.Read(file, buffer).Value();

            machine.Gate.Crash("file-server");
            Assert.Equal(100, await sys.Read(file, buffer).Value());
            Assert.Equal(Pattern(10_000)[100..200], buffer);
            Assert.Equal(50, await sys.Pread(nameless, buffer, 0).Value());

            // Not even what must not be asked twice: these calls never reached the server that
            // died.
            machine.Gate.Crash("file-server");
            Assert.Equal(3, await sys.Write(log, "one"u8.ToArray()).Value());
            machine.Gate.Crash("file-server");
            await sys.Mkdir("/new", 0x1ED).Value();
            machine.Gate.Crash("file-server");
            var again = await sys.Openat(directory, "file", OpenFlags.O_RDONLY).Value();
            await sys.Close(again).Value();
            machine.Gate.Crash("file-server");
            await sys.Close(nameless).Value();
            await sys.Close(file).Value();
        });
        var checker = new DiskChecker(machine.Image);
        Assert.Empty(checker.Errors);
        Assert.Equal((0, 0), (checker.LostBlocks, checker.LostInodes));
        Assert.Equal(6, machine.Server.Incarnations);
    }

    [Fact]
    public void A_call_that_must_not_be_repeated_is_answered_EIO_if_the_server_had_it()
    {
        var machine = new FileMachine();
        var armed = false;
        machine.Gate.OnStep = (name, step) =>
        {
            if (armed && name == "file-server" && step == FaultStep.BeforeReply)
            {
                armed = false;
                throw new FaultInjectedException();
            }
        };
        machine.Ask(async sys =>
        {
            await sys.Put("/file", Pattern(10));
            armed = true;
            Assert.Equal(Errno.EIO, await sys.Unlink("/file").Error());
            Assert.Equal(Errno.ENOENT, await sys.Unlink("/file").Error());
            armed = true;
            Assert.Equal(3, await sys.Open("/file", ForWriting, 0x1A4).Value());
            armed = true;
            Assert.Equal(10, await sys.Pwrite(3, Pattern(10), 0).Value());
            armed = true;
            Assert.Equal(Errno.EIO, await sys.Open(
                "/new", ForWriting | OpenFlags.O_EXCL, 0x1A4).Error());
        });
    }

    [Fact]
    public void A_file_that_another_file_replaced_meanwhile_is_answered_ESTALE()
    {
        var machine = new FileMachine();
        machine.Ask(async sys =>
        {
            await sys.Put("/file", Pattern(10));
            var file = await sys.Open("/file", OpenFlags.O_RDONLY).Value();
            machine.Gate.Crash("file-server");

            // The new server does not know yet that the file is open, so its last name is its end.
            await sys.Unlink("/file").Value();
            await sys.Put("/other", Pattern(20));
            Assert.Equal(Errno.ESTALE, await sys.Read(file, new byte[10]).Error());
            await sys.Close(file).Value();
        });
    }

    private static (FileMachine Machine, int Steps) Run(params int[] crashAt)
    {
        var machine = new FileMachine(cacheBlocks: 16);
        var steps = 0;
        machine.Gate.Run();
        machine.Gate.OnStep = (name, step) =>
        {
            if (name == "file-server"
                && step is FaultStep.BeforeDiskRequest or FaultStep.AfterDiskRequest
                && crashAt.Contains(++steps))
            {
                throw new FaultInjectedException();
            }
        };
        var tree = new SortedDictionary<string, byte[]?>(StringComparer.Ordinal);
        machine.Ask(async sys =>
        {
            foreach (var change in Workload)
            {
                while (!await TryDo(change, sys, tree, machine.Image))
                {
                }
            }
        });
        Assert.True(SameTree(tree, new DiskChecker(machine.Image).Tree), "the tree at the end");
        return (machine, steps);
    }

    /// <summary>Makes a change; false if the server died and nothing of it was done.</summary>
    private static async ValueTask<bool> TryDo(
        Change change, Sys sys, SortedDictionary<string, byte[]?> tree, DiskImage image)
    {
        var result = await change.Do(sys);
        if (!result.Failed)
        {
            change.Apply(tree);
            return true;
        }

        // Asking anything waits until the server is back and has recovered.
        Assert.Equal(Errno.EIO, result.Error);
        await sys.Stat("/").Value();
        var actual = new DiskChecker(image);
        CheckEither(change, tree, actual.Tree);
        if (SameTree(tree, actual.Tree))
        {
            return false;
        }

        change.Apply(tree);
        if (!SameTree(tree, actual.Tree))
        {
            // An append that came to a part of its bytes: goes on from what is there.
            tree[change.Appends!] = actual.Tree[change.Appends!];
        }

        return true;
    }

    private static void CheckEither(
        Change change, SortedDictionary<string, byte[]?> before,
        SortedDictionary<string, byte[]?> actual)
    {
        var after = new SortedDictionary<string, byte[]?>(before, StringComparer.Ordinal);
        change.Apply(after);
        if (SameTree(before, actual) || SameTree(after, actual))
        {
            return;
        }

        Assert.NotNull(change.Appends);
        var (old, whole, found) =
            (before[change.Appends]!, after[change.Appends]!, actual[change.Appends]!);
        Assert.InRange(found.Length, old.Length, whole.Length);
        for (var i = 0; i < found.Length; i++)
        {
            Assert.True(
                found[i] == whole[i] || (i >= old.Length && found[i] == 0), $"byte {i} is strange");
        }

        after[change.Appends] = found;
        Assert.True(SameTree(after, actual), "something else changed");
    }

    private static bool SameTree(
        SortedDictionary<string, byte[]?> left, SortedDictionary<string, byte[]?> right) =>
        left.Keys.SequenceEqual(right.Keys) && left.All(
            pair => (pair.Value is null && right[pair.Key] is null)
                || (pair.Value is not null && right[pair.Key] is not null
                    && pair.Value.AsSpan().SequenceEqual(right[pair.Key])));

    private static void CheckDisk(DiskImage image, int at)
    {
        var checker = new DiskChecker(image);
        Assert.True(checker.Errors.Count == 0, $"crash {at}: {string.Join("; ", checker.Errors)}");
        Assert.InRange(checker.ExcessLinks, 0, 1);
        Assert.InRange(checker.LostInodes, 0, 1);
    }

    private static Change Mkdir(string path) =>
        new(sys => sys.Mkdir(path, 0x1ED), tree => tree[path] = null);

    private static Change Rmdir(string path) =>
        new(sys => sys.Rmdir(path), tree => tree.Remove(path));

    private static Change Unlink(string path) =>
        new(sys => sys.Unlink(path), tree => tree.Remove(path));

    private static Change Create(string path) => new(
        sys => OpenAndClose(sys, path, ForWriting | OpenFlags.O_EXCL), tree => tree[path] = []);

    private static Change Append(string path, int length) => new(
        sys => OpenAnd(
            sys, path, OpenFlags.O_WRONLY | OpenFlags.O_APPEND,
            file => sys.Write(file, Pattern(length))),
        tree => tree[path] = [.. tree[path]!, .. Pattern(length)], path);

    private static Change Write(string path, int offset, int length) => new(
        sys => OpenAnd(
            sys, path, OpenFlags.O_WRONLY, file => sys.Pwrite(file, Pattern(length, 9), offset)),
        tree => tree[path] =
            [.. tree[path]![..offset], .. Pattern(length, 9), .. tree[path]![(offset + length)..]]);

    private static Change Rename(string from, string to) => new(
        sys => sys.Rename(from, to),
        tree =>
        {
            foreach (var path in tree.Keys
                .Where(path => (path + "/").StartsWith(from + "/", StringComparison.Ordinal))
                .ToArray())
            {
                tree[to + path[from.Length..]] = tree[path];
                tree.Remove(path);
            }
        });

    private static ValueTask<SysResult> OpenAndClose(Sys sys, string path, OpenFlags flags) =>
        OpenAnd(sys, path, flags, _ => new ValueTask<SysResult>(new SysResult(0)));

    private static async ValueTask<SysResult> OpenAnd(
        Sys sys, string path, OpenFlags flags, Func<int, ValueTask<SysResult>> use)
    {
        var opened = await sys.Open(path, flags, 0x1A4);
        if (opened.Failed)
        {
            return opened;
        }

        var result = await use((int)opened.Raw);
        await sys.Close((int)opened.Raw);
        return result;
    }
}
