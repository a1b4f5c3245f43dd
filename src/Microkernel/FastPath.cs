using Abi.Costs;
using Abi.Kernel;
using Microkernel.Objects;
using Microkernel.Scheduling;
using Records;

namespace Microkernel;

/// <summary>
/// IPC at its shortest: every guard first, each with the counter of its miss, then the commit, in
/// which
/// nothing can fail. The guards are those of seL4's src/fastpath/fastpath.c that this model has
/// objects
/// for; simplifications: no scheduling domains, no address-space identifiers that could be invalid.
/// </summary>
public sealed partial class Kernel
{
    private bool FastCall(Operation op, Tcb caller)
    {
        if (!Options.FastPath)
        {
            return Miss(Counter.MissSwitchedOff);
        }

        ref readonly var message = ref caller.Registers.Message;
        if (message.Length > Bill.Profile.MessageRegisters)
        {
            return Miss(Counter.MissMessageTooLong);
        }

        if (message.Capability != CapSlot.None || message.Lease != Lease.None)
        {
            return Miss(Counter.MissCarriesCapability);
        }

        var capability = Find(caller, caller.Registers.Capability);
        if (capability is not { Target: Endpoint endpoint, IsStale: false }
            || (capability.Rights & Rights.Write) == 0)
        {
            return Miss(Counter.MissInvalidCapability);
        }

        var receiver = PickReceiver(endpoint, caller.Core);
        if (receiver is null)
        {
            return Miss(Counter.MissNoReceiver);
        }

        if (receiver.Core != caller.Core)
        {
            return Miss(Counter.MissOtherCore);
        }

        if (receiver.Priority < op.Core.Ready.Highest)
        {
            return Miss(Counter.MissPriority);
        }

        // The point of no return.
        op.Charge(Part.FastPathCall);
        DonateBudget(op);
        Count(Counter.IpcFastPath);
        endpoint.Receivers.Remove(receiver);
        caller.Endpoint = endpoint;
        caller.SendBadge = capability.Badge;
        LendFor(caller, endpoint.Domain);
        Arrive(op, caller, endpoint);
        Transfer(op, caller, receiver, wantsReply: true);
        Block(caller, TcbState.BlockedOnReply, Cause.ServerBusy);
        HandOver(op, receiver);
        return true;
    }

    private bool FastReplyReceive(Operation op, Tcb server)
    {
        if (!Options.FastPath)
        {
            return Miss(Counter.MissSwitchedOff);
        }

        ref readonly var message = ref server.Registers.Message;
        if (message.Length > Bill.Profile.MessageRegisters)
        {
            return Miss(Counter.MissMessageTooLong);
        }

        if (message.Capability != CapSlot.None)
        {
            return Miss(Counter.MissCarriesCapability);
        }

        var capability = Find(server, server.Registers.Capability);
        if (capability is not { Target: Endpoint endpoint, IsStale: false }
            || (capability.Rights & Rights.Read) == 0)
        {
            return Miss(Counter.MissInvalidCapability);
        }

        var caller = Awaiting(server.Registers.Reply);
        if (caller is null)
        {
            return Miss(Counter.MissNoCaller);
        }

        if (caller.IsFaulted)
        {
            return Miss(Counter.MissCallerFaulted);
        }

        if (server.BoundNotification is { Word: not 0 })
        {
            return Miss(Counter.MissNotificationPending);
        }

        if (!endpoint.Senders.IsEmpty || endpoint.Pulses.Count > 0)
        {
            return Miss(Counter.MissSenderWaits);
        }

        if (caller.Core != server.Core)
        {
            return Miss(Counter.MissOtherCore);
        }

        if (caller.Priority < op.Core.Ready.Highest)
        {
            return Miss(Counter.MissPriority);
        }

        // The point of no return.
        op.Charge(Part.FastPathReply);
        DonateBudget(op);
        Count(Counter.IpcFastPath);
        Answer(op, server, caller);
        server.Endpoint = endpoint;
        Block(server, TcbState.BlockedOnReceive, Cause.Asleep);
        endpoint.Receivers.Enqueue(server);
        HandOver(op, caller);
        return true;
    }

    private bool Miss(Counter reason)
    {
        Count(reason);
        return false;
    }

    /// <summary>The receiver that waits on the sender's core, else whoever waits longest.</summary>
    private static Tcb? PickReceiver(Endpoint endpoint, Core core)
    {
        for (var thread = endpoint.Receivers.Head; thread is not null; thread = thread.QueueNext)
        {
            if (thread.Core == core)
            {
                return thread;
            }
        }

        return endpoint.Receivers.Head;
    }

    private static void HandOver(Operation op, Tcb thread)
    {
        thread.State = TcbState.Ready;
        op.Direct = thread;
    }
}
