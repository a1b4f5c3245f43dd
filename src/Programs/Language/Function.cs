namespace Programs.Language;

/// <summary>What a program can call. Names, parameters and results are in Functions.</summary>
public enum Function
{
    /// <summary>read</summary>
    Read,
    /// <summary>write</summary>
    Write,
    /// <summary>open</summary>
    Open,
    /// <summary>openat</summary>
    Openat,
    /// <summary>close</summary>
    Close,
    /// <summary>stat</summary>
    Stat,
    /// <summary>fstat</summary>
    Fstat,
    /// <summary>lseek</summary>
    Lseek,
    /// <summary>pread</summary>
    Pread,
    /// <summary>pwrite</summary>
    Pwrite,
    /// <summary>dup</summary>
    Dup,
    /// <summary>rename</summary>
    Rename,
    /// <summary>mkdir</summary>
    Mkdir,
    /// <summary>rmdir</summary>
    Rmdir,
    /// <summary>unlink</summary>
    Unlink,
    /// <summary>getdents</summary>
    Getdents,
    /// <summary>sched_yield</summary>
    SchedYield,
    /// <summary>nanosleep</summary>
    Nanosleep,
    /// <summary>clock_gettime</summary>
    ClockGettime,
    /// <summary>getpid</summary>
    Getpid,
    /// <summary>spawn</summary>
    Spawn,
    /// <summary>wait</summary>
    Wait,
    /// <summary>exit</summary>
    Exit,
    /// <summary>socket</summary>
    Socket,
    /// <summary>bind</summary>
    Bind,
    /// <summary>sendto</summary>
    Sendto,
    /// <summary>recvfrom</summary>
    Recvfrom,
    /// <summary>serve</summary>
    Serve,
    /// <summary>ipc_connect</summary>
    IpcConnect,
    /// <summary>ipc_call</summary>
    IpcCall,
    /// <summary>ipc_receive</summary>
    IpcReceive,
    /// <summary>ipc_reply_receive</summary>
    IpcReplyReceive,
}
