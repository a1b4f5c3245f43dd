using System.Security.Cryptography;
using Machine.Devices;
using Records;
using Scenarios.Import;
using Scenarios.Model;

namespace Machine.Tests;

/// <summary>Bytes travel from the host's directory through driver and file server into the
/// program.</summary>
public sealed class ReadFilesTests : IDisposable
{
    private readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("micro");

    public ReadFilesTests()
    {
        // Incompressible and different everywhere, so that no two sectors are alike.
        Write("empty", 0);
        Write("one-byte", 1);
        Write("block", 4096);
        Write("ragged", 12_345);
        Write("inside/indirect", 300_000);
    }

    public void Dispose() => directory.Delete(recursive: true);

    [Fact]
    public void Digests_are_the_hosts_in_every_placement()
    {
        var scenario = Lab.File("read-files.yaml");
        foreach (var placement in scenario.AllPlacements)
        {
            var run = Lab.Run(scenario, placement, Import());
            Assert.Empty(run.Result.Defects);
            Assert.Equal(HostFiles(), run.Result.Files);
        }
    }

    [Fact]
    public void One_flipped_bit_on_the_disk_changes_the_digest_of_that_file_only()
    {
        var disk = Import();
        Flip(disk, File.ReadAllBytes(Path.Combine(directory.FullName, "ragged")).AsSpan(4096, 512));
        var files = Lab.Run(Lab.File("read-files.yaml"), Placement.Microkernel, disk).Result.Files;
        var differing = HostFiles().Zip(files)
            .Where(pair => pair.First != pair.Second)
            .Select(pair => pair.First.Path);
        Assert.Equal(["/ragged"], differing);
    }

    private DiskImage Import() => DirectoryImporter.Import(directory.FullName).Image;

    private List<FileDigest> HostFiles() =>
    [
        .. directory.EnumerateFiles("*", SearchOption.AllDirectories)
            .Select(file => new FileDigest(
                "/" + Path.GetRelativePath(directory.FullName, file.FullName), file.Length,
                Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(file.FullName)))))
            .OrderBy(file => file.Path, StringComparer.Ordinal),
    ];

    private void Write(string name, int length)
    {
        var path = Path.Combine(directory.FullName, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, RandomNumberGenerator.GetBytes(length));
    }

    private static void Flip(DiskImage disk, ReadOnlySpan<byte> content)
    {
        var sector = new byte[512];
        for (var i = 0L; i < disk.SectorCount; i++)
        {
            disk.Read(i, sector);
            if (sector.AsSpan().SequenceEqual(content))
            {
                sector[100] ^= 1;
                disk.Write(i, sector);
                return;
            }
        }

        Assert.Fail("the content is not on the disk");
    }
}
