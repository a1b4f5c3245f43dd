using Abi.Posix;

namespace Servers.Net;

/// <summary>A host on the same wire and its interface's address.</summary>
/// <param name="Address">Its IPv4 address.</param>
/// <param name="Hardware">Its interface.</param>
public sealed record Neighbour(InternetAddress Address, HardwareAddress Hardware);

/// <summary>The machine's place in the network. Static: there is no ARP and no router.</summary>
public sealed record NetOptions
{
    /// <summary>This machine; default 10.0.0.1.</summary>
    public Neighbour Self { get; init; } =
        new(InternetAddress.Parse("10.0.0.1"), new HardwareAddress(0x02_00_00_00_00_01));

    /// <summary>How many leading bits of an address name the network; default 24.</summary>
    public int PrefixLength { get; init; } = 24;

    /// <summary>
    /// Who else is there; default one host, 10.0.0.2, on which the echo peer runs.
    /// </summary>
    public IReadOnlyList<Neighbour> Neighbours { get; init; } =
        [new(InternetAddress.Parse("10.0.0.2"), new HardwareAddress(0x02_00_00_00_00_02))];

    /// <summary>
    /// How many datagrams a socket keeps that nobody received; more are dropped. Default 256: Linux
    /// counts bytes, and its default of 212,992 (net.core.rmem_default) holds 277 of the smallest
    /// datagrams.
    /// </summary>
    public int SocketBuffer { get; init; } = 256;

    /// <summary>The address to which all hosts of this network listen.</summary>
    public InternetAddress NetworkBroadcast => new(Self.Address.Value | HostBits);

    /// <summary>Whether the address is of this network.</summary>
    public bool IsOnLink(InternetAddress address) =>
        (address.Value & ~HostBits) == (Self.Address.Value & ~HostBits);

    private uint HostBits => PrefixLength == 32 ? 0 : uint.MaxValue >> PrefixLength;
}

/// <summary>Datagrams and frames that came to nothing, by reason.</summary>
public sealed class NetCounters
{
    /// <summary>Datagrams to a port of this machine that nobody has bound.</summary>
    public long NoPort { get; internal set; }

    /// <summary>Datagrams dropped because their socket's buffer was full.</summary>
    public long BufferFull { get; internal set; }

    /// <summary>Frames with a wrong checksum or a wrong length.</summary>
    public long Damaged { get; internal set; }

    /// <summary>Frames that are valid but not datagrams for this machine.</summary>
    public long NotForUs { get; internal set; }

    /// <summary>
    /// Frames that could not be sent: the driver died, or the receiver has no interface.
    /// </summary>
    public long NotSent { get; internal set; }
}
