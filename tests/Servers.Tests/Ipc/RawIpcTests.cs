using Abi;
using Abi.Kernel;
using Abi.Posix;
using Servers.Naming;
using Testing;

namespace Servers.Tests.Ipc;

public sealed class RawIpcTests
{
    private readonly DirectGate gate = new();

    public RawIpcTests() => gate.Register(() => new NamingServer());

    [Fact]
    public void Both_sides_see_the_whole_message_and_its_first_word_as_result()
    {
        gate.Spawn(async sys =>
        {
            var own = new CapSlot((int)(await sys.IpcServe("peer")).Raw);
            Assert.Equal(3, (await sys.IpcReceive(own)).Raw);
            Assert.Equal((9, 4L), (sys.Received.Operation, sys.Received.B));
            Assert.Equal([1, 2], sys.Received.Data.ToArray());
            await sys.IpcReply(new Message { Words = 2, A = 10, B = 11 }.With(new byte[] { 5 }));
            return 0;
        });
        var client = gate.Spawn(async sys =>
        {
            var peer = new CapSlot((int)(await sys.IpcConnect("peer")).Raw);
            var request = Message.Request(9, 3, 4).With(new byte[] { 1, 2 });
            Assert.Equal(10, (await sys.IpcCall(peer, request)).Raw);
            Assert.Equal(11, sys.Received.B);
            Assert.Equal([5], sys.Received.Data.ToArray());
            return 7;
        });
        gate.Run();
        Assert.Equal(7, client.Status);
    }

    [Fact]
    public void A_request_can_be_answered_once()
    {
        gate.Spawn(async sys =>
        {
            var own = new CapSlot((int)(await sys.IpcServe("peer")).Raw);
            await sys.IpcReceive(own);
            Assert.False((await sys.IpcReply(Message.Reply(1))).Failed);
            Assert.Equal(Errno.EOWNERDEAD, (await sys.IpcReply(Message.Reply(2))).Error);
            return 0;
        });
        var client = gate.Spawn(async sys =>
        {
            var peer = new CapSlot((int)(await sys.IpcConnect("peer")).Raw);
            return (int)(await sys.IpcCall(peer, Message.Request(1))).Raw;
        });
        gate.Run();
        Assert.Equal(1, client.Status);
    }

    [Fact]
    public void Looking_for_a_peer_that_never_comes_is_ENOENT() =>
        Assert.Equal(Errno.ENOENT, gate.Ask(sys => sys.IpcConnect("nobody")).Error);

    [Fact]
    public void Each_raw_call_is_observed_with_its_result()
    {
        gate.Spawn(async sys =>
        {
            var own = new CapSlot((int)(await sys.IpcServe("peer")).Raw);
            await sys.IpcReceive(own);
            await sys.IpcReply(Message.Reply(8));
            return 0;
        }, "server");
        gate.Spawn(async sys =>
        {
            var peer = new CapSlot((int)(await sys.IpcConnect("peer")).Raw);
            await sys.IpcCall(peer, Message.Request(1, 6));
            return 0;
        }, "client");
        gate.Run();
        Assert.Equal(
            [PosixCall.IpcServe, PosixCall.IpcReceive, PosixCall.IpcReply], CallsOf("server"));
        Assert.Equal([PosixCall.IpcConnect, PosixCall.IpcCall], CallsOf("client"));
        Assert.Equal(8, gate.Calls.Last(call => call.Call == PosixCall.IpcCall).Result);
        Assert.Equal("peer", gate.Calls.First(call => call.Call == PosixCall.IpcConnect).Text);
    }

    private IEnumerable<PosixCall> CallsOf(string process) =>
        gate.Calls.Where(call => call.Process == process).Select(call => call.Call);
}
