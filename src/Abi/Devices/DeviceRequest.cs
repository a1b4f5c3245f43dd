using Abi.Kernel;

namespace Abi.Devices;

/// <summary>What a device is asked to do.</summary>
public enum DeviceOperation
{
    /// <summary>Copy sectors from the disk into memory.</summary>
    ReadSectors,
    /// <summary>Copy memory to sectors of the disk; finished when durable.</summary>
    WriteSectors,
    /// <summary>Put a frame on the wire.</summary>
    TransmitFrame,
    /// <summary>Give the device a buffer for a frame that arrives.</summary>
    ReceiveBuffer,
    /// <summary>Print bytes on the console.</summary>
    Print,
}

/// <summary>One request in a device's queue.</summary>
/// <param name="Tag">Chosen by the driver; comes back in the completion.</param>
/// <param name="Operation">What to do.</param>
/// <param name="Sector">First sector (disks), else 0.</param>
/// <param name="Memory">The memory that the device reads or writes by DMA.</param>
/// <param name="Lease">If the memory is lent, the lease; a revoked lease stops the DMA. None: the
/// driver's own memory.</param>
public readonly record struct DeviceRequest(
    long Tag, DeviceOperation Operation, long Sector, Memory<byte> Memory, Lease Lease);

/// <summary>One entry of a device's completion queue.</summary>
/// <param name="Tag">The request's tag.</param>
/// <param name="Error">None, or EIO.</param>
/// <param name="Count">Bytes moved.</param>
public readonly record struct DeviceCompletion(long Tag, Errno Error, int Count);
