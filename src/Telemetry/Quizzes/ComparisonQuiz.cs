using Abi.Costs;
using Abi.Units;
using Records;
using Telemetry.Text;

namespace Telemetry.Quizzes;

/// <summary>The questions that a teacher would ask about runs. What has no answer in them, or more
/// than one, is not asked.</summary>
public sealed class ComparisonQuiz
{
    private readonly Comparison comparison;
    private readonly QuestionMaker maker;
    private readonly List<string> components;

    private ComparisonQuiz(Comparison comparison)
    {
        this.comparison = comparison;
        maker = new QuestionMaker(comparison.Seed);
        components =
        [
            .. Runs.SelectMany(run => run.Bill).Select(line => line.Component)
                .Where(name => name is not ("" or "program" or "kernel"))
                .Distinct().Order(StringComparer.Ordinal),
        ];
    }

    private IReadOnlyList<RunResult> Runs => comparison.Placements;

    /// <summary>The questions that are asked about these results.</summary>
    public static IReadOnlyList<SolvedQuestion> Of(Comparison comparison)
    {
        var quiz = new ComparisonQuiz(comparison);
        foreach (var run in quiz.Runs)
        {
            quiz.AskAbout(run);
        }

        if (quiz.Runs.Count > 1)
        {
            quiz.AskAboutAll();
        }

        return quiz.maker.Choose();
    }

    private void AskAbout(RunResult run)
    {
        AskAboutCalls(run);
        AskAboutCounters(run);
        AskAboutCrashes(run);
        var causes = run.Bill.Where(line => line.Component.Length == 0)
            .Concat(run.Bill.Where(line => line.Component.Length > 0)
                .GroupBy(line => line.Cause)
                .Where(group => !run.Bill.Any(line =>
                    line.Component.Length == 0 && line.Cause == group.Key))
                .Select(group => new BillLine(group.Key, "", group.Sum(line => line.Cycles))))
            .Where(line => IsWork(line.Cause) && line.Cycles > 0)
            .OrderByDescending(line => line.Cycles)
            .ToList();
        if (HasFirst(causes, line => line.Cycles))
        {
            maker.AskName(
                "cause", $"On which cause do the cores of {run.Name} spend the most cycles?",
                causes[0].Cause, causes.Skip(1).Select(line => line.Cause),
                $"{Amounts.Count(causes[0].Cycles)} cycles; next is {causes[1].Cause} with "
                    + $"{Amounts.Count(causes[1].Cycles)}");
        }

        if (run.End is not RunEnd.Interrupted)
        {
            maker.AskName(
                "end", $"How does the run end in {run.Name}?", EndOf(run.End),
                Enum.GetValues<RunEnd>().Where(end => end != RunEnd.Interrupted).Select(EndOf),
                run.EndDetail.Length > 0 ? run.EndDetail.ReplaceLineEndings("; ") : EndOf(run.End));
        }
    }

    private void AskAboutCalls(RunResult run)
    {
        foreach (var call in run.Calls.Where(call => call is { Count: > 0, MeanCycles: >= 1 }))
        {
            var cycles = (long)Math.Floor(call.MeanCycles + 0.5);
            maker.AskNumber(
                "latency", $"How long does {call.Name}() take in {run.Name} on average?",
                new Frequency(comparison.FrequencyHertz).ToNanoseconds(new Cycles(cycles)),
                number => Amounts.Count(number) + " ns",
                $"{Amounts.Count(cycles)} cycles at {Amounts.Clock(comparison.FrequencyHertz)}");
        }

        var slowest = run.Calls.Where(call => call.Count > 0)
            .OrderByDescending(call => call.MeanCycles).ToList();
        if (HasFirst(slowest, call => call.MeanCycles))
        {
            maker.AskName(
                "slowest", $"Which call takes longest in {run.Name} on average?",
                slowest[0].Name, slowest.Skip(1).Select(call => call.Name),
                $"{Amounts.Count((long)slowest[0].MeanCycles)} cycles");
        }

        var failed = run.Calls.Where(call => call.Errors > 0)
            .OrderByDescending(call => call.Errors).ToList();
        if (failed.Count == 1 || HasFirst(failed, call => call.Errors))
        {
            maker.AskName(
                "failed",
                $"Which call fails{(failed.Count > 1 ? " most often" : "")} in {run.Name}?",
                failed[0].Name,
                run.Calls.Where(call => call != failed[0]).Select(call => call.Name),
                $"{Amounts.Count(failed[0].Errors)} of {Amounts.Count(failed[0].Count)} end with "
                    + "an errno");
        }
    }

