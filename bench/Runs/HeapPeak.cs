namespace Bench.Runs;

/// <summary>The largest heap that any garbage collection of this process left.</summary>
internal static class HeapPeak
{
    private static long s_bytes;

    /// <summary>Bytes; the present heap if nothing was collected yet.</summary>
    public static long Bytes => Math.Max(Volatile.Read(ref s_bytes), GC.GetTotalMemory(false));

    /// <summary>Looks from now on.</summary>
    public static void Watch() => _ = new Sentinel();

    // Dies in each collection, looks, and leaves a successor to die in the next.
    private sealed class Sentinel
    {
        ~Sentinel()
        {
            var left = GC.GetGCMemoryInfo(GCKind.Any).HeapSizeBytes;
            s_bytes = Math.Max(s_bytes, left);
            if (!Environment.HasShutdownStarted)
            {
                Watch();
            }
        }
    }
}
