namespace Telemetry.OpenTelemetry;

/// <summary>What is known of a run before it begins: part of the resource of all it
/// exports.</summary>
/// <param name="Id">Tells this export from all others.</param>
/// <param name="Scenario">The scenario's name.</param>
/// <param name="Profile">The cost profile's name.</param>
/// <param name="Seed">The seed of its random streams.</param>
/// <param name="FrequencyHertz">The clock that cycles are counted by.</param>
public sealed record RunIdentity(
    RunId Id, string Scenario, string Profile, long Seed, long FrequencyHertz)
{
    /// <summary>The host of every resource: Jaeger takes different ones for different
    /// clocks.</summary>
    public const string HostName = "micro";

    /// <summary>The same as attributes of a resource.</summary>
    public IReadOnlyList<KeyValuePair<string, object>> Attributes =>
    [
        new("host.name", HostName),
        new("micro.run", Id.ToString()),
        new("micro.scenario", Scenario),
        new("micro.profile", Profile),
        new("micro.seed", Seed),
    ];
}
