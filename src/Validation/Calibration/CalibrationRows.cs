namespace Validation.Calibration;

/// <summary>The names of what is measured, as rows of the profile.</summary>
public static class CalibrationRows
{
    /// <summary>A system call that does nothing.</summary>
    public const string NullCall = "host_null_call";

    /// <summary>Reading a byte of a device that has no blocks.</summary>
    public const string PreadZero = "host_pread_zero";

    /// <summary>Reading a byte of a cached file.</summary>
    public const string PreadByte = "host_pread_1";

    /// <summary>Reading 4 KiB of a cached file.</summary>
    public const string PreadPage = "host_pread_4096";

    /// <summary>Opening and closing a file.</summary>
    public const string OpenClose = "host_open_close";

    /// <summary>A byte through a pipe without waiting.</summary>
    public const string PipeAlone = "host_pipe_alone";

    /// <summary>Two threads on one CPU.</summary>
    public const string PipeThreads = "host_pipe_threads";

    /// <summary>Two processes on one CPU.</summary>
    public const string PipeProcesses = "host_pipe_processes";

    /// <summary>Two threads on two CPUs.</summary>
    public const string PipeTwoCpus = "host_pipe_two_cpus";

    /// <summary>Futex round trip; no part is computed from it.</summary>
    public const string Futex = "host_futex";

    /// <summary>Minor page fault; no part is computed from it.</summary>
    public const string MinorFault = "host_minor_fault";

    /// <summary>Mapping and unmapping; no part is computed from it.</summary>
    public const string Map = "host_mmap_munmap";
}
