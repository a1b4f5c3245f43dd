using Abi.Kernel;
using Abi.Units;

namespace Scenarios.Model;

/// <summary>An order to crash.</summary>
public sealed record FaultOrder
{
    /// <summary>The component that throws.</summary>
    [ComponentNames]
    public required string Crash { get; init; }

    /// <summary>When it throws.</summary>
    public required FaultMoment At { get; init; }
}

/// <summary>When a component crashes.</summary>
public abstract record FaultMoment
{
    /// <summary>At the first segment of the component that runs at this time or later.</summary>
    /// <param name="Time">After the start of the machine.</param>
    public sealed record AtTime(Nanoseconds Time) : FaultMoment;

    /// <summary>When it has received its nth request.</summary>
    /// <param name="Number">From 1.</param>
    public sealed record AtRequest(long Number) : FaultMoment;

    /// <summary>When it reaches a named step for the nth time.</summary>
    /// <param name="Step">Which step.</param>
    /// <param name="Nth">From 1.</param>
    public sealed record AtStep(FaultStep Step, long Nth) : FaultMoment;
}

/// <summary>The keys of a moment in a file; exactly one of time, request and step.</summary>
internal sealed record FaultMomentKeys
{
    /// <summary>After the start of the machine.</summary>
    public Nanoseconds? Time { get; init; }

    /// <summary>The number of the request, from 1.</summary>
    [Within(1, long.MaxValue)]
    public long? Request { get; init; }

    /// <summary>The named step.</summary>
    public FaultStep? Step { get; init; }

    /// <summary>Which time that it is reached, from 1.</summary>
    [Within(1, long.MaxValue)]
    public long? Nth { get; init; }
}
