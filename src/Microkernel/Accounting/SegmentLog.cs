using Abi.Costs;
using Microkernel.Objects;
using Records;

namespace Microkernel.Accounting;

/// <summary>
/// What a thread did in its current segment: the code runs at the segment's start, its cycles pass
/// after
/// it, and the ledgers are written when they have passed.
/// </summary>
/// <param name="thread">Whose segment.</param>
public sealed class SegmentLog(Tcb thread)
{
    private enum Kind : byte
    {
        Charge,
        Begin,
        End,
        Enter,
        Leave,
    }

    private record struct Item(
        Kind Kind, Part Part, int Component, long Count, long Offset, CallRecord? Call);

    private Item[] items = new Item[8];
    private int count;
    private readonly List<(long Offset, long Length)> gaps = [];

    /// <summary>How long the segment is so far, cycles.</summary>
    public long Length { get; private set; }

    /// <summary>Adds work to the segment.</summary>
    public void Charge(Part part, int component, long times, long price)
    {
        if (count > 0)
        {
            ref var last = ref items[count - 1];
            if (last.Kind == Kind.Charge && last.Part == part && last.Component == component)
            {
                last.Count += times;
                Length += times * price;
                return;
            }
        }

        Add(new Item(Kind.Charge, part, component, times, Length, null));
        Length += times * price;
    }

    /// <summary>A call begins here.</summary>
    public void Begin(CallRecord call) => Add(new Item(Kind.Begin, default, 0, 0, Length, call));

    /// <summary>The call ends here with a result.</summary>
    public void End(long result) => Add(new Item(Kind.End, default, 0, result, Length, null));

    /// <summary>The thread's code enters a component here, by a crossing: for who watches
    /// requests.</summary>
    public void Enter(int component, Crossing crossing) =>
        Add(new Item(Kind.Enter, default, component, (long)crossing, Length, null));

    /// <summary>It has the component's answer here.</summary>
    public void Leave(int component) =>
        Add(new Item(Kind.Leave, default, component, 0, Length, null));

    /// <summary>The segment was suspended from one instant to another.</summary>
    internal void Suspended(long from, long until)
    {
        if (until > from)
        {
            var before = 0L;
            foreach (var gap in gaps)
            {
                before += gap.Length;
            }

            gaps.Add((from - thread.SegmentStart - before, until - from));
        }
    }

    /// <summary>Writes the ledgers for what was executed until an instant, at which the thread was
    /// killed.</summary>
    internal void Abandon(Bill bill, long now)
    {
        if (!thread.IsInSegment)
        {
            return;
        }

        var suspended = thread.SuspendedAt >= 0;
        var executed = (suspended ? thread.SuspendedAt : now) - thread.SegmentStart;
        foreach (var gap in gaps)
        {
            executed -= gap.Length;
        }

        if (suspended)
        {
            Suspended(thread.SuspendedAt, now);
        }

        if (executed > Length)
        {
            // Its actor died before it ran any code; the core was its own all the same.
            Charge(Part.AbandonedCycle, bill.ComponentOf(thread), executed - Length, 1);
        }

        Commit(bill, Math.Max(executed, 0));
    }

    /// <summary>Writes the ledgers for the whole segment, and forgets it.</summary>
    internal void Commit(Bill bill) => Commit(bill, Length);

    /// <summary>Writes the ledgers for the first cycles of the segment, the rest was never
    /// executed.</summary>
    internal void Commit(Bill bill, long executed)
    {
        thread.IsInSegment = false;
        var position = new Position(thread.SegmentStart, gaps);
        var component = bill.ComponentOf(thread);
        for (var i = 0; i < count && items[i].Offset <= executed; i++)
        {
            ref readonly var item = ref items[i];
            switch (item.Kind)
            {
                case Kind.Charge:
                    var cycles = bill.Profile[item.Part] * item.Count;
                    var end = item.Offset + cycles;
                    if (end <= executed)
                    {
                        bill.Work.Charge(
                            thread.Call, item.Component, item.Part, item.Count, "Work");
                    }
                    else
                    {
                        end = executed;
                        bill.Work.Charge(
                            thread.Call, item.Component, Part.AbandonedCycle,
                            end - item.Offset, "Work");
                    }

                    position.MoveTo(end, bill, thread.Call, item.Component);
                    break;
                case Kind.Begin:
                    position.MoveTo(item.Offset, bill, thread.Call, component);
                    bill.CallBegins(thread, item.Call!, position.Now);
                    break;
                case Kind.End:
                    position.MoveTo(item.Offset, bill, thread.Call, component);
                    bill.CallEnds(thread, item.Count, position.Now);
                    break;
                case Kind.Enter:
                    position.MoveTo(item.Offset, bill, thread.Call, component);
                    bill.Tell(
                        RequestStepKind.Entered, thread.Call, position.Now, thread, thread,
                        item.Component, (int)item.Count);
                    break;
                case Kind.Leave:
                    position.MoveTo(item.Offset, bill, thread.Call, component);
                    bill.Tell(
                        RequestStepKind.Left, thread.Call, position.Now, thread, thread,
                        item.Component);
                    break;
            }
        }

        position.MoveToEnd(executed, bill, thread.Call, component);
        count = 0;
        gaps.Clear();
        Length = 0;
    }

    private void Add(in Item item)
    {
        if (count == items.Length)
        {
            Array.Resize(ref items, 2 * count);
        }

        items[count++] = item;
    }

    /// <summary>Walks through the segment: from executed cycles to instants, over its
    /// suspensions.</summary>
    private struct Position(long start, List<(long Offset, long Length)> gaps)
    {
        private long offset;
        private int gap;

        public long Now = start;

        public void MoveTo(long target, Bill bill, CallRecord? call, int component)
        {
            while (gap < gaps.Count && gaps[gap].Offset < target)
            {
                CrossGap(bill, call, component);
            }

            Run(target, bill, call, component);
        }

        public void MoveToEnd(long target, Bill bill, CallRecord? call, int component)
        {
            while (gap < gaps.Count)
            {
                CrossGap(bill, call, component);
            }

            Run(target, bill, call, component);
        }

        private void Run(long target, Bill bill, CallRecord? call, int component)
        {
            Now += target - offset;
            offset = target;
            if (call is not null)
            {
                bill.Latency.Ran(call, component, Now);
            }
        }

        private void CrossGap(Bill bill, CallRecord? call, int component)
        {
            Run(gaps[gap].Offset, bill, call, component);
            Now += gaps[gap].Length;
            gap++;
            if (call is not null)
            {
                bill.Latency.Waited(call, component, Cause.Preempted, Now);
            }
        }
    }
}
