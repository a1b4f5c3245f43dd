using Abi;
using Abi.Costs;
using Abi.Kernel;
using Microkernel.Objects;
using Microkernel.Placing;
using Microkernel.Scheduling;
using Records;

namespace Microkernel;

/// <summary>IPC in full: queues, long messages, capabilities, other cores, receive
/// orders.</summary>
public sealed partial class Kernel
{
    private void Call(Operation op, Tcb caller)
    {
        if (IsForbidden(caller))
        {
            LeaveFastPath(op);
            op.Charge(Part.SlowPathCall);
            Count(Counter.DeadlocksRefused);
            SetError(caller, Errno.EDEADLK);
            return;
        }

        if (FastCall(op, caller))
        {
            return;
        }

        LeaveFastPath(op);
        op.Charge(Part.SlowPathCall);
        Count(Counter.IpcSlowPath);
        var endpoint = FindEndpoint(caller, Rights.Write, out var capability);
        if (endpoint is null || !IsSendable(caller))
        {
            return;
        }

        caller.Endpoint = endpoint;
        caller.SendBadge = capability!.Badge;
        caller.WantsReply = true;
        if (!LendFor(caller, endpoint.Domain))
        {
            return;
        }

        Rendezvous(op, caller, endpoint);
    }

    private void Send(Operation op, Tcb sender, bool mayBlock)
    {
        op.Charge(Part.SlowPathSend);
        Count(Counter.IpcSlowPath);
        var endpoint = FindEndpoint(sender, Rights.Write, out var capability);
        if (endpoint is null || !IsSendable(sender))
        {
            return;
        }

        if (!mayBlock && endpoint.Receivers.IsEmpty)
        {
            SetError(sender, Errno.EAGAIN);
            return;
        }

        sender.Endpoint = endpoint;
        sender.SendBadge = capability!.Badge;
        sender.WantsReply = false;
        Rendezvous(op, sender, endpoint);
    }

    /// <summary>Sends to a receiver that waits, or waits for one.</summary>
    private void Rendezvous(Operation op, Tcb sender, Endpoint endpoint)
    {
        var receiver = PickReceiver(endpoint, sender.Core);
        if (receiver is not null)
        {
            endpoint.Receivers.Remove(receiver);
            ChargeCopy(op, sender.Registers.Message);
            Arrive(op, sender, endpoint);
            Transfer(op, sender, receiver, sender.WantsReply);
            if (sender.WantsReply)
            {
                Block(sender, TcbState.BlockedOnReply, Cause.ServerBusy);
            }

            PassOn(op, receiver);
        }
        else if (sender.WantsReply && WouldDeadlock(sender, endpoint))
        {
            Count(Counter.DeadlocksRefused);
            EndLending(sender);
            SetError(sender, Errno.EDEADLK);
        }
        else
        {
            Arrive(op, sender, endpoint);
            Block(sender, TcbState.BlockedOnSend, Cause.ServerBusy);
            endpoint.Senders.Enqueue(sender);
        }
    }

    /// <summary>The core goes to the peer at once if it is there and nobody more urgent is
    /// ready.</summary>
    private void PassOn(Operation op, Tcb peer)
    {
        var isFree = !IsRunning(op.Core.Current) && op.Direct is null;
        if (isFree && peer.Core == op.Core && peer.Priority >= op.Core.Ready.Highest)
        {
            HandOver(op, peer);
        }
        else
        {
            MakeReady(op, peer);
        }
    }

    private void Receive(Operation op, Tcb receiver, bool mayBlock)
    {
        op.Charge(Part.SlowPathSend);
        Count(Counter.IpcSlowPath);
        FinishHandled(op, receiver);
        DeferCall(op, receiver);
        LeaveCall(receiver);
        var endpoint = FindEndpoint(receiver, Rights.Read, out _);
        if (endpoint is not null)
        {
            ReceiveAt(op, receiver, endpoint, mayBlock);
        }
    }

