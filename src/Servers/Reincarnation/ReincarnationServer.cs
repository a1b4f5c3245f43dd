using System.Text;
using Abi;
using Abi.Costs;
using Abi.Kernel;
using Abi.Units;
using LibSys;
using LibSys.Protocols;

namespace Servers.Reincarnation;

/// <summary>A component that comes back when it dies.</summary>
/// <param name="Number">The kernel's number for it.</param>
/// <param name="Name">The name under which naming knows it.</param>
public sealed record SupervisedComponent(int Number, string Name);

/// <summary>When to start what died.</summary>
/// <param name="BackoffUnit">
/// The delay is this times 2^k before restart k, counted from 0, but none before the first.
/// Nanoseconds;
/// default 1 ms. MINIX's unit is 1 s (servers/rs/manager.c, terminate_service), too slow for
/// scenarios of
/// some milliseconds.
/// </param>
/// <param name="BackoffCap">The longest delay, nanoseconds; default 64 ms. MINIX's is 30 s.</param>
/// <param name="GiveUpAfter">
/// How many restarts in a row a component gets; default 10. The number is that of MINIX's
/// MAX_DET_RESTART, which limits something else, the dead instances kept to be looked at: MINIX
/// restarts for ever.
/// </param>
/// <param name="SettledAfter">
/// A component that stayed up so long starts counting anew, nanoseconds; default 1 s. MINIX's count
/// never
/// goes back by itself; here a crash a day must not add up to giving up.
/// </param>
public sealed record ReincarnationOptions(
    long BackoffUnit = 1_000_000, long BackoffCap = 64_000_000, int GiveUpAfter = 10,
    long SettledAfter = 1_000_000_000);

/// <summary>
/// The policy of restarts: what died comes back, the first time at once, then after a binary
/// exponential
/// backoff. What dies at one instant is one domain: it waits once, and comes back in the order of
/// dependency. The kernel carries the decisions out.
/// </summary>
/// <param name="components">All that come back, in order of dependency: a component after those it
/// calls.</param>
/// <param name="options">When; the defaults if absent.</param>
public sealed class ReincarnationServer(
    IReadOnlyList<SupervisedComponent> components, ReincarnationOptions? options = null) : Component
{
    /// <summary>The server's name.</summary>
    public const string ServerName = "reincarnation-server";

    private readonly ReincarnationOptions options = options ?? new();
    private readonly List<Supervision> supervised =
        [.. components.Select(component => new Supervision(component))];

    private readonly List<Restart> restarts = [];
    private CapSlot alarm;

    /// <summary>What is known of one component.</summary>
    private sealed class Supervision(SupervisedComponent component)
    {
        public SupervisedComponent Component { get; } = component;

        /// <summary>Restarts since it last settled.</summary>
        public int Restarts { get; set; }

        /// <summary>When its incarnation became ready, or null while it is down.</summary>
        public VirtualTime? ReadySince { get; set; } = VirtualTime.Start;
    }

    /// <summary>A domain to be started at an instant; its components in order of
    /// dependency.</summary>
    private sealed record Restart(VirtualTime At, IReadOnlyList<Supervision> Components);

    /// <inheritdoc/>
    public override string Name => ServerName;

    /// <inheritdoc/>
    public override IReadOnlyList<BackgroundThread> Background =>
        [new("life-events", FollowLives), new("restarts", CarryOut)];

    /// <inheritdoc/>
    public override async ValueTask Start(Activation self) =>
        alarm = await self.CreateNotification();

    /// <inheritdoc/>
    public override ValueTask<Message> Handle(Request request, Activation self) =>
        new(Message.Fail(Errno.ENOSYS));

    private async ValueTask FollowLives(Activation self)
    {
        var dead = new List<int>();
        while (true)
        {
            while (await self.Trap(Syscall.LifeEventNext) == Errno.None)
            {
                var what = (LifeEvent)self.Registers.Arg0;
                var number = (int)self.Registers.Arg1;
                if (what == LifeEvent.ComponentDied)
                {
                    dead.Add(number);
                }
                else if (what == LifeEvent.ComponentReady)
                {
                    await Publish(number, self);
                }
            }

            if (dead.Count > 0)
            {
                await Decide(dead, self);
                dead.Clear();
            }

            await self.Wait(CapSlot.LifeEvents);
        }
    }

    /// <summary>Decides when the components that died together come back, if they do.</summary>
    private async ValueTask Decide(List<int> dead, Activation self)
    {
        self.Work(Part.ReincarnationDecision);
        var domain = supervised.FindAll(one => dead.Contains(one.Component.Number));
        foreach (var one in domain)
        {
            if (one.ReadySince is { } since
                && self.Now - since >= self.Frequency.FromNanoseconds(options.SettledAfter))
            {
                one.Restarts = 0;
            }

            one.ReadySince = null;
        }

        // A domain dies whole, so its components share one count. Those of a domain that has just
        // been
        // put together by an accident, two deaths at one instant, wait as long as the worse of
        // them.
        var count = domain.Count == 0 ? 0 : domain.Max(one => one.Restarts);
        if (domain.Count == 0 || count >= options.GiveUpAfter)
        {
            return;
        }

        domain.ForEach(one => one.Restarts = count + 1);
        restarts.Add(new Restart(
            self.Now + self.Frequency.FromNanoseconds(Backoff(count)), domain));
        await self.Signal(alarm);
    }

    /// <summary>The delay before a restart, in nanoseconds, after so many earlier ones.</summary>
    private long Backoff(int earlier)
    {
        if (earlier == 0)
        {
            return 0;
        }

        var delay = options.BackoffUnit;
        for (var k = 0; k < earlier && delay < options.BackoffCap; k++)
        {
            delay *= 2;
        }

        return Math.Min(delay, options.BackoffCap);
    }

    private async ValueTask CarryOut(Activation self)
    {
        while (true)
        {
            while (restarts.Find(restart => restart.At <= self.Now) is { } due)
            {
                restarts.Remove(due);
                foreach (var one in due.Components)
                {
                    self.Registers.Arg0 = one.Component.Number;
                    await self.Trap(Syscall.ComponentRestart);
                }
            }

            if (restarts.Count > 0)
            {
                await self.SetTimer(alarm, restarts.Min(restart => restart.At));
            }

            await self.Wait(alarm);
        }
    }

    /// <summary>Tells naming that a name can be looked up again.</summary>
    private async ValueTask Publish(int number, Activation self)
    {
        if (supervised.Find(one => one.Component.Number == number) is { } ready)
        {
            ready.ReadySince = self.Now;
            await self.Call(
                CapSlot.Naming,
                Message.Request(NamingProtocol.Rebound)
                    .With(Encoding.UTF8.GetBytes(ready.Component.Name)));
        }
    }
}
