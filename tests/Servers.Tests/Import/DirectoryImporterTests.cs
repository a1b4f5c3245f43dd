using System.Diagnostics;
using System.Net.Sockets;
using System.Runtime.Versioning;
using System.Security.Cryptography;
using Abi.Posix;
using Scenarios.Import;
using Servers.Tests.Files;

namespace Servers.Tests.Import;

public sealed class DirectoryImporterTests : IDisposable
{
    private readonly DirectoryInfo host = Directory.CreateTempSubdirectory("micro-import-");

    public void Dispose() => host.Delete(recursive: true);

    [Fact]
    public void Every_kind_of_file_and_name_arrives_with_content_and_mode()
    {
        var expected = new SortedDictionary<string, byte[]?>(StringComparer.Ordinal)
        {
            ["/empty"] = [],
            ["/a name with spaces"] = SysExtensions.Pattern(10),
            ["/Grüße 日本 😀.txt"] = SysExtensions.Pattern(5000),
            ["/exactly one block"] = SysExtensions.Pattern(4096),
            ["/indirect"] = SysExtensions.Pattern(100_000),
            ["/" + new string('n', 255)] = [1],
            ["/dir"] = null,
            ["/dir/Z"] = [2],
            ["/dir/a"] = [3],
            ["/dir/empty dir"] = null,
        };
        var deep = "/dir";
        for (var i = 0; i < 100; i++)
        {
            expected[deep += "/level " + i] = null;
        }

        expected[deep + "/leaf"] = [4];
        foreach (var (path, bytes) in expected)
        {
            Put(path, bytes);
        }

        var imported = DirectoryImporter.Import(host.FullName);
        Assert.Empty(imported.Warnings);
        Assert.Equal(9, imported.Files);
        Assert.Equal(102, imported.Directories);
        var checker = new DiskChecker(imported.Image);
        Assert.Empty(checker.Errors);
        Assert.Equal((0, 0, 0), (checker.LostBlocks, checker.LostInodes, checker.ExcessLinks));
        Assert.Equal(expected, checker.Tree);

        // And through the file server, as a program sees it.
        var machine = new FileMachine(image: imported.Image);
        machine.Ask(async sys =>
        {
            foreach (var (path, bytes) in expected)
            {
                if (bytes is not null)
                {
                    Assert.Equal(bytes, await sys.Get(path));
                }
            }
        });
    }

    [SkippableFact]
    [UnsupportedOSPlatform("windows")]
    public void Permission_bits_are_kept()
    {
        Skip.If(OperatingSystem.IsWindows(), "Windows has no permission bits");
        Put("/tool", [1]);
        Put("/d", null);
        File.SetUnixFileMode(HostPath("/tool"), (UnixFileMode)0x1C9);
        File.SetUnixFileMode(HostPath("/d"), (UnixFileMode)0x1C0);
        new FileMachine(image: DirectoryImporter.Import(host.FullName).Image).Ask(async sys =>
        {
            await sys.Stat("/tool").Value();
            Assert.Equal(ModeBits.S_IFREG | 0x1C9, sys.FileStatus.Mode);
            await sys.Stat("/d").Value();
            Assert.Equal(ModeBits.S_IFDIR | 0x1C0, sys.FileStatus.Mode);
        });
    }

    [Fact]
    public void A_thousand_files_and_64_MiB_arrive()
    {
        for (var i = 0; i < 1200; i++)
        {
            Put($"/many/{i % 7}/file-{i}", SysExtensions.Pattern(i, i));
        }

        var big = new byte[64 << 20];
        for (var i = 0; i < big.Length; i += 4096)
        {
            BitConverter.TryWriteBytes(big.AsSpan(i), i * 2654435761u);
        }

        Put("/big", big);
        var imported = DirectoryImporter.Import(host.FullName);
        Assert.Equal(1201, imported.Files);
        Assert.Equal(big.Length + Enumerable.Range(0, 1200).Sum(i => (long)i), imported.Bytes);
        var machine = new FileMachine(image: imported.Image, cacheBlocks: 256);
        machine.Ask(async sys =>
        {
            var buffer = new byte[1 << 20];
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            var file = await sys.Open("/big", OpenFlags.O_RDONLY).Value();
            while (await sys.Read(file, buffer).Value() is > 0 and var count)
            {
                hash.AppendData(buffer.AsSpan(0, count));
            }

            Assert.Equal(SHA256.HashData(big), hash.GetHashAndReset());
            for (var i = 0; i < 1200; i += 37)
            {
                Assert.Equal(
                    SysExtensions.Pattern(i, i), await sys.Get($"/many/{i % 7}/file-{i}"));
            }
        });
    }

    [Fact]
    public void Names_go_in_the_order_of_their_bytes_so_the_disk_is_the_same_everywhere()
    {
        string[] names = ["b", "B", "a", "é", "z", "Z", "10", "9"];
        foreach (var name in names)
        {
            Put("/" + name, [(byte)name[0]]);
        }

        var first = DirectoryImporter.Import(host.FullName).Image.ContentHash();
        foreach (var name in names)
        {
            File.Delete(HostPath("/" + name));
        }

        foreach (var name in names.Reverse())
        {
            Put("/" + name, [(byte)name[0]]);
        }

        Assert.Equal(first, DirectoryImporter.Import(host.FullName).Image.ContentHash());
        Put("/9", [0]);
        Assert.NotEqual(first, DirectoryImporter.Import(host.FullName).Image.ContentHash());
    }

