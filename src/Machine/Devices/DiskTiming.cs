using Abi.Devices;
using Abi.Units;

namespace Machine.Devices;

/// <summary>One number that a device model rests on.</summary>
/// <param name="Name">What it is.</param>
/// <param name="Value">How much.</param>
/// <param name="Unit">Of what.</param>
/// <param name="Source">
/// Where it is from: a row of reference/published-costs.csv, arithmetic on a standard, or an
/// assumption, said so.
/// </param>
public sealed record DeviceParameter(string Name, long Value, string Unit, string Source);

/// <summary>
/// How long a disk works on a request. Integers only; nanoseconds become cycles once for each
/// request, rounded half up. Up to <see cref="Parallelism"/> requests are in service at once; who
/// owns the queue starts them in order.
/// </summary>
public abstract class DiskTiming
{
    /// <summary>The kinds of disk that <see cref="Create"/> knows.</summary>
    public static IReadOnlyList<string> Kinds { get; } = ["nvme", "sata-ssd", "hard-disk"];

    /// <summary>Its kind.</summary>
    public abstract string Kind { get; }

    /// <summary>Requests that the device takes at once; further ones wait in the driver.</summary>
    public abstract int QueueDepth { get; }

    /// <summary>Requests that it works on at once; further ones wait in its queue.</summary>
    public abstract int Parallelism { get; }

    /// <summary>Every number that it rests on.</summary>
    public abstract IReadOnlyList<DeviceParameter> Parameters { get; }

    /// <summary>Makes a disk of a kind.</summary>
    /// <param name="kind">One of <see cref="Kinds"/>.</param>
    /// <param name="sectorCount">Its size in sectors of 512 bytes.</param>
    /// <exception cref="ArgumentException">There is no such kind.</exception>
    public static DiskTiming Create(string kind, long sectorCount) => kind switch
    {
        "nvme" => SolidStateTiming.Nvme,
        "sata-ssd" => SolidStateTiming.SataSsd,
        "hard-disk" => new HardDiskTiming(sectorCount),
        _ => throw new ArgumentException(
            $"no disk is of the kind '{kind}'; there are {string.Join(", ", Kinds)}"),
    };

    /// <summary>
    /// The time from the start of service to the end. Requests are to be given in the order in
    /// which they start: a disk with a head remembers where it is.
    /// </summary>
    /// <param name="operation">ReadSectors or WriteSectors.</param>
    /// <param name="sector">The first sector.</param>
    /// <param name="bytes">How much; whole sectors.</param>
    /// <param name="start">When service starts.</param>
    /// <param name="clock">The clock that counts cycles.</param>
    public abstract Cycles Service(
        DeviceOperation operation, long sector, int bytes, VirtualTime start, Frequency clock);
}
