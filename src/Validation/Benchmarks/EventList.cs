using Abi.Costs;

namespace Validation.Benchmarks;

/// <summary>
/// How often each part of a cost profile occurs in a benchmark's window: counted on the simulated
/// machine, so that it depends on mechanisms but on no price.
/// </summary>
public sealed class EventList
{
    private readonly decimal[] counts = new decimal[Parts.Count];

    /// <summary>How often a part occurs; a mean, where the window is a mean.</summary>
    public decimal this[Part part] => counts[(int)part];

    /// <summary>The parts that occur, in their order.</summary>
    public IEnumerable<(Part Part, decimal Count)> Events => Enum.GetValues<Part>()
        .Where(part => counts[(int)part] != 0)
        .Select(part => (part, counts[(int)part]));

    /// <summary>Adds occurrences.</summary>
    public EventList Add(Part part, decimal count)
    {
        counts[(int)part] += count;
        return this;
    }

    /// <summary>Cycles that the events take at the profile's prices.</summary>
    public decimal CyclesOn(CostProfile profile) =>
        Events.Sum(each => each.Count * profile[each.Part]);

    /// <summary>"trap-enter + 10 message-word", for people.</summary>
    public override string ToString() => string.Join(" + ", Events.Select(each =>
        each.Count == 1
            ? each.Part.Name()
            : FormattableString.Invariant($"{each.Count:0.##} {each.Part.Name()}")));
}
