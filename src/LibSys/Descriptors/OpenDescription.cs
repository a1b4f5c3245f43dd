using Abi;
using Abi.Posix;

namespace LibSys.Descriptors;

/// <summary>
/// What a file descriptor stands for: an open file description in POSIX terms, shared by the
/// descriptors that dup() made. Results are values, or errnos negated. What a kind of object does
/// not override it cannot do.
/// </summary>
public abstract class OpenDescription
{
    /// <summary>How many descriptors stand for it.</summary>
    internal int Descriptors { get; set; }

    /// <summary>read(): the count; 0 at the end.</summary>
    public virtual ValueTask<long> Read(Sys sys, Memory<byte> into) => Fail(Errno.EINVAL);

    /// <summary>write(): the count.</summary>
    public virtual ValueTask<long> Write(Sys sys, ReadOnlyMemory<byte> from) => Fail(Errno.EINVAL);

    /// <summary>pread(): the count; the position stays.</summary>
    public virtual ValueTask<long> ReadAt(Sys sys, long offset, Memory<byte> into) =>
        Fail(Errno.ESPIPE);

    /// <summary>pwrite(): the count; the position stays.</summary>
    public virtual ValueTask<long> WriteAt(Sys sys, long offset, ReadOnlyMemory<byte> from) =>
        Fail(Errno.ESPIPE);

    /// <summary>lseek(): the new position.</summary>
    public virtual ValueTask<long> Seek(Sys sys, long offset, Whence whence) =>
        Fail(Errno.ESPIPE);

    /// <summary>getdents(): the bytes; 0 at the end.</summary>
    public virtual ValueTask<long> ReadDirectory(Sys sys, Memory<byte> into) =>
        Fail(Errno.ENOTDIR);

    /// <summary>fstat(): 0, and the status.</summary>
    public abstract ValueTask<(long Result, FileStatus Status)> GetStatus(Sys sys);

    /// <summary>The last descriptor was closed.</summary>
    public abstract ValueTask<long> Close(Sys sys);

    /// <summary>An answer that needs nobody else.</summary>
    protected static ValueTask<long> Fail(Errno error) => new(-(long)error);
}
