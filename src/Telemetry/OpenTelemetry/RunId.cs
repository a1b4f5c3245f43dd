using System.Buffers.Binary;
using System.Diagnostics;
using System.Globalization;

namespace Telemetry.OpenTelemetry;

/// <summary>
/// What tells one invocation's exports from another's: the first eight bytes of all its trace ids,
/// an attribute of its metrics and of its log. Scenario, profile and seed would not do: the same
/// run exported twice would have its spans mixed in one trace.
/// </summary>
/// <param name="Value">The eight bytes, most significant first; not 0.</param>
public readonly record struct RunId(ulong Value)
{
    /// <summary>
    /// A new one: a second's time above, chance below, so that ids sort by time and do not meet.
    /// </summary>
    public static RunId Next(DateTimeOffset now) => new(
        ((ulong)(uint)now.ToUnixTimeSeconds() << 32) | (uint)Random.Shared.NextInt64(1L << 32));

    /// <summary>The trace id of the invocation's request of that number; its log has number
    /// 0.</summary>
    public ActivityTraceId TraceId(ulong number)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, Value);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], number);
        return ActivityTraceId.CreateFromBytes(bytes);
    }

    /// <summary>Sixteen hexadecimal digits.</summary>
    public override string ToString() => Value.ToString("x16", CultureInfo.InvariantCulture);
}
