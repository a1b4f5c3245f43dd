using Abi;
using Abi.Costs;
using Abi.Kernel;
using Microkernel.Objects;

namespace Microkernel.Tests;

public sealed class LeaseTests
{
    private readonly Rig rig = new();
    private readonly byte[] lent = [.. Enumerable.Range(0, 200).Select(each => (byte)each)];

    [Fact]
    public void Lent_memory_is_read_at_an_offset_and_charged_by_the_begun_line()
    {
        var server = Lend(LeaseAccess.Read);
        var buffer = new byte[65];

        var length = Copy(server, Syscall.LeaseRead, buffer, offset: 100);

        Assert.Equal(Errno.None, server.Registers.Error);
        Assert.Equal(65, server.Registers.Arg0);
        Assert.Equal(lent[100..165], buffer);
        rig.AssertCharged(
            length, Part.TrapEnter, Part.SmallCall, Part.CopyLine, Part.CopyLine, Part.TrapLeave);
    }

    [Fact]
    public void Lent_memory_is_written_where_it_was_lent()
    {
        var server = Lend(LeaseAccess.Write);

        Copy(server, Syscall.LeaseWrite, [251, 252], offset: 198);

        Assert.Equal(Errno.None, server.Registers.Error);
        Assert.Equal([197, 251, 252], lent[197..]);
    }

    [Fact]
    public void What_lies_outside_the_range_is_answered_EFAULT_and_what_lies_inside_is_not()
    {
        var server = Lend(LeaseAccess.Read);
        Gen.Select(Gen.Int[-300, 300], Gen.Int[0, 300]).Sample((offset, length) =>
        {
            var buffer = new byte[length];
            Copy(server, Syscall.LeaseRead, buffer, offset);
            var isInside = offset >= 0 && offset + length <= lent.Length;
            Assert.Equal(isInside ? Errno.None : Errno.EFAULT, server.Registers.Error);
            Assert.Equal(isInside ? lent[offset..(offset + length)] : new byte[length], buffer);
        }, threads: 1, iter: 300);
    }

    [Theory]
    [InlineData(long.MaxValue)]
    [InlineData(long.MinValue)]
    [InlineData(1L << 32)]
    public void Offsets_that_no_memory_has_are_answered_EFAULT(long offset)
    {
        var server = Lend(LeaseAccess.Read);
        Copy(server, Syscall.LeaseRead, new byte[1], offset);
        Assert.Equal(Errno.EFAULT, server.Registers.Error);
    }

    [Theory]
    [InlineData(LeaseAccess.Read, Syscall.LeaseWrite)]
    [InlineData(LeaseAccess.Write, Syscall.LeaseRead)]
    public void What_was_not_lent_for_this_is_answered_EPERM(LeaseAccess access, Syscall copying)
    {
        var server = Lend(access);
        var before = lent.ToArray();
        var buffer = new byte[10];

        Copy(server, copying, buffer, 0);

        Assert.Equal(Errno.EPERM, server.Registers.Error);
        Assert.Equal(before, lent);
        Assert.Equal(new byte[10], buffer);
    }

    [Fact]
    public void After_the_reply_the_lease_is_revoked()
    {
        var server = Lend(LeaseAccess.Read);
        var lease = server.Registers.Message.Lease;
        rig.Reply(server, Message.Reply(0));

        AssertNoData(server, lease);
    }

    [Fact]
    public void The_lease_of_an_earlier_call_is_not_that_of_the_next()
    {
        var server = Lend(LeaseAccess.Read);
        var lease = server.Registers.Message.Lease;
        rig.ReplyReceive(server, Message.Reply(0));
        var client = rig.Kernel.Threads.Single(thread => thread.Name == "client");
        rig.Lend(client, Rig.Grant(client, server), lent, LeaseAccess.Read);

        AssertNoData(server, lease);
    }

    [Fact]
    public void Another_domain_cannot_use_the_lease()
    {
        var server = Lend(LeaseAccess.Read);

        AssertNoData(rig.Server("thief"), server.Registers.Message.Lease);
    }

    [Fact]
    public void When_the_lender_dies_the_lease_is_revoked()
    {
        var server = Lend(LeaseAccess.Read);
        var lease = server.Registers.Message.Lease;
        var client = rig.Kernel.Threads[lease.Thread];
        rig.Enter(client.Core, op => rig.Kernel.DomainDied(op, client.Home, null));

        AssertNoData(server, lease);
    }

