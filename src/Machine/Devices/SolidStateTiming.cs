using Abi.Devices;
using Abi.Units;

namespace Machine.Devices;

/// <summary>
/// A flash disk: a latency for the first 4 KiB, then the link's rate. Simplifications: no garbage
/// collection, no wear, every address alike, a write is durable when it is in the disk's protected
/// cache.
/// </summary>
public sealed class SolidStateTiming : DiskTiming
{
    private const int Page = 4096;

    private readonly DeviceParameter read;
    private readonly DeviceParameter write;
    private readonly DeviceParameter rate;
    private readonly DeviceParameter depth;
    private readonly DeviceParameter parallelism;

    private SolidStateTiming(
        string kind, DeviceParameter read, DeviceParameter write, DeviceParameter rate,
        DeviceParameter depth, DeviceParameter parallelism)
    {
        Kind = kind;
        (this.read, this.write, this.rate) = (read, write, rate);
        (this.depth, this.parallelism) = (depth, parallelism);
    }

    /// <summary>An NVMe disk on four lanes of PCIe 3.0.</summary>
    public static SolidStateTiming Nvme { get; } = new(
        "nvme",
        new DeviceParameter("read latency, 4 KiB", 80_000, "ns", "dev_nvme_read (RECALLED)"),
        new DeviceParameter("write latency, 4 KiB", 15_000, "ns", "dev_nvme_write (RECALLED)"),
        new DeviceParameter(
            "link", 3_938_461_538, "bytes/s",
            "arithmetic: PCIe 3.0, 4 lanes of 8 GT/s, 128 of 130 bits are data"),
        new DeviceParameter(
            "queue depth", 1024, "requests",
            "Linux drivers/nvme/host/pci.c, io_queue_depth (RECALLED)"),
        new DeviceParameter(
            "parallelism", 32, "requests", "assumption: flash dies that work at once (RECALLED)"));

    /// <summary>A flash disk on SATA.</summary>
    public static SolidStateTiming SataSsd { get; } = new(
        "sata-ssd",
        new DeviceParameter("read latency, 4 KiB", 110_000, "ns", "dev_sata_read (RECALLED)"),
        new DeviceParameter("write latency, 4 KiB", 40_000, "ns", "dev_sata_write (RECALLED)"),
        new DeviceParameter(
            "link", 600_000_000, "bytes/s",
            "arithmetic: SATA 3.0, 6 Gbit/s, 8 of 10 bits are data"),
        new DeviceParameter(
            "queue depth", 32, "requests", "SATA native command queuing has 32 tags"),
        new DeviceParameter(
            "parallelism", 8, "requests",
            "assumption: flash channels that work at once (RECALLED)"));

    /// <inheritdoc/>
    public override string Kind { get; }

    /// <inheritdoc/>
    public override int QueueDepth => (int)depth.Value;

    /// <inheritdoc/>
    public override int Parallelism => (int)parallelism.Value;

    /// <inheritdoc/>
    public override IReadOnlyList<DeviceParameter> Parameters =>
        [read, write, rate, depth, parallelism];

    /// <inheritdoc/>
    public override Cycles Service(
        DeviceOperation operation, long sector, int bytes, VirtualTime start, Frequency clock)
    {
        var latency = operation == DeviceOperation.WriteSectors ? write : read;

        // In units of 1/rate nanoseconds, so that there is one rounding only.
        var units = (Int128)latency.Value * rate.Value
            + (Int128)Math.Max(0, bytes - Page) * 1_000_000_000;
        var divisor = (Int128)rate.Value * 1_000_000_000;
        return new Cycles((long)((units * clock.Hertz + divisor / 2) / divisor));
    }
}
