using Abi;
using Abi.Costs;
using Abi.Kernel;
using Abi.Units;
using LibSys;
using LibSys.Protocols;

namespace Servers.Timers;

/// <summary>
/// Wakes sleepers. The kernel has one timer for each notification; this server makes many of one,
/// in
/// order of the instants asked for and, among equals, of arrival.
/// </summary>
public sealed class TimerServer : Component
{
    private readonly PriorityQueue<ReplyToken, (VirtualTime Due, long Arrival)> sleepers = new();
    private CapSlot alarm;
    private long arrivals;

    /// <inheritdoc/>
    public override string Name => TimerProtocol.Name;

    /// <inheritdoc/>
    public override IReadOnlyList<BackgroundThread> Background => [new("alarm", Wake)];

    /// <inheritdoc/>
    public override async ValueTask Start(Activation self) =>
        alarm = await self.CreateNotification();

    /// <inheritdoc/>
    public override async ValueTask<Message> Handle(Request request, Activation self)
    {
        if (request.Message.Operation != TimerProtocol.SleepUntil)
        {
            return Message.Fail(Errno.ENOSYS);
        }

        self.Work(Part.TimerRequest);
        var due = (new VirtualTime(request.Message.A), ++arrivals);
        if (due.Item1 <= self.Now)
        {
            return Message.Reply(0);
        }

        var isFirst = !sleepers.TryPeek(out _, out var first) || due.CompareTo(first) < 0;
        sleepers.Enqueue(request.Token, due);
        if (isFirst)
        {
            // Only the alarm thread sets the timer, so that no later setting replaces an earlier
            // instant.
            await self.Signal(alarm);
        }

        return Message.Deferred;
    }

    private async ValueTask Wake(Activation self)
    {
        while (true)
        {
            var next = default((VirtualTime Due, long Arrival));
            while (sleepers.TryPeek(out var token, out next) && next.Due <= self.Now)
            {
                sleepers.Dequeue();
                self.Work(Part.TimerRequest);
                // A sleeper that died no longer waits: then there is nobody to tell.
                await self.Reply(token, Message.Reply(0));
            }

            if (sleepers.Count > 0)
            {
                await self.SetTimer(alarm, next.Due);
            }

            await self.Wait(alarm);
        }
    }
}
