using Abi.Units;

namespace Machine.Devices;

/// <summary>What a network's timing rests on; see profiles/devices.</summary>
/// <param name="Name">Its name in scenarios.</param>
/// <param name="PicosecondsPerByte">Time that one byte occupies the wire.</param>
/// <param name="LatencyNanoseconds">
/// From the sender's last bit to the receiver's: cable and switch.
/// </param>
/// <param name="ShortestFrame">Bytes that a frame has at least, with its check sequence.</param>
/// <param name="CheckSequence">Bytes that the device adds to check the frame.</param>
/// <param name="FrameOverhead">
/// Bytes that the wire is occupied by besides: preamble, start delimiter, gap between frames.
/// </param>
/// <param name="TurnaroundNanoseconds">
/// At the other end, from a frame's arrival to the reply's first bit.
/// </param>
public sealed record NicFigures(
    string Name, long PicosecondsPerByte, long LatencyNanoseconds, int ShortestFrame,
    int CheckSequence, int FrameOverhead, long TurnaroundNanoseconds);

/// <summary>
/// When frames leave and arrive: a full-duplex wire on which each direction carries one frame at a
/// time.
/// </summary>
/// <param name="figures">Its numbers.</param>
/// <param name="frequency">The machine's clock, in whose cycles instants are given.</param>
public sealed class NicTiming(NicFigures figures, Frequency frequency)
{
    private VirtualTime outboundFree;
    private VirtualTime inboundFree;

    /// <summary>
    /// How long the wire is occupied by a frame of so many bytes, check sequence not counted.
    /// </summary>
    public Cycles WireTime(int frameLength)
    {
        var bytes = (long)Math.Max(frameLength + figures.CheckSequence, figures.ShortestFrame)
            + figures.FrameOverhead;
        return FromPicoseconds(bytes * figures.PicosecondsPerByte);
    }

    /// <summary>
    /// Puts a frame on the wire as soon as the frames before it are gone: the instant at which its
    /// last bit has left.
    /// </summary>
    public VirtualTime Transmit(VirtualTime at, int frameLength) =>
        outboundFree = Later(at, outboundFree) + WireTime(frameLength);

    /// <summary>From a frame's arrival at the other end to the reply's first bit.</summary>
    public Cycles Turnaround => frequency.FromNanoseconds(figures.TurnaroundNanoseconds);

    /// <summary>When the other end has a frame whose last bit left at an instant.</summary>
    public VirtualTime ArrivesThere(VirtualTime left) =>
        left + frequency.FromNanoseconds(figures.LatencyNanoseconds);

    /// <summary>
    /// The other end sends a frame at an instant, after those before it: when this end has it.
    /// </summary>
    public VirtualTime ArrivesHere(VirtualTime at, int frameLength)
    {
        inboundFree = Later(at, inboundFree) + WireTime(frameLength);
        return inboundFree + frequency.FromNanoseconds(figures.LatencyNanoseconds);
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
