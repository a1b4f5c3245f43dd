namespace Abi;

/// <summary>
/// Why a system call failed: POSIX names with the values that Linux uses on x86-64
/// (include/uapi/asm-generic/errno-base.h and errno.h). Results carry them negated.
/// </summary>
public enum Errno
{
    /// <summary>No error.</summary>
    None = 0,
    /// <summary>Operation not permitted.</summary>
    EPERM = 1,
    /// <summary>No such file or directory.</summary>
    ENOENT = 2,
    /// <summary>No such process.</summary>
    ESRCH = 3,
    /// <summary>Interrupted call.</summary>
    EINTR = 4,
    /// <summary>Input or output error: among others, the server died and the call may not be
    /// repeated.</summary>
    EIO = 5,
    /// <summary>Argument list too long.</summary>
    E2BIG = 7,
    /// <summary>Bad file descriptor.</summary>
    EBADF = 9,
    /// <summary>No child process to wait for.</summary>
    ECHILD = 10,
    /// <summary>Try again: among others, a dead server was not bound again within the
    /// bound.</summary>
    EAGAIN = 11,
    /// <summary>Out of memory.</summary>
    ENOMEM = 12,
    /// <summary>Permission denied.</summary>
    EACCES = 13,
    /// <summary>Bad address.</summary>
    EFAULT = 14,
    /// <summary>Device or resource busy.</summary>
    EBUSY = 16,
    /// <summary>File exists.</summary>
    EEXIST = 17,
    /// <summary>No such device.</summary>
    ENODEV = 19,
    /// <summary>Not a directory.</summary>
    ENOTDIR = 20,
    /// <summary>Is a directory.</summary>
    EISDIR = 21,
    /// <summary>Invalid argument.</summary>
    EINVAL = 22,
    /// <summary>Too many open files in the process.</summary>
    EMFILE = 24,
    /// <summary>File too large.</summary>
    EFBIG = 27,
    /// <summary>No space left on the device.</summary>
    ENOSPC = 28,
    /// <summary>Illegal seek.</summary>
    ESPIPE = 29,
    /// <summary>Read-only file system.</summary>
    EROFS = 30,
    /// <summary>Too many links.</summary>
    EMLINK = 31,
    /// <summary>Result out of range.</summary>
    ERANGE = 34,
    /// <summary>A call would close a cycle of waiting threads.</summary>
    EDEADLK = 35,
    /// <summary>File name too long.</summary>
    ENAMETOOLONG = 36,
    /// <summary>No such system call, or a protocol operation that the server does not
    /// know.</summary>
    ENOSYS = 38,
    /// <summary>Directory not empty.</summary>
    ENOTEMPTY = 39,
    /// <summary>Too many levels of symbolic links.</summary>
    ELOOP = 40,
    /// <summary>Value too large for its type.</summary>
    EOVERFLOW = 75,
    /// <summary>Not a socket.</summary>
    ENOTSOCK = 88,
    /// <summary>Destination address required.</summary>
    EDESTADDRREQ = 89,
    /// <summary>Message too long.</summary>
    EMSGSIZE = 90,
    /// <summary>Protocol not supported.</summary>
    EPROTONOSUPPORT = 93,
    /// <summary>Operation not supported.</summary>
    EOPNOTSUPP = 95,
    /// <summary>Address family not supported.</summary>
    EAFNOSUPPORT = 97,
    /// <summary>Address already in use.</summary>
    EADDRINUSE = 98,
    /// <summary>Cannot assign the requested address.</summary>
    EADDRNOTAVAIL = 99,
    /// <summary>Network is unreachable.</summary>
    ENETUNREACH = 101,
    /// <summary>No buffer space.</summary>
    ENOBUFS = 105,
    /// <summary>Transport endpoint is not connected.</summary>
    ENOTCONN = 107,
    /// <summary>Stale file handle: what it named is gone, or it is from an earlier life of the
    /// server.</summary>
    ESTALE = 116,
    /// <summary>
    /// The peer behind a capability died. The kernel's answer to raw IPC: the capability is stale
    /// and
    /// never reaches the new incarnation. LibSys turns it into a retry or EIO.
    /// </summary>
    EOWNERDEAD = 130,
}
