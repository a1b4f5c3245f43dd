namespace Microkernel.Accounting;

/// <summary>
/// How the number in a queue's system went from the first arrival to the last, at some 64 to 128
/// arrivals evenly spread: enough to tell a queue that grows from one that only varies.
/// </summary>
public sealed class ArrivalHistory
{
    private const int Most = 128;
    private readonly List<Point> points = [];
    private long stride = 1;
    private Point last;

    /// <summary>An arrival: when, and the integral of the number in the system up to
    /// it.</summary>
    private readonly record struct Point(long At, Int128 Integral);

    /// <summary>How many arrivals there were.</summary>
    public long Count { get; private set; }

    /// <summary>The number in the system after the last one.</summary>
    public long LastInSystem { get; private set; }

    /// <summary>From the first arrival to the last, cycles.</summary>
    public long Length => Count == 0 ? 0 : last.At - points[0].At;

    /// <summary>A request has arrived.</summary>
    internal void Arrived(long now, Int128 integral, long inSystem)
    {
        last = new Point(now, integral);
        LastInSystem = inSystem;
        if (Count++ % stride == 0)
        {
            points.Add(last);
            if (points.Count == Most)
            {
                Thin();
            }
        }
    }

    /// <summary>The integral of the number in the system over the first and over the second half of
    /// <see cref="Length"/>, cycles; within 128ths linear.</summary>
    public (double First, double Second) Halves()
    {
        var middle = points[0].At + (last.At - points[0].At) / 2;
        var before = points.FindLast(point => point.At <= middle);
        var index = points.FindIndex(point => point.At > middle);
        var after = index < 0 ? last : points[index];
        var part = after.At == before.At
            ? 0
            : (double)(middle - before.At) / (after.At - before.At);
        var atMiddle =
            (double)before.Integral + part * (double)(after.Integral - before.Integral);
        return (atMiddle - (double)points[0].Integral, (double)last.Integral - atMiddle);
    }

    private void Thin()
    {
        for (var i = 0; i < Most / 2; i++)
        {
            points[i] = points[2 * i];
        }

        points.RemoveRange(Most / 2, Most / 2);
        stride *= 2;
    }
}
