using Programs.Language;

namespace Scenarios.Model;

/// <summary>How one server or driver runs, in every placement.</summary>
public sealed record ComponentOptions
{
    /// <summary>The component's name.</summary>
    [NotInFile]
    public required string Name { get; init; }

    /// <summary>
    /// How many requests it handles at once; without it, the component's default.
    /// </summary>
    [Within(1, 1024)]
    public int? Concurrency { get; init; }

    /// <summary>
    /// Its threads' priority, 255 being the highest; without it, the component's default.
    /// </summary>
    [Within(0, 255)]
    public int? Priority { get; init; }

    /// <summary>What its code and data occupy.</summary>
    public WorkingSetSize? WorkingSet { get; init; }

    /// <summary>
    /// Work that its handler does for each request besides its own: a duration, exponential(1us) or
    /// choice(500ns: 9, 5us: 1).
    /// </summary>
    public Expression? Work { get; init; }

    /// <summary>The core that its threads run on; without it, core 0.</summary>
    [Within(0, 63)]
    public int? Core { get; init; }
}
