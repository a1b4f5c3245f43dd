using System.Globalization;
using Programs.Language;
using Records;
using Scenarios.Model;

namespace Scenarios.Expectations;

/// <summary>Compares the results of runs with what the scenario expects of them.</summary>
/// <param name="comparison">The runs.</param>
public sealed class ExpectationEvaluator(Comparison comparison)
{
    /// <summary>What became of each expectation, in their order.</summary>
    public IReadOnlyList<ExpectationResult> Evaluate(IEnumerable<Expectation> expectations) =>
        [.. expectations.Select(Evaluate)];

    private ExpectationResult Evaluate(Expectation expectation) => expectation.Claim switch
    {
        Claim.EveryProcessExits every => InEachRun(expectation, every.Placement, run =>
            Statuses(run, run.Processes, every.Status)),
        Claim.ProcessExits named => InEachRun(expectation, named.Placement, run =>
            Statuses(
                run, run.Processes.Where(process => process.Name == named.Process), named.Status)),
        Claim.ResultsAsExpected all => InEachRun(expectation, all.Placement, run =>
            run.FailedResults.Count == 0
                ? null
                : $"{run.FailedResults.Count} differ, the first: {run.FailedResults[0]}"),
        Claim.SameFiles => SameFiles(expectation),
        Claim.Comparison compared => Compare(expectation, compared),
        _ => throw new InvalidOperationException($"{expectation.Claim} is no claim"),
    };

    private ExpectationResult InEachRun(
        Expectation expectation, string? placement, Func<RunResult, string?> differs)
    {
        if (placement is not null && Find(placement) is null)
        {
            return DidNotRun(expectation, placement);
        }

        foreach (var run in comparison.Placements)
        {
            if ((placement is null || run.Name == placement) && differs(run) is { } detail)
            {
                return new ExpectationResult(expectation.Text, false, $"{run.Name}: {detail}");
            }
        }

        return new ExpectationResult(expectation.Text, true, "");
    }

    private static string? Statuses(
        RunResult run, IEnumerable<ProcessResult> processes, int status)
    {
        var all = processes.ToList();
        if (all.Count == 0)
        {
            return "there is no such process among " + string.Join(
                ", ", run.Processes.Select(process => process.Name).Distinct());
        }

        var other = all.Find(process => process.ExitCode != status);
        return other is null
            ? null
            : string.Create(CultureInfo.InvariantCulture,
                $"process {other.Name} (pid {other.Pid}) {HowItEnded(other)}");
    }

    private static string HowItEnded(ProcessResult process) => process.ExitCode is { } code
        ? string.Create(CultureInfo.InvariantCulture, $"exits {code}")
        : "has not ended";

    private ExpectationResult SameFiles(Expectation expectation)
    {
        if (comparison.Placements.Count < 2)
        {
            return new ExpectationResult(
                expectation.Text, null, "needs two placements, and this run has one");
        }

        var first = comparison.Placements[0];
        foreach (var run in comparison.Placements.Skip(1))
        {
            var differing = first.Files.Except(run.Files).Concat(run.Files.Except(first.Files))
                .FirstOrDefault();
            if (differing is not null || first.Files.Count != run.Files.Count)
            {
                var what = differing?.Path ?? "the number of digests";
                return new ExpectationResult(
                    expectation.Text, false, $"{what} differs between {first.Name} and {run.Name}");
            }
        }

        return new ExpectationResult(expectation.Text, true, "");
    }

