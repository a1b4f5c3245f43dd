using System.Text;
using Abi;
using Abi.Posix;
using LibSys;

namespace Servers.Tests.Files;

/// <summary>
/// Random programs give the results and errnos that the host's Linux gives. tmpfs, where there is
/// one: on some file systems a directory's links do not count its subdirectories.
/// </summary>
public sealed class RandomProgramTests
{
    private const string SharedMemory = "/dev/shm";
    private static readonly string[] Names = ["a", "b", "c"];
    private static readonly int[] Lengths = [0, 1, 10, 5000];
    private static readonly long[] Offsets = [-1, 0, 3, 4095, 4096, 10_000, 60_000];

    private static readonly OpenFlags[] Access =
        [OpenFlags.O_RDONLY, OpenFlags.O_WRONLY, OpenFlags.O_RDWR];

    /// <summary>
    /// A call of a random program. Calls on descriptors name the open call they came from.
    /// </summary>
    private abstract record Op
    {
        public sealed record Open(string Path, OpenFlags Flags) : Op;
        public sealed record Close(int Opened) : Op;
        public sealed record Read(int Opened, int Length) : Op;
        public sealed record Write(int Opened, int Length) : Op;
        public sealed record Pread(int Opened, int Length, long Offset) : Op;
        public sealed record Pwrite(int Opened, int Length, long Offset) : Op;
        public sealed record Lseek(int Opened, long Offset, Whence Whence) : Op;
        public sealed record Dup(int Opened) : Op;
        public sealed record Fstat(int Opened) : Op;
        public sealed record List(int Opened, int Size) : Op;
        public sealed record Stat(string Path) : Op;
        public sealed record Unlink(string Path) : Op;
        public sealed record Mkdir(string Path) : Op;
        public sealed record Rmdir(string Path) : Op;
        public sealed record Rename(string From, string To) : Op;
    }

    private static Op[] Beginning =>
    [
        new Op.Mkdir("/a"), new Op.Mkdir("/a/b"),
        new Op.Open("/a/c", OpenFlags.O_RDWR | OpenFlags.O_CREAT),
        new Op.Write(0, 5000), new Op.Open("/a", OpenFlags.O_RDONLY),
    ];

    private static IEnumerable<Op> Ending =>
        from first in Names
        from path in Names.Select(second => $"/{first}/{second}").Prepend("/" + first)
        select new Op.Stat(path);

    private static Gen<T> OneOf<T>(params T[] values) =>
        Gen.Int[0, values.Length - 1].Select(i => values[i]);

    private static Gen<string> Paths { get; } = Gen.Select(
        Gen.Frequency(
            (6, OneOf(Names).Array[1]), (5, OneOf(Names).Array[2]),
            (1, OneOf(Names).Array[3])),
        Gen.Frequency(
            (12, Gen.Const("")), (2, Gen.Const("/")), (1, Gen.Const("/.")), (1, Gen.Const("/..")),
            (1, Gen.Const("/../c"))),
        Gen.Frequency((10, Gen.Const("/")), (1, Gen.Const("//")), (1, Gen.Const("/./"))),
        (names, end, separator) => separator + string.Join(separator, names) + end);

    private static Gen<int> Opened { get; } = Gen.Int[0, 11];

    private static Gen<OpenFlags> Flags { get; } = Gen.Select(
        OneOf(Access), Gen.Int[0, 2], Gen.Int[0, 9],
        (access, creates, extra) => access | (creates > 0 ? OpenFlags.O_CREAT : 0) | extra switch
        {
            0 => OpenFlags.O_EXCL,
            1 or 2 => OpenFlags.O_TRUNC,
            3 or 4 => OpenFlags.O_APPEND,
            5 when creates == 0 => OpenFlags.O_DIRECTORY,
            6 => OpenFlags.O_CLOEXEC,
            _ => 0,
        });

    private static Gen<Op> Ops { get; } = Gen.Frequency<Op>(
        (6, Gen.Select(Paths, Flags, Op (path, flags) => new Op.Open(path, flags))),
        (2, Gen.Select(Opened, Op (fd) => new Op.Close(fd))),
        (3, Gen.Select(Opened, OneOf(Lengths), Op (fd, n) => new Op.Read(fd, n))),
        (4, Gen.Select(Opened, OneOf(Lengths), Op (fd, n) => new Op.Write(fd, n))),
        (2, Gen.Select(Opened, OneOf(Lengths), OneOf(Offsets),
            Op (fd, n, at) => new Op.Pread(fd, n, at))),
        (3, Gen.Select(Opened, OneOf(Lengths), OneOf(Offsets),
            Op (fd, n, at) => new Op.Pwrite(fd, n, at))),
        (2, Gen.Select(Opened, OneOf(Offsets), Gen.Int[0, 3],
            Op (fd, at, whence) => new Op.Lseek(fd, at, whence == 3 ? (Whence)9 : (Whence)whence))),
        (1, Gen.Select(Opened, Op (fd) => new Op.Dup(fd))),
        (2, Gen.Select(Opened, Op (fd) => new Op.Fstat(fd))),
        (2, Gen.Select(Opened, OneOf(10, 4096), Op (fd, size) => new Op.List(fd, size))),
        (2, Gen.Select(Paths, Op (path) => new Op.Stat(path))),
        (3, Gen.Select(Paths, Op (path) => new Op.Unlink(path))),
        (5, Gen.Select(Paths, Op (path) => new Op.Mkdir(path))),
        (2, Gen.Select(Paths, Op (path) => new Op.Rmdir(path))),
        (5, Gen.Select(Paths, Paths, Op (from, to) => new Op.Rename(from, to))));

