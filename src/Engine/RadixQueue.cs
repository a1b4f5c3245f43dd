using System.Numerics;
using System.Runtime.CompilerServices;

namespace Engine;

/// <summary>
/// A stable monotone priority queue: the smallest key first, equal keys in the order of their
/// pushes, and no key may be smaller than the last one popped.
/// </summary>
/// <remarks>
/// A radix heap (Ahuja, Mehlhorn, Orlin, Tarjan: Faster algorithms for the shortest path problem,
/// J. ACM 37(2), 1990) with one bucket for each position of the highest bit in which a key differs
/// from the last one popped. Buckets are singly linked lists in one array, in push order; an item
/// moves to a lower bucket at most once for each bit.
/// </remarks>
internal sealed class RadixQueue<T>
{
    private const int None = -1;
    private const int Buckets = 65;

    private readonly int[] _heads = new int[Buckets];
    private readonly int[] _tails = new int[Buckets];
    private Slot[] _slots = new Slot[64];
    private int _used;
    private int _free = None;
    private ulong _occupied;

    // Buckets that hold different keys. The others, often of one item, move as they are.
    private ulong _mixed;
    private long _last;

    public RadixQueue()
    {
        Array.Fill(_heads, None);
        Array.Fill(_tails, None);
    }

    /// <summary>How many items are pending.</summary>
    public int Count { get; private set; }

    /// <summary>Adds an item.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is below the last one popped.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Push(long key, in T item)
    {
        if (key < _last)
        {
            ThrowNotMonotone(key);
        }

        var index = _free;
        if (index != None)
        {
            _free = _slots[index].Next;
        }
        else
        {
            index = TakeUnused();
        }

        ref var slot = ref _slots[index];
        slot.Key = key;
        slot.Item = item;
        Link(index, ref slot);
        Count++;
    }

    /// <summary>Takes the first item; false if there is none.</summary>
    public bool TryPop(out long key, out T item)
    {
        if ((_occupied & 1) == 0 && !Redistribute())
        {
            key = 0;
            item = default!;
            return false;
        }

        var index = _heads[0];
        ref var slot = ref _slots[index];
        key = slot.Key;
        item = slot.Item;
        var next = slot.Next;
        _heads[0] = next;
        if (next == None)
        {
            _tails[0] = None;
            _occupied &= ~1UL;
        }

        if (RuntimeHelpers.IsReferenceOrContainsReferences<T>())
        {
            slot.Item = default!;
        }

        slot.Next = _free;
        _free = index;
        Count--;
        return true;
    }

    /// <summary>Forgets all items. The bound on keys stays.</summary>
    public void Clear()
    {
        while (TryPop(out _, out _))
        {
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Link(int index, ref Slot slot)
    {
        slot.Next = None;
        var bucket = 64 - BitOperations.LeadingZeroCount(unchecked((ulong)(slot.Key ^ _last)));
        var tail = _tails[bucket];
        if (tail == None)
        {
            _heads[bucket] = index;
            _occupied |= 1UL << bucket;
        }
        else
        {
            ref var last = ref _slots[tail];
            last.Next = index;
            if (last.Key != slot.Key)
            {
                _mixed |= 1UL << bucket;
            }
        }

        _tails[bucket] = index;
    }

    // Makes the smallest key the reference, which puts all items of that key into bucket 0.
    private bool Redistribute()
    {
        if (_occupied == 0)
        {
            return false;
        }

        var bucket = BitOperations.TrailingZeroCount(_occupied);
        var bit = 1UL << bucket;
        var first = _heads[bucket];
        var tail = _tails[bucket];
        _heads[bucket] = None;
        _tails[bucket] = None;
        _occupied &= ~bit;
        if ((_mixed & bit) == 0)
        {
            _last = _slots[first].Key;
            _heads[0] = first;
            _tails[0] = tail;
            _occupied |= 1;
            return true;
        }

        _mixed &= ~bit;
        var smallest = long.MaxValue;
        for (var index = first; index != None; index = _slots[index].Next)
        {
            smallest = Math.Min(smallest, _slots[index].Key);
        }

        _last = smallest;
        for (var index = first; index != None;)
        {
            ref var slot = ref _slots[index];
            var next = slot.Next;
            Link(index, ref slot);
            index = next;
        }

        return true;
    }

    private int TakeUnused()
    {
        if (_used == _slots.Length)
        {
            Array.Resize(ref _slots, _used * 2);
        }

        return _used++;
    }

    private void ThrowNotMonotone(long key) =>
        throw new ArgumentOutOfRangeException(
            nameof(key), key, $"A key may not be below the last one popped, {_last}.");

    private struct Slot
    {
        public long Key;
        public int Next;
        public T Item;
    }
}
