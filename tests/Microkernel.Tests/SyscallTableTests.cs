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

    /// <summary>Registers come from the user: whatever they hold, the kernel answers.</summary>
    [Fact]
    public void No_registers_make_the_kernel_throw()
    {
        var all = Enum.GetValues<Syscall>();
        var number = Gen.Int[0, all.Length - 1].Select(at => all[at]);
        var word = Gen.Frequency((3, Gen.Long[-2, 40]), (1, Gen.Long));
        var index = Gen.Frequency((3, Gen.Int[-2, 40]), (1, Gen.Int));
        Gen.Select(number, index, index, Gen.Select(word, word, word), Gen.Int[0, 200]).Sample(
            (call, slot, other, arguments, length) =>
            {
                var fresh = new Rig();
                var thread = fresh.Program("program");
                var peer = fresh.Program("peer");
                Rig.Give(thread, new Endpoint(null, peer.Home));
                Rig.Give(thread, new Notification());
                fresh.Trap(thread, call, registers =>
                {
                    registers.Capability = new CapSlot(slot);
                    registers.Reply = new ReplyToken(other, 1);
                    (registers.Arg0, registers.Arg1, registers.Arg2) = arguments;
                    registers.Message = Message.Request(1, slot).With(new byte[length]);
                    registers.Message.Lease = new Lease(other, slot, length, LeaseAccess.Read);
                    registers.Message.Capability = new CapSlot(other);
                    registers.Buffer = new byte[length];
                });
            }, threads: 1, iter: 3000);
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
