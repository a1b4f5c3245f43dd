using System.Runtime.CompilerServices;
using Abi;
using Abi.Kernel;
using LibSys;
using LibSys.Protocols;

namespace Testing;

// Calls and messages, and naming where no component plays it.
public sealed partial class DirectGate
{
    private ValueTask Send(Frame frame, bool needsAnswer)
    {
        var registers = frame.Registers;
        var capability = frame.Owner.Find(registers.Capability);
        if (registers.Message.Data.Length > Message.BufferLimit)
        {
            registers.Error = Errno.EMSGSIZE;
            return ValueTask.CompletedTask;
        }

        if (capability is null)
        {
            registers.Error = Errno.EINVAL;
            return ValueTask.CompletedTask;
        }

        if (capability.Target == Naming && FindOrNull(NamingProtocol.Name) is not { })
        {
            AskNaming(frame);
            return ValueTask.CompletedTask;
        }

        var target = capability.Target == Naming
            ? FindComponent(NamingProtocol.Name).Current!
            : capability.Target;
        if (target is Incarnation { IsDead: true })
        {
            registers.Error = Errno.EOWNERDEAD;
            registers.Arg0 = 1;
            return ValueTask.CompletedTask;
        }

        var call = new PendingCall
        {
            Caller = frame,
            Sequence = ++sequence,
            Request = Carry(registers.Message, frame.Owner, target),
            Lent = registers.LendAccess == LeaseAccess.None ? default : registers.Lend,
            Access = registers.LendAccess,
            Badge = capability.Target == Naming ? new Badge(frame.Owner.Number) : capability.Badge,
            NeedsAnswer = needsAnswer,
            Server = target,
        };
        registers.Lend = default;
        registers.LendAccess = LeaseAccess.None;
        pending.Add(call.Sequence, call);
        var parked = frame.Park();
        switch (target)
        {
            case Incarnation server:
                Admit(server, call);
                break;
            case FakeEndpoint endpoint when endpoint.Receivers.TryDequeue(out var receiver):
                Deliver(call, receiver);
                receiver.Wake();
                break;
            case FakeEndpoint endpoint:
                endpoint.Senders.Enqueue(call);
                break;
            default:
                throw new InvalidOperationException("not an endpoint");
        }

        return parked;
    }

    private void Admit(Incarnation server, PendingCall call)
    {
        if (!pending.ContainsKey(call.Sequence))
        {
            return; // its caller died while it waited
        }

        if (!server.IsReady || server.Active >= server.Of.Concurrency)
        {
            server.Waiting.Enqueue(call);
            return;
        }

        server.Active++;
        server.Of.MostActive = Math.Max(server.Of.MostActive, server.Active);
        _ = Serve(server, call);
    }

    [AsyncMethodBuilder(typeof(ActivationBuilder))]
    private async ValueTask Serve(Incarnation server, PendingCall call)
    {
        var frame = server.Rent(this);
        try
        {
            var request = call.Request;
            request.Lease = call.Lease;
            var answer = await ServerLoop.Handle(
                server.Component, new Request(request, call.Badge, call.Token), frame.Activation);
            if (server.IsDead)
            {
                return;
            }

            if (!answer.IsDeferred)
            {
                Finish(call, answer, server);
            }

            server.Return(frame);
            server.Active--;
            if (server.Waiting.TryDequeue(out var next))
            {
                Admit(server, next);
            }
        }
        catch (Exception exception)
        {
            Fail(server, exception);
        }
    }

    private void Finish(PendingCall call, Message answer, Owner server)
    {
        if (pending.Remove(call.Sequence))
        {
            call.Caller.Registers.Message = Carry(answer, server, call.Caller.Owner);
            call.Caller.Registers.Error = Errno.None;
            call.Caller.Wake();
        }
    }

    /// <summary>
    /// Copies what crosses: bytes through the message buffer, and the capability.
    /// </summary>
    private static Message Carry(Message message, Owner from, object to)
    {
        if (!message.Data.IsEmpty)
        {
            message.Data = message.Data.ToArray();
        }

        if (message.Capability != CapSlot.None && to is Owner receiver)
        {
            var carried = from.Find(message.Capability)!;
            message.Capability = receiver.Add(carried.Target, carried.Badge);
        }

        return message;
    }

