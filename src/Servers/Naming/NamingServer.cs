using System.Text;
using Abi;
using Abi.Costs;
using Abi.Kernel;
using Abi.Units;
using LibSys;
using LibSys.Protocols;

namespace Servers.Naming;

/// <summary>
/// Names to capabilities: of components, whose endpoints the kernel hands out while they live, and
/// of
/// endpoints that processes publish. Who asks for a name that nobody answers to waits, up to a
/// bound.
/// </summary>
/// <param name="bound">
/// How long a lookup waits for a server to be bound again or to be published, in nanoseconds;
/// default 1 s
/// (MINIX's block clients wait 100 times 50 ms: lib/libbdev/const.h).
/// </param>
public sealed class NamingServer(long bound = NamingServer.DefaultBound) : Component
{
    /// <summary>The default bound: 1 s, in nanoseconds.</summary>
    public const long DefaultBound = 1_000_000_000;

    /// <summary>
    /// How many capabilities that were handed out are kept here. A copy must outlive the answer
    /// that
    /// carries it, so it is deleted when so many later answers have gone; far more than the
    /// activations
    /// that can have one on the way.
    /// </summary>
    private const int Kept = 64;

    private readonly SortedDictionary<string, Published> published = new(StringComparer.Ordinal);
    private readonly List<Waiter> waiters = [];
    private readonly Queue<CapSlot> handedOut = new();
    private CapSlot alarm;
    private long changes;

    /// <summary>An endpoint of a process.</summary>
    private readonly record struct Published(CapSlot Endpoint, long Owner, bool IsShared);

    /// <summary>A lookup that waits.</summary>
    private readonly record struct Waiter(
        string Name, ReadOnlyMemory<byte> NameBytes, Badge Client, ReplyToken Token,
        VirtualTime Deadline);

    /// <inheritdoc/>
    public override string Name => NamingProtocol.Name;

    /// <inheritdoc/>
    public override IReadOnlyList<BackgroundThread> Background => [new("expiry", Expire)];

    /// <inheritdoc/>
    public override async ValueTask Start(Activation self) =>
        alarm = await self.CreateNotification();

    /// <inheritdoc/>
    public override ValueTask<Message> Handle(Request request, Activation self) =>
        request.Message.Operation switch
        {
            NamingProtocol.Lookup => Lookup(request, self),
            NamingProtocol.Rebound => Rebound(request, self),
            NamingProtocol.Register => Register(request, self),
            NamingProtocol.ClientGone => ClientGone(request, self),
            _ => new(Message.Fail(Errno.ENOSYS)),
        };

    private async ValueTask<Message> Lookup(Request request, Activation self)
    {
        self.Work(Part.NameLookup);
        while (handedOut.Count > Kept)
        {
            await Delete(handedOut.Dequeue(), self);
        }

        var waiter = new Waiter(
            NameOf(request), request.Message.Data.ToArray(), request.Client, request.Token,
            self.Now + self.Frequency.FromNanoseconds(bound));
        while (true)
        {
            // A name that is bound while we ask must not be missed: ask again if anything changed.
            var seen = changes;
            var answer = await Resolve(waiter, self);
            if (answer.A >= 0)
            {
                handedOut.Enqueue(answer.Capability);
                return answer;
            }

            if (seen == changes)
            {
                await Park(waiter, self);
                return Message.Deferred;
            }
        }
    }

    private async ValueTask<Message> Rebound(Request request, Activation self)
    {
        self.Work(Part.NameLookup);
        await AnswerWaiters(NameOf(request), self);
        return Message.Reply(0);
    }

    private async ValueTask<Message> Register(Request request, Activation self)
    {
        self.Work(Part.NameLookup);
        var name = NameOf(request);
        var endpoint = request.Message.Capability;
        if (endpoint == CapSlot.None || name.Length == 0)
        {
            return Message.Fail(Errno.EINVAL);
        }

        var ofComponent = await ComponentEndpoint(request.Message.Data, request.Client, self);
        if (ofComponent.A != -(long)Errno.ENOENT)
        {
            await Delete(ofComponent.Capability, self);
            await Delete(endpoint, self);
            return Message.Fail(Errno.EEXIST);
        }

        var isShared = request.Message.A == NamingProtocol.Shared;
        if (published.TryGetValue(name, out var old))
        {
            if (isShared && old.IsShared && old.Owner != request.Client.Value)
            {
                await Delete(endpoint, self);
                var joined = await Mint(
                    old.Endpoint, Rights.Read | Rights.Write | Rights.Grant, request.Client, self);
                handedOut.Enqueue(joined.Capability);
                return joined;
            }

            var isOwn = old.Owner == request.Client.Value;
            published[name] = isOwn ? new Published(endpoint, old.Owner, isShared) : old;
            await Delete(isOwn ? old.Endpoint : endpoint, self);
            if (!isOwn)
            {
                return Message.Fail(Errno.EEXIST);
            }
        }
        else
        {
            published.Add(name, new Published(endpoint, request.Client.Value, isShared));
        }

        await AnswerWaiters(name, self);
        return Message.Reply(0);
    }

