using Abi.Costs;
using Microkernel;
using Scenarios;
using Scenarios.Model;
using Scenarios.Profiles;
using Validation.Benchmarks;

namespace Validation.Tests;

/// <summary>
/// What windows contain, from what the kernel does there: two writes of the page-table base for an
/// entry that returns to the same space, one besides the switch for one that does not.
/// </summary>
public sealed class EventListTests
{
    private static readonly CostProfile Haswell =
        ProfileLoader.Find("sel4-haswell", "").Profile!.Profile;

    private static EventList Count(string key, params Mechanism[] mechanisms) =>
        Sel4Bench.Find(key)!.Run(Haswell, new KernelOptions().With(mechanisms), 1).Events;

    [Theory]
    [InlineData("null_syscall", 2, 0)]
    [InlineData("ipc_call_intra", 2, 0)]
    [InlineData("ipc_reply_intra", 2, 0)]
    [InlineData("ipc_call", 1, 1)]
    [InlineData("ipc_reply", 1, 1)]
    [InlineData("ipc_send", 1, 1)]
    [InlineData("process_yield", 1, 1)]
    [InlineData("irq_switch", 1, 1)]
    [InlineData("irq_noswitch", 2, 0)]
    [InlineData("fault_to_handler", 2, 0)]
    [InlineData("fault_round_trip", 4, 0)]
    public void Isolation_adds_the_writes_that_the_window_makes(
        string key, int writes, int switches)
    {
        var isolated = Count(key, Mechanism.Isolation);
        var plain = Count(key);
        Assert.Equal(writes, isolated[Part.IsolationSwitch]);
        Assert.Equal(switches, isolated[Part.AddressSpaceSwitch]);
        Assert.Equal(0, plain[Part.IsolationSwitch]);
        Assert.Equal(switches, plain[Part.AddressSpaceSwitch]);
    }

    [Fact]
    public void The_length_of_a_message_decides_between_fast_and_slow_path()
    {
        Assert.Equal(1, Count("ipc_call")[Part.FastPathCall]);
        Assert.Equal(1, Count("ipc_call_len10")[Part.SlowPathCall]);
        Assert.Equal(10, Count("ipc_call_len10")[Part.MessageWord]);
        Assert.Equal(1, Count("ipc_call", Mechanism.NoFastPath)[Part.SlowPathCall]);
    }

    [Fact]
    public void A_round_of_a_pair_has_two_entries_and_switches_the_fpu_twice()
    {
        var round = Count("smp_1core_c500", Mechanism.Multiprocessor);
        Assert.Equal(2, round[Part.TrapEnter]);
        Assert.Equal(2, round[Part.KernelLock]);
        Assert.Equal(2, round[Part.FpuSwitch]);
        Assert.Equal(0, round[Part.LockHandover]);
        // 500 cycles at either end, but for what the window cut.
        Assert.InRange(round[Part.ProgramCycle], 990, 1010);
    }

    [Fact]
    public void Under_contention_nearly_every_entry_gets_the_lock_from_another_core()
    {
        var round = Count("smp_4core_c500", Mechanism.Multiprocessor);
        Assert.InRange(round[Part.LockHandover], 1.9m, 2m);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    public void As_many_filters_run_as_there_are(int filters) => Assert.Equal(
        filters, Count($"getpid_filters_{filters}")[Part.FilterRun]);

    [Theory]
    [InlineData("smp_0core_c500")]
    [InlineData("smp_core_c")]
    [InlineData("smp_1core_c-5")]
    [InlineData("getpid_filters_")]
    [InlineData("")]
    public void What_is_no_benchmark_is_not_found(string key) => Assert.Null(Sel4Bench.Find(key));

    // Two domains wake up three times for a packet, four domains five times.
    [Theory]
    [InlineData("sddf_2pd_100", 3)]
    [InlineData("sddf_4pd_100", 5)]
    public void A_packet_wakes_each_domain_on_its_way_and_the_driver_twice(string key, int wakes)
    {
        var packet = Count(key);
        Assert.Equal(wakes, packet[Part.NicFrame]);
        Assert.Equal(2 * wakes, packet[Part.NotificationPath]);
        Assert.Equal(1, packet[Part.InterruptEntry]);
        Assert.Equal(1, packet[Part.Datagram]);
    }
}
