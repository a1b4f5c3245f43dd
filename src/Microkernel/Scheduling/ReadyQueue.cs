using System.Numerics;
using Microkernel.Objects;

namespace Microkernel.Scheduling;

/// <summary>Ready threads: 256 priorities, first come first served within each, the highest found
/// by a bit scan.</summary>
public sealed class ReadyQueue
{
    private readonly TcbQueue[] levels = new TcbQueue[256];
    private readonly ulong[] occupied = new ulong[4];

    /// <summary>The highest priority at which a thread is ready, or -1.</summary>
    public int Highest
    {
        get
        {
            for (var word = 3; word >= 0; word--)
            {
                if (occupied[word] != 0)
                {
                    return word * 64 + 63 - BitOperations.LeadingZeroCount(occupied[word]);
                }
            }

            return -1;
        }
    }

    internal void Enqueue(Tcb thread) => Level(thread.Priority).Enqueue(thread);

    internal void EnqueueFirst(Tcb thread) => Level(thread.Priority).EnqueueFirst(thread);

    internal Tcb? Dequeue()
    {
        var highest = Highest;
        if (highest < 0)
        {
            return null;
        }

        var thread = levels[highest].Dequeue();
        Settle(highest);
        return thread;
    }

    internal void Remove(Tcb thread)
    {
        levels[thread.Priority].Remove(thread);
        Settle(thread.Priority);
    }

    private TcbQueue Level(int priority)
    {
        occupied[priority >> 6] |= 1UL << (priority & 63);
        return levels[priority] ??= new TcbQueue();
    }

    private void Settle(int priority)
    {
        if (levels[priority].IsEmpty)
        {
            occupied[priority >> 6] &= ~(1UL << (priority & 63));
        }
    }
}
