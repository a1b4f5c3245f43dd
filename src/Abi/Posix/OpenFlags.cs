namespace Abi.Posix;

/// <summary>
/// How a file is opened: POSIX names, the values of Linux on x86-64
/// (include/uapi/asm-generic/fcntl.h).
/// </summary>
[Flags]
public enum OpenFlags
{
    /// <summary>For reading.</summary>
    O_RDONLY = 0,
    /// <summary>For writing.</summary>
    O_WRONLY = 1,
    /// <summary>For both.</summary>
    O_RDWR = 2,
    /// <summary>The bits that hold one of the above; together they are no access mode.</summary>
    O_ACCMODE = 3,
    /// <summary>Create the file if there is none.</summary>
    O_CREAT = 0x40,
    /// <summary>With O_CREAT: EEXIST if there is one.</summary>
    O_EXCL = 0x80,
    /// <summary>Empty the file.</summary>
    O_TRUNC = 0x200,
    /// <summary>Each write goes to the end of the file.</summary>
    O_APPEND = 0x400,
    /// <summary>Accepted; files and datagrams do not differ by it.</summary>
    O_NONBLOCK = 0x800,
    /// <summary>ENOTDIR unless it is a directory.</summary>
    O_DIRECTORY = 0x10000,
    /// <summary>Accepted: there is no exec to close at.</summary>
    O_CLOEXEC = 0x80000,
}

/// <summary>Where lseek() counts from.</summary>
public enum Whence
{
    /// <summary>The beginning of the file.</summary>
    SEEK_SET = 0,
    /// <summary>The current position.</summary>
    SEEK_CUR = 1,
    /// <summary>The end of the file.</summary>
    SEEK_END = 2,
}

/// <summary>Descriptors with a meaning of their own.</summary>
public static class Descriptor
{
    /// <summary>
    /// For openat(): relative paths start from the current directory, which is the root here.
    /// </summary>
    public const int AT_FDCWD = -100;

    /// <summary>Standard input.</summary>
    public const int STDIN_FILENO = 0;

    /// <summary>Standard output.</summary>
    public const int STDOUT_FILENO = 1;

    /// <summary>Standard error.</summary>
    public const int STDERR_FILENO = 2;

    /// <summary>
    /// How many descriptors a process has (Linux: the soft RLIMIT_NOFILE of most distributions).
    /// </summary>
    public const int Limit = 1024;
}