    private void ReceiveAt(Operation op, Tcb receiver, Endpoint endpoint, bool mayBlock)
    {
        switch (NextAt(endpoint, receiver.BoundNotification))
        {
            case Arrived.Nothing when mayBlock:
                receiver.Endpoint = endpoint;
                Block(receiver, TcbState.BlockedOnReceive, Cause.Asleep);
                endpoint.Receivers.Enqueue(receiver);
                break;
            case Arrived.Nothing:
                SetError(receiver, Errno.EAGAIN);
                break;
            case Arrived.Notification:
                TakeNotification(op, receiver, receiver.BoundNotification!);
                break;
            case Arrived.Pulse:
                var pulse = endpoint.Pulses.Dequeue();
                ReceivePulse(op, receiver, pulse);
                break;
            case Arrived.Sender:
                ReceiveFrom(op, receiver, PickSender(endpoint), endpoint);
                break;
        }
    }

    private void ReceiveFrom(Operation op, Tcb receiver, Tcb sender, Endpoint endpoint)
    {
        endpoint.Senders.Remove(sender);
        ChargeCopy(op, sender.Registers.Message);
        EndWait(op, sender, Cause.ServerBusy);
        Transfer(op, sender, receiver, sender.WantsReply);
        if (sender.WantsReply)
        {
            sender.State = TcbState.BlockedOnReply;
        }
        else
        {
            MakeReady(op, sender);
        }
    }

    private void Reply(Operation op, Tcb server)
    {
        ChargeReply(op, server);
        Count(Counter.IpcSlowPath);
        ReplyTo(op, server, passOn: false);
    }

    private void ReplyReceive(Operation op, Tcb server)
    {
        if (FastReplyReceive(op, server))
        {
            return;
        }

        LeaveFastPath(op);
        ChargeReply(op, server);
        Count(Counter.IpcSlowPath);
        var endpoint = FindEndpoint(server, Rights.Read, out _);
        if (endpoint is null || !FitsBuffer(server))
        {
            // Nothing is answered: the server keeps its right to, and learns why.
            return;
        }

        FinishHandled(op, server);

        // The server is off its core, for the choice who goes on, until it has found a message.
        var caller = ReplyTo(op, server, passOn: true);
        SetError(server, Errno.None);
        ReceiveAt(op, server, endpoint, mayBlock: true);
        if (caller is not null)
        {
            PassOn(op, caller);
        }
    }

    /// <summary>Answers whoever the token names; that thread, if it is not yet made ready, is
    /// returned.</summary>
    private Tcb? ReplyTo(Operation op, Tcb server, bool passOn)
    {
        var token = server.Registers.Reply;
        var message = server.Registers.Message;
        if (!FitsBuffer(server))
        {
            return null;
        }

        var caller = Awaiting(token);
        if (caller is null)
        {
            if (!AnswerEarly(server, token, message))
            {
                Count(Counter.RepliesDropped);
                SetError(server, Errno.EOWNERDEAD);
            }

            LeaveCall(server);
            return null;
        }

        ChargeCopy(op, message);
        Answer(op, server, caller);
        if (passOn)
        {
            return caller;
        }

        MakeReady(op, caller);
        return null;
    }

    private bool AnswerEarly(Tcb server, ReplyToken token, Message message)
    {
        if (token.Thread < 0 || token.Thread >= Threads.Count || token.Sequence == 0)
        {
            return false;
        }

        var caller = Threads[token.Thread];
        if (!caller.MigratedReplies.Exists(open => open.Sequence == token.Sequence)
            || caller.EarlyAnswers.Exists(early => early.Sequence == token.Sequence))
        {
            return false;
        }

        if (message.Capability != CapSlot.None)
        {
            message.Capability = PassCapability(message.Capability, server, caller);
        }

        caller.EarlyAnswers.Add((token.Sequence, message));
        return true;
    }

    /// <summary>The thread that waits for the answer with this token, or null: it is
    /// stale.</summary>
    private Tcb? Awaiting(ReplyToken token)
    {
        if (token.Thread < 0 || token.Thread >= Threads.Count || token.Sequence == 0)
        {
            return null;
        }

        var caller = Threads[token.Thread];
        return caller.State == TcbState.BlockedOnReply && caller.AwaitedReply == token.Sequence
            ? caller
            : null;
    }

