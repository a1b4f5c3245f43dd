using Abi;
using Abi.Kernel;
using Microkernel.Objects;
using Records;

namespace Microkernel.Tests;

public sealed class CapabilityTests
{
    private readonly Rig rig = new();
    private readonly Tcb server;
    private readonly Tcb client;
    private readonly CapSlot slot;

    public CapabilityTests()
    {
        server = rig.Server("server");
        client = rig.Program("client");
        slot = Rig.Grant(client, server);
    }

    [Fact]
    public void A_copy_has_the_rights_asked_for()
    {
        var copy = Invoke(Syscall.CapCopy, slot, (long)Rights.Write);

        Assert.Equal(Rights.Write, Held(copy)!.Rights);
        Assert.Equal(Rights.Write | Rights.Grant, Held(slot)!.Rights);
    }

    [Fact]
    public void No_copy_has_more_rights_than_its_original()
    {
        Gen.Int[0, 7].Select(Gen.Int[0, 7]).Sample((has, wanted) =>
        {
            var original = Rig.Give(client, new Notification(), rights: (Rights)has);
            var copy = Invoke(Syscall.CapCopy, original, wanted);
            Assert.Equal((Rights)(has & wanted), Held(copy)!.Rights);
        }, threads: 1, iter: 100);
    }

    [Fact]
    public void The_receiver_sees_the_badge_that_was_minted()
    {
        var badged = Invoke(Syscall.CapMint, slot, (long)Rights.Write, 77);
        rig.Receive(server);

        rig.Call(client, badged);

        Assert.Equal(new Badge(77), server.Registers.Badge);
    }

    [Fact]
    public void Who_bears_a_badge_is_not_given_another()
    {
        var badged = Invoke(Syscall.CapMint, slot, (long)Rights.All, 77);

        AssertDenied(() => rig.Invoke(client, Syscall.CapMint, badged, (long)Rights.All, 78));

        var copy = Invoke(Syscall.CapCopy, badged, (long)Rights.All, 78);
        Assert.Equal(77, Held(copy)!.Badge);
    }

    [Fact]
    public void Without_the_grant_right_nothing_is_minted()
    {
        var weak = Invoke(Syscall.CapCopy, slot, (long)Rights.Write);

        AssertDenied(() => rig.Invoke(client, Syscall.CapMint, weak, (long)Rights.All, 78));
    }

    [Fact]
    public void Without_the_grant_right_a_capability_is_not_sent()
    {
        var weak = Invoke(Syscall.CapCopy, slot, (long)Rights.Write);
        rig.Receive(server);

        AssertDenied(() => rig.Call(client, slot, new Message { Capability = weak }));

        Assert.Equal(TcbState.BlockedOnReceive, server.State);
    }

    [Fact]
    public void Without_the_write_right_nothing_is_called_sent_pulsed_or_signalled()
    {
        var readOnly = Rig.Give(client, server.Component!.Endpoint, rights: Rights.Read);
        var deaf = Rig.Give(client, new Notification(), rights: Rights.Read);

        AssertDenied(() => rig.Call(client, readOnly));
        AssertDenied(() => rig.Send(client, readOnly));
        AssertDenied(() => rig.Pulse(client, readOnly, 1));
        AssertDenied(() => rig.Invoke(client, Syscall.Signal, deaf));
    }

    [Fact]
    public void Moving_empties_the_old_slot()
    {
        var original = Held(slot);

        var moved = Invoke(Syscall.CapMove, slot);

        Assert.NotEqual(slot, moved);
        Assert.Null(Held(slot));
        Assert.Same(original, Held(moved));
        rig.Invoke(client, Syscall.CapDelete, moved);
        Assert.Null(Held(moved));
    }

    [Fact]
    public void A_deleted_capability_is_gone_and_its_copies_are_not()
    {
        var copy = Invoke(Syscall.CapCopy, slot, (long)Rights.All);

        rig.Invoke(client, Syscall.CapDelete, slot);

        Assert.Null(Held(slot));
        rig.Call(client, slot);
        Assert.Equal(Errno.EBADF, client.Registers.Error);
        rig.Receive(server);
        rig.Call(client, copy, Message.Request(5));
        Assert.Equal(5, server.Registers.Message.Operation);
    }