    [SkippableFact]
    public void Random_programs_give_what_the_host_gives()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "only Linux can be compared with");
        var isShared = Directory.Exists(SharedMemory);
        var directory = Path.Combine(
            isShared ? SharedMemory : Path.GetTempPath(), "micro-" + Path.GetRandomFileName());
        Directory.CreateDirectory(directory);
        var programs = 0;
        try
        {
            Ops.Array[1, 30].Select(ops => (Op[])[.. Beginning, .. ops, .. Ending]).Sample(
                program =>
                {
                    var root = Path.Combine(
                        directory, Interlocked.Increment(ref programs).ToString("x8"));
                    Directory.CreateDirectory(root);
                    var expected = RunOnHost(program, root, isShared);
                    Directory.Delete(root, recursive: true);
                    var actual = RunOnMicro(program, isShared);
                    var first = expected.Zip(actual).TakeWhile(pair => pair.First == pair.Second)
                        .Count();
                    Assert.True(
                        first == expected.Count,
                        string.Join('\n', expected.Take(first)) + "\nhost: "
                        + expected.ElementAtOrDefault(first) + "\nhere: "
                        + actual.ElementAtOrDefault(first));
                },
                iter: 2500);
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    private static List<string> RunOnHost(Op[] program, string root, bool comparesLinks)
    {
        var host = new HostFiles(root);
        var log = new List<string>();
        var opened = new List<int>();
        foreach (var op in program)
        {
            var number = log.Count;
            var buffer = new byte[(op as Op.Read)?.Length ?? (op as Op.Pread)?.Length ?? 0];
            var bytes = SysExtensions.Pattern(
                (op as Op.Write)?.Length ?? (op as Op.Pwrite)?.Length ?? 0, number);
            int Fd(int index) => opened.Count > 0 ? opened[index % opened.Count] : -1;
            long Keep(long fd)
            {
                if (fd >= 0)
                {
                    opened.Add((int)fd);
                }

                return Math.Min(fd, 0);
            }

            long CloseKept(int index)
            {
                var result = HostFiles.Close(Fd(index));
                opened.Remove(Fd(index));

                return result;
            }

            var result = op switch
            {
                Op.Open(var path, var flags) => Keep(host.Open(path, flags, 0x1A4)),
                Op.Close(var fd) => CloseKept(fd),
                Op.Read(var fd, _) => HostFiles.Read(Fd(fd), buffer),
                Op.Write(var fd, _) => HostFiles.Write(Fd(fd), bytes),
                Op.Pread(var fd, _, var at) => HostFiles.Pread(Fd(fd), buffer, at),
                Op.Pwrite(var fd, _, var at) => HostFiles.Pwrite(Fd(fd), bytes, at),
                Op.Lseek(var fd, var at, var whence) => SeekHost(host, Fd(fd), at, whence),
                Op.Dup(var fd) => Keep(HostFiles.Dup(Fd(fd))),
                Op.Fstat(var fd) => Fd(fd) < 0 ? -(long)Errno.EBADF : host.Fstat(Fd(fd)),
                Op.List(var fd, var size) => ListHost(Fd(fd), ref buffer, size),
                Op.Stat(var path) => host.Stat(path),
                Op.Unlink(var path) => host.Unlink(path),
                Op.Mkdir(var path) => host.Mkdir(path, 0x1ED),
                Op.Rmdir(var path) => host.Rmdir(path),
                Op.Rename(var from, var to) => host.Rename(from, to),
                _ => throw new ArgumentException("unknown " + op),
            };
            log.Add(Describe(op, result, buffer, host.Status, comparesLinks));
        }

        foreach (var fd in opened)
        {
            HostFiles.Close(fd);
        }

        return log;
    }

    private static List<string> RunOnMicro(Op[] program, bool comparesLinks)
    {
        var machine = new FileMachine(bytes: 4 << 20, inodes: 64, cacheBlocks: 24);
        var free = machine.Usage();
        var log = machine.Ask(async sys =>
        {
            var log = new List<string>();
            var opened = new List<int>();
            foreach (var op in program)
            {
                var number = log.Count;
                var buffer = new byte[(op as Op.Read)?.Length ?? (op as Op.Pread)?.Length ?? 0];
                var bytes = SysExtensions.Pattern(
                    (op as Op.Write)?.Length ?? (op as Op.Pwrite)?.Length ?? 0, number);
                int Fd(int index) => opened.Count > 0 ? opened[index % opened.Count] : -1;
                var call = op switch
                {
                    Op.Open(var path, var flags) => sys.Open(path, flags, 0x1A4),
                    Op.Close(var fd) => sys.Close(Fd(fd)),
                    Op.Read(var fd, _) => sys.Read(Fd(fd), buffer),
                    Op.Write(var fd, _) => sys.Write(Fd(fd), bytes),
                    Op.Pread(var fd, _, var at) => sys.Pread(Fd(fd), buffer, at),
                    Op.Pwrite(var fd, _, var at) => sys.Pwrite(Fd(fd), bytes, at),
                    Op.Lseek(var fd, var at, var whence) =>
                        SeekMicro(sys, Fd(fd), at, whence),
                    Op.Dup(var fd) => sys.Dup(Fd(fd)),
                    Op.Fstat(var fd) => sys.Fstat(Fd(fd)),
                    Op.List(var fd, var size) =>
                        ListMicro(sys, Fd(fd), buffer = new byte[size]),
                    Op.Stat(var path) => sys.Stat(path),
                    Op.Unlink(var path) => sys.Unlink(path),
                    Op.Mkdir(var path) => sys.Mkdir(path, 0x1ED),
                    Op.Rmdir(var path) => sys.Rmdir(path),
                    Op.Rename(var from, var to) => sys.Rename(from, to),
                    _ => throw new ArgumentException("unknown " + op),
                };
                var result = (await call).Raw;
                if (op is Op.Open or Op.Dup && result >= 0)
                {
                    opened.Add((int)result);
                    result = 0;
                }
                else if (op is Op.Close(var index))
                {
                    opened.Remove(Fd(index));
                }

                log.Add(Describe(op, result, buffer, sys.FileStatus, comparesLinks));
            }

            foreach (var fd in opened)
            {
                await sys.Close(fd).Value();
            }

            await sys.RemoveAll("");
            return log;
        });
        Assert.Equal(free, machine.Usage());
        return log;
    }

    // Positions in directories mean something else in each file system: only the beginning is the
    // same.
    private static long SeekHost(HostFiles host, int fd, long offset, Whence whence) =>
        host.Fstat(fd) == 0 && ModeBits.IsDirectory(host.Status.Mode)
            ? HostFiles.Lseek(fd, 0, Whence.SEEK_SET)
            : HostFiles.Lseek(fd, offset, whence);

    private static async ValueTask<SysResult> SeekMicro(
        Sys sys, int fd, long offset, Whence whence) =>
        !(await sys.Fstat(fd)).Failed && ModeBits.IsDirectory(sys.FileStatus.Mode)
            ? await sys.Lseek(fd, 0, Whence.SEEK_SET)
            : await sys.Lseek(fd, offset, whence);

    private static long ListHost(int fd, ref byte[] buffer, int size)
    {
        buffer = new byte[size];
        HostFiles.Lseek(fd, 0, Whence.SEEK_SET);
        return HostFiles.Getdents(fd, buffer);
    }

    private static async ValueTask<SysResult> ListMicro(Sys sys, int fd, byte[] buffer)
    {
        await sys.Lseek(fd, 0, Whence.SEEK_SET);
        return await sys.Getdents(fd, buffer);
    }

    private static string Describe(
        Op op, long result, byte[] buffer, FileStatus status, bool comparesLinks)
    {
        var text = new StringBuilder().Append(op).Append(" = ");
        text.Append(result < 0 ? ((Errno)(-result)).ToString() : result.ToString());
        switch (op)
        {
            case Op.Read or Op.Pread when result > 0:
                text.Append(' ').Append(Convert.ToHexString(
                    System.Security.Cryptography.SHA256.HashData(
                        buffer.AsSpan(0, (int)result)))[..8]);
                break;
            case Op.Stat or Op.Fstat when result == 0:
                var isDirectory = ModeBits.IsDirectory(status.Mode);
                text.Append($" mode {status.Mode:x}");
                text.Append(isDirectory && !comparesLinks ? "" : $" links {status.Links}");
                text.Append(isDirectory ? "" : $" size {status.Size}");
                break;
            case Op.List when result > 0:
                text.Clear().Append(op).Append(" = ").AppendJoin(' ', SysExtensions.Names(
                    buffer.AsMemory(0, (int)result)).Order(StringComparer.Ordinal));
                break;
            case Op.Lseek when result >= 0:
                break;
        }

        return text.ToString();
    }
}
