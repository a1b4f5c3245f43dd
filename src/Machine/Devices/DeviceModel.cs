using Abi;
using Abi.Devices;
using Abi.Units;
using Microkernel.Objects;

namespace Machine.Devices;

/// <summary>What a device does with requests, without actors: it is asked, and says when it will
/// have finished.</summary>
public abstract class DeviceModel
{
    /// <summary>Its name in traces.</summary>
    public abstract string Name { get; }

    /// <summary>Whether a request finishes within the instruction that makes it, without an
    /// interrupt.</summary>
    public virtual bool IsImmediate => false;

    /// <summary>Takes a request at an instant; what follows is reported through the port.</summary>
    public abstract void Submit(DeviceCommand command, VirtualTime now, IDeviceBus bus);

    /// <summary>Something that the device scheduled has come.</summary>
    public virtual void Wake(object what, VirtualTime now, IDeviceBus bus) { }

    /// <summary>The driver is gone: what was not begun is dropped.</summary>
    public virtual void Reset() { }
}

/// <summary>A request with what the machine knows of it.</summary>
/// <param name="Request">As the driver made it.</param>
/// <param name="Memory">Where its DMA goes.</param>
/// <param name="Wait">Its times for the ledgers.</param>
/// <param name="Borrower">The domain that made it.</param>
/// <param name="Epoch">The device's reset count when it was made.</param>
public sealed record DeviceCommand(
    DeviceRequest Request, Memory<byte> Memory, DeviceWait Wait, ProtectionDomain Borrower,
    int Epoch);

/// <summary>What a device can do to the machine.</summary>
public interface IDeviceBus
{
    /// <summary>The clock that counts cycles.</summary>
    Frequency Clock { get; }

    /// <summary>Calls <see cref="DeviceModel.Wake"/> at an instant.</summary>
    void WakeAt(VirtualTime at, object what);

    /// <summary>The device begins to serve a request.</summary>
    void Begins(DeviceCommand command);

    /// <summary>The memory of a request if its lease still holds, or null: the DMA is
    /// stopped.</summary>
    Memory<byte>? Dma(DeviceCommand command);

    /// <summary>A request is finished: its completion is queued and the interrupt line
    /// raised.</summary>
    void Finishes(DeviceCommand command, Errno error, int count);
}
