namespace Validation.Calibration;

/// <summary>
/// Gives the calling thread a table of descriptors of its own, as a process with one thread has it.
/// From a table that threads share, each call on a descriptor takes a reference and gives it back:
/// some 50 ns on the machine that this was written on, a quarter of a small read.
/// </summary>
/// <remarks>
/// What such a thread opens, other threads do not have: it leaves no descriptor to .NET.
/// </remarks>
internal static unsafe class OwnDescriptors
{
    // Linux 5.9; include/uapi/linux/close_range.h. unshare(2) does it too; containers forbid it.
    private const int CloseRange = 436;
    private const int CLOSE_RANGE_UNSHARE = 2;

    // Beyond the last descriptor, so that none is closed.
    private const int Beyond = int.MaxValue;

    /// <summary>Whether it has one now; false where the kernel cannot or may not.</summary>
    public static bool Take() =>
        Libc.Syscall(CloseRange, Beyond, (void*)Beyond, CLOSE_RANGE_UNSHARE) == 0;
}