    private ValueTask Receive(Frame frame)
    {
        if (frame.Owner.Find(frame.Registers.Capability)?.Target is not FakeEndpoint endpoint)
        {
            frame.Registers.Error = Errno.EINVAL;
            return ValueTask.CompletedTask;
        }

        if (endpoint.Senders.TryDequeue(out var call))
        {
            Deliver(call, frame);
            return ValueTask.CompletedTask;
        }

        endpoint.Receivers.Enqueue(frame);
        return frame.Park();
    }

    private void Deliver(PendingCall call, Frame receiver)
    {
        var registers = receiver.Registers;
        registers.Message = Carry(call.Request, call.Caller.Owner, receiver.Owner);
        registers.Message.Lease = call.Lease;
        registers.Badge = call.Badge;
        registers.Reply = call.NeedsAnswer ? call.Token : ReplyToken.None;
        registers.Error = Errno.None;
        if (!call.NeedsAnswer)
        {
            pending.Remove(call.Sequence);
            call.Caller.Registers.Error = Errno.None;
            call.Caller.Wake();
        }
    }

    private Errno Answer(Frame frame, ReplyToken token, Message answer)
    {
        if (!pending.TryGetValue(token.Sequence, out var call))
        {
            return Errno.EOWNERDEAD;
        }

        Finish(call, answer, frame.Owner);
        return Errno.None;
    }

    private Errno CopyLease(Registers registers)
    {
        var lease = registers.Message.Lease;
        var reads = registers.Number == Syscall.LeaseRead;
        var needed = reads ? LeaseAccess.Read : LeaseAccess.Write;
        if (!pending.TryGetValue(lease.Sequence, out var call) || (call.Access & needed) == 0)
        {
            return Errno.EPERM;
        }

        var buffer = registers.Buffer;
        if (registers.Arg0 < 0 || registers.Arg0 > call.Lent.Length - buffer.Length)
        {
            return Errno.EFAULT;
        }

        var lent = call.Lent.Slice((int)registers.Arg0, buffer.Length);
        if (reads)
        {
            lent.CopyTo(buffer);
        }
        else
        {
            buffer.CopyTo(lent);
        }

        registers.Arg0 = buffer.Length;
        return Errno.None;
    }

    private void AskNaming(Frame frame)
    {
        var registers = frame.Registers;
        var name = System.Text.Encoding.UTF8.GetString(registers.Message.Data.Span);
        if (registers.Message.Operation == NamingProtocol.Register)
        {
            registered[name] = frame.Owner.Find(registers.Message.Capability)!;
            registers.Message = Message.Reply(0);
        }
        else if (FindOrNull(name) is { } component)
        {
            registers.Message = Message.Reply(0);
            registers.Message.Capability =
                frame.Owner.Add(component.Current!, new Badge(frame.Owner.Number));
        }
        else if (registered.TryGetValue(name, out var capability))
        {
            registers.Message = Message.Reply(0);
            registers.Message.Capability =
                frame.Owner.Add(capability.Target, new Badge(frame.Owner.Number));
        }
        else
        {
            registers.Message = Message.Fail(Errno.ENOENT);
        }
    }

    private static Errno Mint(Frame frame)
    {
        var registers = frame.Registers;
        if (frame.Owner.Find(registers.Capability) is not { } original)
        {
            return Errno.EINVAL;
        }

        registers.Arg0 = frame.Owner.Add(original.Target, new Badge(registers.Arg1)).Index;
        return Errno.None;
    }

    private Errno MakeEndpoint(Frame frame)
    {
        var registers = frame.Registers;
        var name = System.Text.Encoding.UTF8.GetString(registers.Message.Data.Span);
        if (FindOrNull(name) is not { } component)
        {
            return Errno.ENOENT;
        }

        if (!component.Current!.IsReady)
        {
            return Errno.EAGAIN;
        }

        registers.Arg0 = frame.Owner.Add(component.Current, new Badge(registers.Arg1)).Index;
        return Errno.None;
    }

    private FakeComponent? FindOrNull(string name) =>
        components.Find(component => component.Name == name);

    private FakeComponent FindComponent(string name) =>
        FindOrNull(name) ?? throw new ArgumentException("no component " + name);
}
