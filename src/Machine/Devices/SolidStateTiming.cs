using Abi.Devices;
using Abi.Units;

namespace Machine.Devices;

/// <summary>What a flash disk's timing rests on; see profiles/devices.</summary>
/// <param name="Kind">Its name in scenarios.</param>
/// <param name="ReadNanoseconds">Latency of reading the first 4 KiB.</param>
/// <param name="WriteNanoseconds">Latency of writing the first 4 KiB.</param>
/// <param name="BytesPerSecond">The rate of what exceeds 4 KiB; at least 1.</param>
/// <param name="QueueDepth">Requests that it takes at once; at least 1.</param>
/// <param name="Parallelism">Requests that it works on at once; at least 1.</param>
public sealed record SolidStateFigures(
    string Kind, long ReadNanoseconds, long WriteNanoseconds, long BytesPerSecond,
    int QueueDepth, int Parallelism);

/// <summary>
/// A flash disk: a latency for the first 4 KiB, then the link's rate. Simplifications: no garbage
/// collection, no wear, every address alike, a write is durable when it is in the disk's protected
/// cache.
/// </summary>
/// <param name="figures">Its numbers.</param>
public sealed class SolidStateTiming(SolidStateFigures figures) : DiskTiming
{
    private const int Page = 4096;

    /// <inheritdoc/>
    public override string Kind => figures.Kind;

    /// <inheritdoc/>
    public override int QueueDepth => figures.QueueDepth;

    /// <inheritdoc/>
    public override int Parallelism => figures.Parallelism;

    /// <inheritdoc/>
    public override Cycles Service(
        DeviceOperation operation, long sector, int bytes, VirtualTime start, Frequency clock)
    {
        var latency = operation == DeviceOperation.WriteSectors
            ? figures.WriteNanoseconds
            : figures.ReadNanoseconds;

        // In units of 1/rate nanoseconds, so that there is one rounding only.
        var units = (Int128)latency * figures.BytesPerSecond
            + (Int128)Math.Max(0, bytes - Page) * 1_000_000_000;
        var divisor = (Int128)figures.BytesPerSecond * 1_000_000_000;
        return new Cycles((long)((units * clock.Hertz + divisor / 2) / divisor));
    }
}
