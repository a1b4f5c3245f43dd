using Abi;
using Abi.Devices;
using Abi.Posix;
using LibSys;
using LibSys.Protocols;
using Servers.Files;
using static Servers.Tests.Files.SysExtensions;

namespace Servers.Tests.Files;

/// <summary>
/// What fails and how. Errnos as the man pages of Linux have them; what a random program can reach
/// is compared with the host in <see cref="RandomProgramTests"/>.
/// </summary>
public sealed class FileErrorTests
{
    private static readonly string LongestName = new('n', 255);
    private static readonly string TooLongName = new('n', 256);

    /// <summary>
    /// Calls on a tree of a file /file, a directory /dir with a file in it, and an empty directory
    /// /empty.
    /// </summary>
    public static TheoryData<string, Errno> Table
    {
        get
        {
            var data = new TheoryData<string, Errno>();
            foreach (var (name, (error, _)) in Calls)
            {
                data.Add(name, error);
            }

            return data;
        }
    }

    private static SortedDictionary<string, (Errno, Func<Sys, ValueTask<SysResult>>)> Calls
    {
        get;
    } = new(StringComparer.Ordinal)
    {
        ["open an empty path"] = (Errno.ENOENT, sys => sys.Open("", OpenFlags.O_RDONLY)),
        ["open a path with a NUL"] =
                (Errno.EINVAL, sys => sys.Open("a\0b", OpenFlags.O_RDONLY)),
        ["open with access mode 3"] =
                (Errno.EINVAL, sys => sys.Open("/file", OpenFlags.O_ACCMODE)),
        ["open a file as a directory"] =
                (Errno.ENOTDIR, sys => sys.Open("/file", OpenFlags.O_DIRECTORY)),
        ["open a directory to write"] =
                (Errno.EISDIR, sys => sys.Open("/dir", OpenFlags.O_WRONLY)),
        ["open a directory to empty it"] =
                (Errno.EISDIR, sys => sys.Open("/dir", OpenFlags.O_TRUNC)),
        ["open the root to write"] = (Errno.EISDIR, sys => sys.Open("/", OpenFlags.O_RDWR)),
        ["create the root"] = (Errno.EISDIR, sys => sys.Open("/", OpenFlags.O_CREAT)),
        ["create with a slash"] = (Errno.EISDIR, sys => sys.Open("/new/", OpenFlags.O_CREAT)),
        ["create below a file"] =
                (Errno.ENOTDIR, sys => sys.Open("/file/new", OpenFlags.O_CREAT)),
        ["create below nothing"] =
                (Errno.ENOENT, sys => sys.Open("/no/new", OpenFlags.O_CREAT)),
        ["create exclusively what is there"] = (
                Errno.EEXIST, sys => sys.Open("/file", OpenFlags.O_CREAT | OpenFlags.O_EXCL)),
        ["open the longest name"] = (Errno.ENOENT, sys => sys.Open("/" + LongestName, 0)),
        ["open a longer name"] = (Errno.ENAMETOOLONG, sys => sys.Open("/" + TooLongName, 0)),
        ["create a longer name"] =
                (Errno.ENAMETOOLONG, sys => sys.Open("/" + TooLongName, OpenFlags.O_CREAT)),
        ["a longer name on the way"] =
                (Errno.ENAMETOOLONG, sys => sys.Stat($"/{TooLongName}/file")),
        ["a longer name below nothing"] = (Errno.ENOENT, sys => sys.Stat($"/no/{TooLongName}")),
        ["a path of 4095 bytes"] = (Errno.None, sys => sys.Stat(PathOf(4095))),
        ["a path of 4096 bytes"] = (Errno.ENAMETOOLONG, sys => sys.Stat(PathOf(4096))),
        ["a path of 100,000 bytes"] = (Errno.ENAMETOOLONG, sys => sys.Stat(PathOf(100_000))),
        ["rename from a path of 4096 bytes"] =
                (Errno.ENAMETOOLONG, sys => sys.Rename(PathOf(4096), "/x")),
        ["rename to a path of 4096 bytes"] =
                (Errno.ENAMETOOLONG, sys => sys.Rename("/file", PathOf(4096))),
        ["rename between paths of 4095 bytes"] = (
                Errno.None, sys => sys.Rename(PathOf(4095), PathOf(4095))),
        ["stat a file with a slash"] = (Errno.ENOTDIR, sys => sys.Stat("/file/")),
        ["stat above the root"] = (Errno.None, sys => sys.Stat("/../../dir/..")),
        ["mkdir the root"] = (Errno.EEXIST, sys => sys.Mkdir("/", 0x1ED)),
        ["mkdir over a file"] = (Errno.EEXIST, sys => sys.Mkdir("/file", 0x1ED)),
        ["rmdir the root"] = (Errno.EBUSY, sys => sys.Rmdir("/")),
        ["rmdir a directory in use"] = (Errno.ENOTEMPTY, sys => sys.Rmdir("/dir")),
        ["rmdir a dot"] = (Errno.EINVAL, sys => sys.Rmdir("/empty/.")),
        ["rmdir two dots"] = (Errno.ENOTEMPTY, sys => sys.Rmdir("/empty/..")),
        ["rmdir a file"] = (Errno.ENOTDIR, sys => sys.Rmdir("/file")),
        ["unlink a directory"] = (Errno.EISDIR, sys => sys.Unlink("/empty")),
        ["unlink the root"] = (Errno.EISDIR, sys => sys.Unlink("/")),
        ["rename the root"] = (Errno.EBUSY, sys => sys.Rename("/", "/x")),
        ["rename to the root"] = (Errno.EBUSY, sys => sys.Rename("/dir", "/")),
        ["rename into itself"] = (Errno.EINVAL, sys => sys.Rename("/dir", "/dir/sub")),
        ["rename onto its parent"] =
                (Errno.ENOTEMPTY, sys => sys.Rename("/dir/inside", "/dir")),
        ["rename onto itself"] = (Errno.None, sys => sys.Rename("/dir", "/dir/../dir")),
        ["rename a directory onto one in use"] =
                (Errno.ENOTEMPTY, sys => sys.Rename("/empty", "/dir")),
        ["rename a directory onto an empty one"] =
                (Errno.None, sys => sys.Rename("/dir", "/empty")),
        ["rename a file onto a directory"] =
                (Errno.EISDIR, sys => sys.Rename("/file", "/empty")),
        ["rename a directory onto a file"] =
                (Errno.ENOTDIR, sys => sys.Rename("/empty", "/file")),
        ["read no descriptor"] = (Errno.EBADF, sys => sys.Read(3, new byte[1])),
        ["read a negative descriptor"] = (Errno.EBADF, sys => sys.Read(-1, new byte[1])),
        ["read beyond all descriptors"] = (Errno.EBADF, sys => sys.Read(1024, new byte[1])),
        ["pread at a negative offset of none"] =
                (Errno.EINVAL, sys => sys.Pread(99, new byte[1], -1)),
        ["close twice"] = (Errno.EBADF, async sys =>
        {
            await sys.Close(await sys.Open("/file", OpenFlags.O_RDONLY).Value()).Value();
            return await sys.Close(3);
        }
        ),
        ["write to what is open to read"] = (Errno.EBADF, async sys =>
            await sys.Write(await sys.Open("/file", OpenFlags.O_RDONLY).Value(), new byte[1])),
        ["read from what is open to write"] = (Errno.EBADF, async sys =>
            await sys.Read(await sys.Open("/file", OpenFlags.O_WRONLY).Value(), new byte[1])),
        ["read a directory"] = (Errno.EISDIR, async sys =>
            await sys.Read(await sys.Open("/dir", OpenFlags.O_RDONLY).Value(), new byte[1])),
        ["list a file"] = (Errno.ENOTDIR, async sys =>
            await sys.Getdents(
                await sys.Open("/file", OpenFlags.O_RDONLY).Value(), new byte[99])),
        ["list into too little"] = (Errno.EINVAL, async sys =>
            await sys.Getdents(
                await sys.Open("/dir", OpenFlags.O_RDONLY).Value(), new byte[23])),
        ["list a removed directory"] = (Errno.ENOENT, async sys =>
        {
            var directory = await sys.Open("/empty", OpenFlags.O_RDONLY).Value();
            await sys.Rmdir("/empty").Value();
            return await sys.Getdents(directory, new byte[99]);
        }
        ),
        ["create in a removed directory"] = (Errno.ENOENT, async sys =>
        {
            var directory = await sys.Open("/empty", OpenFlags.O_RDONLY).Value();
            await sys.Rmdir("/empty").Value();
            return await sys.Openat(directory, "new", ForWriting, 0x1A4);
        }
        ),
        ["seek before the beginning"] = (Errno.EINVAL, async sys =>
            await sys.Lseek(
                await sys.Open("/file", OpenFlags.O_RDONLY).Value(), -11, Whence.SEEK_END)),
        ["seek beyond the largest offset"] = (Errno.EINVAL, async sys =>
            await sys.Lseek(
                await sys.Open("/file", OpenFlags.O_RDONLY).Value(), long.MaxValue,
                Whence.SEEK_END)),
        ["seek from nowhere"] = (Errno.EINVAL, async sys =>
            await sys.Lseek(
                await sys.Open("/file", OpenFlags.O_RDONLY).Value(), 0, (Whence)3)),
        ["write beyond the largest file"] = (Errno.EFBIG, async sys =>
            await sys.Pwrite(
                await sys.Open("/file", OpenFlags.O_RDWR).Value(), new byte[1],
                DiskLayout.SizeLimit)),
        ["write beyond the largest offset"] = (Errno.EINVAL, async sys =>
            await sys.Pwrite(
                await sys.Open("/file", OpenFlags.O_RDWR).Value(), new byte[2], long.MaxValue)),
    };

