using Abi;
using Abi.Costs;
using Abi.Kernel;
using Microkernel.Objects;
using Microkernel.Placing;
using Microkernel.Scheduling;
using Records;

namespace Microkernel;

/// <summary>
/// Calls that do not change threads: the caller's thread migrates into a component of its own
/// domain by a
/// procedure call, or of the kernel's domain by a trap, if an activation and the lock are free.
/// </summary>
public sealed partial class Kernel
{
    /// <summary>How the call in a thread's registers reaches its receiver; the component it would
    /// enter.</summary>
    public Crossing CrossingOf(
        Tcb thread, out ComponentRecord? component, out Capability? capability)
    {
        capability = Find(thread, thread.Registers.Capability);
        component = null;
        if (capability is { Target: Endpoint { Owner: { } owner }, IsStale: false }
            && (capability.Rights & Rights.Write) != 0)
        {
            component = owner;
            if (owner.Domain == thread.Domain)
            {
                return Crossing.ProcedureCall;
            }

            if (owner.Domain.IsKernel)
            {
                return Crossing.KernelTrap;
            }

            if (Options.UserCrossing != UserCrossing.Ipc && !thread.Domain.IsKernel)
            {
                return Crossing.Gate;
            }
        }

        return Crossing.Ipc;
    }

    /// <summary>
    /// Enters a component of the thread's domain at once, if no other thread is in the way: the
    /// price of the lock goes to the thread's segment then, that of the call in any case.
    /// </summary>
    public bool TryEnter(Tcb thread, ComponentRecord component)
    {
        ChargeDoor(thread, component);
        var locks = HasLock(component);
        if (component.Visitors.Count >= component.Concurrency
            || (locks && component.LockHolder is not null)
            || component.State == ComponentState.Down)
        {
            return false;
        }

        if (locks)
        {
            Charge(thread, Part.ComponentLock);
            component.LockHolder = thread;
        }

        component.Visitors.Add(thread);
        return true;
    }

    /// <summary>The price of calling into a component without a trap and returning: of the caller's
    /// domain, or of another through a gate.</summary>
    private void ChargeDoor(Tcb thread, ComponentRecord component)
    {
        if (component.Domain == thread.Domain)
        {
            Charge(thread, Part.ProcedureCall);
            Count(Counter.ProcedureCalls);
            return;
        }

        if (Options.UserCrossing == UserCrossing.Vmfunc)
        {
            Charge(thread, Part.VmfuncSwitch, 2);
            Charge(thread, Part.VmfuncStub);
        }
        else
        {
            Charge(thread, Part.ProtectionKeySwitch, 2);
        }

        Count(Counter.GateCalls);
    }

    private void Charge(Tcb thread, Part part, int count = 1) =>
        thread.Log.Charge(part, Bill.ComponentOf(thread), count, Bill.Profile[part]);

    /// <summary>Leaves a component that was entered by a procedure call, if nobody waits to enter
    /// it.</summary>
    public static bool TryLeave(Tcb thread, ComponentRecord component)
    {
        if (!component.Visitors.Contains(thread))
        {
            // It answered later: its activation ended when it said so.
            return true;
        }

        if (!component.EntryQueue.IsEmpty || !component.LockQueue.IsEmpty)
        {
            return false;
        }

        component.Visitors.Remove(thread);
        if (component.LockHolder == thread)
        {
            component.LockHolder = null;
        }

        return true;
    }

    /// <summary>Starts lending what a migrating call lends, and gives it the number of its
    /// answer.</summary>
    public bool BeginMigration(Tcb thread, ComponentRecord component, out Request request)
    {
        request = default;
        if (!LendFor(thread, component.Domain))
        {
            if (VisitOf(thread, component.Endpoint) is { } visit)
            {
                visit.Abandon(thread.SegmentStart);
                thread.Visit = visit.Outer;
            }

            return false;
        }

        var sequence = ++thread.ReplySequence;
        thread.MigratedReplies.Add(new MigratedReply(sequence, component));
        request = new Request(LeaseOf(thread), sequence);
        return true;
    }

    /// <summary>What a migrating call brings along: the lease, and the number of its
    /// answer.</summary>
    public readonly record struct Request(Lease Lease, int Reply);

    /// <summary>A migrated call has its answer: its lease is revoked, its token is used
    /// up.</summary>
    public static void EndMigration(Tcb thread)
    {
        EndLending(thread);
        thread.MigratedReplies.RemoveAt(thread.MigratedReplies.Count - 1);
    }

    private bool HasLock(ComponentRecord component) =>
        component.Domain.IsKernel && Options.DomainLock == LockPolicy.Component;

    private void CallIntoKernelDomain(Operation op, Tcb thread, ComponentRecord component)
    {
        Count(Counter.KernelCalls);
        var capability = Find(thread, thread.Registers.Capability)!;
        thread.Entering = component;
        thread.EntersByTrap = true;
        if (thread.Registers.Message.Capability != CapSlot.None)
        {
            var carried = Find(thread, thread.Registers.Message.Capability);
            thread.Registers.Message.Capability = carried is { IsStale: false }
                ? component.Domain.Capabilities.Insert(carried.Derive(Rights.All, 0))
                : CapSlot.None;
        }

        thread.EntryBadge = capability.Badge;
        AdmitOrQueue(op, thread, component);
    }