    [Fact]
    public void Fixed_slots_are_neither_moved_nor_deleted()
    {
        rig.Invoke(server, Syscall.CapMove, CapSlot.OwnEndpoint);
        Assert.Equal(Errno.EBADF, server.Registers.Error);
        rig.Invoke(server, Syscall.CapDelete, CapSlot.OwnEndpoint);
        Assert.Equal(Errno.EBADF, server.Registers.Error);
    }

    [Fact]
    public void Revoking_deletes_what_was_derived_in_other_spaces_too()
    {
        var copy = Invoke(Syscall.CapCopy, slot, (long)Rights.All);
        rig.Receive(server);
        rig.Call(client, slot, new Message { Capability = copy });
        var passedOn = server.Registers.Message.Capability;
        Assert.NotNull(server.Domain.Capabilities[passedOn]);

        rig.Reply(server, Message.Reply(0));
        rig.Invoke(client, Syscall.CapRevoke, slot);

        // The copy, and the copy of the copy.
        Assert.Equal(2, client.Registers.Arg0);
        Assert.Null(Held(copy));
        Assert.Null(server.Domain.Capabilities[passedOn]);
        Assert.NotNull(Held(slot));
    }

    [Fact]
    public void Revoking_after_a_middle_copy_was_deleted_still_finds_its_copies()
    {
        var middle = Invoke(Syscall.CapCopy, slot, (long)Rights.All);
        var leaf = Invoke(Syscall.CapCopy, middle, (long)Rights.All);
        rig.Invoke(client, Syscall.CapDelete, middle);

        rig.Invoke(client, Syscall.CapRevoke, slot);

        Assert.Null(Held(leaf));
    }

    [Fact]
    public void A_stale_capability_never_reaches_the_new_incarnation()
    {
        var next = Restart();
        rig.Receive(next);

        rig.Call(client, slot, Message.Request(7));

        Assert.Equal(Errno.EOWNERDEAD, client.Registers.Error);
        Assert.Equal(1, client.Registers.Arg0);
        Assert.Equal(TcbState.BlockedOnReceive, next.State);
        Assert.Equal(1, rig.Counted(Counter.StaleCapabilities));
    }

    [Theory]
    [InlineData(Syscall.CapCopy)]
    [InlineData(Syscall.CapMint)]
    public void A_copy_of_a_stale_capability_is_not_fresh(Syscall copying)
    {
        var next = Restart();
        rig.Receive(next);

        rig.Invoke(client, copying, slot, (long)Rights.All, 5);

        Assert.Equal(Errno.EOWNERDEAD, client.Registers.Error);
        rig.Call(client, new CapSlot((int)client.Registers.Arg0), Message.Request(7));
        Assert.Equal(TcbState.BlockedOnReceive, next.State);
    }

    [Fact]
    public void A_fresh_capability_reaches_the_new_incarnation()
    {
        var next = Restart();
        rig.Receive(next);

        rig.Call(client, Rig.Grant(client, next), Message.Request(7));

        Assert.Equal(7, next.Registers.Message.Operation);
    }

    [Fact]
    public void Who_waits_for_a_component_that_dies_is_told_whether_it_was_received()
    {
        var second = rig.Program("second");
        rig.Receive(server);
        rig.Call(client, slot, Message.Request(1));
        rig.Call(second, Rig.Grant(second, server), Message.Request(2));

        rig.Enter(server.Core, op => rig.Kernel.DomainDied(op, server.Home, server.Component));

        Assert.Equal((Errno.EOWNERDEAD, 0L), (client.Registers.Error, client.Registers.Arg0));
        Assert.Equal((Errno.EOWNERDEAD, 1L), (second.Registers.Error, second.Registers.Arg0));
        Assert.Equal(2, rig.Counted(Counter.RequestsFailed));
    }

    private Tcb Restart()
    {
        var component = server.Component!;
        rig.Enter(server.Core, op => rig.Kernel.DomainDied(op, server.Home, component));
        return rig.Start(component);
    }

    private CapSlot Invoke(Syscall number, CapSlot of, long arg0 = 0, long arg1 = 0) =>
        rig.InvokeForSlot(client, number, of, arg0, arg1);

    private Capability? Held(CapSlot at) => client.Domain.Capabilities[at];

    private void AssertDenied(Action call)
    {
        var before = rig.Counted(Counter.DeniedCalls);
        call();
        Assert.Equal(Errno.EPERM, client.Registers.Error);
        Assert.Equal(before + 1, rig.Counted(Counter.DeniedCalls));
    }
}
