using System.Text.Json.Serialization;

namespace Scenarios.Model;

/// <summary>The network interface; a peer that echoes datagrams is at 10.0.0.2, port 7.</summary>
public sealed record NetworkOptions
{
    /// <summary>The speed of the wire.</summary>
    public NetworkDevice Device { get; init; } = NetworkDevice.TenGigabit;
}

/// <summary>The network interfaces that are modeled.</summary>
public enum NetworkDevice
{
    /// <summary>10 gigabits a second.</summary>
    [JsonStringEnumMemberName("10g")]
    TenGigabit,
    /// <summary>1 gigabit a second.</summary>
    [JsonStringEnumMemberName("1g")]
    OneGigabit,
}
