using Abi.Devices;
using Abi.Units;

namespace Machine.Devices;

/// <summary>What a hard disk's timing rests on; see profiles/devices.</summary>
/// <param name="Kind">Its name in scenarios.</param>
/// <param name="TurnsPerMinute">At least 1.</param>
/// <param name="AverageSeekNanoseconds">
/// Between two places at random; at least the track-to-track seek.
/// </param>
/// <param name="TrackToTrackNanoseconds">A seek to the next track.</param>
/// <param name="SectorsPerTrack">At least 1.</param>
/// <param name="QueueDepth">Requests that it takes at once; at least 1.</param>
public sealed record HardDiskFigures(
    string Kind, long TurnsPerMinute, long AverageSeekNanoseconds, long TrackToTrackNanoseconds,
    long SectorsPerTrack, int QueueDepth);

/// <summary>
/// A hard disk: the arm seeks to the track, the platter turns to the sector, the sectors pass the
/// head. How the platter stands is a function of virtual time alone. Simplifications: one surface,
/// all tracks of one length (no zones), a seek takes a constant and a part proportional to the
/// distance, no cache, requests in order of arrival (no elevator). The image is the whole disk: the
/// longest seek crosses it, however small it is.
/// </summary>
/// <param name="figures">Its numbers.</param>
/// <param name="sectorCount">Sectors on the disk.</param>
public sealed class HardDiskTiming(HardDiskFigures figures, long sectorCount) : DiskTiming
{
    private readonly long sectorsPerTrack = figures.SectorsPerTrack;
    private readonly long lastTrack = Math.Max(1, (sectorCount - 1) / figures.SectorsPerTrack);
    private long track;

    /// <inheritdoc/>
    public override string Kind => figures.Kind;

    /// <inheritdoc/>
    public override int QueueDepth => figures.QueueDepth;

    /// <summary>There is one arm.</summary>
    public override int Parallelism => 1;

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

        var slope = 3 * (figures.AverageSeekNanoseconds - figures.TrackToTrackNanoseconds);
        return figures.TrackToTrackNanoseconds
            + (long)((Int128)slope * (distance - 1) / Math.Max(1, lastTrack - 1));
    }

    /// <inheritdoc/>
    public override Cycles Service(
        DeviceOperation operation, long sector, int bytes, VirtualTime start, Frequency clock)
    {
        // Time in ticks such that both a cycle and the passing of a sector are whole numbers of
        // them: a minute has Hertz x 60 cycles, and turns x sectors-per-track sectors pass in
        // it, so a cycle is the second product, a sector the first.
        var cycle = (Int128)figures.TurnsPerMinute * sectorsPerTrack;
        var passing = (Int128)clock.Hertz * 60;
        var turn = passing * sectorsPerTrack;

        var begin = start.Cycles * cycle;
        var time = begin;
        for (var left = bytes / ISectorStore.SectorSize; left > 0;)
        {
            var target = sector / sectorsPerTrack;
            var seek = (Int128)SeekNanoseconds(Math.Abs(target - track));
            time += (seek * clock.Hertz * cycle + 500_000_000) / 1_000_000_000;
            track = target;

            var slot = (sector + target * Skew) % sectorsPerTrack;
            var wait = (slot * passing - time) % turn;
            time += wait < 0 ? wait + turn : wait;

            var count = (int)Math.Min(left, sectorsPerTrack - sector % sectorsPerTrack);
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
    private long Skew => (long)(
        ((Int128)figures.TrackToTrackNanoseconds * figures.TurnsPerMinute * sectorsPerTrack
            + 59_999_999_999) / 60_000_000_000);
}
