using System.Reflection;
using System.Text.Json.Serialization;
using Abi;
using Programs.Language;
using Scenarios.Loading;
using Scenarios.Model;

namespace Scenarios.Profiles;

/// <summary>
/// The devices that scenarios can name: files in the directory `profiles/devices` beside the
/// program. An entry without a source is refused, as in cost profiles.
/// </summary>
public static class DeviceProfiles
{
    private const string DiskKey = "disk.device";
    private const string NetworkKey = "network.device";

    /// <summary>Where the devices' files are.</summary>
    public static string Directory => Path.Combine(CostProfiles.Directory, "devices");

    /// <summary>Every name, with the scenario's key under which it stands: disks, then
    /// networks.</summary>
    public static IReadOnlyList<(string Name, string Key)> Names { get; } =
    [
        .. Enum.GetValues<DiskDevice>().Select(each => (NameOf(each), DiskKey)),
        .. Enum.GetValues<NetworkDevice>().Select(each => (NameOf(each), NetworkKey)),
    ];

    /// <summary>Reads a disk.</summary>
    public static DeviceLoadResult Find(DiskDevice disk) => Find(NameOf(disk));

    /// <summary>Reads a network.</summary>
    public static DeviceLoadResult Find(NetworkDevice network) => Find(NameOf(network));

    /// <summary>Reads the device of a name.</summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    public static DeviceLoadResult Find(string name)
    {
        var path = Path.Combine(Directory, name + ".yaml");
        try
        {
            return LoadText(File.ReadAllText(path), path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return new DeviceLoadResult(null,
                [new Diagnostic(path, 1, 1, "expected a device: " + exception.Message)]);
        }
    }

    /// <summary>Reads a device.</summary>
    /// <param name="text">The file's text.</param>
    /// <param name="path">The file's name: without its ending, that of the device.</param>
    public static DeviceLoadResult LoadText(string text, string path)
    {
        var diagnostics = new List<Diagnostic>();
        void Report(Position at, string message) =>
            diagnostics.Add(new Diagnostic(path, at.Line, at.Column, message));

        var root = YamlReader.Read(text, Report, "a device");
        var device = root is null ? null : new DeviceBinder(Report).Bind(root);
        if (device is not null && Path.GetFileNameWithoutExtension(path) is var name)
        {
            if (device.Name != name)
            {
                Report(Position.Start, $"expected the file's name as name: {name}");
            }

            var wanted = Names.FirstOrDefault(each => each.Name == name).Key;
            if (wanted is not null && wanted != KeyOf(device.Kind))
            {
                Report(Position.Start, $"expected a kind of device that {wanted} can name");
            }
        }

        return new DeviceLoadResult(
            diagnostics.Count == 0 ? device : null,
            [
                .. diagnostics.Distinct()
                    .OrderBy(each => each.Line).ThenBy(each => each.Column),
            ]);
    }

    private static string KeyOf(DeviceKind kind) => kind switch
    {
        DeviceKind.FlashDisk or DeviceKind.HardDisk => DiskKey,
        DeviceKind.Ethernet => NetworkKey,
    };

    // A name that is no word of C# stands in an attribute, as the scenario's schema has it.
    private static string NameOf<T>(T device)
        where T : struct, Enum =>
        typeof(T).GetField(device.ToString())!
            .GetCustomAttribute<JsonStringEnumMemberNameAttribute>()?.Name
        ?? KebabCase.Of(device.ToString());
}
