using Abi.Kernel;

namespace LibSys.Protocols;

/// <summary>
/// What a disk driver understands. Answers carry the bytes moved, or EINVAL (not whole sectors, or
/// beyond the end) or EIO (the device failed) negated. Both requests may be repeated without harm.
/// </summary>
public static class DiskProtocol
{
    /// <summary>The driver's name.</summary>
    public const string Name = "disk-driver";

    /// <summary>A: first sector. Lease: memory to fill, whole sectors.</summary>
    public const int Read = 1;

    /// <summary>
    /// A: first sector. Lease: memory to store, whole sectors. Answered when durable.
    /// </summary>
    public const int Write = 2;

    /// <summary>The answer's A is the number of sectors, B the bytes in one.</summary>
    public const int Geometry = 3;

    /// <summary>Asks to fill the lent memory from this sector on.</summary>
    public static Message ReadFrom(long sector) => Message.Request(Read, sector);

    /// <summary>Asks to store the lent memory from this sector on.</summary>
    public static Message WriteTo(long sector) => Message.Request(Write, sector);
}