    [SkippableFact]
    public void Links_sockets_and_pipes_are_skipped_with_a_warning_each()
    {
        Skip.If(OperatingSystem.IsWindows(), "Windows has no pipes and sockets in directories");
        Put("/file", [1]);
        File.CreateSymbolicLink(HostPath("/link"), "file");
        Directory.CreateSymbolicLink(HostPath("/loop"), ".");
        using var socket = new Socket(
            AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(HostPath("/socket")));
        using (var mkfifo = Process.Start("mkfifo", HostPath("/pipe")))
        {
            mkfifo.WaitForExit();
            Assert.Equal(0, mkfifo.ExitCode);
        }

        var imported = DirectoryImporter.Import(host.FullName);
        Assert.Equal(["/file"], new DiskChecker(imported.Image).Tree.Keys);
        Assert.Equal(4, imported.Warnings.Count);
        Assert.Contains(imported.Warnings, text => text.Contains("/pipe: it is a named pipe"));
        Assert.Contains(imported.Warnings, text => text.Contains("/socket: it is a socket"));
        Assert.Contains(imported.Warnings, text => text.Contains("/link: symbolic links are not"));
    }

    [Fact]
    public void What_vanishes_or_cannot_be_read_is_one_clear_error()
    {
        var missing = Assert.Throws<ImportException>(
            () => DirectoryImporter.Import(HostPath("/nothing")));
        Assert.Equal(HostPath("/nothing"), missing.Path);
        Put("/file", [1]);
        Assert.Equal("it is not a directory", Assert.Throws<ImportException>(
            () => DirectoryImporter.Import(HostPath("/file"))).Reason);
        Put("/d/one", [1]);
        Put("/d/two", [2]);
        var vanished = Assert.Throws<ImportException>(() => DirectoryImporter.Import(
            host.FullName, reading: path =>
            {
                if (path.EndsWith("one", StringComparison.Ordinal))
                {
                    Directory.Delete(HostPath("/d"), recursive: true);
                }
            }));
        Assert.Equal(HostPath("/d/one"), vanished.Path);
        Assert.Contains("vanished", vanished.Reason, StringComparison.Ordinal);
    }

    [SkippableFact]
    [UnsupportedOSPlatform("windows")]
    public void A_file_without_permission_to_read_is_a_clear_error()
    {
        Skip.If(OperatingSystem.IsWindows(), "Windows has no permission bits");
        Skip.If(Environment.IsPrivilegedProcess, "root may read everything");
        Put("/secret", [1]);
        File.SetUnixFileMode(HostPath("/secret"), UnixFileMode.None);
        Assert.Equal("no permission to read it", Assert.Throws<ImportException>(
            () => DirectoryImporter.Import(host.FullName)).Reason);
    }

    [Fact]
    public void The_disk_is_as_large_as_asked_and_too_small_is_an_error()
    {
        Put("/file", SysExtensions.Pattern(1 << 20));
        Assert.Equal(
            (8 << 20) / 512, DirectoryImporter.Import(host.FullName, 8 << 20).Image.SectorCount);
        foreach (var size in new long[] { 1 << 20, 8192, 0 })
        {
            Assert.Contains("need a disk of", Assert.Throws<ImportException>(
                () => DirectoryImporter.Import(host.FullName, size)).Reason);
        }

        // Without a size: content and a quarter and 16 MiB.
        var sectors = DirectoryImporter.Import(host.FullName).Image.SectorCount;
        Assert.InRange(sectors * 512.0 / (1 << 20), 1.25 + 16, 1.3 + 17);
        Assert.Equal((64 << 20) / 512, DirectoryImporter.Empty().SectorCount);
    }

    [Fact]
    public void Flipping_one_sector_changes_exactly_the_file_that_has_it()
    {
        for (var i = 0; i < 20; i++)
        {
            var content = new byte[3000 * i + 512];
            new Random(i).NextBytes(content);
            Put($"/file-{i:00}", content);
        }

        var image = DirectoryImporter.Import(host.FullName).Image;
        var before = new DiskChecker(image).Tree;
        var changed = 0;
        for (long sector = 0; sector < image.SectorCount && changed < 60; sector++)
        {
            var bytes = new byte[512];
            image.Read(sector, bytes);
            var owners = before.Where(
                pair => pair.Value!.AsSpan().IndexOf(bytes) is >= 0 and var at && at % 512 == 0)
                .ToArray();
            if (owners.Length != 1)
            {
                continue;
            }

            changed++;
            var copy = image.Clone();
            bytes[100] ^= 0x10;
            copy.Write(sector, bytes);
            var machine = new FileMachine(image: copy);
            var after = machine.Ask(async sys =>
            {
                var differing = new List<string>();
                foreach (var (path, content) in before)
                {
                    if (!(await sys.Get(path)).AsSpan().SequenceEqual(content))
                    {
                        differing.Add(path);
                    }
                }

                return differing;
            });
            Assert.Equal([owners[0].Key], after);
        }

        Assert.Equal(60, changed);
    }

    private string HostPath(string path) => host.FullName + path;

    private void Put(string path, byte[]? bytes)
    {
        if (bytes is null)
        {
            Directory.CreateDirectory(HostPath(path));
        }
        else
        {
            Directory.CreateDirectory(Path.GetDirectoryName(HostPath(path))!);
            File.WriteAllBytes(HostPath(path), bytes);
        }
    }
}
