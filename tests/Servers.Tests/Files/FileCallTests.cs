using Abi;
using Abi.Posix;
using static Servers.Tests.Files.SysExtensions;

namespace Servers.Tests.Files;

/// <summary>What each call does when it succeeds.</summary>
public sealed class FileCallTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(4096)]
    [InlineData(4097)]
    [InlineData(12 * 4096 + 5)]
    [InlineData(300_000)]
    public void What_was_written_is_read_back(int length)
    {
        var machine = new FileMachine();
        var bytes = Pattern(length);
        var read = machine.Ask(async sys =>
        {
            await sys.Put("/file", bytes);
            return await sys.Get("/file");
        });
        Assert.Equal(bytes, read);
    }

    [Fact]
    public void A_file_reaches_into_its_double_indirect_blocks()
    {
        // 12 direct and 1024 indirect blocks come before; then a second leaf of the double-indirect
        // block.
        var machine = new FileMachine();
        long[] offsets = [0, 11 * 4096, 12 * 4096, 1035 * 4096L, 1036 * 4096L, 2061 * 4096L];
        machine.Ask(async sys =>
        {
            var file = await sys.Open("/sparse", ForWriting, 0x1A4).Value();
            foreach (var offset in offsets)
            {
                await sys.Pwrite(file, Pattern(100, (int)offset), offset).Value();
            }

            var buffer = new byte[100];
            foreach (var offset in offsets)
            {
                Assert.Equal(100, await sys.Pread(file, buffer, offset).Value());
                Assert.Equal(Pattern(100, (int)offset), buffer);
            }

            await sys.Fstat(file).Value();
            Assert.Equal(2061 * 4096L + 100, sys.FileStatus.Size);

            // Six data blocks, the indirect block, the double-indirect block and two of its leaves.
            Assert.Equal(10 * 8, sys.FileStatus.Blocks);
            Assert.Equal(100, await sys.Pread(file, buffer, 500 * 4096L).Value());
            Assert.All(buffer, value => Assert.Equal(0, value));
        });
    }

    [Fact]
    public void Dup_shares_the_position_and_a_second_open_does_not() =>
        new FileMachine().Ask(async sys =>
        {
            await sys.Put("/file", Pattern(100));
            var first = await sys.Open("/file", OpenFlags.O_RDONLY).Value();
            var copy = await sys.Dup(first).Value();
            var second = await sys.Open("/file", OpenFlags.O_RDONLY).Value();
            var buffer = new byte[10];
            await sys.Read(first, buffer).Value();
            Assert.Equal(10, await sys.Lseek(copy, 0, Whence.SEEK_CUR).Value());
            Assert.Equal(0, await sys.Lseek(second, 0, Whence.SEEK_CUR).Value());
            await sys.Close(first).Value();
            Assert.Equal(10, await sys.Read(copy, buffer).Value());
            Assert.Equal(Pattern(100)[10..20], buffer);
        });

    [Fact]
    public void The_lowest_free_descriptor_is_given() => new FileMachine().Ask(async sys =>
    {
        await sys.Put("/file", []);
        Assert.Equal(3, await sys.Open("/file", OpenFlags.O_RDONLY).Value());
        Assert.Equal(4, await sys.Open("/file", OpenFlags.O_RDONLY).Value());
        await sys.Close(3).Value();
        Assert.Equal(3, await sys.Dup(4).Value());
        await sys.Close(0).Value();
        Assert.Equal(0, await sys.Open("/file", OpenFlags.O_RDONLY).Value());
    });

    [Fact]
    public void The_1025th_descriptor_is_refused_EMFILE() => new FileMachine().Ask(async sys =>
    {
        await sys.Put("/file", []);
        for (var i = 3; i < 1024; i++)
        {
            Assert.Equal(i, await sys.Open("/file", OpenFlags.O_RDONLY).Value());
        }

        Assert.Equal(Errno.EMFILE, await sys.Open("/file", OpenFlags.O_RDONLY).Error());
        Assert.Equal(Errno.EMFILE, await sys.Open("/new", ForWriting, 0x1A4).Error());
        Assert.Equal(Errno.EMFILE, await sys.Dup(3).Error());
        await sys.Close(7).Value();
        Assert.Equal(Errno.ENOENT, await sys.Open("/new", OpenFlags.O_RDONLY).Error());
        Assert.Equal(7, await sys.Dup(3).Value());
    });

    [Fact]
    public void Append_writes_at_the_end_wherever_that_is() => new FileMachine().Ask(async sys =>
    {
        var first = await sys.Open("/log", ForWriting | OpenFlags.O_APPEND, 0x1A4).Value();
        var second = await sys.Open("/log", OpenFlags.O_WRONLY | OpenFlags.O_APPEND).Value();
        await sys.Write(first, "one "u8.ToArray()).Value();
        await sys.Write(second, "two "u8.ToArray()).Value();
        await sys.Lseek(first, 0, Whence.SEEK_SET).Value();
        await sys.Write(first, "three"u8.ToArray()).Value();
        Assert.Equal(13, await sys.Lseek(first, 0, Whence.SEEK_CUR).Value());
        Assert.Equal("one two three"u8.ToArray(), await sys.Get("/log"));
    });

    [Fact]
    public void A_file_without_a_name_lives_until_its_last_close()
    {
        var machine = new FileMachine();
        var before = machine.Usage();
        machine.Ask(async sys =>
        {
            var file = await sys.Open("/file", ForWriting, 0x1A4).Value();
            await sys.Write(file, Pattern(100_000)).Value();
            await sys.Unlink("/file").Value();
            Assert.Equal(Errno.ENOENT, await sys.Stat("/file").Error());
            await sys.Fstat(file).Value();
            Assert.Equal(0, sys.FileStatus.Links);
            await sys.Pwrite(file, Pattern(10, 2), 5).Value();
            var buffer = new byte[10];
            await sys.Pread(file, buffer, 5).Value();
            Assert.Equal(Pattern(10, 2), buffer);

            // The name can be another file's meanwhile.
            await sys.Put("/file", [1]);
            Assert.Equal([1], await sys.Get("/file"));
            await sys.Unlink("/file").Value();
            await sys.Close(file).Value();
        });
        Assert.Equal(before, machine.Usage());
    }

    [Fact]
    public void Blocks_and_inodes_are_free_again_after_everything_was_removed()
    {
        var machine = new FileMachine(bytes: 32 << 20);
        var before = machine.Usage();
        machine.Ask(async sys =>
        {
            await sys.Mkdir("/d", 0x1ED).Value();
            await sys.Mkdir("/d/e", 0x1ED).Value();
            await sys.Put("/d/e/big", Pattern(6_000_000));
            await sys.Put("/d/small", Pattern(10));
            var file = await sys.Open("/d/sparse", ForWriting, 0x1A4).Value();
            await sys.Pwrite(file, Pattern(10), 3000 * 4096L).Value();
            await sys.Close(file).Value();
        });
        var full = machine.Usage();
        Assert.True(full.FreeBlocks < before.FreeBlocks - 1400, full.ToString());
        machine.Ask(async sys =>
        {
            await sys.Unlink("/d/e/big").Value();
            await sys.Unlink("/d/small").Value();
            await sys.Close(await sys.Open(
                "/d/sparse", OpenFlags.O_WRONLY | OpenFlags.O_TRUNC).Value()).Value();
            await sys.Unlink("/d/sparse").Value();
            await sys.Rmdir("/d/e").Value();
            await sys.Rmdir("/d").Value();
        });
        Assert.Equal(before, machine.Usage());
    }

    [Fact]
    public void The_handles_of_a_client_that_ended_are_closed()
    {
        var machine = new FileMachine();
        var before = machine.Usage();
        var client = machine.Gate.Spawn(async sys =>
        {
            var file = await sys.Open("/file", ForWriting, 0x1A4).Value();
            await sys.Write(file, Pattern(5000)).Value();
            return await sys.Unlink("/file").Value();
        });
        machine.Gate.Run();
        Assert.NotEqual(before, machine.Usage());
        Assert.Equal(1, machine.Ask(async sys => (await sys.Call(
            sys.Connections.To("file-server"),
            Abi.Kernel.Message.Request(LibSys.Protocols.FileProtocol.ClientGone, client.Pid),
            LibSys.Retry.Idempotent)).A));
        Assert.Equal(before, machine.Usage());
    }

    [Fact]
    public void A_directory_has_two_links_and_one_for_each_subdirectory() =>
        new FileMachine().Ask(async sys =>
        {
            await sys.Mkdir("/d", 0x1ED).Value();
            await sys.Mkdir("/d/one", 0x1ED).Value();
            await sys.Mkdir("/d/two", 0x1ED).Value();
            await sys.Mkdir("/other", 0x1ED).Value();
            Assert.Equal(4, await LinksOf(sys, "/d"));
            await sys.Rename("/d/one", "/other/one").Value();
            Assert.Equal(3, await LinksOf(sys, "/d"));
            Assert.Equal(3, await LinksOf(sys, "/other"));
            Assert.Equal(await InodeOf(sys, "/other"), await InodeOf(sys, "/other/one/.."));
            await sys.Rename("/d/two", "/other/one").Value();
            Assert.Equal(2, await LinksOf(sys, "/d"));
            Assert.Equal(3, await LinksOf(sys, "/other"));
        });

    [Fact]
    public void Mode_bits_are_kept_and_types_are_told() => new FileMachine().Ask(async sys =>
    {
        await sys.Close(await sys.Open("/file", ForWriting, 0x9A4).Value()).Value();
        await sys.Stat("/file").Value();
        Assert.Equal(0x89A4, sys.FileStatus.Mode);
        await sys.Mkdir("/d", 0x1C0).Value();
        await sys.Stat("/d").Value();
        Assert.Equal(0x41C0, sys.FileStatus.Mode);
        await sys.Fstat(1).Value();
        Assert.Equal(0x2000, sys.FileStatus.Mode & ModeBits.S_IFMT);
    });

    [Fact]
    public void Openat_starts_from_an_open_directory() => new FileMachine().Ask(async sys =>
    {
        await sys.Mkdir("/d", 0x1ED).Value();
        await sys.Put("/d/file", [7]);
        await sys.Put("/file", [8]);
        var directory = await sys.Open("/d", OpenFlags.O_RDONLY).Value();
        var file = await sys.Openat(directory, "file", OpenFlags.O_RDONLY).Value();
        var buffer = new byte[1];
        await sys.Read(file, buffer).Value();
        Assert.Equal(7, buffer[0]);
        file = await sys.Openat(directory, "../file", OpenFlags.O_RDONLY).Value();
        await sys.Read(file, buffer).Value();
        Assert.Equal(8, buffer[0]);
        file = await sys.Openat(999, "/d/file", OpenFlags.O_RDONLY).Value();
        Assert.Equal(Errno.EBADF, await sys.Openat(999, "file", OpenFlags.O_RDONLY).Error());
        Assert.Equal(Errno.ENOTDIR, await sys.Openat(file, "x", OpenFlags.O_RDONLY).Error());
        Assert.Equal(Errno.ENOTDIR, await sys.Openat(1, "x", OpenFlags.O_RDONLY).Error());
    });

    [Fact]
    public void Names_hold_any_bytes_and_paths_longer_than_the_message_buffer_work() =>
        new FileMachine().Ask(async sys =>
        {
            var deep = "";
            for (var i = 0; i < 15; i++)
            {
                deep += "/" + new string('é', 127) + (char)('a' + i);
                await sys.Mkdir(deep, 0x1ED).Value();
            }

            Assert.True(System.Text.Encoding.UTF8.GetByteCount(deep) > 3800);
            await sys.Put(deep + "/ a\nname\t", [1]);
            await sys.Rename(deep + "/ a\nname\t", deep + "/日本").Value();
            Assert.Equal(["日本"], await sys.List(deep));
            Assert.Equal([1], await sys.Get(deep + "/日本"));
        });

    [Fact]
    public void Many_names_are_listed_once_each_through_any_buffer_and_while_names_go() =>
        new FileMachine(inodes: 3000).Ask(async sys =>
        {
            var names = Enumerable.Range(0, 600)
                .Select(i => $"name-{i:000}-{new string('x', i % 40)}").ToArray();
            await sys.Mkdir("/d", 0x1ED).Value();
            foreach (var name in names)
            {
                await sys.Put("/d/" + name, []);
            }

            Assert.Equal(names.Order(StringComparer.Ordinal), await sys.List("/d"));
            Assert.Equal(names.Order(StringComparer.Ordinal), await sys.List("/d", 80));

            // Every second name goes between two calls; each of the others is still listed exactly
            // once.
            var directory = await sys.Open("/d", OpenFlags.O_RDONLY).Value();
            var seen = new List<string>();
            var buffer = new byte[100];
            var gone = 1;
            while (await sys.Getdents(directory, buffer).Value() is > 0 and var count)
            {
                seen.AddRange(Names(buffer.AsMemory(0, count)));
                if (gone < 600)
                {
                    await sys.Unlink("/d/" + names[gone]).Value();
                    gone += 2;
                }
            }

            var staying = await sys.List("/d");
            foreach (var name in staying)
            {
                Assert.Single(seen, name);
            }

            Assert.Equal(seen.Count, seen.Distinct().Count());
        });

    [Fact]
    public void Console_output_goes_to_the_console_server_only() =>
        new FileMachine().Ask(async sys =>
        {
            Assert.Equal(Errno.ESPIPE, await sys.Lseek(1, 0, Whence.SEEK_SET).Error());
            Assert.Equal(Errno.ESPIPE, await sys.Pread(0, new byte[1], 0).Error());

            // There is no console here, so naming does not know it.
            Assert.Equal(Errno.ENOENT, await sys.Write(1, "text"u8.ToArray()).Error());
        });

    private static async ValueTask<int> LinksOf(LibSys.Sys sys, string path)
    {
        await sys.Stat(path).Value();
        return sys.FileStatus.Links;
    }

    private static async ValueTask<long> InodeOf(LibSys.Sys sys, string path)
    {
        await sys.Stat(path).Value();
        return sys.FileStatus.Inode;
    }
}
