using System.Runtime.InteropServices;

namespace Validation.Calibration;

/// <summary>Which CPUs the calling thread may use.</summary>
internal static unsafe class Cpus
{
    /// <summary>Their numbers, ascending.</summary>
    public static IReadOnlyList<int> Allowed()
    {
        var mask = stackalloc byte[Libc.CpuMaskBytes];
        Check(Libc.GetAffinity(0, Libc.CpuMaskBytes, mask), "sched_getaffinity");
        var allowed = new List<int>();
        for (var i = 0; i < Libc.CpuMaskBytes * 8; i++)
        {
            if ((mask[i / 8] >> (i % 8) & 1) != 0)
            {
                allowed.Add(i);
            }
        }

        return allowed;
    }

    /// <summary>Lets the calling thread run on this CPU only.</summary>
    public static void Pin(int cpu)
    {
        var mask = stackalloc byte[Libc.CpuMaskBytes];
        mask[cpu / 8] = (byte)(1 << (cpu % 8));
        Check(Libc.SetAffinity(0, Libc.CpuMaskBytes, mask), "sched_setaffinity");
    }

    private static void Check(int result, string call)
    {
        // The raw call answers with the mask's length, glibc with 0.
        if (result < 0)
        {
            throw new ProbeException($"{call}: errno {Marshal.GetLastPInvokeError()}");
        }
    }
}
