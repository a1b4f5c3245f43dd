namespace Abi.Posix;

/// <summary>
/// The POSIX-like calls that LibSys offers. Numbers are those of Linux on x86-64, where it has the
/// call.
/// </summary>
public enum PosixCall
{
    /// <summary>read(fd, buffer, count)</summary>
    Read = 0,
    /// <summary>write(fd, buffer, count)</summary>
    Write = 1,
    /// <summary>open(path, flags, mode)</summary>
    Open = 2,
    /// <summary>close(fd)</summary>
    Close = 3,
    /// <summary>stat(path)</summary>
    Stat = 4,
    /// <summary>fstat(fd)</summary>
    Fstat = 5,
    /// <summary>lseek(fd, offset, whence)</summary>
    Lseek = 8,
    /// <summary>pread(fd, buffer, count, offset)</summary>
    Pread = 17,
    /// <summary>pwrite(fd, buffer, count, offset)</summary>
    Pwrite = 18,
    /// <summary>sched_yield()</summary>
    SchedYield = 24,
    /// <summary>dup(fd)</summary>
    Dup = 32,
    /// <summary>nanosleep(nanoseconds)</summary>
    Nanosleep = 35,
    /// <summary>getpid()</summary>
    Getpid = 39,
    /// <summary>socket(family, type, protocol)</summary>
    Socket = 41,
    /// <summary>
    /// sendto(fd, buffer, count, address, port); the last two in one word, <see
    /// cref="SocketAddress.Packed"/>, or -1
    /// </summary>
    Sendto = 44,
    /// <summary>recvfrom(fd, buffer, count)</summary>
    Recvfrom = 45,
    /// <summary>
    /// bind(fd, address, port); the last two in one word, <see cref="SocketAddress.Packed"/>
    /// </summary>
    Bind = 49,
    /// <summary>spawn(program): fork and exec in one</summary>
    Spawn = 57,
    /// <summary>exit(status)</summary>
    Exit = 60,
    /// <summary>wait(pid)</summary>
    Wait = 61,
    /// <summary>rename(from, to)</summary>
    Rename = 82,
    /// <summary>mkdir(path, mode)</summary>
    Mkdir = 83,
    /// <summary>rmdir(path)</summary>
    Rmdir = 84,
    /// <summary>unlink(path)</summary>
    Unlink = 87,
    /// <summary>getdents(fd)</summary>
    Getdents = 217,
    /// <summary>clock_gettime(clock)</summary>
    ClockGettime = 228,
    /// <summary>openat(dirfd, path, flags, mode)</summary>
    Openat = 257,
    /// <summary>
    /// A raw call through the kernel's IPC to a peer process: no POSIX counterpart.
    /// </summary>
    IpcCall = 1000,
    /// <summary>Receive a raw message from a peer process: no POSIX counterpart.</summary>
    IpcReceive = 1001,
    /// <summary>Answer a raw message and receive the next: no POSIX counterpart.</summary>
    IpcReplyReceive = 1002,
    /// <summary>Make an endpoint and publish it under a name: no POSIX counterpart.</summary>
    IpcServe = 1003,
    /// <summary>Find the endpoint that a peer process published: no POSIX counterpart.</summary>
    IpcConnect = 1004,
    /// <summary>Answer a raw message without receiving another: no POSIX counterpart.</summary>
    IpcReply = 1005,
    /// <summary>
    /// Queue one word at a peer's endpoint and go on: no POSIX counterpart.
    /// </summary>
    IpcPulse = 1006,
}
