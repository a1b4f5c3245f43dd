namespace Programs.Language;

/// <summary>
/// The named constants that programs know, with the values that Linux uses on x86-64
/// (include/uapi/asm-generic/fcntl.h, stat.h, time.h, socket.h).
/// </summary>
public static class Constants
{
    /// <summary>Each constant's name and value, in groups as a manual has them.</summary>
    public static IReadOnlyList<KeyValuePair<string, long>> All { get; } =
    [
        new("O_RDONLY", 0), new("O_WRONLY", 1), new("O_RDWR", 2), new("O_CREAT", 0x40),
        new("O_EXCL", 0x80), new("O_TRUNC", 0x200), new("O_APPEND", 0x400),
        new("O_NONBLOCK", 0x800), new("O_DIRECTORY", 0x10000), new("O_NOFOLLOW", 0x20000),
        new("O_CLOEXEC", 0x80000), new("O_SYNC", 0x101000), new("O_DSYNC", 0x1000),
        new("AT_FDCWD", -100),
        new("SEEK_SET", 0), new("SEEK_CUR", 1), new("SEEK_END", 2),
        new("S_IFMT", 0xF000), new("S_IFREG", 0x8000), new("S_IFDIR", 0x4000),
        new("S_IRWXU", 0x1C0), new("S_IRUSR", 0x100), new("S_IWUSR", 0x80), new("S_IXUSR", 0x40),
        new("S_IRWXG", 0x38), new("S_IRGRP", 0x20), new("S_IWGRP", 0x10), new("S_IXGRP", 0x8),
        new("S_IRWXO", 0x7), new("S_IROTH", 0x4), new("S_IWOTH", 0x2), new("S_IXOTH", 0x1),
        new("AF_INET", 2), new("AF_INET6", 10), new("AF_UNIX", 1),
        new("SOCK_STREAM", 1), new("SOCK_DGRAM", 2), new("IPPROTO_IP", 0), new("IPPROTO_UDP", 17),
        new("CLOCK_REALTIME", 0), new("CLOCK_MONOTONIC", 1),
        new("NULL", 0),
        new("IPC_SHARED", IpcShared),
    ];

    /// <summary>A flag of ipc_serve: others may serve the same endpoint. Micro's own.</summary>
    public const long IpcShared = 1;

    private static readonly Dictionary<string, long> ByName = new(All);

    /// <summary>The value of a constant, or null.</summary>
    public static long? Find(string name) =>
        ByName.TryGetValue(name, out var value) ? value : null;
}