    private void AdmitOrQueue(Operation op, Tcb thread, ComponentRecord component)
    {
        if (component.Visitors.Count >= component.Concurrency)
        {
            if (AllStuck(component, thread))
            {
                Refuse(thread, Errno.EDEADLK);
                return;
            }

            ArriveAtEntry(op, thread, component);
            Block(thread, TcbState.BlockedOnEntry, Cause.ServerBusy);
            component.EntryQueue.Enqueue(thread);
            return;
        }

        component.Visitors.Add(thread);
        ArriveAtEntry(op, thread, component);
        TakeAtEntry(op, thread, component);
        if (!Lock(op, thread, component))
        {
            return;
        }

        thread.Resumption = Resumption.Enter;
    }

    /// <summary>Takes the component's lock; false: the thread sleeps on it, or may not.</summary>
    private bool Lock(Operation op, Tcb thread, ComponentRecord component)
    {
        if (!HasLock(component))
        {
            return true;
        }

        op.Charge(Part.ComponentLock);
        if (component.LockHolder is null)
        {
            component.LockHolder = thread;
            return true;
        }

        if (WaitsFor(component.LockHolder, thread))
        {
            component.Visitors.Remove(thread);
            FinishAtEntry(op, thread, component, isServed: false);
            Refuse(thread, Errno.EDEADLK);
            return false;
        }

        Count(Counter.ComponentLockContended);
        Block(thread, TcbState.BlockedOnLock, Cause.LockWait);
        component.LockQueue.Enqueue(thread);
        return false;
    }

    private void Refuse(Tcb thread, Errno error)
    {
        if (error == Errno.EDEADLK)
        {
            Count(Counter.DeadlocksRefused);
        }

        thread.Entering = null;
        thread.Registers.Message = Message.Fail(error);
        SetError(thread, error);
    }

    private void LeaveComponent(Operation op, Tcb thread)
    {
        var component = thread.Entering!;
        FinishAtEntry(op, thread, component, isServed: true);
        thread.Entering = null;
        var (domain, caller) = thread.ReturnsTo;
        thread.Registers.Message.Capability =
            PassOut(thread.Domain, domain, thread.Registers.Message.Capability);
        thread.RunIn(domain, caller);
        EndActivation(op, thread, component);
    }

    /// <summary>A handler has returned, with its answer or to answer later: whoever waits to enter
    /// may.</summary>
    private void EndActivation(Operation op, Tcb thread, ComponentRecord component)
    {
        if (!component.Visitors.Remove(thread))
        {
            return;
        }

        if (component.LockHolder == thread)
        {
            component.LockHolder = component.LockQueue.Dequeue();
            if (component.LockHolder is { } holder)
            {
                holder.Resumption = Resumption.Enter;
                Wake(op, holder, Cause.LockWait);
            }
        }

        if (component.EntryQueue.Dequeue() is { } entrant)
        {
            component.Visitors.Add(entrant);
            TakeAtEntry(op, entrant, component);
            if (HasLock(component) && component.LockHolder is not null)
            {
                EndWait(op, entrant, Cause.ServerBusy);
                Count(Counter.ComponentLockContended);
                Block(entrant, TcbState.BlockedOnLock, Cause.LockWait);
                component.LockQueue.Enqueue(entrant);
            }
            else
            {
                if (HasLock(component))
                {
                    op.Charge(Part.ComponentLock);
                    component.LockHolder = entrant;
                }

                entrant.Resumption = Resumption.Enter;
                Wake(op, entrant, Cause.ServerBusy);
            }
        }
    }

    /// <summary>Copies a capability in a migrated call's answer to the caller's domain, into a slot
    /// of the caller's own even if it is the same domain.</summary>
    public static CapSlot PassOut(ProtectionDomain from, ProtectionDomain to, CapSlot slot)
    {
        if (slot == CapSlot.None)
        {
            return slot;
        }

        return from.Capabilities[slot] is { IsStale: false } capability
            ? to.Capabilities.Insert(capability.Derive(Rights.All, 0))
            : CapSlot.None;
    }

    private void AwaitMigratedReply(Operation op, Tcb thread)
    {
        var index = thread.EarlyAnswers.FindIndex(early => early.Sequence == thread.AwaitedReply);
        if (index >= 0)
        {
            thread.Registers.Message = thread.EarlyAnswers[index].Answer;
            thread.EarlyAnswers.RemoveAt(index);
            return;
        }

        EndActivation(op, thread, thread.Component!);
        // Who dies now may be whom it called last, but not whom it waits for: that is where it is.
        thread.Endpoint = thread.Component!.Endpoint;
        VisitOf(thread, thread.Component!.Endpoint)?.Defer(op.Start);
        var cause = thread.Component!.Name == "naming" ? Cause.Recovery : Cause.Asleep;
        Block(thread, TcbState.BlockedOnReply, cause);
    }
}
