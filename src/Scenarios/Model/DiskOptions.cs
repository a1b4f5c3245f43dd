using Abi.Units;

namespace Scenarios.Model;

/// <summary>The disk and what is on it when the machine starts.</summary>
public sealed record DiskOptions
{
    /// <summary>The kind of device.</summary>
    public DiskDevice Device { get; init; } = DiskDevice.Nvme;

    /// <summary>
    /// A real directory, relative to the scenario file, that becomes the root of the disk.
    /// </summary>
    public string? From { get; init; }

    /// <summary>
    /// The disk's size; without it, what is imported and a quarter more and 16 MiB.
    /// </summary>
    [Within(64 << 10, 1L << 40)]
    public Bytes? Size { get; init; }

    /// <summary>
    /// Blocks of 4 KiB that the file server caches; without it, the file server's default.
    /// </summary>
    [Within(1, 1 << 24)]
    public int? CacheBlocks { get; init; }
}

/// <summary>The kinds of disk that are modeled.</summary>
public enum DiskDevice
{
    /// <summary>Flash behind PCI Express, with deep queues.</summary>
    Nvme,
    /// <summary>Flash behind SATA.</summary>
    SataSsd,
    /// <summary>Rotating platters: seek and rotation.</summary>
    HardDisk,
}