    [Theory]
    [MemberData(nameof(Table))]
    public void A_call_fails_as_on_Linux(string name, Errno error) =>
        new FileMachine().Ask(async sys =>
        {
            await sys.Put("/file", Pattern(10));
            await sys.Mkdir("/dir", 0x1ED).Value();
            await sys.Put("/dir/inside", Pattern(10));
            await sys.Mkdir("/empty", 0x1ED).Value();
            var (_, call) = Calls[name];
            Assert.Equal(error, await call(sys).Error());
        });

    [Fact]
    public void A_full_disk_gives_what_fits_and_then_ENOSPC_and_nothing_breaks()
    {
        var machine = new FileMachine(bytes: 1 << 20, inodes: 32);
        machine.Ask(async sys =>
        {
            await sys.Put("/before", Pattern(10_000));
            var free = await FreeBlocks(sys);
            var file = await sys.Open("/big", ForWriting, 0x1A4).Value();
            var written = 0;
            var count = 0;
            while ((count = await sys.Write(file, Pattern(50_000)).Value()) == 50_000)
            {
                written += count;
            }

            // All free blocks but the pointer block hold data; the last write was cut.
            written += count;
            Assert.Equal((free - 1) * 4096L, written);
            Assert.Equal(Errno.ENOSPC, await sys.Write(file, Pattern(1)).Error());
            Assert.Equal(Errno.ENOSPC, await sys.Mkdir("/d", 0x1ED).Error());
            Assert.Equal(0, await FreeBlocks(sys));

            // What needs no block still works: overwriting, a name in a block that has room.
            await sys.Pwrite(file, Pattern(5000, 3), 100).Value();
            var empty = await sys.Open("/empty", ForWriting, 0x1A4).Value();
            Assert.Equal(Errno.ENOSPC, await sys.Write(empty, Pattern(1)).Error());
            await sys.Rename("/empty", "/renamed").Value();
            Assert.Equal(Pattern(10_000), await sys.Get("/before"));
            Assert.Equal(written, (await sys.Get("/big")).Length);
            await sys.Close(file).Value();
            await sys.Unlink("/big").Value();
            Assert.Equal(free, await FreeBlocks(sys));
            await sys.Put("/after", Pattern(100_000));
            Assert.Equal(Pattern(100_000), await sys.Get("/after"));
        });
        AssertSound(machine);
    }

