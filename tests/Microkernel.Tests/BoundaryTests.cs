using Abi;
using Abi.Costs;
using Abi.Kernel;
using Microkernel.Objects;
using Microkernel.Placing;
using Records;

namespace Microkernel.Tests;

/// <summary>
/// Each mechanism adds exactly its parts, where the processor or kernel that has it would spend
/// them.
/// </summary>
public sealed class BoundaryTests
{
    private static readonly KernelOptions Isolated = new() { Isolation = true };

    [Fact]
    public void Isolation_adds_two_writes_to_a_null_call()
    {
        var rig = new Rig(Isolated);
        var thread = rig.Program("program");
        rig.AssertCharged(
            rig.Trap(thread, Syscall.Null), Part.TrapEnter, Part.TrapLeave,
            Part.IsolationSwitch, Part.IsolationSwitch);
        Assert.Equal(2, rig.Counted(Counter.Cr3Writes));
        Assert.Equal(0, rig.Counted(Counter.TlbFlushes));
    }

    [Fact]
    public void Isolation_adds_one_write_to_an_ipc_into_another_space_whose_switch_is_the_other()
    {
        var rig = new Rig(Isolated);
        var server = rig.Server("server");
        var client = rig.Program("client");
        rig.Receive(server);
        rig.AssertCharged(
            rig.Call(client, Rig.Grant(client, server)), Part.TrapEnter, Part.TrapLeave,
            Part.FastPathCall, Part.AddressSpaceSwitch, Part.IsolationSwitch);
    }

    [Fact]
    public void Without_tags_each_write_loses_the_working_set_of_who_runs_next()
    {
        var rig = new Rig(Isolated with
        {
            TaggedTlb = false,
            WorkingSet = new WorkingSet(3, 0),
        });
        var thread = rig.Program("program");
        thread.Home.WorkingSet = new WorkingSet(5, 0);
        var length = rig.Trap(thread, Syscall.Null);
        Assert.Equal(3 + 5, rig.Charged.Count(part => part == Part.TlbRefill));
        Assert.Equal(2, rig.Counted(Counter.TlbFlushes));
        Assert.Equal(rig.Charged.Sum(part => rig.Kernel.Bill.Profile[part]), length);
    }

    [Fact]
    public void A_flush_loses_no_more_than_the_buffer_holds()
    {
        var rig = new Rig(Isolated with { TaggedTlb = false, WorkingSet = default });
        var thread = rig.Program("program");
        thread.Home.WorkingSet = new WorkingSet(1_000_000, 0);
        rig.Trap(thread, Syscall.Null);
        Assert.Equal(
            rig.Kernel.Bill.Profile.TlbEntries,
            rig.Charged.Count(part => part == Part.TlbRefill));
    }

    [Fact]
    public void Domains_lose_of_the_cache_only_what_does_not_fit_beside_the_others()
    {
        var rig = new Rig();
        var server = rig.Server("server");
        var client = rig.Program("client");
        var capacity = rig.Kernel.Bill.Profile.CacheLines;
        server.Home.WorkingSet = new WorkingSet(0, capacity - 100);
        client.Home.WorkingSet = new WorkingSet(0, 140);
        var slot = Rig.Grant(client, server);
        rig.Receive(server);
        rig.Call(client, slot);
        rig.ReplyReceive(server, default);
        rig.Call(client, slot);
        // 140 others' lines came since: 100 found room, 40 displaced lines of the server.
        Assert.Equal(40, rig.Charged.Count(part => part == Part.CacheRefill));
        server.Home.WorkingSet = new WorkingSet(0, 100);
        rig.ReplyReceive(server, default);
        rig.Call(client, slot);
        rig.ReplyReceive(server, default);
        rig.Call(client, slot);
        Assert.DoesNotContain(Part.CacheRefill, rig.Charged);
    }

    [Fact]
    public void The_fpu_is_switched_between_threads_that_use_it_and_no_others()
    {
        var rig = new Rig();
        var one = rig.Kernel.NewProcess(new ProgramRecord("one", 10, 0) { UsesFpu = true }, "one");
        var two = rig.Kernel.NewProcess(new ProgramRecord("two", 10, 0) { UsesFpu = true }, "two");
        var plain = rig.Program("plain");
        rig.Begin(one, two, plain);
        rig.Trap(one, Syscall.Yield);
        Assert.Contains(Part.FpuSwitch, rig.Charged);
        rig.Trap(two, Syscall.Yield);
        Assert.DoesNotContain(Part.FpuSwitch, rig.Charged);
        rig.Trap(plain, Syscall.Yield);
        Assert.Contains(Part.FpuSwitch, rig.Charged);
        Assert.Equal(3, rig.Counted(Counter.FpuSwitches));
    }

