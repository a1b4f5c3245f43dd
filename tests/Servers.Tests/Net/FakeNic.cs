using Abi;
using Abi.Devices;
using Abi.Units;
using Machine.Devices;
using Servers.Tests.Devices;
using Testing;

namespace Servers.Tests.Net;

/// <summary>A network interface on the echo peer's wire.</summary>
internal sealed class FakeNic(DirectGate gate) : FakeDevice
{
    private readonly EchoNetwork network =
        new(new NicTiming(KnownDevices.TenGigabit, gate.Frequency));

    private readonly Queue<(DeviceRequest Request, Action Finish)> buffers = new();
    private readonly Dictionary<long, byte[]> arrived = [];

    /// <summary>Every frame that was transmitted.</summary>
    public List<byte[]> Sent { get; } = [];

    /// <summary>Frames that arrived when no buffer was there.</summary>
    public int Overruns { get; private set; }

    /// <summary>Changes a frame on its way here.</summary>
    public Action<byte[]> OnArrival { get; set; } = _ => { };

    /// <summary>How long a frame takes that is sent; by default as the wire says.</summary>
    public long? Slow { get; set; }

    /// <summary>Forgets its buffers, as a driver that starts makes it do.</summary>
    public void Reset() => buffers.Clear();

    /// <summary>A frame comes from the wire.</summary>
    public void Arrive(byte[] frame)
    {
        OnArrival(frame);
        if (!buffers.TryDequeue(out var buffer))
        {
            Overruns++;
            return;
        }

        arrived[buffer.Request.Tag] = frame;
        buffer.Finish();
    }

    /// <inheritdoc/>
    public override bool Keeps(in DeviceRequest request, Action finish)
    {
        if (request.Operation != DeviceOperation.ReceiveBuffer)
        {
            return false;
        }

        buffers.Enqueue((request, finish));
        return true;
    }

    /// <inheritdoc/>
    public override Cycles Service(in DeviceRequest request, VirtualTime now)
    {
        Sent.Add(request.Memory.ToArray());
        var transmission = network.Transmit(now, request.Memory.Span);
        foreach (var (at, frame) in transmission.Arrivals)
        {
            gate.At(at, () => Arrive(frame));
        }

        return Slow is { } slow ? new Cycles(slow) : transmission.Sent - now;
    }

    /// <inheritdoc/>
    public override DeviceCompletion Perform(in DeviceRequest request, Memory<byte> memory)
    {
        if (request.Operation == DeviceOperation.TransmitFrame)
        {
            return new DeviceCompletion(request.Tag, Errno.None, memory.Length);
        }

        arrived.Remove(request.Tag, out var frame);
        frame.CopyTo(memory);
        return new DeviceCompletion(request.Tag, Errno.None, frame!.Length);
    }
}