    [Fact]
    public void The_last_inode_gone_is_ENOSPC()
    {
        var machine = new FileMachine(inodes: 4);
        machine.Ask(async sys =>
        {
            await sys.Put("/one", []);
            await sys.Put("/two", []);
            await sys.Mkdir("/three", 0x1ED).Value();
            Assert.Equal(Errno.ENOSPC, await sys.Open("/four", ForWriting, 0x1A4).Error());
            Assert.Equal(Errno.ENOSPC, await sys.Mkdir("/four", 0x1ED).Error());
            await sys.Unlink("/one").Value();
            await sys.Put("/four", []);
        });
        AssertSound(machine);
    }

    [Fact]
    public void A_disk_full_at_any_point_leaves_it_sound()
    {
        // The same operations on disks that have from none to 40 free blocks.
        for (var free = 0; free <= 40; free++)
        {
            var blocks = new DiskLayout(100, 64).DataStart + 1 + free;
            var machine = new FileMachine(bytes: blocks * 4096L, inodes: 64);
            Assert.Equal(free, machine.Usage().FreeBlocks);
            machine.Ask(async sys =>
            {
                for (var i = 0; i < 4; i++)
                {
                    await sys.Mkdir($"/d{i}", 0x1ED);
                    var file = await sys.Open($"/d{i}/f", ForWriting, 0x1A4);
                    if (!file.Failed)
                    {
                        await sys.Write((int)file.Raw, Pattern(70_000));
                        await sys.Pwrite((int)file.Raw, Pattern(10), 2_000_000 * i);
                        await sys.Pwrite((int)file.Raw, Pattern(10), 5_000_000);
                        await sys.Close((int)file.Raw).Value();
                    }
                }
            });
            AssertSound(machine);
            machine.Ask(sys => sys.RemoveAll(""));
            Assert.Equal(free, machine.Usage().FreeBlocks);
        }
    }