    [Fact]
    public void When_the_grantee_dies_nothing_stays_lent()
    {
        var server = Lend(LeaseAccess.Read);
        var client = rig.Kernel.Threads[server.Registers.Message.Lease.Thread];
        rig.Enter(server.Core, op => rig.Kernel.DomainDied(op, server.Home, server.Component));

        Assert.Equal(Errno.EOWNERDEAD, client.Registers.Error);
        Assert.Empty(client.Lent);
    }

    [Fact]
    public void A_lease_is_lent_onward_five_times_and_no_more()
    {
        // MINIX 3, minix/kernel/system/do_safecopy.c: MAX_INDIRECT_DEPTH is 5.
        const int MaximumIndirections = 5;
        var holder = Lend(LeaseAccess.Read);
        for (var depth = 1; depth <= MaximumIndirections; depth++)
        {
            holder = LendOnward(holder, $"level {depth}");
            var buffer = new byte[3];
            Copy(holder, Syscall.LeaseRead, buffer, 50);
            Assert.Equal(Errno.None, holder.Registers.Error);
            Assert.Equal([50, 51, 52], buffer);
        }

        var lease = holder.Registers.Message.Lease;
        var beyond = rig.Server("beyond");
        rig.Receive(beyond);
        rig.Call(holder, Rig.Grant(holder, beyond), new Message { Lease = lease });

        Assert.Equal(Errno.ELOOP, holder.Registers.Error);
        Assert.Equal(TcbState.BlockedOnReceive, beyond.State);
    }

    [Fact]
    public void A_lease_lent_onward_ends_with_the_call_it_came_from()
    {
        var middle = Lend(LeaseAccess.Read);
        var first = middle.Registers.Message.Lease;
        var reply = middle.Registers.Reply;
        var last = LendOnward(middle, "last");
        var lease = last.Registers.Message.Lease;

        // Another thread of the middle server answers the first caller early.
        var sibling = rig.Kernel.NewComponentThread(middle.Component!, "sibling", isWorker: true);
        sibling.Registers.Reply = reply;
        rig.Reply(sibling, Message.Reply(0));
        Assert.Equal(TcbState.Ready, rig.Kernel.Threads[first.Thread].State);

        AssertNoData(last, lease);
    }

    [Fact]
    public void Who_was_not_lent_a_lease_cannot_lend_it_onward()
    {
        var server = Lend(LeaseAccess.Read);
        var thief = rig.Program("thief");
        var accomplice = rig.Server("accomplice");
        rig.Receive(accomplice);

        rig.Call(thief, Rig.Grant(thief, accomplice), new Message
        {
            Lease = server.Registers.Message.Lease,
        });

        Assert.Equal(Errno.EPERM, thief.Registers.Error);
        Assert.Equal(TcbState.BlockedOnReceive, accomplice.State);
    }

    /// <summary>A server that has received a call which lends it the memory.</summary>
    private Tcb Lend(LeaseAccess access)
    {
        var server = rig.Server("server");
        var client = rig.Program("client");
        rig.Receive(server);
        rig.Lend(client, Rig.Grant(client, server), lent, access);
        Assert.Equal(lent.Length, server.Registers.Message.Lease.Length);
        return server;
    }

    private Tcb LendOnward(Tcb holder, string name)
    {
        var next = rig.Server(name);
        rig.Receive(next);
        rig.Call(
            holder, Rig.Grant(holder, next),
            new Message { Lease = holder.Registers.Message.Lease });
        return next;
    }

    private void AssertNoData(Tcb thread, Lease lease)
    {
        var buffer = new byte[10];
        thread.Registers.Message.Lease = lease;
        Copy(thread, Syscall.LeaseRead, buffer, 1);
        Assert.Equal(Errno.EPERM, thread.Registers.Error);
        Assert.Equal(new byte[10], buffer);
    }

    private long Copy(Tcb thread, Syscall number, byte[] buffer, long offset) =>
        rig.Trap(thread, number, registers =>
        {
            registers.Buffer = buffer;
            registers.Arg0 = offset;
        });
}
