using System.Globalization;
using System.Text;
using Microkernel.Objects;

namespace Microkernel;

/// <summary>Who waits for whom: a call that would close a cycle is answered EDEADLK instead of waiting for ever.</summary>
public sealed partial class Kernel
{
    /// <summary>What each live thread that waits waits for, a line each, in spawn order.</summary>
    public string DescribeWaits()
    {
        var text = new StringBuilder();
        foreach (var thread in Threads)
        {
            if (thread.State is ThreadState.Dead or ThreadState.Running || !thread.IsProgram)
            {
                continue;
            }

            text.Append(CultureInfo.InvariantCulture, $"{thread.Name} waits {DescribeWait(thread)}\n");
        }

        return text.ToString().TrimEnd('\n');
    }

    private string DescribeWait(Tcb thread)
    {
        switch (thread.State)
        {
            case ThreadState.BlockedOnSend:
                return "to send to " + NameOf(thread.Endpoint!);
            case ThreadState.BlockedOnReply:
                var server = thread.Server;
                return server is null
                    ? "for an answer of " + (thread.Component?.Name ?? NameOf(thread.Endpoint!))
                    : $"for an answer of {server.Name}, which waits {DescribeWait(server)}";
            case ThreadState.BlockedOnReceive:
                return "to receive at " + NameOf(thread.Endpoint!);
            case ThreadState.BlockedOnNotification:
                return "for a signal";
            case ThreadState.BlockedOnEvent:
                return "for an event in " + (thread.Component?.Name ?? thread.Name);
            case ThreadState.BlockedOnEntry:
                return "for a free activation of " + thread.Entering!.Name;
            case ThreadState.BlockedOnLock:
                return $"for the lock of {thread.Entering!.Name}, "
                    + $"which {thread.Entering.LockHolder?.Name ?? "nobody"} holds";
            case ThreadState.Created:
            case ThreadState.Ready:
            case ThreadState.Running:
                return "for a core";
            case ThreadState.Dead:
                return "no more";
        }

        return "";
    }

    private static string NameOf(Endpoint endpoint) => endpoint.Owner?.Name ?? endpoint.Domain.Name;

    /// <summary>Whether everybody who could receive at the endpoint waits, through others, for the sender.</summary>
    private bool WouldDeadlock(Tcb sender, Endpoint endpoint)
    {
        var servers = endpoint.Owner?.Workers ?? endpoint.Domain.Threads;
        return servers.Count > 0 && servers.TrueForAll(server => WaitsFor(server, sender));
    }

    private bool AllStuck(ComponentRecord component, Tcb thread) =>
        component.Visitors.TrueForAll(visitor => WaitsFor(visitor, thread));

    /// <summary>Whether a thread waits for another, directly or through those it waits for.</summary>
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
            case ThreadState.BlockedOnReply:
                return thread.Server is { } server && WaitsFor(server, other, depth + 1);
            case ThreadState.BlockedOnSend:
                var servers = thread.Endpoint!.Owner?.Workers ?? thread.Endpoint.Domain.Threads;
                return servers.Count > 0
                    && servers.TrueForAll(server => WaitsFor(server, other, depth + 1));
            case ThreadState.BlockedOnEntry:
                return thread.Entering!.Visitors.TrueForAll(
                    visitor => WaitsFor(visitor, other, depth + 1));
            case ThreadState.BlockedOnLock:
                return thread.Entering!.LockHolder is { } holder
                    && WaitsFor(holder, other, depth + 1);
            case ThreadState.Created:
            case ThreadState.Ready:
            case ThreadState.Running:
            case ThreadState.BlockedOnReceive:
            case ThreadState.BlockedOnNotification:
            case ThreadState.BlockedOnEvent:
            case ThreadState.Dead:
                return false;
        }

        return false;
    }
}
