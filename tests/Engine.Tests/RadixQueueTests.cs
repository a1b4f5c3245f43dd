namespace Engine.Tests;

public sealed class RadixQueueTests
{
    // A program for a queue: push at so much above the last key popped, or pop (negative).
    private static readonly Gen<long[]> s_program =
        Gen.OneOf(
            Gen.Long[0, 3], Gen.Long[0, 2000], Gen.Long[0, 1L << 40], Gen.Const(-1L),
            Gen.Const(-1L), Gen.Const(-1L)).Array[0, 300];

    [Fact]
    public void It_pops_what_a_stable_sorted_list_would_pop() =>
        s_program.Sample(program =>
        {
            var queue = new RadixQueue<int>();
            var reference = new SortedDictionary<(long Key, int Order), int>();
            var last = 0L;
            for (var i = 0; i < program.Length; i++)
            {
                if (program[i] >= 0)
                {
                    queue.Push(last + program[i], i);
                    reference.Add((last + program[i], i), i);
                }
                else
                {
                    Assert.Equal(reference.Count != 0, queue.TryPop(out var key, out var item));
                    if (reference.Count != 0)
                    {
                        var first = reference.First();
                        Assert.Equal((first.Key.Key, first.Value), (key, item));
                        reference.Remove(first.Key);
                        last = key;
                    }
                }

                Assert.Equal(reference.Count, queue.Count);
            }
        });

    [Fact]
    public void A_key_below_the_last_one_popped_is_refused()
    {
        var queue = new RadixQueue<string>();
        queue.Push(5, "five");
        Assert.True(queue.TryPop(out _, out _));

        queue.Push(5, "again");
        Assert.Throws<ArgumentOutOfRangeException>(() => queue.Push(4, "four"));
        Assert.Equal(1, queue.Count);
    }

    [Fact]
    public void A_ring_gives_back_what_a_list_would_when_items_come_at_both_ends() =>
        Gen.Int[0, 4].Array[0, 200].Sample(program =>
        {
            var ring = new RingBuffer<int>(2);
            var reference = new LinkedList<int>();
            for (var i = 0; i < program.Length; i++)
            {
                switch (program[i])
                {
                    case 0 or 1:
                        ring.Enqueue(i);
                        reference.AddLast(i);
                        break;
                    case 2:
                        ring.EnqueueFirst(i);
                        reference.AddFirst(i);
                        break;
                    default:
                        Assert.Equal(reference.Count != 0, ring.TryDequeue(out var item));
                        if (reference.Count != 0)
                        {
                            Assert.Equal(reference.First!.Value, item);
                            reference.RemoveFirst();
                        }

                        break;
                }

                Assert.Equal(reference.Count, ring.Count);
            }
        });
}