    private void AskAboutCounters(RunResult run)
    {
        var messages = Count(run, Counter.IpcFastPath) + Count(run, Counter.IpcSlowPath);
        maker.AskNumber(
            "messages",
            $"How many IPC operations does the kernel of {run.Name} do, by fast and slow path?",
            messages, Amounts.Count,
            $"{Amounts.Count(Count(run, Counter.IpcFastPath))} by the fast path, "
                + $"{Amounts.Count(Count(run, Counter.IpcSlowPath))} by the slow path");
        if (run.Counters.TryGetValue(Counter.AddressSpaceSwitches.Name(), out var switches))
        {
            maker.AskNumber(
                "switches", $"How often does {run.Name} switch address spaces?", switches,
                Amounts.Count, "the counter address-space-switches");
        }
    }

    private void AskAboutCrashes(RunResult run)
    {
        var crash = run.Timeline.FirstOrDefault(entry => entry.Event == "crashed");
        if (crash is null)
        {
            return;
        }

        maker.AskName(
            "crash", $"Which component crashes first in {run.Name}?", crash.Component,
            components, $"after {Amounts.Time(crash.Nanoseconds)}: {crash.Detail}");
        var good = run.Timeline.FirstOrDefault(entry =>
            entry.Event == "first-good-reply" && entry.Component == crash.Component
            && entry.Cycles >= crash.Cycles);
        if (good is not null)
        {
            maker.AskNumber(
                "repair",
                $"How long is it in {run.Name} from that crash to the first good reply?",
                good.Nanoseconds - crash.Nanoseconds, number => Amounts.Count(number) + " ns",
                $"from {Amounts.Time(crash.Nanoseconds)} to {Amounts.Time(good.Nanoseconds)}");
        }

        var lost = run.Losses.Sum(loss => loss.Count);
        maker.AskNumber(
            "lost", $"How much is lost for good in {run.Name}, all kinds together?", lost,
            Amounts.Count,
            lost == 0
                ? "nothing"
                : string.Join("; ", run.Losses.Select(loss =>
                    $"{Amounts.Count(loss.Count)} {loss.What}: {loss.Why}")));
    }

    private void AskAboutAll()
    {
        var last = Runs[^1];
        foreach (var ratio in comparison.Ratios.Where(ratio => ratio.MeanRatio >= 0.05))
        {
            maker.AskRatio(
                "ratio",
                $"How many times as long as in {ratio.Against} does {ratio.Call}() take in "
                    + $"{ratio.Placement}?",
                ratio.MeanRatio,
                string.Join(" against ", new[] { ratio.Placement, ratio.Against }.Select(name =>
                    $"{Amounts.Decimals(MeanOf(name, ratio.Call), 1)} cycles in {name}")));
        }

        foreach (var run in Runs.SkipLast(1))
        {
            var parts = BillDifference.Between(run, last).Parts;
            if (HasFirst(parts, part => Math.Abs(part.Cycles)))
            {
                maker.AskName(
                    "difference",
                    $"Which part explains most of the difference in work between {run.Name} and "
                        + $"{last.Name}?",
                    parts[0].Part, parts.Skip(1).Select(part => part.Part),
                    $"({Amounts.Count(parts[0].LeftCount)} - {Amounts.Count(parts[0].RightCount)}) "
                        + $"x {Amounts.Count(parts[0].PriceCycles)} = "
                        + $"{Amounts.Change(parts[0].Cycles)} cycles");
            }
        }

        var names = Runs[0].Calls.Select(call => call.Name)
            .Where(name => Runs.All(run => run.Calls.Any(call => call.Name == name)));
        foreach (var name in names)
        {
            var fastest = Runs.OrderBy(run => MeanOf(run.Name, name)).ToList();
            if (MeanOf(fastest[0].Name, name) < MeanOf(fastest[1].Name, name))
            {
                maker.AskName(
                    "fastest", $"Which placement answers {name}() fastest?", fastest[0].Name,
                    fastest.Skip(1).Select(run => run.Name),
                    $"{Amounts.Decimals(MeanOf(fastest[0].Name, name), 1)} cycles");
            }
        }

        var panicked = Runs.Where(run => run.Timeline.Any(entry => entry.Event == "panic"))
            .ToList();
        if (panicked.Count == 1)
        {
            maker.AskName(
                "panic", "In which placement does a crash take the whole machine down?",
                panicked[0].Name, Runs.Select(run => run.Name),
                "there the component lives in the kernel's domain");
        }
    }

    private double MeanOf(string placement, string call) =>
        Runs.First(run => run.Name == placement).Calls.First(each => each.Name == call).MeanCycles;

    private static bool HasFirst<T>(IReadOnlyList<T> descending, Func<T, double> value) =>
        descending.Count > 1 && value(descending[0]) > value(descending[1]);

    private static long Count(RunResult run, Counter counter) =>
        run.Counters.GetValueOrDefault(counter.Name());

    private static bool IsWork(string cause) => Enum.GetValues<Cause>()
        .Any(each => each.Name() == cause && each.IsWork());

    private static string EndOf(RunEnd end) => end switch
    {
        RunEnd.Finished => "every process ends",
        RunEnd.Deadlock => "in a deadlock",
        RunEnd.Limit => "at a limit",
        RunEnd.Interrupted => "interrupted",
    };
}
