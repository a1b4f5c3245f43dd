namespace Bench.RoundTrip;

internal enum Party
{
    A,
    S,
    B,
}

/// <summary>What the parties send each other. Each party uses one object again and again.</summary>
internal sealed class Letter
{
    public Party From { get; init; }
}

/// <summary>The end of a hold.</summary>
internal sealed class Wake
{
    public static Wake Instance { get; } = new();
}

/// <summary>Who is who in a pair, and for the client how many round trips to make.</summary>
internal sealed record Start(Engine.Port[] Parties, int Trips)
{
    public Engine.Port Of(Party party) => Parties[(int)party];
}
