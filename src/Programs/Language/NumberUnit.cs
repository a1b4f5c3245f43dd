namespace Programs.Language;

/// <summary>The unit behind a number.</summary>
public enum NumberUnit
{
    /// <summary>None: the number itself.</summary>
    None,
    /// <summary>`KiB`</summary>
    Kibi,
    /// <summary>`MiB`</summary>
    Mebi,
    /// <summary>`GiB`</summary>
    Gibi,
    /// <summary>`ns`</summary>
    Nanosecond,
    /// <summary>`us`</summary>
    Microsecond,
    /// <summary>`ms`</summary>
    Millisecond,
    /// <summary>`s`</summary>
    Second,
}

/// <summary>Questions about units of numbers.</summary>
public static class NumberUnits
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<NumberUnit> All { get; } = Enum.GetValues<NumberUnit>();

    /// <summary>How many bytes or nanoseconds one of it is.</summary>
    public static long Multiple(this NumberUnit unit) => unit switch
    {
        NumberUnit.None => 1,
        NumberUnit.Kibi => 1L << 10,
        NumberUnit.Mebi => 1L << 20,
        NumberUnit.Gibi => 1L << 30,
        NumberUnit.Nanosecond => 1,
        NumberUnit.Microsecond => 1_000,
        NumberUnit.Millisecond => 1_000_000,
        NumberUnit.Second => 1_000_000_000,
    };

    /// <summary>As it is written behind a number.</summary>
    public static string Symbol(this NumberUnit unit) => unit switch
    {
        NumberUnit.None => "",
        NumberUnit.Kibi => "KiB",
        NumberUnit.Mebi => "MiB",
        NumberUnit.Gibi => "GiB",
        NumberUnit.Nanosecond => "ns",
        NumberUnit.Microsecond => "us",
        NumberUnit.Millisecond => "ms",
        NumberUnit.Second => "s",
    };

    /// <summary>Whether it measures time.</summary>
    public static bool IsTime(this NumberUnit unit) => unit >= NumberUnit.Nanosecond;
}
