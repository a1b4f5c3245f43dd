using Abi.Kernel;
using Microkernel.Objects;

namespace Microkernel.Tests;

/// <summary>
/// Code of the kernel's domain is preempted when it waits, unlocks or leaves the kernel, by nothing
/// before; user code at once.
/// </summary>
public sealed class VoluntaryPreemptionTests
{
    private readonly Rig rig = new();
    private readonly Notification bell = new();
    private readonly Tcb low;
    private readonly Tcb high;

    public VoluntaryPreemptionTests()
    {
        low = rig.Program("low", priority: 10);
        high = rig.Program("high", priority: 50);
        rig.Invoke(high, Syscall.Wait, Rig.Give(high, bell));
        Rig.Dispatch(low);
    }

    private Tcb? Current => low.Core.Current;

    [Fact]
    public void An_interrupt_takes_user_code_off_its_core()
    {
        rig.Enter(low.Core, op => rig.Kernel.TimerExpired(op, bell));
        Assert.Equal(high, Current);
    }

    [Fact]
    public void An_interrupt_does_not_take_code_of_the_kernels_domain_off_its_core_until_it_leaves()
    {
        EnterTheKernelsDomain();
        rig.Enter(low.Core, op => rig.Kernel.TimerExpired(op, bell));
        Assert.Equal(low, Current);
        Assert.Equal(TcbState.Ready, high.State);
        low.RunIn(low.Home, null);
        rig.Trap(low, Syscall.Null);
        Assert.Equal(high, Current);
    }

    [Fact]
    public void A_thread_that_begins_and_a_domain_that_dies_do_not_either()
    {
        var late = rig.Program("late", priority: 90);
        var doomed = rig.Server("doomed");
        Rig.Dispatch(low);
        EnterTheKernelsDomain();
        rig.Begin(late);
        Assert.Equal(low, Current);
        rig.Enter(low.Core, op => rig.Kernel.DomainDied(op, doomed.Home, doomed.Component));
        Assert.Equal(low, Current);
        Assert.Equal(TcbState.Ready, late.State);
    }

    private void EnterTheKernelsDomain()
    {
        var kernel = rig.Kernel.Domains[0];
        var inside = new ComponentRecord(rig.Kernel.Components.Count, "inside", kernel, 1);
        rig.Kernel.Components.Add(inside);
        low.RunIn(kernel, inside);
    }
}
