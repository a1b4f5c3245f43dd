using System.Runtime.CompilerServices;
using Abi;
using Abi.Costs;
using Abi.Devices;
using Abi.Kernel;
using LibSys;
using LibSys.Protocols;

namespace Servers.Disk;

/// <summary>
/// The disk driver: puts requests into the device's queue and sleeps; a thread of its own takes the
/// interrupts and wakes who waited. The device moves the bytes straight from and to the client's
/// memory.
/// </summary>
public sealed class DiskDriver : Component
{
    private readonly long sectorCount;
    private readonly int device;
    private readonly Slot[] slots;
    private readonly Stack<int> free;
    private readonly EventCount freed;
    private int waiting;

    /// <summary>A driver for one disk.</summary>
    /// <param name="sectorCount">Sectors of 512 bytes on the disk.</param>
    /// <param name="queueDepth">Requests that the device takes at once; positive.</param>
    /// <param name="device">The device's and its interrupt line's number in this component.</param>
    public DiskDriver(long sectorCount, int queueDepth, int device = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(queueDepth);
        this.sectorCount = sectorCount;
        this.device = device;
        freed = NewEventCount(Cause.DeviceQueue);
        slots = new Slot[queueDepth];
        free = new Stack<int>(queueDepth);
        for (var i = queueDepth - 1; i >= 0; i--)
        {
            slots[i] = new Slot(NewEventCount(Cause.DeviceService));
            free.Push(i);
        }
    }

    /// <inheritdoc/>
    public override string Name => DiskProtocol.Name;

    /// <inheritdoc/>
    public override IReadOnlyList<BackgroundThread> Background =>
        [new BackgroundThread("completions", TakeCompletions)];

    /// <inheritdoc/>
    public override ValueTask<Message> Handle(Request request, Activation self) =>
        request.Message.Operation switch
        {
            DiskProtocol.Read =>
                Transfer(request, DeviceOperation.ReadSectors, LeaseAccess.Write, self),
            DiskProtocol.Write =>
                Transfer(request, DeviceOperation.WriteSectors, LeaseAccess.Read, self),
            DiskProtocol.Geometry => new(
                Message.Request(0, sectorCount, ISectorStore.SectorSize)),
            _ => new(Message.Fail(Errno.ENOSYS)),
        };

    [AsyncMethodBuilder(typeof(ActivationBuilder<>))]
    private async ValueTask<Message> Transfer(
        Request request, DeviceOperation operation, LeaseAccess access, Activation self)
    {
        var sector = request.Message.A;
        var lease = request.Message.Lease;
        if ((lease.Access & access) == 0)
        {
            return Message.Fail(Errno.EPERM);
        }

        if (lease.Length % ISectorStore.SectorSize != 0
            || sector < 0 || sector > sectorCount - lease.Length / ISectorStore.SectorSize)
        {
            return Message.Fail(Errno.EINVAL);
        }

        while (free.Count == 0)
        {
            waiting++;
            await self.Await(freed, freed.Value);
            waiting--;
        }

        var tag = free.Pop();
        var slot = slots[tag];
        slot.IsDone = false;
        self.Work(Part.DiskSubmit);
        self.Submit(device, new DeviceRequest(tag, operation, sector, default, lease));
        self.Step(FaultStep.DeviceProgrammed);
        while (!slot.IsDone)
        {
            await self.Await(slot.Done, slot.Done.Value);
        }

        var completion = slot.Completion;
        free.Push(tag);
        if (waiting > 0)
        {
            await self.Advance(freed);
        }

        return completion.Error == Errno.None
            ? Message.Reply(completion.Count)
            : Message.Fail(completion.Error);
    }

    private async ValueTask TakeCompletions(Activation self)
    {
        while (true)
        {
            await self.Wait(CapSlot.Interrupt);

            // Acknowledged first: what finishes from here on interrupts again, so nothing is
            // missed.
            await self.AcknowledgeInterrupt(device);
            while (self.TryTakeCompletion(device, out var completion))
            {
                self.Work(Part.DiskComplete);
                self.Step(FaultStep.CompletionSeen);
                var slot = slots[completion.Tag];
                slot.Completion = completion;
                slot.IsDone = true;
                await self.Advance(slot.Done);
            }
        }
    }

    /// <summary>One place in the device's queue.</summary>
    private sealed class Slot(EventCount done)
    {
        public EventCount Done { get; } = done;
        public bool IsDone { get; set; }
        public DeviceCompletion Completion { get; set; }
    }
}
