using Abi.Costs;
using Abi.Kernel;
using Abi.Units;
using LibSys;
using Machine;
using Microkernel;

namespace Validation.Benchmarks;

/// <summary>
/// Datagrams that a client echoes, through a driver in a domain of its own (two domains) or with
/// virtualisers between both ways (four), which signal each other over shared rings. Each wake-up
/// costs a look at the rings, each packet its work; an interrupt announces as many packets as the
/// device's moderation lets come together.
/// </summary>
/// <param name="Domains">2 or 4.</param>
/// <param name="Load">Offered load, Mb/s of payload.</param>
internal sealed record PacketBenchmark(int Domains, int Load) : Benchmark(
    FormattableString.Invariant($"sddf_{Domains}pd_{Load}"), "cycles",
    "cycles a packet of 1,472 bytes, echoed; au-ts/sddf, docs/design")
{
    private const int Interrupts = 64;
    private const int PayloadBytes = 1472;
    private static readonly CapSlot First = new(Bench.FirstSlot);

    /// <inheritdoc/>
    public override bool IsWindow => false;

    /// <inheritdoc/>
    public override (EventList Events, decimal Figure) Run(
        CostProfile profile, KernelOptions kernel, decimal clock)
    {
        var between = profile.Frequency.Hertz * PayloadBytes * 8L / (Load * 1_000_000L);
        var packets = Math.Max(1m, (decimal)profile.InterruptCoalescing.Count / between);
        var period = Math.Max(between, profile.InterruptCoalescing.Count);
        var before = Count(profile, kernel, period, Interrupts);
        var after = Count(profile, kernel, period, 2 * Interrupts);
        var perPacket = new EventList().Add(Part.Datagram, 1);
        foreach (var part in Enum.GetValues<Part>())
        {
            perPacket.Add(
                part, Math.Round((after[part] - before[part]) / Interrupts, 2) / packets);
        }

        return (perPacket, perPacket.CyclesOn(profile));
    }

    private EventList Count(
        CostProfile profile, KernelOptions kernel, long period, int interrupts)
    {
        string[] stages = Domains == 2
            ? ["driver", "client"]
            : ["driver", "receive", "client", "transmit"];
        var threads = stages.Select((stage, index) => new BenchThread(
            stage, index == 0 ? sys => Drive(sys, period) : sys => Pass(sys, index))
        {
            // sDDF: the driver before the virtualisers before the client.
            Priority = stage == "client" ? 80 : index == 0 ? 120 : 100,
        });
        return Bench.Count(
            profile, kernel, [.. stages.Select(_ => SharedObject.Notification)], [.. threads],
            (interrupts * period) + (period / 2));
    }

    /// <summary>The driver: woken by its device and by who has packets to send.</summary>
    private static async ValueTask Drive(Sys sys, long period)
    {
        var at = sys.Now.Cycles;
        while (true)
        {
            at += period;
            await sys.SetTimer(First, new VirtualTime(at));
            await sys.Wait(First);
            sys.Work(Part.NicFrame);
            await sys.Signal(new CapSlot(First.Index + 1));
            await sys.Wait(First);
            sys.Work(Part.NicFrame);
        }
    }

    private async ValueTask Pass(Sys sys, int stage)
    {
        while (true)
        {
            await sys.Wait(new CapSlot(First.Index + stage));
            sys.Work(Part.NicFrame);
            await sys.Signal(new CapSlot(First.Index + ((stage + 1) % Domains)));
        }
    }
}
