using Abi;
using Abi.Devices;
using Abi.Units;

namespace Machine.Devices;

/// <summary>
/// A disk: requests wait first come first served for one of the device's parallel units. A write is
/// durable, and a read sees the sectors, at the end of service.
/// </summary>
public sealed class DiskModel(DiskTiming timing, ISectorStore sectors) : DeviceModel
{
    private readonly Queue<DeviceCommand> waiting = [];
    private int busy;

    /// <inheritdoc/>
    public override string Name => timing.Kind;

    /// <inheritdoc/>
    public override void Submit(DeviceCommand command, VirtualTime now, IDeviceBus bus)
    {
        waiting.Enqueue(command);
        BeginNext(now, bus);
    }

    /// <inheritdoc/>
    public override void Wake(object what, VirtualTime now, IDeviceBus bus)
    {
        busy--;
        Finish((DeviceCommand)what, bus);
        BeginNext(now, bus);
    }

    /// <inheritdoc/>
    public override void Reset() => waiting.Clear();

    private void BeginNext(VirtualTime now, IDeviceBus bus)
    {
        while (busy < timing.Parallelism && waiting.TryDequeue(out var command))
        {
            busy++;
            bus.Begins(command);
            var request = command.Request;
            var service = timing.Service(
                request.Operation, request.Sector, command.Memory.Length, now, bus.Clock);
            bus.WakeAt(now + service, command);
        }
    }

    private void Finish(DeviceCommand command, IDeviceBus bus)
    {
        var request = command.Request;
        if (request.Operation == DeviceOperation.WriteSectors)
        {
            // The device fetched the data when it began: the write happens whoever lives.
            sectors.Write(request.Sector, command.Memory.Span);
            bus.Finishes(command, Errno.None, command.Memory.Length);
        }
        else if (bus.Dma(command) is { } memory)
        {
            sectors.Read(request.Sector, memory.Span);
            bus.Finishes(command, Errno.None, memory.Length);
        }
        else
        {
            bus.Finishes(command, Errno.EIO, 0);
        }
    }
}
