using Machine.Devices;

namespace Scenarios.Profiles;

/// <summary>Which model takes a device's figures.</summary>
public enum DeviceKind
{
    /// <summary>A disk without moving parts.</summary>
    FlashDisk,
    /// <summary>A disk with an arm and platters.</summary>
    HardDisk,
    /// <summary>A network interface on a wire with an echoing host at its other end.</summary>
    Ethernet,
}

/// <summary>A device as a run uses it, and where each of its numbers is from.</summary>
/// <param name="Name">Its name in scenarios.</param>
/// <param name="Kind">The model that takes its figures.</param>
/// <param name="Description">What it is, in the file's words.</param>
/// <param name="Entries">Every figure, in the file's order.</param>
/// <param name="Rows">The published figures that they rest on, in the file's order.</param>
public sealed record DeviceProfile(
    string Name, DeviceKind Kind, string Description,
    IReadOnlyList<ProfileEntry> Entries, IReadOnlyList<ProfileRow> Rows)
{
    /// <summary>A figure in the unit of the model.</summary>
    public long this[string figure] => Entries.First(entry => entry.Name == figure).Amount;

    /// <summary>Its timing, if it is a disk.</summary>
    /// <param name="sectorCount">Its size in sectors of 512 bytes.</param>
    /// <exception cref="InvalidOperationException">It is no disk.</exception>
    public DiskTiming Disk(long sectorCount) => Kind switch
    {
        DeviceKind.FlashDisk => new SolidStateTiming(new SolidStateFigures(
            Name, this["read-latency"], this["write-latency"], this["link-rate"],
            (int)this["queue-depth"], (int)this["parallelism"])),
        DeviceKind.HardDisk => new HardDiskTiming(
            new HardDiskFigures(
                Name, this["speed"], this["average-seek"], this["track-to-track-seek"],
                this["track-length"], (int)this["queue-depth"]),
            sectorCount),
        DeviceKind.Ethernet => throw new InvalidOperationException($"{Name} is no disk"),
    };

    /// <summary>Its figures, if it is a network.</summary>
    /// <exception cref="InvalidOperationException">It is no network.</exception>
    public NicFigures Network() => Kind switch
    {
        DeviceKind.FlashDisk or DeviceKind.HardDisk =>
            throw new InvalidOperationException($"{Name} is no network"),
        DeviceKind.Ethernet => new NicFigures(
            Name, this["byte-time"], this["latency"], (int)this["shortest-frame"],
            (int)this["check-sequence"], (int)this["frame-overhead"], this["peer-turnaround"]),
    };
}

/// <summary>A device, or everything that keeps the text from being one.</summary>
/// <param name="Device">The device; null if there is any diagnostic.</param>
/// <param name="Diagnostics">All of them, in order of line and column.</param>
public sealed record DeviceLoadResult(
    DeviceProfile? Device, IReadOnlyList<Diagnostic> Diagnostics);
