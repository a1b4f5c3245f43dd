namespace Programs.Language;

/// <summary>What kind of value an expression has.</summary>
public enum ValueType
{
    /// <summary>A 64-bit number; arithmetic wraps.</summary>
    Number,
    /// <summary>A length of time in nanoseconds; may stand where a number may.</summary>
    Duration,
    /// <summary>A text: a path, a name.</summary>
    Text,
    /// <summary>`bytes(n)`: only for calls that take data.</summary>
    Bytes,
    /// <summary>`{st_size=6}`: only for calls that fill it in.</summary>
    Structure,
}
