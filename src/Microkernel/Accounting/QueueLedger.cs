namespace Microkernel.Accounting;

/// <summary>
/// Measures one queue of the kernel: the requests that wait at an endpoint, or to enter a component
/// of the kernel's domain, and those in service. Integers; the instants come from the kernel's
/// operations.
/// </summary>
/// <remarks>
/// It keeps two accounts that know nothing of each other: numbers of requests over time, changed at
/// each arrival and departure, and the time of each request, measured on the request itself. Little
/// (A Proof for the Queuing Formula L = lambda W, Operations Research 9(3), 1961) says that they
/// agree; <see cref="Contradiction"/> checks it, to the cycle.
/// </remarks>
/// <param name="name">Its name in reports.</param>
/// <param name="servers">How many requests can be in service at once, or 0: as many as threads were
/// seen to serve it.</param>
/// <param name="begin">From when on it is measured, cycles.</param>
public sealed class QueueLedger(string name, int servers, long begin = 0)
{
    private readonly HashSet<int> receivers = [];
    private readonly Legs done = new();
    private readonly Legs present = new();
    private long origin = begin;
    private long changed = begin;
    private long firstArrival = -1;
    private long lastDeparture = -1;

    /// <summary>Sums over requests of waiting, service and what follows it, cycles; for requests
    /// that are still present, of the instants at which they began each.</summary>
    private sealed class Legs
    {
        public Int128 Waiting;
        public Int128 InService;
        public Int128 Deferred;
    }

    /// <summary>Its name in reports.</summary>
    public string Name { get; } = name;

    /// <summary>How many requests can be in service at once.</summary>
    public int Servers => servers > 0 ? servers : Math.Max(1, receivers.Count);

    /// <summary>Requests that came in, with those that were present at the beginning.</summary>
    public long Arrivals { get; private set; }

    /// <summary>Requests turned away because the queue was full.</summary>
    public long Blocked { get; private set; }

    /// <summary>Requests answered, or, if they want no answer, dealt with.</summary>
    public long Served { get; private set; }

    /// <summary>Requests that a server has received.</summary>
    public long Taken { get; private set; }

    /// <summary>Requests whose server or sender died first.</summary>
    public long Abandoned { get; private set; }

    /// <summary>Requests that wait now.</summary>
    public long Waiting { get; private set; }

    /// <summary>Requests in service now.</summary>
    public long InService { get; private set; }

    /// <summary>Requests now whose handler has returned without an answer, which comes
    /// later.</summary>
    public long Deferred { get; private set; }

    /// <summary>Requests that have arrived and not departed.</summary>
    public long InSystem { get; private set; }

    /// <summary>The integral of <see cref="Waiting"/> over time, cycles.</summary>
    public Int128 WaitingIntegral { get; private set; }

    /// <summary>The integral of <see cref="InService"/> over time, cycles.</summary>
    public Int128 InServiceIntegral { get; private set; }

    /// <summary>The integral of <see cref="InSystem"/> over time, cycles.</summary>
    public Int128 InSystemIntegral { get; private set; }

    /// <summary>The sum of the requests' waits, those present included up to now, cycles.</summary>
    public Int128 Waits => Present(Waiting, present.Waiting) + done.Waiting;

    /// <summary>The sum of the requests' service times, those present included up to now,
    /// cycles.</summary>
    public Int128 Services => Present(InService, present.InService) + done.InService;

    /// <summary>The sum of the requests' times in the system, those present included up to now,
    /// cycles.</summary>
    public Int128 Sojourns => Waits + Services + Present(Deferred, present.Deferred)
        + done.Deferred;

    /// <summary>How the number in the system went while requests arrived.</summary>
    public ArrivalHistory History { get; private set; } = new();

    /// <summary>From the first arrival to the last departure, or, if somebody is present, to now;
    /// cycles.</summary>
    public long Period =>
        firstArrival < 0 ? 0 : (InSystem > 0 ? changed : lastDeparture) - firstArrival;

    /// <summary>Requests received that had waited, be it a cycle.</summary>
    public long Delayed { get; private set; }

    /// <summary>Service times that are over.</summary>
    public long ServicesOver { get; private set; }

    /// <summary>The sum of the service times that are over, cycles.</summary>
    public Int128 ServicesOverSum => done.InService;

    /// <summary>The sum of their squares, cycles squared.</summary>
    public Int128 ServiceSquares { get; private set; }

