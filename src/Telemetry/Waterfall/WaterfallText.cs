using Abi.Units;
using Spectre.Console;
using Telemetry.Text;

namespace Telemetry.Waterfall;

/// <summary>
/// Draws one call in each placement as an indented waterfall, all on one scale: a line for each
/// span, with what its own time was for below it. The same call is the same text on every machine
/// and any terminal of the same width.
/// </summary>
/// <param name="console">Where to; any width of 80 or more.</param>
/// <param name="glyphs">What to draw with.</param>
public sealed class WaterfallText(IAnsiConsole console, Glyphs glyphs)
{
    private const int MinBar = 16;
    private const int MaxLabel = 60;

    /// <summary>Draws the calls of a document.</summary>
    public void Write(TraceDocument document)
    {
        var longest = document.Placements.Max(call => call.LatencyCycles);
        var cycles = Math.Max("cycles".Length, Amounts.Count(longest).Length);
        var nanoseconds = Math.Max(
            "ns".Length, Amounts.Nanoseconds(longest, document.FrequencyHertz).Length);
        var rest = console.Profile.Width - 1 - (2 + cycles) - (2 + nanoseconds) - 3;
        var needed = document.Placements
            .SelectMany(call => call.Root.AndBelow())
            .Max(each => 2 * each.Depth + each.Span.Costs
                .Select(cost => 2 + LongLabelOf(cost, each.Span).Length)
                .Append(LabelOf(each.Span).Length).Max());
        var label = Math.Min(Math.Min(needed, MaxLabel), rest - MinBar);
        var layout = new Layout(
            label, rest - label, cycles, nanoseconds, Math.Max(1, longest),
            new Frequency(document.FrequencyHertz));

        WriteHeader(document);
        foreach (var call in document.Placements)
        {
            Write(call, layout);
        }

        WriteSums(document, "cause", call => call.Causes);
        WriteSums(document, "component", call => call.Components);
    }

    /// <summary>Lists the calls that there are.</summary>
    public void WriteList(TraceDocument document)
    {
        var list = document.Requests!;
        WriteHeader(document);
        var numbers = list.Calls.Max(call => (int?)Amounts.Count(call.Request).Length) ?? 0;
        var names = list.Calls.Max(call => (int?)NameOf(call).Length) ?? 0;
        var request = Math.Max("request".Length, numbers);
        var name = Math.Min(Math.Max("process".Length, names), 20);
        var text = console.Profile.Width - 1 - request - name - 34;
        Line($"Calls in {list.Placement}", isTitle: true);
        Line($"{"request".PadLeft(request)}  {"process".PadRight(name)}  "
            + $"{"call".PadRight(text)}{"cycles",11}{"ns",11}{"spans",8}", isTitle: true);
        foreach (var call in list.Calls)
        {
            Line($"{Amounts.Count(call.Request).PadLeft(request)}  "
                + $"{Fit(NameOf(call), name)}  {Fit(call.Call, text)}"
                + $"{Amounts.Count(call.LatencyCycles),11}"
                + $"{Amounts.Count(call.LatencyNanoseconds),11}{Amounts.Count(call.Spans),8}");
        }

        if (list.Total > list.Calls.Count)
        {
            Line($"and {Amounts.Count(list.Total - list.Calls.Count)} more");
        }

        console.WriteLine();
    }

    private static string NameOf(ListedCall call) => $"{call.ProcessName} ({call.Process})";

    private void WriteHeader(TraceDocument document)
    {
        Line(document.Scenario, isTitle: true);
        Line($"profile {document.Profile} at {Amounts.Clock(document.FrequencyHertz)}, "
            + $"seed {document.Seed}; times are modeled, not measured");
        console.WriteLine();
    }

    private void Write(TracedCall call, Layout layout)
    {
        Line(
            $"{call.Placement}: {Amounts.Count(call.LatencyCycles)} cycles, "
            + $"{Amounts.Count(call.LatencyNanoseconds)} ns"
            + (call.IsOver ? "" : ", and it never returned"), isTitle: true);
        Line($"{call.Call}");
        Line($"request {call.Request} of the run, call {call.Position} of {call.ProcessName} "
            + $"({call.Process}), from {Amounts.Count(call.BeganCycles)} cycles on");
        var scale = Amounts.Count(layout.Longest);
        Line(
            new string(' ', layout.Label) + " " + glyphs.Edge + "0"
            + scale.PadLeft(layout.Bar - 1) + glyphs.Edge
            + "cycles".PadLeft(layout.Cycles + 2) + "ns".PadLeft(layout.Nanoseconds + 2),
            isTitle: true);
        WriteSpan(call.Root, null, 0, layout);
        Line($"{glyphs.Work} works  {glyphs.Wait} waits  {glyphs.Below} who was called works or "
            + "waits");
        console.WriteLine();
    }

    private void WriteSpan(TracedSpan span, TracedSpan? parent, int depth, Layout layout)
    {
        var bar = new Bar(layout.Bar, layout.Longest, glyphs);
        bar.Fill(span.BeganCycles, span.EndedCycles, glyphs.Below);
        foreach (var cost in span.Costs)
        {
            Fill(bar, cost);
        }

        WriteRow(
            new string(' ', 2 * depth) + LabelOf(span), bar, span.EndedCycles - span.BeganCycles,
            layout, isSpan: true);
        var indent = new string(' ', 2 * depth + 2);
        if (parent is null || parent.Thread != span.Thread)
        {
            Line(indent + Runs(span));
        }

        foreach (var cost in span.Costs)
        {
            var own = new Bar(layout.Bar, layout.Longest, glyphs);
            Fill(own, cost);
            var label = indent + LongLabelOf(cost, span);
            WriteRow(
                label.Length <= layout.Label ? label : indent + ShortLabelOf(cost, span), own,
                cost.Cycles, layout, isSpan: false);
        }

        foreach (var child in span.Children)
        {
            WriteSpan(child, span, depth + 1, layout);
        }
    }

