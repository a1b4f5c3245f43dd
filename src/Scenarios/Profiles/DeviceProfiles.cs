using Machine.Devices;

namespace Scenarios.Profiles;

/// <summary>One number of a device's model.</summary>
/// <param name="Name">What it is.</param>
/// <param name="Value">How much.</param>
/// <param name="Unit">Of what.</param>
/// <param name="Source">Where it is from.</param>
public sealed record DeviceFigure(string Name, long Value, string Unit, string Source);

/// <summary>A kind of device that scenarios can name.</summary>
/// <param name="Name">The name, under `disk:` or `network:`.</param>
/// <param name="Key">The scenario's key: disk.device or network.device.</param>
/// <param name="Figures">Every number that its model rests on.</param>
public sealed record DeviceProfile(string Name, string Key, IReadOnlyList<DeviceFigure> Figures);

/// <summary>
/// The devices that are modeled; their numbers stand in Machine.Devices, beside their use.
/// </summary>
public static class DeviceProfiles
{
    // Sectors of a 1 TB disk: seeks depend on the size, parameters do not.
    private const long Sectors = 1_953_525_168;

    /// <summary>Disks, then networks.</summary>
    public static IReadOnlyList<DeviceProfile> All { get; } =
    [
        .. DiskTiming.Kinds.Select(kind => new DeviceProfile(
            kind,
            "disk.device",
            [
                .. DiskTiming.Create(kind, Sectors).Parameters.Select(each =>
                    new DeviceFigure(each.Name, each.Value, each.Unit, each.Source)),
            ])),
        .. new[] { NicProfile.TenGigabit, NicProfile.OneGigabit }.Select(nic => new DeviceProfile(
            nic.Name,
            "network.device",
            [
                new DeviceFigure("time per byte", nic.PicosecondsPerByte, "ps", nic.Source),
                new DeviceFigure("latency", nic.LatencyNanoseconds, "ns", nic.Source),
            ])),
    ];
}
