using System.Globalization;
using System.Text;
using Microkernel.Objects;
using Microkernel.Placing;

namespace Microkernel;

/// <summary>Who waits for whom: a call that would close a cycle is answered EDEADLK instead of
/// waiting for ever.</summary>
public sealed partial class Kernel
{
    /// <summary>What each process, or each thread of a component, that waits waits for: a line
    /// each, in spawn order.</summary>
    public string DescribeWaits(bool ofComponents = false)
    {
        var text = new StringBuilder();
        foreach (var thread in Threads)
        {
            if (thread.State is TcbState.Dead or TcbState.Running
                || thread.IsProgram == ofComponents)
            {
                continue;
            }

            text.Append(
                CultureInfo.InvariantCulture, $"{thread.Name} waits {DescribeWait(thread)}\n");
        }

        return text.ToString().TrimEnd('\n');
    }

    private string DescribeWait(Tcb thread)
    {
        switch (thread.State)
        {
            case TcbState.BlockedOnSend:
                return "to send to " + NameOf(thread.Endpoint!);
            case TcbState.BlockedOnReply:
                var server = thread.Server;
                return server is null
                    ? "for an answer of " + (thread.Component?.Name ?? NameOf(thread.Endpoint!))
                    : $"for an answer of {server.Name}, which waits {DescribeWait(server)}";
            case TcbState.BlockedOnReceive:
                return "to receive at " + NameOf(thread.Endpoint!);
            case TcbState.BlockedOnNotification:
                return "for a signal";
            case TcbState.BlockedOnEvent:
                return "for an event in " + (thread.Component?.Name ?? thread.Name);
            case TcbState.BlockedOnEntry:
                return "for a free activation of " + thread.Entering!.Name;
            case TcbState.BlockedOnLock:
                return $"for the lock of {thread.Entering!.Name}, "
                    + $"which {thread.Entering.LockHolder?.Name ?? "nobody"} holds";
            case TcbState.Created:
            case TcbState.Ready:
            case TcbState.Running:
                return "for a core";
            case TcbState.Dead:
                return "no more";
        }

        return "";
    }

    private static string NameOf(Endpoint endpoint) => endpoint.Owner?.Name ?? endpoint.Domain.Name;

    /// <summary>Whether everybody who could receive at the endpoint waits, through others, for the
    /// sender.</summary>
    private bool WouldDeadlock(Tcb sender, Endpoint endpoint)
    {
        if (endpoint.Owner is null && Options.Deadlocks == DeadlockPolicy.Hang)
        {
            return false;
        }

        var servers = endpoint.Owner?.Workers ?? endpoint.Domain.Threads;
        return servers.Count > 0 && servers.TrueForAll(server => WaitsFor(server, sender));
    }

    /// <summary>Whether the policy forbids the call in a thread's registers: to a process none of
    /// whose threads is more urgent.</summary>
    private bool IsForbidden(Tcb caller) =>
        Options.Deadlocks == DeadlockPolicy.Forbid
        && Find(caller, caller.Registers.Capability)
            is { Target: Endpoint { Owner: null } endpoint, IsStale: false }
        && !endpoint.Domain.Threads.Exists(server => server.Priority > caller.Priority);

    private bool AllStuck(ComponentRecord component, Tcb thread) =>
        component.Visitors.TrueForAll(visitor => WaitsFor(visitor, thread));

    /// <summary>Whether a thread waits for another, directly or through those it waits
    /// for.</summary>
    private bool WaitsFor(Tcb thread, Tcb other, int depth = 0)
    {
        if (thread == other)
        {
            return true;
        }

        if (depth > Threads.Count)
        {
            return false;
        }

        switch (thread.State)
        {
            case TcbState.BlockedOnReply:
                return thread.Server is { } server && WaitsFor(server, other, depth + 1);
            case TcbState.BlockedOnSend:
                var servers = thread.Endpoint!.Owner?.Workers ?? thread.Endpoint.Domain.Threads;
                return servers.Count > 0
                    && servers.TrueForAll(server => WaitsFor(server, other, depth + 1));
            case TcbState.BlockedOnEntry:
                return thread.Entering!.Visitors.TrueForAll(
                    visitor => WaitsFor(visitor, other, depth + 1));
            case TcbState.BlockedOnLock:
                return thread.Entering!.LockHolder is { } holder
                    && WaitsFor(holder, other, depth + 1);
            case TcbState.Created:
            case TcbState.Ready:
            case TcbState.Running:
            case TcbState.BlockedOnReceive:
            case TcbState.BlockedOnNotification:
            case TcbState.BlockedOnEvent:
            case TcbState.Dead:
                return false;
        }

        return false;
    }
}