    [Fact]
    public void A_fault_goes_to_its_handler_and_the_answer_lets_the_thread_go_on()
    {
        var rig = new Rig();
        var endpoint = new Endpoint(null, rig.Kernel.Domains[0]);
        rig.Kernel.Shared.Add((endpoint, true));
        var faulter = rig.Program("faulter");
        var handler = rig.Program("handler");
        var slot = new CapSlot(CapabilitySpace.FirstFree);
        rig.Invoke(handler, Syscall.Receive, slot);
        rig.Trap(faulter, Syscall.UndefinedInstruction);
        Assert.Equal(Message.FaultOperation, handler.Registers.Message.Operation);
        Assert.Contains(Part.FaultDelivery, rig.Charged);
        rig.Trap(handler, Syscall.ReplyReceive, registers =>
        {
            registers.Capability = slot;
            registers.Message = default;
        });
        Assert.Contains(Part.FaultReply, rig.Charged);
        Assert.DoesNotContain(Part.SlowPathReply, rig.Charged);
        Assert.Equal(1, rig.Counted(Counter.MissCallerFaulted));
        Assert.Equal(TcbState.Running, faulter.State);
    }

    [Fact]
    public void A_fault_that_nobody_handles_is_answered_EFAULT()
    {
        var rig = new Rig();
        var thread = rig.Program("program");
        rig.Trap(thread, Syscall.UndefinedInstruction);
        Assert.Equal(Errno.EFAULT, thread.Registers.Error);
    }

    [Theory]
    [InlineData(Syscall.Yield, true)]
    [InlineData(Syscall.UndefinedInstruction, false)]
    public void A_sandbox_intercepts_system_calls_and_not_exceptions(Syscall number, bool isCall)
    {
        var rig = new Rig(new KernelOptions { Interception = Interception.Systrap });
        rig.Trap(rig.Program("program"), number);
        Assert.Contains(Part.TrapEnter, rig.Charged);
        Assert.Equal(isCall, rig.Charged.Contains(Part.SystrapInterception));
    }

    [Fact]
    public void Scheduling_contexts_lend_on_the_fast_path_and_check_and_switch_off_it()
    {
        var rig = new Rig(new KernelOptions { SchedulingContexts = true });
        var server = rig.Server("server");
        var client = rig.Program("client");
        rig.Receive(server);
        rig.Call(client, Rig.Grant(client, server));
        Assert.Contains(Part.BudgetDonation, rig.Charged);
        Assert.DoesNotContain(Part.BudgetCheck, rig.Charged);
        Assert.DoesNotContain(Part.BudgetSwitch, rig.Charged);
        rig.Reply(server, default);
        Assert.Contains(Part.BudgetCheck, rig.Charged);
        Assert.DoesNotContain(Part.BudgetDonation, rig.Charged);
    }

    [Fact]
    public void Filters_run_on_each_system_call_of_the_process_that_has_them()
    {
        var rig = new Rig();
        var filtered = rig.Kernel.NewProcess(new ProgramRecord("f", 10, 0) { Filters = 3 }, "f");
        rig.AssertCharged(
            rig.Trap(filtered, Syscall.Null), Part.TrapEnter, Part.FilterEntry, Part.FilterRun,
            Part.FilterRun, Part.FilterRun, Part.TrapLeave);
    }

    [Fact]
    public void A_hypercall_needs_a_hypervisor()
    {
        var bare = new Rig();
        var thread = bare.Program("program");
        bare.Trap(thread, Syscall.Hypercall);
        Assert.Equal(Errno.ENODEV, thread.Registers.Error);
        var guest = new Rig(new KernelOptions { IsGuest = true });
        var inside = guest.Program("program");
        guest.AssertCharged(
            guest.Trap(inside, Syscall.Hypercall), Part.TrapEnter, Part.Hypercall,
            Part.TrapLeave);
    }

    [Theory]
    [InlineData(CacheFlush.Local, Part.CacheFlushLocal)]
    [InlineData(CacheFlush.Full, Part.CacheFlushFull)]
    public void A_switch_of_address_spaces_flushes_what_it_is_told_to(CacheFlush flush, Part part)
    {
        var rig = new Rig(new KernelOptions { CacheFlush = flush });
        var server = rig.Server("server");
        var client = rig.Program("client");
        rig.Receive(server);
        rig.Call(client, Rig.Grant(client, server));
        Assert.Single(rig.Charged, part);
        rig.Trap(server, Syscall.Null);
        Assert.DoesNotContain(part, rig.Charged);
    }

    [Fact]
    public void A_kernel_for_several_cores_takes_its_lock_on_one_and_more_off_the_fast_path()
    {
        var rig = new Rig(new KernelOptions { IsMultiprocessor = true });
        var thread = rig.Program("program");
        rig.AssertCharged(
            rig.Trap(thread, Syscall.Null), Part.KernelLock, Part.TrapEnter, Part.TrapLeave);
        rig.Trap(thread, Syscall.Yield);
        Assert.Contains(Part.MultiprocessorPath, rig.Charged);
    }
}
