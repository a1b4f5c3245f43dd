using Abi.Devices;
using Abi.Units;

namespace Machine.Devices;

/// <summary>
/// How long a disk works on a request. Integers only; nanoseconds become cycles once for each
/// request, rounded half up. Up to <see cref="Parallelism"/> requests are in service at once; who
/// owns the queue starts them in order.
/// </summary>
public abstract class DiskTiming
{
    /// <summary>Its name in scenarios.</summary>
    public abstract string Kind { get; }

    /// <summary>Requests that the device takes at once; further ones wait in the driver.</summary>
    public abstract int QueueDepth { get; }

    /// <summary>Requests that it works on at once; further ones wait in its queue.</summary>
    public abstract int Parallelism { get; }

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
