using Abi.Costs;
using Records;

namespace Telemetry.Text;

/// <summary>A part that two runs were charged differently often.</summary>
/// <param name="Part">The part's name.</param>
/// <param name="Cause">The row of the bill that it belongs to.</param>
/// <param name="LeftCount">How often in the first run.</param>
/// <param name="RightCount">How often in the second.</param>
/// <param name="PriceCycles">What one costs.</param>
public sealed record PartDifference(
    string Part, string Cause, long LeftCount, long RightCount, long PriceCycles)
{
    /// <summary>What it contributes to the difference of the two bills.</summary>
    public long Cycles => (LeftCount - RightCount) * PriceCycles;
}

/// <summary>
/// What explains the difference between the work of two runs: counts times prices, to the cycle.
/// </summary>
public sealed class BillDifference
{
    private BillDifference(IReadOnlyList<PartDifference> parts) => Parts = parts;

    /// <summary>The parts whose cycles differ, the largest first.</summary>
    public IReadOnlyList<PartDifference> Parts { get; }

    /// <summary>Their sum: the whole difference of work.</summary>
    public long Cycles => Parts.Sum(part => part.Cycles);

    /// <summary>The first run less the second, of one profile.</summary>
    public static BillDifference Between(RunResult left, RunResult right)
    {
        var parts = new List<PartDifference>();
        foreach (var line in left.Parts)
        {
            var other = right.Parts.FirstOrDefault(each => each.Part == line.Part);
            parts.Add(new PartDifference(
                line.Part, line.Cause, line.Count, other?.Count ?? 0, line.PriceCycles));
        }

        foreach (var line in right.Parts)
        {
            if (!left.Parts.Any(each => each.Part == line.Part))
            {
                parts.Add(new PartDifference(
                    line.Part, line.Cause, 0, line.Count, line.PriceCycles));
            }
        }

        return new BillDifference(
        [
            .. parts
                .Where(part => part.Cycles != 0)
                .OrderByDescending(part => Math.Abs(part.Cycles))
                .ThenBy(part => part.Part, StringComparer.Ordinal),
        ]);
    }

    /// <summary>Cycles that the cores of a run worked, by its bill.</summary>
    public static long WorkOf(RunResult run) =>
        run.Bill.Where(line => IsWork(line.Cause)).Sum(line => line.Cycles);

    /// <summary>Whether a row of the bill is work of cores; else calls waited.</summary>
    public static bool IsWork(string cause)
    {
        foreach (var known in Enum.GetValues<Cause>())
        {
            if (known.Name() == cause)
            {
                return known.IsWork();
            }
        }

        return false;
    }
}