    /// <summary>Hears the times of the single requests, if somebody wants them.</summary>
    public IRequestTimes? Times { get; init; }

    /// <summary>Service is charged twice to each request: for the test of the
    /// reconciliation.</summary>
    public bool CountsServiceTwice { get; init; }

    /// <summary>A request arrives, and waits.</summary>
    internal Visit Arrive(long now, Visit? outer)
    {
        Advance(now);
        firstArrival = firstArrival < 0 ? now : firstArrival;
        Arrivals++;
        Waiting++;
        InSystem++;
        present.Waiting += now;
        History.Arrived(now, InSystemIntegral, InSystem);
        return new Visit(this, now, outer);
    }

    /// <summary>A request finds the queue full.</summary>
    internal void Block() => Blocked++;

    /// <summary>Measuring begins anew; who is present stays.</summary>
    public void Reset(long now)
    {
        Advance(now);
        origin = now;
        firstArrival = InSystem > 0 ? now : -1;
        (Arrivals, Blocked, Served, Abandoned) = (InSystem, 0, 0, 0);
        Taken = InSystem - Waiting;
        (Delayed, ServicesOver, ServiceSquares) = (0, 0, 0);
        Times?.Reset();
        (WaitingIntegral, InServiceIntegral, InSystemIntegral) = (0, 0, 0);
        (done.Waiting, done.InService, done.Deferred) = (0, 0, 0);
        // What is behind those present is not counted: as if they had come now.
        (present.Waiting, present.InService, present.Deferred) =
            ((Int128)now * Waiting, (Int128)now * InService, (Int128)now * Deferred);
        History = new ArrivalHistory();
    }

    /// <summary>Brings the integrals up to an instant.</summary>
    public void Advance(long now)
    {
        var length = now - changed;
        if (length > 0)
        {
            WaitingIntegral += (Int128)Waiting * length;
            InServiceIntegral += (Int128)InService * length;
            InSystemIntegral += (Int128)InSystem * length;
            changed = now;
        }
    }

    /// <summary>Where the two accounts disagree, or null: they agree to the cycle.</summary>
    public string? Contradiction() =>
        WaitingIntegral != Waits ? Differ("waiting", WaitingIntegral, Waits)
        : InServiceIntegral != Services ? Differ("in service", InServiceIntegral, Services)
        : InSystemIntegral != Sojourns ? Differ("in the system", InSystemIntegral, Sojourns)
        : null;

    internal void Leave(Visit.Stage from, long since, long now)
    {
        Advance(now);
        var length = now - Math.Max(since, origin);
        var began = Math.Max(since, origin);
        switch (from)
        {
            case Visit.Stage.Waiting:
                Waiting--;
                done.Waiting += length;
                present.Waiting -= began;
                break;
            case Visit.Stage.InService:
                InService--;
                done.InService += CountsServiceTwice ? 2 * length : length;
                present.InService -= began;
                ServicesOver++;
                ServiceSquares += (Int128)length * length;
                break;
            case Visit.Stage.Deferred:
                Deferred--;
                done.Deferred += length;
                present.Deferred -= began;
                break;
            case Visit.Stage.Over:
                throw new SimulatorDefectException($"queue {Name}: a request departs twice");
        }
    }

    internal void Enter(Visit.Stage to, int receiver, long now)
    {
        switch (to)
        {
            case Visit.Stage.InService:
                InService++;
                Taken++;
                present.InService += now;
                receivers.Add(receiver);
                break;
            case Visit.Stage.Deferred:
                Deferred++;
                present.Deferred += now;
                break;
            case Visit.Stage.Over:
                InSystem--;
                lastDeparture = now;
                break;
            case Visit.Stage.Waiting:
                throw new SimulatorDefectException($"queue {Name}: a request waits twice");
        }
    }

    internal void CountWait(long arrived, long now)
    {
        var wait = now - Math.Max(arrived, origin);
        Delayed += wait > 0 ? 1 : 0;
        Times?.Waited(wait);
    }

    internal void CountServed(long arrived, long now)
    {
        Served++;
        Times?.Departed(now - Math.Max(arrived, origin));
    }

    internal void CountAbandoned() => Abandoned++;

    // For those present: their number times now, less the instants at which they began.
    private Int128 Present(long count, Int128 began) => (Int128)count * changed - began;

    private string Differ(string what, Int128 integral, Int128 sum) =>
        $"queue {Name}: the number {what} over time sums to {integral} cycles, the requests' own "
        + $"times to {sum}";
}