    /// <summary>Delivers an answer: the one-shot right is used up, what was lent is taken
    /// back.</summary>
    private void Answer(Operation op, Tcb server, Tcb caller)
    {
        EndWait(
            op, caller,
            caller.BlockCause == Cause.ServerBusy ? Cause.Asleep : caller.BlockCause);
        Deliver(server.Registers.Message, server, caller);
        FinishCall(op, caller);
        caller.Registers.Message.Lease = Lease.None;
        caller.AwaitedReply = 0;
        caller.IsFaulted = false;
        EndLending(caller);
        NoteReply(op, server, caller);
        Bill.Tell(
            RequestStepKind.Left, caller.Call, op.Start, caller, server,
            Bill.ComponentOf(server));
        trace.Record(new TraceRecord(
            op.Start, TraceKind.Replied, op.Core.Index, server.Index, caller.Index,
            Cause.KernelPath,
            caller.Registers.Message.A));
        if (server.Serving == caller)
        {
            LeaveCall(server);
        }
        else if (!server.IsProgram && server.Call == caller.Call)
        {
            // It had taken the call up from a device: what it does after the answer is its own.
            server.Call = null;
        }
    }

    /// <summary>The thread no longer works for the call that it was handling.</summary>
    private static void LeaveCall(Tcb server)
    {
        if (!server.IsProgram)
        {
            server.Call = null;
        }

        if (server.Serving is { } caller)
        {
            // Another thread may have answered for it and the caller gone on to call a third.
            if (caller.Server == server)
            {
                caller.Server = null;
            }

            server.Serving = null;
        }
    }

    /// <summary>Moves a message from sender to receiver, with the right to answer it.</summary>
    private void Transfer(Operation op, Tcb sender, Tcb receiver, bool wantsReply)
    {
        var lease = sender.Lent.Count > 0 && wantsReply ? LeaseOf(sender) : Lease.None;
        if (receiver.IsProgram && receiver.State == TcbState.BlockedOnReceive)
        {
            EndWait(op, receiver, Cause.Asleep);
        }

        Take(op, sender, receiver, wantsReply);
        Deliver(sender.Registers.Message, sender, receiver);
        var registers = receiver.Registers;
        registers.Message.Lease = lease;
        registers.Badge = new Badge(sender.SendBadge);
        if (wantsReply)
        {
            sender.AwaitedReply = ++sender.ReplySequence;
            registers.Reply = new ReplyToken(sender.Index, sender.AwaitedReply);
            sender.Server = receiver;
            receiver.Serving = sender;
            if (!receiver.IsProgram)
            {
                receiver.Call = sender.Call;
            }
        }
        else
        {
            registers.Reply = ReplyToken.None;
        }

        if (sender.Call is { IsOver: false } call && wantsReply)
        {
            op.Entering.Add((call, sender, receiver));
        }

        trace.Record(new TraceRecord(
            op.Start, TraceKind.MessageReceived, op.Core.Index, receiver.Index, sender.Index,
            Cause.KernelPath, registers.Message.Operation));
    }

    private void Deliver(in Message message, Tcb from, Tcb to)
    {
        var registers = to.Registers;
        registers.Error = Errno.None;
        registers.Message = message;
        Count(Counter.Messages);
        Count(message.Length <= Bill.Profile.MessageRegisters
            ? Counter.MessagesInRegisters
            : Counter.MessagesInBuffer);
        if (!message.Data.IsEmpty)
        {
            // The receiver gets a copy: the sender may reuse its buffer at once.
            registers.Message.Data = message.Data.ToArray();
            Count(Counter.BytesCopied, message.Data.Length);
        }

        if (message.Capability != CapSlot.None)
        {
            registers.Message.Capability = PassCapability(message.Capability, from, to);
        }
    }

    private CapSlot PassCapability(CapSlot slot, Tcb from, Tcb to)
    {
        // Within a domain too the receiver gets a slot of its own: the sender may empty its own.
        return Find(from, slot) is { IsStale: false } capability
            ? to.Domain.Capabilities.Insert(capability.Derive(Rights.All, 0))
            : CapSlot.None;
    }

