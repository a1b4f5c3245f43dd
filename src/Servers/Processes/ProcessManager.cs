using Abi;
using Abi.Costs;
using Abi.Kernel;
using LibSys;
using LibSys.Protocols;

namespace Servers.Processes;

/// <summary>
/// Who is whose child, and with which status it ended. The kernel makes and ends processes; this
/// server
/// remembers what a parent has not yet asked for, and tells other servers when a client is gone.
/// </summary>
public sealed class ProcessManager : Component
{
    private readonly Dictionary<long, Child> children = [];
    private readonly Dictionary<long, List<Child>> families = [];
    private readonly Dictionary<long, Waiter> waiters = [];
    private readonly Dictionary<long, int> endedEarly = [];
    private readonly Queue<long> gone = new();
    private readonly List<Listener> listeners =
    [
        new(FileProtocol.Name, FileProtocol.ClientGone),
        new(NetProtocol.Name, NetProtocol.ClientGone),
    ];

    private CapSlot farewells;
    private int spawning;

    /// <summary>A process that another spawned.</summary>
    private sealed class Child(long pid, long parent)
    {
        public long Pid { get; } = pid;
        public long Parent { get; } = parent;

        /// <summary>Null while it runs; then it is a zombie until it is waited for.</summary>
        public int? Status { get; set; }
    }

    /// <summary>A parent that waits for a child, or any for -1. A process has one thread, so one
    /// wait.</summary>
    private readonly record struct Waiter(long Pid, ReplyToken Token);

    /// <summary>A server that is told which clients are gone.</summary>
    private readonly record struct Listener(string Server, int Operation);

    /// <inheritdoc/>
    public override string Name => ProcessProtocol.Name;

    /// <inheritdoc/>
    public override IReadOnlyList<BackgroundThread> Background =>
        [new("life-events", FollowLives), new("farewells", SayFarewell)];

    /// <inheritdoc/>
    public override async ValueTask Start(Activation self) =>
        farewells = await self.CreateNotification();

    /// <inheritdoc/>
    public override ValueTask<Message> Handle(Request request, Activation self)
    {
        switch (request.Message.Operation)
        {
            case ProcessProtocol.Getpid:
                self.Work(Part.ProcessQuery);
                return new(Message.Reply(request.Client.Value));
            case ProcessProtocol.Spawn:
                self.Work(Part.ProcessChange);
                return Spawn(request, self);
            case ProcessProtocol.Wait:
                self.Work(Part.ProcessChange);
                return new(Wait(request));
            default:
                return new(Message.Fail(Errno.ENOSYS));
        }
    }

    private async ValueTask<Message> Spawn(Request request, Activation self)
    {
        spawning++;
        self.Registers.Message = default(Message).With(request.Message.Data);
        var error = await self.Trap(Syscall.ProcessCreate);
        var pid = self.Registers.Arg0;
        spawning--;
        if (error == Errno.None)
        {
            var child = new Child(pid, request.Client.Value);
            children.Add(pid, child);
            if (!families.TryGetValue(child.Parent, out var family))
            {
                families.Add(child.Parent, family = []);
            }

            family.Add(child);
            // On another core it may have run, and ended, before the kernel's answer was read here.
            if (endedEarly.Remove(pid, out var status))
            {
                child.Status = status;
            }
        }

        if (spawning == 0)
        {
            endedEarly.Clear();
        }

        return error == Errno.None ? Message.Reply(pid) : Message.Fail(error);
    }

    private Message Wait(Request request)
    {
        var parent = request.Client.Value;
        var wanted = request.Message.A;
        if (!families.TryGetValue(parent, out var family))
        {
            return Message.Fail(Errno.ECHILD);
        }

        // The oldest zombie first, as Linux's do_wait walks the list of children.
        var hasChild = false;
        foreach (var child in family)
        {
            if (wanted == -1 || wanted == child.Pid)
            {
                hasChild = true;
                if (child.Status is { } status)
                {
                    Forget(child);
                    return Ended(child.Pid, status);
                }
            }
        }

        if (!hasChild)
        {
            return Message.Fail(Errno.ECHILD);
        }

        waiters[parent] = new Waiter(wanted, request.Token);
        return Message.Deferred;
    }

    private async ValueTask FollowLives(Activation self)
    {
        while (true)
        {
            while (await self.Trap(Syscall.LifeEventNext) == Errno.None)
            {
                var what = (LifeEvent)self.Registers.Arg0;
                if (what == LifeEvent.ProcessEnded)
                {
                    await ProcessEnded(self.Registers.Arg1, (int)self.Registers.Arg2, self);
                }
            }

            await self.Wait(CapSlot.LifeEvents);
        }
    }

    private async ValueTask ProcessEnded(long pid, int status, Activation self)
    {
        self.Work(Part.ProcessChange);
        // A name that a child had published is free before its parent knows that it ended: a parent
        // may
        // spawn the next server of that name at once.
        await self.Call(CapSlot.Naming, Message.Request(NamingProtocol.ClientGone, pid));
        Orphan(pid);
        if (children.TryGetValue(pid, out var child))
        {
            child.Status = status;
            if (waiters.TryGetValue(child.Parent, out var waiter)
                && (waiter.Pid == -1 || waiter.Pid == pid))
            {
                waiters.Remove(child.Parent);
                Forget(child);
                // The parent may be dead by now: then nobody asks any more.
                await self.Reply(waiter.Token, Ended(pid, status));
            }
        }
        else if (spawning > 0)
        {
            endedEarly[pid] = status;
        }

        gone.Enqueue(pid);
        await self.Signal(farewells);
    }

    /// <summary>Nobody will wait for the children of a process that ended.</summary>
    private void Orphan(long parent)
    {
        waiters.Remove(parent);
        if (families.Remove(parent, out var family))
        {
            foreach (var child in family)
            {
                children.Remove(child.Pid);
            }
        }
    }

    private void Forget(Child child)
    {
        children.Remove(child.Pid);
        var family = families[child.Parent];
        family.Remove(child);
        if (family.Count == 0)
        {
            families.Remove(child.Parent);
        }
    }

    /// <summary>
    /// Tells the servers that keep something for each client. Best effort: a server that dies
    /// meanwhile
    /// has forgotten its clients anyway. A thread of its own, as a server that is down takes its
    /// time.
    /// </summary>
    private async ValueTask SayFarewell(Activation self)
    {
        while (true)
        {
            while (gone.TryDequeue(out var pid))
            {
                for (var i = listeners.Count - 1; i >= 0; i--)
                {
                    var answer = await self.Call(
                        self.Connections.To(listeners[i].Server),
                        Message.Request(listeners[i].Operation, pid), Retry.Never);
                    if (answer.A == -(long)Errno.ENOENT)
                    {
                        listeners.RemoveAt(i);
                    }
                }
            }

            await self.Wait(farewells);
        }
    }

    private static Message Ended(long pid, int status) =>
        new() { Words = 2, A = pid, B = status };
}