    private async ValueTask<Message> ClientGone(Request request, Activation self)
    {
        var freed = published.Where(entry => entry.Value.Owner == request.Message.A).ToArray();
        foreach (var (name, entry) in freed)
        {
            published.Remove(name);
            await Delete(entry.Endpoint, self);
        }

        return Message.Reply(0);
    }

    /// <summary>Answers lookups that waited as long as the bound allows, each in its
    /// turn.</summary>
    private async ValueTask Expire(Activation self)
    {
        while (true)
        {
            while (waiters.Count > 0 && waiters[0].Deadline <= self.Now)
            {
                var late = waiters[0];
                waiters.RemoveAt(0);
                await Answer(late, await Resolve(late, self), self);
            }

            if (waiters.Count > 0)
            {
                await self.SetTimer(alarm, waiters[0].Deadline);
            }

            await self.Wait(alarm);
        }
    }

    /// <summary>Asks again for every lookup of this name that waits.</summary>
    private async ValueTask AnswerWaiters(string name, Activation self)
    {
        changes++;
        var waiting = waiters.FindAll(waiter => waiter.Name == name);
        waiters.RemoveAll(waiter => waiter.Name == name);
        foreach (var waiter in waiting)
        {
            var answer = await Resolve(waiter, self);
            if (answer.A >= 0)
            {
                await Answer(waiter, answer, self);
            }
            else
            {
                // It died again at once: what is left of the bound is waited for.
                await Park(waiter, self);
            }
        }
    }

    /// <summary>Lets a lookup wait; waiters are kept in order of their deadlines.</summary>
    private async ValueTask Park(Waiter waiter, Activation self)
    {
        var index = waiters.Count;
        while (index > 0 && waiters[index - 1].Deadline > waiter.Deadline)
        {
            index--;
        }

        waiters.Insert(index, waiter);
        if (index == 0)
        {
            await self.Signal(alarm);
        }
    }

    private static async ValueTask Answer(Waiter waiter, Message answer, Activation self)
    {
        // The client may be dead by now: then there is nobody to tell.
        await self.Reply(waiter.Token, answer);
        await Delete(answer.Capability, self);
    }

    /// <summary>An answer with a capability for this client, or why there is none now: EAGAIN,
    /// ENOENT.</summary>
    private async ValueTask<Message> Resolve(Waiter waiter, Activation self)
    {
        var answer = await ComponentEndpoint(waiter.NameBytes, waiter.Client, self);
        return answer.A == -(long)Errno.ENOENT && published.TryGetValue(waiter.Name, out var entry)
            ? await Mint(entry.Endpoint, Rights.Write | Rights.Grant, waiter.Client, self)
            : answer;
    }

    private static async ValueTask<Message> ComponentEndpoint(
        ReadOnlyMemory<byte> name, Badge client, Activation self)
    {
        self.Registers.Message = default(Message).With(name);
        self.Registers.Arg1 = client.Value;
        return Carrying(await self.Trap(Syscall.ComponentEndpoint), self);
    }

    /// <summary>A capability by which the client is known by its number.</summary>
    private static async ValueTask<Message> Mint(
        CapSlot endpoint, Rights rights, Badge client, Activation self)
    {
        self.Registers.Capability = endpoint;
        self.Registers.Arg0 = (long)rights;
        self.Registers.Arg1 = client.Value;
        return Carrying(await self.Trap(Syscall.CapMint), self);
    }

    private static Message Carrying(Errno error, Activation self)
    {
        if (error != Errno.None)
        {
            return Message.Fail(error);
        }

        var answer = Message.Reply(0);
        answer.Capability = new CapSlot((int)self.Registers.Arg0);
        return answer;
    }

    private static async ValueTask Delete(CapSlot slot, Activation self)
    {
        if (slot != CapSlot.None)
        {
            self.Registers.Capability = slot;
            await self.Trap(Syscall.CapDelete);
        }
    }

    private static string NameOf(Request request) =>
        Encoding.UTF8.GetString(request.Message.Data.Span);
}