    private ExpectationResult Compare(Expectation expectation, Claim.Comparison claim)
    {
        var references = claim.Left.References.Concat(claim.Right.References).ToList();
        var absent = references.Find(reference =>
            reference.Placement is not null && Find(reference.Placement) is null);
        if (absent is not null)
        {
            return DidNotRun(expectation, absent.Placement!);
        }

        var isOfEach = references.Exists(reference => reference.Placement is null);
        foreach (var run in isOfEach ? comparison.Placements : comparison.Placements.Take(1))
        {
            var problem = references
                .Select(reference => Problem(reference, run))
                .FirstOrDefault(each => each is not null);
            if (problem is not null)
            {
                return new ExpectationResult(expectation.Text, false, problem);
            }

            var left = Value(claim.Left, run);
            var right = Value(claim.Right, run);
            if (!Relations.Holds(claim.How, left, right))
            {
                var where = isOfEach ? run.Name + ": " : "";
                var how = Relations.Symbol(claim.How);
                return new ExpectationResult(expectation.Text, false, string.Create(
                    CultureInfo.InvariantCulture,
                    $"{where}{left:0.###} {how} {right:0.###} does not hold"));
            }
        }

        return new ExpectationResult(expectation.Text, true, "");
    }

    private static ExpectationResult DidNotRun(Expectation expectation, string placement) =>
        new(expectation.Text, null, $"needs placement {placement}, which did not run");

    private RunResult? Find(string placement) =>
        comparison.Placements.FirstOrDefault(run => run.Name == placement);

    private RunResult RunOf(Quantity.Reference reference, RunResult each) =>
        reference.Placement is null ? each : Find(reference.Placement)!;

    // Why the reference has no value in this run, or null.
    private string? Problem(Quantity.Reference reference, RunResult each)
    {
        var run = RunOf(reference, each);
        if (reference.Subject == "counters" && !run.Counters.ContainsKey(reference.Detail))
        {
            var known = run.Counters.Keys.Order(StringComparer.Ordinal);
            return $"expected a counter, not '{reference.Detail}'"
                + Suggestion.Hint(reference.Detail, known);
        }

        if (reference.Subject == "queues")
        {
            var name = reference.Detail.Split('.')[0];
            return QueueValue(reference, run) is not null ? null
                : run.Queues.Any(queue => queue.Name == name && !queue.Stable)
                    ? $"{run.Name}: queue {name} is unstable: there is no {reference.Detail}"
                    : $"{run.Name}: nothing came to a queue {name}";
        }

        var needsCalls = !ClaimParser.Subjects.Contains(reference.Subject)
            && reference.Detail is not ("count" or "errors" or "total");
        return needsCalls && CallOf(reference, run) is not { Count: > 0 }
            ? $"{run.Name}: no {reference.Subject} call ended"
            : null;
    }

    private static double? QueueValue(Quantity.Reference reference, RunResult run)
    {
        var parts = reference.Detail.Split('.');
        return run.Queues.FirstOrDefault(queue => queue.Name == parts[0]) is { } found
            ? QueueQuantity.Of(found, parts[1])
            : null;
    }

    private static CallStatistics? CallOf(Quantity.Reference reference, RunResult run) =>
        run.Calls.FirstOrDefault(call => call.Name == reference.Subject);

    private double Value(Quantity quantity, RunResult each) => quantity switch
    {
        Quantity.Number { IsTime: false } number => number.Amount,
        Quantity.Number time => time.Amount * comparison.FrequencyHertz / 1e9,
        Quantity.Reference reference => Value(reference, RunOf(reference, each)),
        Quantity.Binary { Sign: '+' } sum => Value(sum.Left, each) + Value(sum.Right, each),
        Quantity.Binary { Sign: '-' } sum => Value(sum.Left, each) - Value(sum.Right, each),
        Quantity.Binary { Sign: '*' } term => Value(term.Left, each) * Value(term.Right, each),
        Quantity.Binary term => Value(term.Left, each) / Value(term.Right, each),
        _ => throw new InvalidOperationException($"{quantity} is no quantity"),
    };

    private static double Value(Quantity.Reference reference, RunResult run) =>
        reference.Subject switch
        {
            "losses" => run.Losses.Sum(loss => loss.Count),
            "time" => run.VirtualTime.Cycles,
            "queues" => QueueValue(reference, run)!.Value,
            "counters" => run.Counters[reference.Detail],
            "bill" => run.Bill
                .Where(line => line.Cause == reference.Detail)
                .Sum(line => line.Cycles),
            _ => CallOf(reference, run) is { } call ? CallQuantity.Of(call, reference.Detail) : 0,
        };
}
