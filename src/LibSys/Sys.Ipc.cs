using System.Runtime.CompilerServices;
using System.Text;
using Abi;
using Abi.Kernel;
using Abi.Posix;
using LibSys.Protocols;

namespace LibSys;

// Raw IPC between processes: the kernel's calls as they are, with the kernel's answers. EOWNERDEAD
// is seen here.
public sealed partial class Sys
{
    private ReplyToken unanswered;

    /// <summary>
    /// The message that the last raw call brought: the answer of <see cref="IpcCall"/>, or the
    /// request that <see cref="IpcReceive"/> or <see cref="IpcReplyReceive"/> received.
    /// </summary>
    public Message Received { get; private set; }

    /// <summary>The number of the process that sent the request received last.</summary>
    public long Sender { get; private set; }

    /// <summary>
    /// Makes an endpoint and publishes it under a name for peer processes; the endpoint's slot.
    /// EEXIST: the name is taken. EINVAL: a negative limit.
    /// </summary>
    /// <param name="name">The name.</param>
    /// <param name="isShared">Whether other processes that say so too serve the same endpoint, as
    /// sockets with SO_REUSEPORT do: the first one makes it, and it ends with the first
    /// one.</param>
    /// <param name="limit">The most pulses that wait; 0: any number.</param>
    public async ValueTask<SysResult> IpcServe(string name, bool isShared = false, long limit = 0)
    {
        Begin(PosixCall.IpcServe, isShared ? 1 : 0, limit, text: name);
        if (limit < 0)
        {
            return End(-(long)Errno.EINVAL);
        }

        var endpoint = await CreateEndpoint(limit);
        var request = Message
            .Request(NamingProtocol.Register, isShared ? NamingProtocol.Shared : 0)
            .With(Encoding.UTF8.GetBytes(name));
        request.Capability = endpoint;
        var answer = await Call(CapSlot.Naming, request);
        var served = answer.Capability == CapSlot.None ? endpoint : answer.Capability;
        return End(answer.A < 0 ? answer.A : served.Index);
    }

    /// <summary>
    /// Queues one word at a peer's endpoint and does not wait: 0. EAGAIN: the queue is full.
    /// EOWNERDEAD: the peer died.
    /// </summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<SysResult> IpcPulse(CapSlot endpoint, long word)
    {
        Begin(PosixCall.IpcPulse, endpoint.Index, word);
        Registers.Number = Syscall.Pulse;
        Registers.Capability = endpoint;
        Registers.Message = Message.Request(0, word);
        await Gate.Trap();
        return End(-(long)Registers.Error);
    }

    /// <summary>
    /// Finds the endpoint that a peer published, waiting for it up to naming's bound; the slot of a
    /// capability for it. ENOENT: nobody published the name in time.
    /// </summary>
    public async ValueTask<SysResult> IpcConnect(string name)
    {
        Begin(PosixCall.IpcConnect, text: name);
        var answer = await Call(
            CapSlot.Naming,
            Message.Request(NamingProtocol.Lookup).With(Encoding.UTF8.GetBytes(name)));
        return End(answer.A < 0 ? answer.A : answer.Capability.Index);
    }

    /// <summary>
    /// Calls a peer and waits for its answer, left in <see cref="Received"/>; the answer's first
    /// word. EOWNERDEAD: the peer died.
    /// </summary>
    [AsyncMethodBuilder(typeof(ActivationBuilder<>))]
    public async ValueTask<SysResult> IpcCall(CapSlot endpoint, Message request)
    {
        Begin(PosixCall.IpcCall, endpoint.Index, request.A, request.Length);
        Received = await Call(endpoint, request);
        return End(Received.A);
    }

    /// <summary>
    /// Waits for a peer's request, left in <see cref="Received"/>; its first word, which peers that
    /// use this result keep from being negative.
    /// </summary>
    [AsyncMethodBuilder(typeof(ActivationBuilder<>))]
    public async ValueTask<SysResult> IpcReceive(CapSlot endpoint)
    {
        Begin(PosixCall.IpcReceive, endpoint.Index);
        Registers.Number = Syscall.Receive;
        Registers.Capability = endpoint;
        await Gate.Trap();
        return End(TakeRequest());
    }

    /// <summary>
    /// Answers the request received last, and waits for the next one as <see cref="IpcReceive"/>
    /// does.
    /// </summary>
    [AsyncMethodBuilder(typeof(ActivationBuilder<>))]
    public async ValueTask<SysResult> IpcReplyReceive(CapSlot endpoint, Message answer)
    {
        Begin(PosixCall.IpcReplyReceive, endpoint.Index, answer.A, answer.Length);
        Registers.Number = Syscall.ReplyReceive;
        Registers.Capability = endpoint;
        Registers.Reply = unanswered;
        Registers.Message = answer;
        unanswered = ReplyToken.None;
        await Gate.Trap();
        return End(TakeRequest());
    }

    /// <summary>
    /// Answers the request received last and does not wait for another. EOWNERDEAD: its sender no
    /// longer waits.
    /// </summary>
    public async ValueTask<SysResult> IpcReply(Message answer)
    {
        Begin(PosixCall.IpcReply, answer.A, answer.Length);
        var token = unanswered;
        unanswered = ReplyToken.None;
        var error = await Reply(token, answer);
        return End(-(long)error);
    }

    private long TakeRequest()
    {
        if (Registers.Error != Errno.None)
        {
            return -(long)Registers.Error;
        }

        Received = Registers.Message;
        Sender = Registers.Badge.Value;
        unanswered = Registers.Reply;
        return Received.A;
    }
}
