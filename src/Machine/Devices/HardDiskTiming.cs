using Abi.Devices;
using Abi.Units;

namespace Machine.Devices;

/// <summary>
/// A hard disk: the arm seeks to the track, the platter turns to the sector, the sectors pass the
/// head. How the platter stands is a function of virtual time alone. Simplifications: one surface,
/// all tracks of one length (no zones), a seek takes a constant and a part proportional to the
/// distance, no cache, requests in order of arrival (no elevator). The image is the whole disk: the
/// longest seek crosses it, however small it is.
/// </summary>
/// <param name="sectorCount">Sectors on the disk.</param>
public sealed class HardDiskTiming(long sectorCount) : DiskTiming
{
    private static readonly DeviceParameter Speed = new(
        "speed", 7200, "turns/min", "hdd_rot_7200 (VERIFIED: half a turn is 4.167 ms)");

    private static readonly DeviceParameter AverageSeek = new(
        "average seek", 8_000_000, "ns", "hdd_seek_norvig (VERIFIED)");

    private static readonly DeviceParameter TrackToTrack = new(
        "track-to-track seek", 1_000_000, "ns", "dev_hdd_tt (RECALLED)");

    private static readonly DeviceParameter TrackLength = new(
        "track", 2930, "sectors",
        "arithmetic on dev_hdd_bw (RECALLED): 180 MB/s at 120 turns/s is 1.5 MB a turn");

    private static readonly DeviceParameter Depth = new(
        "queue depth", 32, "requests", "SATA native command queuing has 32 tags");

    private readonly long lastTrack = Math.Max(1, (sectorCount - 1) / TrackLength.Value);
    private long track;

    /// <inheritdoc/>
    public override string Kind => "hard-disk";

    /// <inheritdoc/>
    public override int QueueDepth => (int)Depth.Value;

    /// <summary>There is one arm.</summary>
    public override int Parallelism => 1;

    /// <inheritdoc/>
    public override IReadOnlyList<DeviceParameter> Parameters =>
        [Speed, AverageSeek, TrackToTrack, TrackLength, Depth];

    /// <summary>Sectors on a track.</summary>
    public static long SectorsPerTrack => TrackLength.Value;

    /// <summary>
    /// A seek over so many tracks, nanoseconds: 0 for none. Between two places at random lies a
    /// third of the disk on average, and that takes the average seek.
    /// </summary>
    public long SeekNanoseconds(long distance)
    {
        if (distance == 0)
        {
            return 0;
        }

        var slope = 3 * (AverageSeek.Value - TrackToTrack.Value);
        return TrackToTrack.Value
            + (long)((Int128)slope * (distance - 1) / Math.Max(1, lastTrack - 1));
    }

    /// <inheritdoc/>
    public override Cycles Service(
        DeviceOperation operation, long sector, int bytes, VirtualTime start, Frequency clock)
    {
        // Time in ticks such that both a cycle and the passing of a sector are whole numbers of
        // them: there are Hertz x 60 cycles in `Speed` turns, so a cycle is Speed x
        // sectors-per-track ticks, a sector Hertz x 60.
        var cycle = (Int128)Speed.Value * SectorsPerTrack;
        var passing = (Int128)clock.Hertz * 60;
        var turn = passing * SectorsPerTrack;

        var begin = start.Cycles * cycle;
        var time = begin;
        for (var left = bytes / ISectorStore.SectorSize; left > 0;)
        {
            var target = sector / SectorsPerTrack;
            var seek = (Int128)SeekNanoseconds(Math.Abs(target - track));
            time += (seek * clock.Hertz * cycle + 500_000_000) / 1_000_000_000;
            track = target;

            var slot = (sector + target * Skew) % SectorsPerTrack;
            var wait = (slot * passing - time) % turn;
            time += wait < 0 ? wait + turn : wait;

            var count = (int)Math.Min(left, SectorsPerTrack - sector % SectorsPerTrack);
            time += count * passing;
            sector += count;
            left -= count;
        }

        return new Cycles((long)((time - begin + cycle / 2) / cycle));
    }

    /// <summary>
    /// Sectors by which each track begins later than the one before, so that after a seek to the
    /// next track its first sector is just coming: a track-to-track seek in sectors, rounded up.
    /// </summary>
    private static long Skew =>
        (TrackToTrack.Value * Speed.Value * SectorsPerTrack + 59_999_999_999) / 60_000_000_000;
}
