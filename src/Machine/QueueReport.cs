using Abi.Units;
using Microkernel.Accounting;
using Records;

namespace Machine;

/// <summary>Makes statistics of what the kernel measured of a queue, and judges whether it was
/// stable.</summary>
internal static class QueueReport
{
    /// <summary>How much longer an unstable queue is in the second half than in the first. Linear
    /// growth gives 3, diffusion without drift 1.83, a steady state 1.</summary>
    private const double LeastGrowth = 2;

    /// <summary>What an unstable queue reaches, in square roots of the number of arrivals; a random
    /// walk without drift has a standard deviation of 1.4 (M/M/1).</summary>
    private const double LeastLength = 3;

    /// <summary>The statistics of a queue whose integrals have been brought up to the
    /// end.</summary>
    public static QueueStatistics Of(QueueLedger queue, Frequency frequency)
    {
        var history = queue.History;
        var times = queue.Times as RequestTimes;
        double? service = queue.Taken == 0 ? null : (double)queue.Services / queue.Taken;
        var arrivalRate = history.Length == 0 ? 0 : (history.Count - 1.0) / history.Length;
        var load = arrivalRate * (service ?? 0) / queue.Servers;
        var isStable = !IsUnstable(history, load);
        return new QueueStatistics
        {
            Name = queue.Name,
            Servers = queue.Servers,
            PeriodCycles = queue.Period,
            Arrivals = queue.Arrivals,
            Served = queue.Served,
            Blocked = queue.Blocked,
            Abandoned = queue.Abandoned,
            Utilisation = Mean(queue.InServiceIntegral, (double)queue.Period * queue.Servers) ?? 0,
            ArrivalRatePerSecond = frequency.Hertz
                * (isStable ? Mean(queue.Arrivals, queue.Period) ?? 0 : arrivalRate),
            OfferedLoad = load,
            MeanServiceCycles = service,
            ServiceVariation = Variation(queue),
            MeanQueueLength = isStable ? Mean(queue.WaitingIntegral, queue.Period) : null,
            MeanInSystem = isStable ? Mean(queue.InSystemIntegral, queue.Period) : null,
            MeanWaitCycles = isStable ? Mean(queue.Waits, queue.Arrivals) : null,
            MeanSojournCycles = isStable ? Mean(queue.Sojourns, queue.Arrivals) : null,
            WaitP99Cycles = isStable ? times?.WaitPercentile(99) : null,
            SojournP99Cycles = isStable ? times?.SojournPercentile(99) : null,
            Delayed = isStable ? Mean(queue.Delayed, queue.Taken) : null,
            Stable = isStable,
            GrowthPerSecond = isStable
                ? null
                : (arrivalRate - queue.Servers / service) * frequency.Hertz,
        };
    }

    private static bool IsUnstable(ArrivalHistory history, double load)
    {
        if (load < 1 || history.LastInSystem < LeastLength * Math.Sqrt(history.Count))
        {
            return false;
        }

        var (first, second) = history.Halves();
        return second >= LeastGrowth * first;
    }

    private static double? Variation(QueueLedger queue)
    {
        if (queue.ServicesOverSum == 0)
        {
            return null;
        }

        var mean = (double)queue.ServicesOverSum / queue.ServicesOver;
        return ((double)queue.ServiceSquares / queue.ServicesOver / (mean * mean)) - 1;
    }

    private static double? Mean(Int128 sum, double over) => over == 0 ? null : (double)sum / over;
}
