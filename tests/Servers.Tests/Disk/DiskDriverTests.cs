using Abi;
using Abi.Costs;
using Abi.Kernel;
using LibSys;
using LibSys.Protocols;
using Machine.Devices;
using Servers.Disk;
using Servers.Tests.Files;
using Testing;

namespace Servers.Tests.Disk;

public sealed class DiskDriverTests
{
    private const int Sectors = 64;

    private readonly DirectGate gate = new();
    private readonly FakeDisk disk = new(new DiskImage(Sectors));
    private readonly FakeComponent driver;

    public DiskDriverTests() =>
        driver = gate.Register(() => new DiskDriver(Sectors, queueDepth: 2), 8, disk);

    [Fact]
    public void What_was_written_is_read_back_by_way_of_lent_memory()
    {
        var bytes = SysExtensions.Pattern(1536);
        var read = new byte[1536];
        Assert.Equal(1536, Ask(DiskProtocol.WriteTo(5), bytes, LeaseAccess.Read));
        Assert.Equal(1536, Ask(DiskProtocol.ReadFrom(5), read, LeaseAccess.Write));
        Assert.Equal(bytes, read);
        Assert.Equal((2, 2), (gate.Worked(Part.DiskSubmit), gate.Worked(Part.DiskComplete)));
    }

    [Theory]
    [InlineData(-1, 512)]
    [InlineData(0, 100)]
    [InlineData(Sectors, 512)]
    [InlineData(Sectors - 1, 1024)]
    [InlineData(long.MaxValue, 512)]
    public void What_is_not_whole_sectors_of_the_disk_is_EINVAL(long sector, int length)
    {
        Assert.Equal(
            -(long)Errno.EINVAL,
            Ask(DiskProtocol.ReadFrom(sector), new byte[length], LeaseAccess.Write));
        Assert.Equal(
            -(long)Errno.EINVAL,
            Ask(DiskProtocol.WriteTo(sector), new byte[length], LeaseAccess.Read));
    }

    [Fact]
    public void Memory_that_is_not_lent_for_the_direction_is_EPERM()
    {
        Assert.Equal(
            -(long)Errno.EPERM, Ask(DiskProtocol.ReadFrom(0), new byte[512], LeaseAccess.Read));
        Assert.Equal(
            -(long)Errno.EPERM, Ask(DiskProtocol.WriteTo(0), new byte[512], LeaseAccess.Write));
        Assert.Equal(-(long)Errno.EPERM, Ask(DiskProtocol.ReadFrom(0), [], LeaseAccess.None));
    }

    [Fact]
    public void Geometry_is_told_and_an_unknown_request_is_ENOSYS()
    {
        var answer = gate.Ask(async sys => await sys.Call(
            sys.Connections.To(DiskProtocol.Name), Message.Request(DiskProtocol.Geometry),
            Retry.Idempotent));
        Assert.Equal((Sectors, 512), (answer.A, answer.B));
        Assert.Equal(-(long)Errno.ENOSYS, Ask(Message.Request(99), [], LeaseAccess.None));
    }

    [Fact]
    public void A_failed_request_is_EIO_and_the_next_one_works()
    {
        disk.Fails = request => request.Sector == 3 ? Errno.EIO : Errno.None;
        Assert.Equal(
            -(long)Errno.EIO, Ask(DiskProtocol.ReadFrom(3), new byte[512], LeaseAccess.Write));
        Assert.Equal(512, Ask(DiskProtocol.ReadFrom(4), new byte[512], LeaseAccess.Write));
    }

    [Fact]
    public void As_many_requests_are_at_the_device_as_it_takes_and_the_others_wait()
    {
        var done = 0;
        for (var i = 0; i < 6; i++)
        {
            var sector = i;
            gate.Spawn(async sys =>
            {
                var answer = await sys.Call(
                    sys.Connections.To(DiskProtocol.Name), DiskProtocol.ReadFrom(sector),
                    Retry.Idempotent, new byte[512], LeaseAccess.Write);
                done += answer.A == 512 ? 1 : 0;
                return 0;
            });
        }

        gate.Run();
        Assert.Equal(6, done);
        Assert.Equal(2, disk.MostOutstanding);

        // Three pairs, 100 cycles each.
        Assert.Equal(300, gate.Now.Cycles);
    }

    [Fact]
    public void Completions_in_another_order_reach_who_asked() =>
        Gen.Int[1, 50].Array[8].Sample(durations =>
        {
            var machine = new DirectGate();
            var image = new DiskImage(Sectors);
            for (var i = 0; i < 8; i++)
            {
                image.Write(i, [.. Enumerable.Repeat((byte)(i + 1), 512)]);
            }

            machine.Register(
                () => new DiskDriver(Sectors, 3), 8,
                new FakeDisk(image) { Duration = request => durations[request.Sector] });
            var right = 0;
            for (var i = 0; i < 8; i++)
            {
                var sector = i;
                machine.Spawn(async sys =>
                {
                    var memory = new byte[512];
                    await sys.Call(
                        sys.Connections.To(DiskProtocol.Name), DiskProtocol.ReadFrom(sector),
                        Retry.Idempotent, memory, LeaseAccess.Write);
                    right += memory.All(value => value == sector + 1) ? 1 : 0;
                    return 0;
                });
            }

            machine.Run();
            Assert.Equal(8, right);
        });

    [Theory]
    [InlineData(FaultStep.RequestReceived)]
    [InlineData(FaultStep.DeviceProgrammed)]
    [InlineData(FaultStep.CompletionSeen)]
    [InlineData(FaultStep.BeforeReply)]
    public void A_request_is_asked_again_after_the_driver_died(FaultStep step)
    {
        var crashed = false;
        gate.OnStep = (_, taken) =>
        {
            if (taken == step && !crashed)
            {
                crashed = true;
                throw new FaultInjectedException();
            }
        };
        var bytes = SysExtensions.Pattern(512);
        Assert.Equal(512, Ask(DiskProtocol.WriteTo(1), bytes, LeaseAccess.Read));
        Assert.Equal(2, driver.Incarnations);
        var sector = new byte[512];
        disk.Store.Read(1, sector);
        Assert.Equal(bytes, sector);
    }

    private long Ask(Message request, byte[] memory, LeaseAccess access) => gate.Ask(async sys =>
        (await sys.Call(
            sys.Connections.To(DiskProtocol.Name), request, Retry.Idempotent, memory, access)).A);
}
