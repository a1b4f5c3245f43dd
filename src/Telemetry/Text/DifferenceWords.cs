using Abi.Costs;
using Records;

namespace Telemetry.Text;

/// <summary>Why the bills of two runs differ, in sentences.</summary>
public static class DifferenceWords
{
    private const int Leading = 4;

    /// <summary>Whether the counts explain the bills, to the cycle; they must.</summary>
    public static string Whole(RunResult run, RunResult other)
    {
        var explained = BillDifference.Between(run, other).Cycles;
        var bills = BillDifference.WorkOf(run) - BillDifference.WorkOf(other);
        return bills == explained
            ? $"This is the whole difference of work, to the cycle: {Amounts.Change(bills)}."
            : $"The bills differ by {Amounts.Change(bills)} cycles, the counts explain "
                + $"{Amounts.Change(explained)}: the ledger does not add up.";
    }

    /// <summary>How much more the one worked and waited, and what that is made of, the dearest
    /// first.</summary>
    public static IReadOnlyList<string> Of(RunResult run, RunResult other)
    {
        var parts = BillDifference.Between(run, other).Parts;
        var sentences = new List<string> { Sum(run, other) };
        sentences.AddRange(parts.Take(Leading).Select(part => Sentence(part, run.Name)));
        if (parts.Count > Leading)
        {
            var rest = parts.Skip(Leading).Sum(part => part.Cycles);
            sentences.Add($"The other {Amounts.Count(parts.Count - Leading)} parts that differ "
                + $"come to {Amounts.Change(rest)} cycles.");
        }

        sentences.AddRange(Waiting(run, other));
        return sentences;
    }

    private static string Sum(RunResult run, RunResult other)
    {
        var (work, least) = (BillDifference.WorkOf(run), BillDifference.WorkOf(other));
        return work == least
            ? $"The cores work equally long in {run.Name} and in {other.Name}: "
                + $"{Amounts.Count(work)} cycles."
            : $"The cores work {Amounts.Count(Math.Abs(work - least))} cycles "
                + $"{(work > least ? "more" : "less")} in {run.Name} than in {other.Name}"
                + (least > 0 ? $": {Amounts.Ratio((double)work / least)} times as long." : ".");
    }

    private static string Sentence(PartDifference part, string run)
    {
        var count = part.LeftCount - part.RightCount;
        return $"{part.Part} ({part.Cause}): {Amounts.Count(Math.Abs(count))} "
            + $"{(count > 0 ? "more" : "fewer")} in {run}, each {Amounts.Count(part.PriceCycles)} "
            + $"cycle{(part.PriceCycles == 1 ? "" : "s")}, "
            + $"{Amounts.Change(part.Cycles)} in all.";
    }

    private static IEnumerable<string> Waiting(RunResult run, RunResult other)
    {
        var differences = Enum.GetValues<Cause>()
            .Where(cause => !cause.IsWork())
            .Select(cause =>
                (Cause: cause.Name(), Cycles: CyclesOf(run, cause) - CyclesOf(other, cause)))
            .Where(each => each.Cycles != 0)
            .OrderByDescending(each => Math.Abs(each.Cycles))
            .Select(each => $"{each.Cause} {Amounts.Change(each.Cycles)}")
            .ToList();
        if (differences.Count > 0)
        {
            yield return $"Calls wait longer or less in {run.Name}, in cycles: "
                + string.Join(", ", differences) + ".";
        }
    }

    private static long CyclesOf(RunResult run, Cause cause) =>
        run.Bill.Where(line => line.Cause == cause.Name()).Sum(line => line.Cycles);
}
