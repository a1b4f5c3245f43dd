using Abi.Costs;
using Telemetry.Text;
using Telemetry.Waterfall;

namespace Telemetry.Quizzes;

/// <summary>The questions that a teacher would ask about one call. What has no answer, or more than
/// one, is not asked.</summary>
public static class TraceQuiz
{
    /// <summary>The questions that are asked about a call in its placements.</summary>
    public static IReadOnlyList<SolvedQuestion> Of(TraceDocument document)
    {
        var maker = new QuestionMaker(document.Seed);
        foreach (var call in document.Placements)
        {
            AskAbout(maker, call, document.FrequencyHertz);
        }

        if (document.Placements is [var first, .., var last])
        {
            AskAboutBoth(maker, first, last);
        }

        return maker.Choose();
    }

    private static void AskAbout(QuestionMaker maker, TracedCall call, long hertz)
    {
        var spans = call.Root.AndBelow().Select(each => each.Span).ToList();
        var costs = spans.SelectMany(span => span.Costs).ToList();
        var ipc = spans.Count(span => span.Crossing == "ipc");
        if (!spans.Exists(span => span.IsCut) && call.IsOver)
        {
            maker.AskNumber(
                "messages",
                $"How many messages pass between domains for this call in {call.Placement}, "
                    + "requests and answers?",
                2L * ipc, Amounts.Count, $"{ipc} requests and as many answers");
        }

        var traps = costs.Where(cost => cost.Part == Part.TrapEnter.Name())
            .Sum(cost => cost.Count);
        maker.AskNumber(
            "traps", $"How often does a thread trap for this call in {call.Placement}?", traps,
            Amounts.Count, $"{traps} times trap-enter");

        var parts = costs.Where(cost => cost.Part is not null).GroupBy(cost => cost.Part!)
            .Select(group => (Name: group.Key, Cycles: group.Sum(cost => cost.Cycles)))
            .OrderByDescending(part => part.Cycles).ToList();
        AskFirst(
            maker, "dearest", $"Which step costs the most work for this call in {call.Placement}?",
            parts);
        AskFirst(
            maker, "component", $"Where does most time of this call pass in {call.Placement}?",
            [.. call.Components.Select(sum => (sum.Name, sum.Cycles))]);
        maker.AskNumber(
            "latency", $"How long does this call take in {call.Placement}?",
            call.LatencyNanoseconds, number => Amounts.Count(number) + " ns",
            $"{Amounts.Count(call.LatencyCycles)} cycles at {Amounts.Clock(hertz)}");

        var cut = spans.Where(span => span is { IsCut: true, Role: "component" })
            .Select(span => span.Component).Distinct().ToList();
        if (cut.Count == 1)
        {
            maker.AskName(
                "cut", $"Which component dies under this call in {call.Placement}?", cut[0],
                spans.Select(span => span.Component).Where(name => name != "program"),
                "its span is cut");
        }
    }

    private static void AskAboutBoth(QuestionMaker maker, TracedCall first, TracedCall last)
    {
        if (last.LatencyCycles > 0 && first.LatencyCycles * 20 >= last.LatencyCycles)
        {
            maker.AskRatio(
                "ratio",
                $"How many times as long as in {last.Placement} does this call take in "
                    + $"{first.Placement}?",
                (double)first.LatencyCycles / last.LatencyCycles,
                $"{Amounts.Count(first.LatencyCycles)} / {Amounts.Count(last.LatencyCycles)} "
                    + "cycles");
        }

        AskFirst(
            maker, "difference",
            $"Which cause explains most of the difference between {first.Placement} and "
                + $"{last.Placement}?",
            [
                .. first.Causes.Concat(last.Causes).Select(sum => sum.Name).Distinct()
                    .Select(name => (
                        Name: name, Cycles: Math.Abs(CyclesIn(first, name) - CyclesIn(last, name))))
                    .Where(cause => cause.Cycles > 0)
                    .OrderByDescending(cause => cause.Cycles),
            ]);
    }

    private static long CyclesIn(TracedCall call, string cause) =>
        call.Causes.FirstOrDefault(sum => sum.Name == cause)?.Cycles ?? 0;

    private static void AskFirst(
        QuestionMaker maker, string kind, string text,
        List<(string Name, long Cycles)> descending)
    {
        if (descending.Count > 1 && descending[0].Cycles > descending[1].Cycles)
        {
            maker.AskName(
                kind, text, descending[0].Name, descending.Skip(1).Select(each => each.Name),
                $"{Amounts.Count(descending[0].Cycles)} cycles; next is {descending[1].Name} with "
                    + Amounts.Count(descending[1].Cycles));
        }
    }
}
