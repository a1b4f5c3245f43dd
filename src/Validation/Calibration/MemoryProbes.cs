using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Validation.Calibration;

/// <summary>Mapping one anonymous page and unmapping it, untouched.</summary>
internal sealed unsafe class MapProbe : Probe
{
    public override int Calls => 2;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override long Run(int iterations)
    {
        var begin = Stopwatch.GetTimestamp();
        for (var i = 0; i < iterations; i++)
        {
            _ = Libc.Unmap(MinorFaultProbe.MapPages(1), Environment.SystemPageSize);
        }

        return Stopwatch.GetTimestamp() - begin;
    }
}

/// <summary>
/// The first write to an anonymous page, clearing of the page included; less a second write.
/// </summary>
internal sealed unsafe class MinorFaultProbe : Probe
{
    // 64 MiB of pages of 4 KiB.
    public override int MaxIterations => 1 << 14;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static byte* MapPages(int pages) => Libc.Map(
        null, (nint)pages * Environment.SystemPageSize, Libc.PROT_READ_WRITE,
        Libc.MAP_PRIVATE_ANONYMOUS, -1, 0);

    public override long Run(int iterations)
    {
        var pages = MapPages(iterations);
        if ((nint)pages == -1)
        {
            throw new ProbeException($"no memory for {iterations} pages");
        }

        // Without it the first write may bring in 2 MiB at once.
        var length = (nint)iterations * Environment.SystemPageSize;
        _ = Libc.Advise(pages, length, Libc.MADV_NOHUGEPAGE);
        var first = Touch(pages, iterations, Environment.SystemPageSize);
        var second = Touch(pages, iterations, Environment.SystemPageSize);
        _ = Libc.Unmap(pages, length);
        return first - second;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static long Touch(byte* pages, int count, int pageSize)
    {
        var begin = Stopwatch.GetTimestamp();
        for (var i = 0; i < count; i++)
        {
            Volatile.Write(ref *pages, 1);
            pages += pageSize;
        }

        return Stopwatch.GetTimestamp() - begin;
    }
}