    private void ChargeCopy(Operation op, in Message message)
    {
        if (message.Length > 0)
        {
            op.Charge(Part.MessageWord, message.Length);
        }
    }

    private bool FitsBuffer(Tcb sender)
    {
        if (sender.Registers.Message.Data.Length <= Message.BufferLimit)
        {
            return true;
        }

        SetError(sender, Errno.EMSGSIZE);
        return false;
    }

    private bool IsSendable(Tcb sender)
    {
        if (!FitsBuffer(sender))
        {
            return false;
        }

        if (sender.Registers.Message.Capability != CapSlot.None)
        {
            var carried = Find(sender, sender.Registers.Message.Capability);
            if (carried is null || (carried.Rights & Rights.Grant) == 0)
            {
                Count(Counter.DeniedCalls);
                SetError(sender, Errno.EPERM);
                return false;
            }
        }

        return true;
    }

    private enum Arrived
    {
        Nothing,
        Notification,
        Pulse,
        Sender,
    }

    private Arrived NextAt(Endpoint endpoint, Notification? bound)
    {
        var signalled = bound is { Word: not 0 };
        var hasPulse = endpoint.Pulses.Count > 0;
        var sender = endpoint.Senders.Head;
        if (sender is null && !hasPulse)
        {
            return signalled ? Arrived.Notification : Arrived.Nothing;
        }

        var pulseFirst = hasPulse
            && (sender is null || endpoint.Pulses.Peek().Arrival < sender.Arrival);
        var first = pulseFirst ? Arrived.Pulse : Arrived.Sender;
        switch (Options.ReceiveOrder)
        {
            case ReceiveOrder.NotificationsFirst:
                return signalled ? Arrived.Notification : first;
            case ReceiveOrder.Priority:
                return sender is not null ? Arrived.Sender : first;
            case ReceiveOrder.Fifo:
                var arrival = pulseFirst ? endpoint.Pulses.Peek().Arrival : sender!.Arrival;
                return signalled && bound!.Arrival < arrival ? Arrived.Notification : first;
        }

        return first;
    }

    private Tcb PickSender(Endpoint endpoint)
    {
        var best = endpoint.Senders.Head!;
        if (Options.ReceiveOrder == ReceiveOrder.Priority)
        {
            for (var thread = best.QueueNext; thread is not null; thread = thread.QueueNext)
            {
                if (thread.Priority > best.Priority)
                {
                    best = thread;
                }
            }
        }

        return best;
    }

    private void SendPulse(Operation op, Tcb sender)
    {
        op.Charge(Part.SlowPathSend);
        var endpoint = FindEndpoint(sender, Rights.Write, out var capability);
        if (endpoint is null)
        {
            return;
        }

        var receiver = PickReceiver(endpoint, sender.Core);
        if (receiver is null && endpoint.PulseLimit > 0
            && endpoint.Pulses.Count >= endpoint.PulseLimit)
        {
            endpoint.Queue?.Block();
            SetError(sender, Errno.EAGAIN);
            return;
        }

        var pulse = new Pulse(
            ++arrivals, capability!.Badge, sender.Registers.Message.Operation,
            sender.Registers.Message.A, endpoint.Queue?.Arrive(op.Start, outer: null));
        if (receiver is null)
        {
            endpoint.Pulses.Enqueue(pulse);
            return;
        }

        endpoint.Receivers.Remove(receiver);
        EndWait(op, receiver, Cause.Asleep);
        ReceivePulse(op, receiver, pulse);
        MakeReady(op, receiver);
    }

    private void ReceivePulse(Operation op, Tcb receiver, in Pulse pulse)
    {
        pulse.Visit?.Take(receiver.Index, op.Start);
        receiver.Handled = pulse.Visit;
        Count(Counter.Messages);
        Count(Counter.MessagesInRegisters);
        receiver.Registers.Error = Errno.None;
        receiver.Registers.Message = Message.Request(pulse.Operation, pulse.Word);
        receiver.Registers.Badge = new Badge(pulse.Badge);
        receiver.Registers.Reply = ReplyToken.None;
    }
}
