using Abi;
using Abi.Devices;
using Abi.Kernel;
using Abi.Posix;
using LibSys;
using LibSys.Protocols;
using Machine.Devices;
using Servers.Disk;
using Servers.Files;
using Testing;

namespace Servers.Tests.Files;

/// <summary>A disk, its driver and the file server on the fake machine.</summary>
internal sealed class FileMachine
{
    public FileMachine(
        long bytes = 8 << 20, int inodes = 256, int cacheBlocks = 64, int concurrency = 4,
        DiskImage? image = null)
    {
        Image = image ?? Format(bytes, inodes);
        Disk = new FakeDisk(Image);
        Driver = Gate.Register(() => new DiskDriver(Image.SectorCount, 4), concurrency, Disk);
        Server = Gate.Register(() => new FileServer(cacheBlocks), concurrency);
    }

    public DirectGate Gate { get; } = new();
    public DiskImage Image { get; }
    public FakeDisk Disk { get; }
    public FakeComponent Driver { get; }
    public FakeComponent Server { get; }

    public static DiskImage Format(long bytes, int inodes)
    {
        var image = new DiskImage(bytes / ISectorStore.SectorSize);
        new DiskFormatter(image, inodes).Finish();
        return image;
    }

    public T Ask<T>(Func<Sys, ValueTask<T>> program) => Gate.Ask(program);

    public void Ask(Func<Sys, ValueTask> program) => Gate.Ask(program);

    public (long FreeBlocks, long FreeInodes) Usage() => Ask(async sys =>
    {
        var answer = await sys.Call(
            sys.Connections.To(FileProtocol.Name), Message.Request(FileProtocol.Usage),
            Retry.Idempotent);
        return (answer.C, answer.E);
    });
}

internal static class SysExtensions
{
    public const OpenFlags ForWriting = OpenFlags.O_RDWR | OpenFlags.O_CREAT;

    /// <summary>A call that must succeed: its value.</summary>
    public static async ValueTask<int> Value(this ValueTask<SysResult> call)
    {
        var result = await call;
        Assert.False(result.Failed, result.ToString());
        return (int)result.Raw;
    }

    public static async ValueTask<Errno> Error(this ValueTask<SysResult> call) =>
        (await call).Error;

    public static async ValueTask Put(this Sys sys, string path, byte[] bytes)
    {
        var file = await sys.Open(path, ForWriting | OpenFlags.O_TRUNC, 0x1A4).Value();
        Assert.Equal(bytes.Length, await sys.Write(file, bytes).Value());
        await sys.Close(file).Value();
    }

    public static async ValueTask<byte[]> Get(this Sys sys, string path)
    {
        var file = await sys.Open(path, OpenFlags.O_RDONLY).Value();
        var bytes = new List<byte>();
        var buffer = new byte[10_000];
        while (true)
        {
            var count = await sys.Read(file, buffer).Value();
            if (count == 0)
            {
                await sys.Close(file).Value();
                return [.. bytes];
            }

            bytes.AddRange(buffer.AsSpan(0, count));
        }
    }

    /// <summary>The names in a directory but "." and "..", in ordinal order.</summary>
    public static async ValueTask<string[]> List(this Sys sys, string path, int bufferSize = 4096)
    {
        var directory = await sys.Open(path, OpenFlags.O_RDONLY | OpenFlags.O_DIRECTORY).Value();
        var names = new List<string>();
        var buffer = new byte[bufferSize];
        while (true)
        {
            var count = await sys.Getdents(directory, buffer).Value();
            if (count == 0)
            {
                break;
            }

            names.AddRange(Names(buffer.AsMemory(0, count)));
        }

        await sys.Close(directory).Value();
        return [.. names.Where(name => name is not ("." or "..")).Order(StringComparer.Ordinal)];
    }

    /// <summary>Removes everything below a directory.</summary>
    public static async ValueTask RemoveAll(this Sys sys, string directory)
    {
        foreach (var name in await sys.List(directory + "/"))
        {
            var path = directory + "/" + name;
            if ((await sys.Unlink(path)).Error == Errno.EISDIR)
            {
                await sys.RemoveAll(path);
                await sys.Rmdir(path).Value();
            }
        }
    }

    public static IEnumerable<string> Names(ReadOnlyMemory<byte> entries)
    {
        var position = 0;
        while (DirectoryEntry.TryRead(entries, ref position, out var entry))
        {
            yield return System.Text.Encoding.UTF8.GetString(entry.Name.Span);
        }
    }

    public static byte[] Pattern(int length, int seed = 1)
    {
        var bytes = new byte[length];
        for (var i = 0; i < length; i++)
        {
            bytes[i] = unchecked((byte)(seed * 31 + i * 7 + (i >> 8) * 13 + (i >> 16) * 5));
        }

        return bytes;
    }
}
