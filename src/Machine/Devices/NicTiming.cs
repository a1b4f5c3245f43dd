using Abi.Units;

namespace Machine.Devices;

/// <summary>How fast a network is.</summary>
/// <param name="Name">Its name in scenarios.</param>
/// <param name="PicosecondsPerByte">Time that one byte occupies the wire.</param>
/// <param name="LatencyNanoseconds">
/// From the sender's last bit to the receiver's: cable and switch.
/// </param>
/// <param name="Source">Where the numbers come from.</param>
public sealed record NicProfile(
    string Name, long PicosecondsPerByte, long LatencyNanoseconds, string Source)
{
    /// <summary>
    /// Ten meters of fibre and one cut-through switch: 10 x 5 ns (row net_fibre) + 400 ns (row
    /// net_ct_sw). The length and the one switch are ASSUMED: a rack.
    /// </summary>
    private const long RackNanoseconds = 450;

    /// <summary>10 Gb/s Ethernet: 0.8 ns a byte (row net_10g_byte, VERIFIED).</summary>
    public static NicProfile TenGigabit { get; } = new(
        "10g", 800, RackNanoseconds,
        "net_10g_byte VERIFIED; latency net_fibre x 10 m + net_ct_sw, topology ASSUMED");

    /// <summary>1 Gb/s Ethernet: 8 ns a byte (row net_1g_byte, VERIFIED).</summary>
    public static NicProfile OneGigabit { get; } = new(
        "1g", 8000, RackNanoseconds,
        "net_1g_byte VERIFIED; latency net_fibre x 10 m + net_ct_sw, topology ASSUMED");
}

/// <summary>
/// When frames leave and arrive: a full-duplex wire on which each direction carries one frame at a
/// time.
/// </summary>
/// <param name="profile">How fast it is.</param>
/// <param name="frequency">The machine's clock, in whose cycles instants are given.</param>
public sealed class NicTiming(NicProfile profile, Frequency frequency)
{
    /// <summary>The shortest frame, bytes, with its check sequence (IEEE 802.3).</summary>
    private const int ShortestFrame = 64;

    /// <summary>The frame check sequence, bytes, which the device adds (IEEE 802.3).</summary>
    private const int CheckSequence = 4;

    /// <summary>
    /// Preamble, start delimiter and inter-frame gap, bytes (row net_ovh, VERIFIED).
    /// </summary>
    private const int Overhead = 20;

    private VirtualTime outboundFree;
    private VirtualTime inboundFree;

    /// <summary>
    /// How long the wire is occupied by a frame of so many bytes, check sequence not counted.
    /// </summary>
    public Cycles WireTime(int frameLength)
    {
        var bytes = Math.Max(frameLength + CheckSequence, ShortestFrame) + Overhead;
        return FromPicoseconds(bytes * profile.PicosecondsPerByte);
    }

    /// <summary>
    /// Puts a frame on the wire as soon as the frames before it are gone: the instant at which its
    /// last bit has left.
    /// </summary>
    public VirtualTime Transmit(VirtualTime at, int frameLength) =>
        outboundFree = Later(at, outboundFree) + WireTime(frameLength);

    /// <summary>When the other end has a frame whose last bit left at an instant.</summary>
    public VirtualTime ArrivesThere(VirtualTime left) =>
        left + frequency.FromNanoseconds(profile.LatencyNanoseconds);

    /// <summary>
    /// The other end sends a frame at an instant, after those before it: when this end has it.
    /// </summary>
    public VirtualTime ArrivesHere(VirtualTime at, int frameLength)
    {
        inboundFree = Later(at, inboundFree) + WireTime(frameLength);
        return inboundFree + frequency.FromNanoseconds(profile.LatencyNanoseconds);
    }

    private static VirtualTime Later(VirtualTime one, VirtualTime other) =>
        one > other ? one : other;

    /// <summary>Rounded half up, once for each frame.</summary>
    private Cycles FromPicoseconds(long picoseconds)
    {
        var product = (Int128)picoseconds * frequency.Hertz;
        return new Cycles((long)((product + 500_000_000_000) / 1_000_000_000_000));
    }
}
