using System.Numerics;
using System.Runtime.CompilerServices;

namespace Engine;

/// <summary>A first-in first-out queue that grows: an array used as a ring.</summary>
internal sealed class RingBuffer<T>(int capacity = 16)
{
    private T[] _items = new T[(int)BitOperations.RoundUpToPowerOf2((uint)capacity)];
    private int _head;

    /// <summary>How many items are in the ring.</summary>
    public int Count { get; private set; }

    /// <summary>Adds an item at the end.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Enqueue(in T item)
    {
        if (Count == _items.Length)
        {
            Grow();
        }

        var items = _items;
        items[unchecked(_head + Count) & (items.Length - 1)] = item;
        Count++;
    }

    /// <summary>Adds an item before all others.</summary>
    public void EnqueueFirst(in T item)
    {
        if (Count == _items.Length)
        {
            Grow();
        }

        _head = unchecked(_head - 1) & (_items.Length - 1);
        _items[_head] = item;
        Count++;
    }

    /// <summary>Takes the first item; false if there is none.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryDequeue(out T item)
    {
        if (Count == 0)
        {
            item = default!;
            return false;
        }

        var items = _items;
        ref var slot = ref items[_head];
        item = slot;
        if (RuntimeHelpers.IsReferenceOrContainsReferences<T>())
        {
            slot = default!;
        }

        _head = unchecked(_head + 1) & (items.Length - 1);
        Count--;
        return true;
    }

    private void Grow()
    {
        var grown = new T[_items.Length * 2];
        for (var i = 0; i < Count; i++)
        {
            grown[i] = _items[(_head + i) & (_items.Length - 1)];
        }

        _items = grown;
        _head = 0;
    }
}
