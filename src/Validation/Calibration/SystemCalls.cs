using System.Runtime.InteropServices;

namespace Validation.Calibration;

/// <summary>
/// Numbers of Linux's system calls. They are made by number: in a process with several threads, as
/// each of .NET's is, glibc's read and its like also guard against cancellation, some 20 ns that
/// are not the kernel's.
/// </summary>
internal sealed record SystemCalls(
    nint Read, nint Write, nint Pread, nint OpenAt, nint Close, nint GetParentProcess, nint Futex)
{
    /// <summary>Those of this processor's architecture; null if they are not known.</summary>
    public static SystemCalls? Known { get; } =
        RuntimeInformation.ProcessArchitecture switch
        {
            // arch/x86/entry/syscalls/syscall_64.tbl; include/uapi/asm-generic/unistd.h.
            Architecture.X64 => new(0, 1, 17, 257, 3, 110, 202),
            Architecture.Arm64 or Architecture.LoongArch64 or Architecture.RiscV64 =>
                new(63, 64, 67, 56, 57, 173, 98),
            _ => null,
        };
}
