using Abi;
using Abi.Devices;
using Abi.Units;

namespace Machine.Devices;

/// <summary>
/// A network interface on a wire with the echo peer at its other end: transmits from memory, and
/// fills the receive buffers that the driver posted; a frame that finds none is dropped and
/// counted.
/// </summary>
/// <param name="network">What is at the other end.</param>
/// <param name="coalescing">
/// How long after an announcement of received frames it keeps the next ones back, cycles; 0: not at
/// all.
/// </param>
public sealed class NicModel(EchoNetwork network, long coalescing = 0) : DeviceModel
{
    private readonly Queue<DeviceCommand> buffers = [];
    private long announcedAt = long.MinValue / 2;

    /// <summary>Frames that found no receive buffer.</summary>
    public long Dropped { get; private set; }

    /// <inheritdoc/>
    public override string Name => "nic";

    /// <inheritdoc/>
    public override void Submit(DeviceCommand command, VirtualTime now, IDeviceBus bus)
    {
        if (command.Request.Operation == DeviceOperation.ReceiveBuffer)
        {
            buffers.Enqueue(command);
            return;
        }

        bus.Begins(command);
        var transmission = network.Transmit(now, command.Memory.Span);
        bus.WakeAt(transmission.Sent, command);
        foreach (var (at, frame) in transmission.Arrivals)
        {
            bus.WakeAt(at, frame);
        }
    }

    /// <inheritdoc/>
    public override void Wake(object what, VirtualTime now, IDeviceBus bus)
    {
        switch (what)
        {
            case DeviceCommand sent:
                bus.Finishes(sent, Errno.None, sent.Memory.Length);
                break;
            case byte[] when now.Cycles > announcedAt
                && now.Cycles < announcedAt + coalescing:
                bus.WakeAt(new VirtualTime(announcedAt + coalescing), what);
                break;
            case byte[] frame when buffers.TryDequeue(out var buffer):
                if (bus.Dma(buffer) is { } memory && memory.Length >= frame.Length)
                {
                    announcedAt = now.Cycles;
                    frame.CopyTo(memory);
                    bus.Begins(buffer);
                    bus.Finishes(buffer, Errno.None, frame.Length);
                }
                else
                {
                    Dropped++;
                }

                break;
            default:
                Dropped++;
                break;
        }
    }

    /// <inheritdoc/>
    public override void Reset()
    {
        buffers.Clear();
        announcedAt = long.MinValue / 2;
    }
}