    [Fact]
    public void A_sector_that_cannot_be_read_is_EIO_for_its_file_only()
    {
        // The cache forgets the first file while the second is written; then one of its blocks goes
        // bad.
        var machine = new FileMachine(cacheBlocks: 16);
        var bytes = Pattern(100_000, 2);
        machine.Ask(async sys =>
        {
            await sys.Put("/bad", bytes);
            await sys.Put("/good", Pattern(100_000));
        });
        machine.Disk.Fails = request =>
        {
            var block = new byte[4096];
            machine.Image.Read(request.Sector, block);
            return block.AsSpan().SequenceEqual(bytes.AsSpan(4096, 4096))
                ? Errno.EIO
                : Errno.None;
        };
        machine.Ask(async sys =>
        {
            var bad = await sys.Open("/bad", OpenFlags.O_RDONLY).Value();
            Assert.Equal(Errno.EIO, await sys.Read(bad, new byte[100_000]).Error());
            Assert.Equal(4096, await sys.Pread(bad, new byte[4096], 8192).Value());
            Assert.Equal(Pattern(100_000), await sys.Get("/good"));
            machine.Disk.Fails = _ => Errno.None;
            Assert.Equal(bytes, await sys.Get("/bad"));
        });
    }

    [Fact]
    public void A_write_that_the_disk_refuses_is_EIO_and_what_was_there_stays()
    {
        // Each write of a workload fails once.
        for (var failing = 1; ; failing++)
        {
            var machine = new FileMachine();
            machine.Ask(sys => sys.Put("/file", Pattern(60_000)));
            var writes = 0;
            machine.Disk.Fails = request =>
                request.Operation == DeviceOperation.WriteSectors && ++writes == failing
                    ? Errno.EIO
                    : Errno.None;
            var errors = machine.Ask(async sys =>
            {
                SysResult[] results =
                [
                    await sys.Mkdir("/d", 0x1ED),
                    await sys.Rename("/file", "/d/file"),
                    await sys.Rename("/d/file", "/file"),
                    await sys.Open("/new", ForWriting, 0x1A4),
                ];
                var file = await sys.Open("/file", OpenFlags.O_RDWR | OpenFlags.O_APPEND);
                if (!file.Failed)
                {
                    results = [.. results, await sys.Write((int)file.Raw, Pattern(20_000))];
                }

                return results.Count(result => result.Error == Errno.EIO);
            });
            if (writes < failing)
            {
                Assert.Equal(0, errors);
                break;
            }

            Assert.InRange(errors, 1, 3);
            var found = new DiskChecker(machine.Image).Tree.Values.Single(
                content => content is { Length: > 0 })!;
            Assert.Equal(Pattern(60_000), found[..60_000]);
        }
    }

    /// <summary>A path of so many bytes that leads to /file.</summary>
    private static string PathOf(int length) => "/file".PadLeft(length, '/');

    private static async ValueTask<long> FreeBlocks(Sys sys) => (await sys.Call(
        sys.Connections.To(FileProtocol.Name), Abi.Kernel.Message.Request(FileProtocol.Usage),
        Retry.Idempotent)).C;

    private static void AssertSound(FileMachine machine)
    {
        var checker = new DiskChecker(machine.Image);
        Assert.Empty(checker.Errors);
        Assert.Equal(
            (0, 0, 0), (checker.LostBlocks, checker.LostInodes, checker.ExcessLinks));
    }
}
