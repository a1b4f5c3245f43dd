using Programs.Language;
using Scenarios.Model;

namespace Scenarios;

/// <summary>
/// How many calls a scenario makes, as far as its text says: for how much of a run is left.
/// </summary>
public static class CallEstimate
{
    /// <summary>
    /// The calls of all processes; null if a loop's length is known only when it runs. Faults,
    /// errors and
    /// spawned processes are not foreseen.
    /// </summary>
    public static long? Of(Scenario scenario)
    {
        var total = 0.0;
        foreach (var process in scenario.Processes)
        {
            if (Of(process.Program.Body) is not { } calls)
            {
                return null;
            }

            total += process.Spawned ? 0 : process.Count * calls;
        }

        return total <= long.MaxValue / 2 ? (long)total : null;
    }

    private static double? Of(IReadOnlyList<Statement> body)
    {
        var total = 0.0;
        foreach (var statement in body)
        {
            double? calls = statement switch
            {
                Statement.Invoke => 1,
                Statement.Repeat { Count: Expression.Number count } repeat =>
                    count.Amount * Of(repeat.Body),
                Statement.Repeat or Statement.While or Statement.ForTree => null,
                _ => 0,
            };
            if (calls is null)
            {
                return null;
            }

            total += calls.Value;
        }

        return total;
    }
}
