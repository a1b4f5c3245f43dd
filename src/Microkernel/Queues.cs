using Microkernel.Accounting;
using Microkernel.Objects;
using Microkernel.Scheduling;

namespace Microkernel;

/// <summary>
/// Measuring the queues that somebody asked for: those at endpoints, and before components of the
/// kernel's domain. Everything happens at the start of the operation that does it. Procedure calls
/// within a domain are not measured: they pass no queue of the kernel's.
/// </summary>
public sealed partial class Kernel
{
    private long queuesSince;

    /// <summary>Makes what hears the times of a queue's single requests; null: nobody
    /// does.</summary>
    public Func<IRequestTimes>? MakeRequestTimes { get; init; }

    /// <summary>All queues that are measured, in the order in which they were made.</summary>
    public List<QueueLedger> Queues { get; } = [];

    /// <summary>Measuring begins anew, for queues that are still to be made too.</summary>
    /// <param name="now">The instant, cycles.</param>
    public void ResetQueues(long now)
    {
        queuesSince = now;
        foreach (var queue in Queues)
        {
            queue.Reset(now);
        }
    }

    /// <summary>Measures the queue of a component if its name is among those to observe.</summary>
    public void Observe(ComponentRecord component)
    {
        if (Options.Observed.Contains(component.Name))
        {
            component.Endpoint.Queue = NewQueue(component.Name, component.Concurrency);
        }
    }

    private void Observe(Endpoint endpoint, ProtectionDomain process)
    {
        if (Options.Observed.Contains(process.Name))
        {
            var number = 1 + Queues.Count(queue =>
                queue.Name.Split(':')[0] == process.Name);
            endpoint.Queue = NewQueue(
                number == 1 ? process.Name : $"{process.Name}:{number}", servers: 0);
        }
    }

    private QueueLedger NewQueue(string name, int servers)
    {
        var queue = new QueueLedger(name, servers, queuesSince)
        {
            CountsServiceTwice = Options.CountsServiceTwice,
            Times = MakeRequestTimes?.Invoke(),
        };
        Queues.Add(queue);
        return queue;
    }

    /// <summary>A thread's request arrives at an endpoint.</summary>
    private static void Arrive(Operation op, Tcb sender, Endpoint endpoint)
    {
        if (endpoint.Queue is { } queue)
        {
            sender.Visit = queue.Arrive(op.Start, sender.Visit);
        }
    }

    /// <summary>The request of a sender is received; if it wants no answer, it is the receiver's
    /// from now on.</summary>
    private static void Take(Operation op, Tcb sender, Tcb receiver, bool wantsReply)
    {
        if (VisitOf(sender, sender.Endpoint) is not { } visit)
        {
            return;
        }

        visit.Take(receiver.Index, op.Start);
        if (!wantsReply)
        {
            receiver.Handled = visit;
            sender.Visit = visit.Outer;
        }
    }

    /// <summary>A call by IPC has its answer.</summary>
    private static void FinishCall(Operation op, Tcb caller)
    {
        if (CallVisit(caller) is { } visit)
        {
            visit.Finish(op.Start);
            caller.Visit = visit.Outer;
        }
    }

    /// <summary>A call by IPC fails.</summary>
    private static void AbandonCall(Operation op, Tcb caller)
    {
        if (CallVisit(caller) is { } visit)
        {
            visit.Abandon(op.Start);
            caller.Visit = visit.Outer;
        }
    }

    /// <summary>A receiver comes back: what it received and nobody waits for is dealt
    /// with.</summary>
    private static void FinishHandled(Operation op, Tcb receiver)
    {
        receiver.Handled?.Finish(op.Start);
        receiver.Handled = null;
    }

    /// <summary>A receiver comes back without having answered the call that it received.</summary>
    private static void DeferCall(Operation op, Tcb receiver)
    {
        if (receiver.Serving is { } caller)
        {
            CallVisit(caller)?.Defer(op.Start);
        }
    }

    /// <summary>A thread dies, and all of its requests with it.</summary>
    private static void AbandonAll(Operation op, Tcb thread)
    {
        for (var visit = thread.Visit; visit is not null; visit = visit.Outer)
        {
            visit.Abandon(op.Start);
        }

        thread.Handled?.Abandon(op.Start);
        (thread.Visit, thread.Handled) = (null, null);
    }

    private static void AbandonPulses(Operation op, Endpoint endpoint)
    {
        foreach (var pulse in endpoint.Pulses)
        {
            pulse.Visit?.Abandon(op.Start);
        }

        endpoint.Pulses.Clear();
    }

    /// <summary>A thread that trapped wants to enter a component of the kernel's domain.</summary>
    private static void ArriveAtEntry(Operation op, Tcb thread, ComponentRecord component)
    {
        if (thread.EntersByTrap)
        {
            Arrive(op, thread, component.Endpoint);
        }
    }

    /// <summary>It gets an activation.</summary>
    private static void TakeAtEntry(Operation op, Tcb thread, ComponentRecord component)
    {
        if (thread.EntersByTrap)
        {
            VisitOf(thread, component.Endpoint)?.Take(component.Index, op.Start);
        }
    }

    private static void FinishAtEntry(
        Operation op, Tcb thread, ComponentRecord component, bool isServed)
    {
        if (VisitOf(thread, component.Endpoint) is { } visit)
        {
            thread.Visit = visit.Outer;
            if (isServed)
            {
                visit.Finish(op.Start);
            }
            else
            {
                visit.Abandon(op.Start);
            }
        }
    }

    private static Visit? VisitOf(Tcb thread, Endpoint? endpoint) =>
        thread.Visit is { } visit && visit.Queue == endpoint?.Queue ? visit : null;

    // A thread that has migrated and waits for its answer waits in no endpoint.
    private static Visit? CallVisit(Tcb caller) =>
        caller.MigratedReplies.Count > 0
            && caller.MigratedReplies[^1].Sequence == caller.AwaitedReply
            ? null
            : VisitOf(caller, caller.Endpoint);
}
