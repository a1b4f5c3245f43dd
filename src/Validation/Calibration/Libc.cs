using System.Runtime.InteropServices;

namespace Validation.Calibration;

/// <summary>
/// The C library's entry points that are measured. Those whose name begins with Fast leave out
/// what .NET does around a call for its garbage collector: allowed only where the call is short
/// and never waits.
/// </summary>
internal static unsafe partial class Libc
{
    public const int O_RDONLY = 0;
    public const int O_CLOEXEC = 0x80000;
    public const int FUTEX_WAIT_PRIVATE = 128;
    public const int FUTEX_WAKE_PRIVATE = 129;
    public const int PROT_READ_WRITE = 3;
    public const int MAP_PRIVATE_ANONYMOUS = 0x22;
    public const int MADV_NOHUGEPAGE = 15;
    public const int SIGKILL = 9;

    /// <summary>The longest mask of CPUs, bytes: 1024 CPUs, as in glibc's cpu_set_t.</summary>
    public const int CpuMaskBytes = 128;

    /// <summary>Does no system call: what remains of a measurement without its subject.</summary>
    [LibraryImport("libc", EntryPoint = "labs")]
    [SuppressGCTransition]
    public static partial nint FastNothing(nint number);

    /// <inheritdoc cref="FastNothing"/>
    [LibraryImport("libc", EntryPoint = "labs")]
    public static partial nint Nothing(nint number);

    [LibraryImport("libc", EntryPoint = "syscall")]
    [SuppressGCTransition]
    public static partial nint FastSyscall(nint number);

    [LibraryImport("libc", EntryPoint = "syscall")]
    [SuppressGCTransition]
    public static partial nint FastSyscall(
        nint number, nint file, void* buffer, nint count, nint offset);

    [LibraryImport("libc", EntryPoint = "syscall")]
    public static partial nint Syscall(
        nint number, nint first, void* second, nint third);

    [LibraryImport("libc", EntryPoint = "syscall")]
    public static partial nint Futex(
        nint number, int* word, nint operation, nint value, nint timeout);

    [LibraryImport("libc", EntryPoint = "pipe2", SetLastError = true)]
    public static partial int Pipe(int* ends, int flags);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true)]
    public static partial int Open(byte* path, int flags);

    [LibraryImport("libc", EntryPoint = "close")]
    public static partial int Close(int file);

    [LibraryImport("libc", EntryPoint = "mmap")]
    public static partial byte* Map(
        byte* address, nint length, int protection, int flags, int file, nint offset);

    [LibraryImport("libc", EntryPoint = "munmap")]
    public static partial int Unmap(byte* address, nint length);

    [LibraryImport("libc", EntryPoint = "madvise")]
    public static partial int Advise(byte* address, nint length, int advice);

    /// <summary>0: the calling thread.</summary>
    [LibraryImport("libc", EntryPoint = "sched_setaffinity", SetLastError = true)]
    public static partial int SetAffinity(int thread, nint length, byte* mask);

    /// <inheritdoc cref="SetAffinity"/>
    [LibraryImport("libc", EntryPoint = "sched_getaffinity", SetLastError = true)]
    public static partial int GetAffinity(int thread, nint length, byte* mask);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_init")]
    public static partial int SpawnActionsInit(byte* actions);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_adddup2")]
    public static partial int SpawnActionsAddDup2(byte* actions, int file, int newFile);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_destroy")]
    public static partial int SpawnActionsDestroy(byte* actions);

    [LibraryImport("libc", EntryPoint = "posix_spawnp")]
    public static partial int Spawn(
        int* process, byte* file, byte* actions, nint attributes, byte** arguments,
        byte** environment);

    [LibraryImport("libc", EntryPoint = "kill")]
    public static partial int Kill(int process, int signal);

    [LibraryImport("libc", EntryPoint = "waitpid")]
    public static partial int WaitProcess(int process, int* status, int options);
}
