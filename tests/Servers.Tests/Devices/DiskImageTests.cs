using Machine.Devices;

namespace Servers.Tests.Devices;

public sealed class DiskImageTests
{
    [Fact]
    public void An_empty_disk_of_one_GiB_reads_zeros_and_costs_nothing()
    {
        var image = new DiskImage(1 << 21);
        var sector = new byte[512];
        sector.AsSpan().Fill(1);
        image.Read((1 << 21) - 1, sector);
        Assert.All(sector, value => Assert.Equal(0, value));
        Assert.Equal(0, image.AllocatedBytes);
    }

    [Fact]
    public void Reads_see_the_last_writes_and_clones_are_independent() =>
        Gen.Select(Gen.Int[0, 299], Gen.Int[1, 200], Gen.Int[1, 255], Gen.Int[0, 3])
            .Array[1, 40].Sample(writes =>
            {
                // A plain array is what each of up to four images must equal.
                var images = new List<(DiskImage Image, byte[] Model)>
                {
                    (new DiskImage(300), new byte[300 * 512]),
                };
                foreach (var (sector, count, value, action) in writes)
                {
                    var (image, model) = images[value % images.Count];
                    if (action == 0 && images.Count < 4)
                    {
                        images.Add((image.Clone(), (byte[])model.Clone()));
                    }

                    var bytes = new byte[Math.Min(count, 300 - sector) * 512];
                    bytes.AsSpan().Fill((byte)value);
                    image.Write(sector, bytes);
                    bytes.CopyTo(model, sector * 512);
                }

                foreach (var (image, model) in images)
                {
                    var all = new byte[model.Length];
                    image.Read(0, all);
                    Assert.Equal(model, all);
                }
            });

    [Fact]
    public void A_clone_shares_what_neither_has_written_since()
    {
        // 16 MiB, cloned ten times; each clone writes one sector.
        var image = new DiskImage(1 << 15);
        image.Write(0, new byte[1 << 24]);
        image.Clone();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 10; i++)
        {
            image.Clone().Write(i * 1000, new byte[512]);
        }

        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 1 << 20);
    }

    [Fact]
    public void The_hash_is_the_contents_and_not_its_historys()
    {
        var never = new DiskImage(1000);
        var zeroed = new DiskImage(1000);
        zeroed.Write(17, [.. Enumerable.Repeat((byte)9, 512)]);
        Assert.NotEqual(never.ContentHash(), zeroed.ContentHash());
        zeroed.Write(17, new byte[512]);
        Assert.Equal(never.ContentHash(), zeroed.ContentHash());
        Assert.NotEqual(never.ContentHash(), new DiskImage(1001).ContentHash());
        Assert.Equal(zeroed.ContentHash(), zeroed.Clone().ContentHash());
    }

    [Fact]
    public void A_hash_is_SHA_256_over_sizes_and_used_sectors()
    {
        // Written out by hand: the number of sectors, then number and bytes of sector 3.
        var image = new DiskImage(5);
        var sector = new byte[512];
        sector[7] = 1;
        image.Write(3, sector);
        byte[] hashed = [5, 0, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0, .. sector];
        Assert.Equal(
            Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(hashed)),
            image.ContentHash());
    }

    [Theory]
    [InlineData(-1, 512)]
    [InlineData(10, 512)]
    [InlineData(9, 1024)]
    [InlineData(0, 100)]
    public void What_is_not_whole_sectors_of_the_disk_is_refused(long sector, int length)
    {
        var image = new DiskImage(10);
        Assert.Throws<ArgumentOutOfRangeException>(() => image.Read(sector, new byte[length]));
        Assert.Throws<ArgumentOutOfRangeException>(() => image.Write(sector, new byte[length]));
    }
}