    private static string Runs(TracedSpan span) => span.Core < 0
        ? $"on thread {span.ThreadName}"
        : $"on thread {span.ThreadName}, core {span.Core}";

    private void Fill(Bar bar, TracedCost cost)
    {
        foreach (var piece in cost.Pieces)
        {
            bar.Fill(
                piece.BeganCycles, piece.EndedCycles,
                cost.Part is null ? glyphs.Wait : glyphs.Work);
        }
    }

    private static string LabelOf(TracedSpan span)
    {
        var what = span.Role == "component" && span.Component == span.Name
            ? span.Name
            : $"{span.Component} {span.Name}";
        var how = span.Crossing is null ? "" : $" by {span.Crossing}";
        var marks = (span.IsCut ? " CUT" : "")
            + (span.RetryOf is { } first ? $" RETRY of #{first}" : "");
        return marks.Length == 0 ? what + how : $"#{span.Id} {what}{marks}{how}";
    }

    private string LongLabelOf(TracedCost cost, TracedSpan span) =>
        cost.Part is null || cost.Part == cost.Cause
            ? ShortLabelOf(cost, span)
            : $"{glyphs.Cost} {cost.Cause}: {WithAmount(cost, span)}";

    // The part says what the cause is, so where there is no room for both the part stays.
    private string ShortLabelOf(TracedCost cost, TracedSpan span) => cost.Part is null
        ? $"{glyphs.Cost} waits: {cost.Cause}{Where(cost, span)}"
        : $"{glyphs.Cost} {WithAmount(cost, span)}";

    private string WithAmount(TracedCost cost, TracedSpan span)
    {
        var isWhole = cost.Count * cost.PriceCycles == cost.Cycles;
        var amount = cost.Count == 0 ? "goes on"
            : cost.PriceCycles == 1 && isWhole ? ""
            : $"{Amounts.Count(cost.Count)} {glyphs.Times} {Amounts.Count(cost.PriceCycles)}"
                + (isWhole ? "" : ", a part");
        return $"{cost.Part} {amount}".TrimEnd() + Where(cost, span);
    }

    private static string Where(TracedCost cost, TracedSpan span) =>
        cost.Component == span.Component ? "" : $" in {cost.Component}";

    private void WriteRow(string label, Bar bar, long cycles, Layout layout, bool isSpan)
    {
        var nanoseconds = layout.Frequency.ToNanoseconds(new Cycles(cycles));
        var text = Fit(label, layout.Label) + " " + glyphs.Edge;
        var numbers = glyphs.Edge + Amounts.Count(cycles).PadLeft(layout.Cycles + 2)
            + Amounts.Count(nanoseconds).PadLeft(layout.Nanoseconds + 2);
        var (left, style, right) = isSpan
            ? (Markup.Escape(text), "blue", $"[bold]{Markup.Escape(numbers)}[/]")
            : (Markup.Escape(text), "grey", Markup.Escape(numbers));
        console.Markup($"{left}[{style}]{Markup.Escape(bar.ToString())}[/]{right}\n");
    }

    private void WriteSums(
        TraceDocument document, string title, Func<TracedCall, IReadOnlyList<TracedSum>> sums)
    {
        var name = Math.Max(title.Length + 3, document.Placements.Max(call =>
            Math.Max("latency".Length, sums(call).Max(sum => (int?)sum.Name.Length) ?? 0)));
        var column = Math.Max(
            document.Placements.Max(call => call.Placement.Length),
            Amounts.Count(document.Placements.Max(call => call.LatencyCycles)).Length);
        var fitting = Math.Max(1, (console.Profile.Width - 1 - name) / (column + 2));
        foreach (var block in document.Placements.Chunk(fitting))
        {
            Row("by " + title, call => call.Placement, isTitle: true);
            var names = block.SelectMany(sums).GroupBy(sum => sum.Name)
                .OrderByDescending(group => group.Sum(sum => sum.Cycles))
                .ThenBy(group => group.Key, StringComparer.Ordinal)
                .Select(group => group.Key);
            foreach (var each in names)
            {
                Row(each, call => sums(call).FirstOrDefault(sum => sum.Name == each) is { } sum
                    ? Amounts.Count(sum.Cycles)
                    : "-");
            }

            Row("latency", call => Amounts.Count(sums(call).Sum(sum => sum.Cycles)), isTitle: true);
            console.WriteLine();

            void Row(string first, Func<TracedCall, string> cell, bool isTitle = false) => Line(
                first.PadRight(name) + string.Concat(
                    block.Select(call => cell(call).PadLeft(column + 2))),
                isTitle);
        }
    }

    private string Fit(string text, int columns) =>
        glyphs.Fit(glyphs.Printable(text), columns).PadRight(columns);

    private void Line(string text, bool isTitle = false)
    {
        var fitting = Markup.Escape(
            glyphs.Fit(glyphs.Printable(text), console.Profile.Width - 1).TrimEnd());
        console.Markup((isTitle ? $"[bold]{fitting}[/]" : fitting) + "\n");
    }

    /// <summary>Columns, and the longest call: what the whole bar stands for.</summary>
    private sealed record Layout(
        int Label, int Bar, int Cycles, int Nanoseconds, long Longest, Frequency Frequency);
}
