using System.Runtime.CompilerServices;
using Abi;
using Abi.Costs;
using Abi.Devices;
using Abi.Kernel;
using LibSys;
using LibSys.Protocols;

namespace Servers.Net;

/// <summary>
/// The driver of a network interface: copies frames into the device's transmit ring, keeps its
/// receive ring filled, and hands arrived frames to whoever asks for the next one. It calls nobody.
/// </summary>
public sealed class NicDriver : Component
{
    private const int Device = 0;

    private readonly byte[][] receiveBuffers;
    private readonly byte[][] transmitBuffers;
    private readonly Stack<int> freeToTransmit;
    private readonly Queue<Arrival> arrivals = new();
    private readonly EventCount transmitted;
    private Receiver? receiver;

    /// <summary>
    /// A driver with rings of so many buffers; the default is that of Intel's e1000: 256.
    /// </summary>
    public NicDriver(int ring = 256)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(ring);
        transmitted = NewEventCount(Cause.DeviceQueue);
        receiveBuffers = new byte[ring][];
        transmitBuffers = new byte[ring][];
        freeToTransmit = new Stack<int>(ring);
        for (var i = ring - 1; i >= 0; i--)
        {
            receiveBuffers[i] = new byte[NicProtocol.LongestFrame];
            transmitBuffers[i] = new byte[NicProtocol.LongestFrame];
            freeToTransmit.Push(i);
        }
    }

    /// <summary>A received frame: in which buffer, how many bytes.</summary>
    private readonly record struct Arrival(int Buffer, int Length);

    /// <summary>Who waits for the next frame, and where to put it.</summary>
    private readonly record struct Receiver(ReplyToken Token, Lease Lease);

    /// <inheritdoc/>
    public override string Name => NicProtocol.Name;

    /// <inheritdoc/>
    public override IReadOnlyList<BackgroundThread> Background =>
        [new("completions", TakeCompletions)];

    /// <inheritdoc/>
    public override ValueTask Start(Activation self)
    {
        for (var i = 0; i < receiveBuffers.Length; i++)
        {
            Post(i, self);
        }

        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public override ValueTask<Message> Handle(Request request, Activation self) =>
        request.Message.Operation switch
        {
            NicProtocol.Transmit => Transmit(request.Message.Lease, self),
            NicProtocol.Receive => Receive(request, self),
            _ => new(Message.Fail(Errno.ENOSYS)),
        };

    [AsyncMethodBuilder(typeof(ActivationBuilder<>))]
    private async ValueTask<Message> Transmit(Lease frame, Activation self)
    {
        if (frame.Length is < UdpFrame.ShortestFrame or > NicProtocol.LongestFrame)
        {
            return Message.Fail(Errno.EINVAL);
        }

        while (freeToTransmit.Count == 0)
        {
            await self.Await(transmitted, transmitted.Value);
        }

        var index = freeToTransmit.Pop();
        var copy = transmitBuffers[index].AsMemory(0, frame.Length);
        var copied = await self.ReadLease(frame, 0, copy);
        if (copied < 0)
        {
            freeToTransmit.Push(index);
            await self.Advance(transmitted);
            return Message.Reply(copied);
        }

        self.Work(Part.NicFrame);
        var tag = receiveBuffers.Length + index;
        self.Submit(
            Device, new DeviceRequest(tag, DeviceOperation.TransmitFrame, 0, copy, Lease.None));
        self.Step(FaultStep.DeviceProgrammed);
        return Message.Reply(copied);
    }

    [AsyncMethodBuilder(typeof(ActivationBuilder<>))]
    private async ValueTask<Message> Receive(Request request, Activation self)
    {
        var lease = request.Message.Lease;
        if (lease.Length < NicProtocol.LongestFrame)
        {
            return Message.Fail(Errno.EINVAL);
        }

        if (!arrivals.TryDequeue(out var arrival))
        {
            receiver = new Receiver(request.Token, lease);
            return Message.Deferred;
        }

        return Message.Reply(await HandOver(arrival, lease, self));
    }

    private async ValueTask TakeCompletions(Activation self)
    {
        while (true)
        {
            await self.Wait(CapSlot.Interrupt);

            // Acknowledged first: what finishes from here on interrupts again, so nothing is
            // missed.
            await self.AcknowledgeInterrupt(Device);
            var hasTransmitted = false;
            while (self.TryTakeCompletion(Device, out var completion))
            {
                self.Work(Part.NicFrame);
                self.Step(FaultStep.CompletionSeen);
                var index = (int)completion.Tag;
                if (index >= receiveBuffers.Length)
                {
                    freeToTransmit.Push(index - receiveBuffers.Length);
                    hasTransmitted = true;
                }
                else if (completion.Error == Errno.None)
                {
                    arrivals.Enqueue(new Arrival(index, completion.Count));
                }
                else
                {
                    Post(index, self);
                }
            }

            if (hasTransmitted)
            {
                await self.Advance(transmitted);
            }

            while (receiver is { } waiting && arrivals.TryDequeue(out var arrival))
            {
                receiver = null;
                var length = await HandOver(arrival, waiting.Lease, self);
                // A net stack that died meanwhile lost its sockets: the frame is for nobody.
                await self.Reply(waiting.Token, Message.Reply(length));
            }
        }
    }

    /// <summary>Copies a frame to its receiver and gives the buffer back to the device.</summary>
    [AsyncMethodBuilder(typeof(ActivationBuilder<>))]
    private async ValueTask<long> HandOver(Arrival arrival, Lease lease, Activation self)
    {
        var copied = await self.WriteLease(
            lease, 0, receiveBuffers[arrival.Buffer].AsMemory(0, arrival.Length));
        Post(arrival.Buffer, self);
        return copied;
    }

    private void Post(int buffer, Activation self) => self.Submit(
        Device,
        new DeviceRequest(
            buffer, DeviceOperation.ReceiveBuffer, 0, receiveBuffers[buffer], Lease.None));
}
