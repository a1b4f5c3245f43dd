namespace Bench.RoundTrip;

/// <summary>
/// The work that all contenders do: in each of so many independent pairs, client A asks server S,
/// which asks server B, which answers S, which answers A. Every party holds 5 cycles before it
/// sends, every message takes 10: 60 cycles and 8 timed events a round trip.
/// </summary>
internal sealed record Workload(int Pairs, int TripsPerPair)
{
    public const long Hold = 5;
    public const long Latency = 10;
    public const long CyclesPerTrip = 4 * (Hold + Latency);

    /// <summary>Round trips of all pairs together.</summary>
    public long Trips => (long)Pairs * TripsPerPair;

    /// <summary>The virtual time at which all pairs are done, in cycles.</summary>
    public long End => TripsPerPair * CyclesPerTrip;
}

/// <summary>What a contender says about one run of the workload.</summary>
/// <param name="End">Virtual time at the end, in cycles since the start of the workload.</param>
/// <param name="Nanoseconds">Wall time.</param>
internal readonly record struct Measurement(long End, double Nanoseconds);
