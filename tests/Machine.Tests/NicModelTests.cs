using Abi;
using Abi.Devices;
using Abi.Units;
using Machine.Devices;
using Microkernel.Objects;
using Scenarios.Model;
using Scenarios.Profiles;

namespace Machine.Tests;

public sealed class NicModelTests
{
    private const long Coalescing = 1000;

    [Theory]
    [InlineData(0, new long[] { 100, 400, 900, 1200 })] // each when it arrives
    [InlineData(Coalescing, new long[] { 100, 1100, 1100, 2100 })] // held to +1000
    public void Received_frames_are_announced_at_most_once_in_the_coalescing_interval(
        long coalescing, long[] announced)
    {
        var nic = new NicModel(
            new EchoNetwork(
                new NicTiming(
                    DeviceProfiles.Find(NetworkDevice.TenGigabit).Device!.Network(),
                    Bus.Gigahertz)),
            coalescing);
        var bus = new Bus(nic);
        for (var tag = 0; tag < announced.Length; tag++)
        {
            nic.Submit(Buffer(tag), VirtualTime.Start, bus);
        }

        foreach (var arrival in (long[])[100, 400, 900, 1200])
        {
            bus.WakeAt(new VirtualTime(arrival), new byte[60]);
        }

        bus.Run();
        Assert.Equal(announced, bus.Announced);
        Assert.Equal(0, nic.Dropped);
    }

    private static DeviceCommand Buffer(long tag)
    {
        var memory = new byte[2048];
        var request = new DeviceRequest(tag, DeviceOperation.ReceiveBuffer, 0, memory, default);
        return new DeviceCommand(
            request, memory, Wait: null!, new ProtectionDomain(1, "nic-driver", 0), Epoch: 0);
    }

    /// <summary>A machine that only keeps the device's time and notes what it announces.</summary>
    private sealed class Bus(NicModel nic) : IDeviceBus
    {
        public static readonly Frequency Gigahertz = new(1_000_000_000);

        private readonly PriorityQueue<object, (long At, int Order)> events = new();
        private long now;
        private int scheduled;

        public Frequency Clock => Gigahertz;

        public List<long> Announced { get; } = [];

        public void Run()
        {
            while (events.TryDequeue(out var what, out var when))
            {
                now = when.At;
                nic.Wake(what, new VirtualTime(now), this);
            }
        }

        public void WakeAt(VirtualTime at, object what) =>
            events.Enqueue(what, (at.Cycles, scheduled++));

        public void Begins(DeviceCommand command) { }

        public Memory<byte>? Dma(DeviceCommand command) => command.Memory;

        public void Finishes(DeviceCommand command, Errno error, int count) => Announced.Add(now);
    }
}
