using Machine.Devices;
using Scenarios.Model;
using Scenarios.Profiles;

namespace Servers.Tests.Devices;

/// <summary>The devices of profiles/devices.</summary>
internal static class KnownDevices
{
    public static NicFigures TenGigabit { get; } =
        DeviceProfiles.Find(NetworkDevice.TenGigabit).Device!.Network();

    public static NicFigures OneGigabit { get; } =
        DeviceProfiles.Find(NetworkDevice.OneGigabit).Device!.Network();

    public static DiskTiming Disk(string name, long sectors) =>
        DeviceProfiles.Find(name).Device!.Disk(sectors);
}
