using Abi;
using Abi.Costs;
using Abi.Kernel;
using Microkernel.Objects;

namespace Microkernel.Tests;

public sealed class SyscallTableTests
{
    private readonly Rig rig = new();

    [Fact]
    public void A_number_outside_the_table_is_answered_ENOSYS()
    {
        var thread = rig.Program("program");
        Gen.Int.Where(number => !Enum.IsDefined((Syscall)number)).Sample(number =>
        {
            rig.Trap(thread, (Syscall)number);
            Assert.Equal(Errno.ENOSYS, thread.Registers.Error);
            Assert.Equal(TcbState.Running, thread.State);
        }, threads: 1);
    }

    [Theory]
    [InlineData(int.MinValue)]
    [InlineData(-1)]
    [InlineData(0)]
    [InlineData((int)Syscall.Hypercall + 1)]
    [InlineData(int.MaxValue)]
    public void The_numbers_at_the_edges_are_answered_ENOSYS(int number)
    {
        var thread = rig.Program("program");
        rig.Trap(thread, (Syscall)number);
        Assert.Equal(Errno.ENOSYS, thread.Registers.Error);
    }

    [Fact]
    public void Every_number_of_the_table_is_known()
    {
        foreach (var number in Enum.GetValues<Syscall>().Where(each => each != Syscall.None))
        {
            var thread = rig.Server(number.ToString());
            rig.Trap(thread, number, registers => registers.Message = default);
            Assert.NotEqual(Errno.ENOSYS, thread.Registers.Error);
        }
    }

    [Fact]
    public void The_null_call_costs_entering_and_leaving()
    {
        var thread = rig.Program("program");
        rig.AssertCharged(rig.Trap(thread, Syscall.Null), Part.TrapEnter, Part.TrapLeave);
    }

    [Fact]
    public void The_errors_of_a_call_do_not_outlive_it()
    {
        var thread = rig.Program("program");
        rig.Trap(thread, Syscall.None);
        rig.Trap(thread, Syscall.Null);
        Assert.Equal(Errno.None, thread.Registers.Error);
    }
}
