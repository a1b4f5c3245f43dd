namespace Abi.Devices;

/// <summary>
/// What a disk holds: sectors that read as zeros until they are written. Spans are whole sectors.
/// </summary>
public interface ISectorStore
{
    /// <summary>Bytes in a sector.</summary>
    const int SectorSize = 512;

    /// <summary>How many sectors there are.</summary>
    long SectorCount { get; }

    /// <summary>Copies sectors, from <paramref name="sector"/> on, into memory.</summary>
    /// <exception cref="ArgumentOutOfRangeException">
    /// Beyond the end, or not whole sectors.
    /// </exception>
    void Read(long sector, Span<byte> into);

    /// <summary>Copies memory to sectors, from <paramref name="sector"/> on.</summary>
    /// <exception cref="ArgumentOutOfRangeException">
    /// Beyond the end, or not whole sectors.
    /// </exception>
    void Write(long sector, ReadOnlySpan<byte> from);
}
