using Abi;
using Abi.Costs;
using Abi.Kernel;
using Microkernel.Objects;
using Records;

namespace Microkernel.Tests;

public sealed class SizeClassTests
{
    [Fact]
    public void The_price_of_a_call_jumps_exactly_where_the_registers_end()
    {
        for (var words = 0; words <= 6; words++)
        {
            var (rig, client, server, slot) = WaitingServer();
            var profile = rig.Kernel.Bill.Profile;
            var around = profile[Part.TrapEnter] + profile[Part.AddressSpaceSwitch]
                + profile[Part.TrapLeave];

            var length = rig.Call(client, slot, new Message { Operation = 1, Words = words });

            var path = words <= profile.MessageRegisters
                ? profile[Part.FastPathCall]
                : profile[Part.SlowPathCall] + words * profile[Part.MessageWord];
            Assert.Equal(around + path, length);
            Assert.Equal(
                words <= profile.MessageRegisters ? 1 : 0,
                rig.Counted(Counter.MessagesInRegisters));
            Assert.Equal(words, server.Registers.Message.Words);
        }
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(8, 1)]
    [InlineData(9, 2)]
    [InlineData(33, 5)]
    [InlineData(960, 120)]
    public void Bytes_are_charged_by_the_begun_word(int bytes, int words)
    {
        // Without the fast path every word is charged, those that fit registers too.
        var (rig, client, server, slot) = WaitingServer(new KernelOptions { FastPath = false });

        rig.Call(client, slot, default(Message).With(new byte[bytes]));

        Assert.Equal(words, rig.Charged.Count(part => part == Part.MessageWord));
        Assert.Equal(bytes, rig.Counted(Counter.BytesCopied));
        Assert.Equal(bytes, server.Registers.Message.Data.Length);
    }

    [Fact]
    public void The_receiver_has_a_copy_of_the_bytes()
    {
        var (rig, client, server, slot) = WaitingServer();
        byte[] bytes = [1, 2, 3];
        rig.Call(client, slot, default(Message).With(bytes));
        bytes[0] = 9;
        Assert.Equal([1, 2, 3], server.Registers.Message.Data.ToArray());
    }

    [Fact]
    public void More_than_the_buffer_holds_is_not_sent()
    {
        var (rig, client, server, slot) = WaitingServer();
        var tooLong = default(Message).With(new byte[Message.BufferLimit + 1]);

        rig.Call(client, slot, tooLong);
        Assert.Equal(Errno.EMSGSIZE, client.Registers.Error);
        rig.Send(client, slot, tooLong);
        Assert.Equal(Errno.EMSGSIZE, client.Registers.Error);
        Assert.Equal(TcbState.BlockedOnReceive, server.State);
    }

    [Theory]
    [InlineData(Syscall.Reply)]
    [InlineData(Syscall.ReplyReceive)]
    public void More_than_the_buffer_holds_is_not_answered_and_the_right_to_answer_is_kept(
        Syscall answering)
    {
        var (rig, client, server, slot) = WaitingServer();
        rig.Call(client, slot, Message.Request(1));

        rig.Trap(server, answering, registers =>
        {
            registers.Capability = CapSlot.OwnEndpoint;
            registers.Message = default(Message).With(new byte[Message.BufferLimit + 1]);
        });
        Assert.Equal(Errno.EMSGSIZE, server.Registers.Error);
        Assert.Equal(TcbState.BlockedOnReply, client.State);

        rig.Reply(server, Message.Reply(3));
        Assert.Equal(3, client.Registers.Message.A);
    }

    private static (Rig Rig, Tcb Client, Tcb Server, CapSlot Slot) WaitingServer(
        KernelOptions? options = null)
    {
        var rig = new Rig(options);
        var server = rig.Server("server");
        var client = rig.Program("client");
        rig.Receive(server);
        return (rig, client, server, Rig.Grant(client, server));
    }
}
