using Abi;
using Abi.Costs;
using Abi.Kernel;
using Microkernel.Objects;
using Microkernel.Scheduling;
using Records;

namespace Microkernel;

/// <summary>
/// Faults of user code as messages (seL4): the kernel sends one to the handler in the thread's
/// capability space, and the thread goes on when the handler answers.
/// </summary>
public sealed partial class Kernel
{
    private void DeliverFault(Operation op, Tcb thread)
    {
        op.Charge(Part.FaultDelivery);
        Count(Counter.Faults);
        if (thread.Domain.Capabilities[CapSlot.FaultHandler]
            is not { Target: Endpoint endpoint, IsStale: false } capability)
        {
            SetError(thread, Errno.EFAULT);
            return;
        }

        thread.Registers.Message = Message.Request(Message.FaultOperation);
        thread.Registers.LendAccess = LeaseAccess.None;
        thread.IsFaulted = true;
        thread.Endpoint = endpoint;
        thread.SendBadge = capability.Badge;
        thread.WantsReply = true;
        LendFor(thread, endpoint.Domain);
        DonateBudget(op);
        Rendezvous(op, thread, endpoint);
    }

    /// <summary>Charges the path of an answer: the plain one, or that to a fault.</summary>
    private void ChargeReply(Operation op, Tcb server)
    {
        var toFault = Awaiting(server.Registers.Reply) is { IsFaulted: true };
        op.Charge(toFault ? Part.FaultReply : Part.SlowPathReply);
        if (toFault)
        {
            DonateBudget(op);
        }
    }
}
