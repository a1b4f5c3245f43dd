using Abi.Devices;
using Abi.Units;
using Machine.Devices;

namespace Servers.Tests.Devices;

/// <summary>
/// Laws of the disks' timing; expected numbers by arithmetic or from the figures' sources.
/// </summary>
public sealed class DiskTimingTests
{
    private const int Block = 4096;
    private const long Sectors = 4_000_000; // 2 GB

    // A turn of 60/7200 s is 20,000,000 cycles at 2.4 GHz.
    private static readonly Frequency Clock = new(2_400_000_000);
    private const long Turn = 20_000_000;

    // 180 MB/s (dev_hdd_bw) at 120 turns a second are 1.5 MB, or 2929.7 sectors.
    private const long Track = 2930;

    [Theory]
    [InlineData("nvme", DeviceOperation.ReadSectors, 80_000)]
    [InlineData("nvme", DeviceOperation.WriteSectors, 15_000)]
    [InlineData("sata-ssd", DeviceOperation.ReadSectors, 110_000)]
    [InlineData("sata-ssd", DeviceOperation.WriteSectors, 40_000)]
    public void A_flash_disk_takes_its_latency_for_4_KiB(
        string kind, DeviceOperation operation, long nanoseconds) =>
        Assert.Equal(
            Clock.FromNanoseconds(nanoseconds),
            KnownDevices.Disk(kind, Sectors).Service(operation, 8, Block, default, Clock));

    [Fact]
    public void A_flash_disk_moves_what_exceeds_4_KiB_at_its_links_rate()
    {
        // 600,000 bytes at 600 MB/s are 1 ms.
        var length = KnownDevices.Disk("sata-ssd", Sectors).Service(
            DeviceOperation.ReadSectors, 0, Block + 600_000, default, Clock);
        Assert.Equal(Clock.FromNanoseconds(110_000 + 1_000_000), length);
    }

    [Fact]
    public void Nanoseconds_become_cycles_once_rounded_half_up()
    {
        // 80,000 ns and 512 bytes at 128/130 x 4 GB/s = 130 ns, at 3 GHz; then at 1 Hz and 6250 Hz
        // (half a cycle).
        var nvme = KnownDevices.Disk("nvme", Sectors);
        Cycles Read(int bytes, long hertz) => nvme.Service(
            DeviceOperation.ReadSectors, 0, bytes, default, new Frequency(hertz));
        Assert.Equal(new Cycles(240_000 + 390), Read(Block + 512, 3_000_000_000));
        Assert.Equal(new Cycles(0), Read(Block, 1));
        Assert.Equal(new Cycles(1), Read(Block, 6250));
        Assert.Equal(new Cycles(0), Read(Block, 6249));
    }

    [Fact]
    public void The_same_sector_comes_again_after_one_turn()
    {
        var disk = HardDisk();
        var first = Read(disk, 1000, VirtualTime.Start);
        var second = Read(disk, 1000, VirtualTime.Start + first);
        Assert.Equal(Turn, second.Count);
    }

    [Fact]
    public void How_the_platter_stands_is_a_function_of_time() =>
        Gen.Select(Gen.Long[0, Sectors - 8], Gen.Long[0, 1L << 40], Gen.Int[0, 1000]).Sample(
            (sector, start, turns) =>
                Read(HardDisk(), sector, new VirtualTime(start))
                == Read(
                    HardDisk(), sector, new VirtualTime(start + turns * Turn)));

    [Fact]
    public void A_request_ends_when_its_last_sector_has_passed() =>
        Gen.Select(Gen.Long[0, 2922], Gen.Long[0, 1L << 40]).Sample((sector, start) =>
        {
            // On the first track, eight sectors behind `sector` are under the head at that fraction
            // of a turn.
            var disk = HardDisk();
            var end = start + Read(disk, sector, new VirtualTime(start)).Count;
            var expected = (double)(sector + 8) / Track * Turn;
            var difference = Math.Abs(end % Turn - expected);
            Assert.True(Math.Min(difference, Turn - difference) <= 1, $"{difference} cycles off");
        });

    [Fact]
    public void The_average_wait_for_a_sector_is_half_a_turn()
    {
        // hdd_rot_7200: 4.167 ms. From the track's beginning, no seek, the transfer taken off.
        long sum = 0;
        const int Samples = 10_000;
        for (var i = 0; i < Samples; i++)
        {
            var start = new VirtualTime(i * (Turn / Samples));
            sum += Read(HardDisk(), 0, start).Count;
        }

        var transfer = 8.0 / Track * Turn;
        var milliseconds = ((double)sum / Samples - transfer) / Clock.Hertz * 1000;
        Assert.InRange(milliseconds, 4.167 * 0.999, 4.167 * 1.001);
    }

    [Fact]
    public void The_average_seek_between_two_places_is_the_published_one()
    {
        // hdd_seek_norvig: 8 ms, over all pairs of tracks.
        var disk = HardDisk();
        var tracks = Sectors / Track;
        double sum = 0;
        for (long distance = 1; distance <= tracks; distance++)
        {
            sum += 2.0 * (tracks + 1 - distance) * disk.SeekNanoseconds(distance);
        }

        var pairs = (double)(tracks + 1) * tracks;
        Assert.InRange(sum / pairs / 1e6, 8 * 0.99, 8 * 1.01);
    }

    [Fact]
    public void A_longer_seek_takes_longer_and_none_less_than_track_to_track()
    {
        var disk = HardDisk();
        Assert.Equal(0, disk.SeekNanoseconds(0));
        Assert.Equal(1_000_000, disk.SeekNanoseconds(1));
        for (var distance = 1; distance < 1000; distance++)
        {
            Assert.True(disk.SeekNanoseconds(distance) < disk.SeekNanoseconds(distance + 1));
        }
    }

    [Fact]
    public void A_long_transfer_runs_at_the_sustained_rate_less_the_changes_of_track()
    {
        // 100 tracks: 100 turns, and 99 changes of track that cost the skew: 1 ms, rounded up to
        // whole sectors.
        var bytes = (int)(100 * Track * ISectorStore.SectorSize);
        var length = HardDisk().Service(
            DeviceOperation.ReadSectors, 0, bytes, VirtualTime.Start, Clock);
        var sector = (double)Turn / Track;
        var skew = Math.Ceiling(Clock.Hertz / 1000.0 / sector) * sector;
        Assert.InRange(length.Count, 100 * Turn + 99 * skew - 2, 100 * Turn + 99 * skew + 2);
    }

    private static HardDiskTiming HardDisk() =>
        (HardDiskTiming)KnownDevices.Disk("hard-disk", Sectors);

    private static Cycles Read(HardDiskTiming disk, long sector, VirtualTime start) =>
        disk.Service(DeviceOperation.ReadSectors, sector, Block, start, Clock);
}
