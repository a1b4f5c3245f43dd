using Records;
using Telemetry.Text;

namespace Telemetry.Stepping;

/// <summary>A line of a picture.</summary>
/// <param name="Text">It.</param>
/// <param name="IsTitle">Whether it stands out.</param>
public readonly record struct ViewLine(string Text, bool IsTitle = false);

/// <summary>Draws the state of a run as lines of text: the same state is the same lines.</summary>
/// <param name="tape">The run.</param>
/// <param name="title">What it is a run of.</param>
/// <param name="glyphs">What to draw with.</param>
public sealed class StepView(RunTape tape, string title, Glyphs glyphs)
{
    private const int Events = 8;
    private const int Names = 26;
    private const int Plenty = 1000;

    /// <summary>How things are said.</summary>
    public RunWords Words { get; } = new(tape.Run, tape.Origin, glyphs);

    /// <summary>The machine after so many records.</summary>
    /// <param name="records">How many.</param>
    /// <param name="width">Columns; longer lines are cut.</param>
    /// <param name="height">Lines, or 0: as many as there are to say.</param>
    public IReadOnlyList<ViewLine> Draw(long records, int width, int height = 0)
    {
        // States are functions of what was before: the past first, the present from it.
        var events = LastEvents(records);
        var state = tape.StateAfter(records);
        var sections = new List<Section>
        {
            new("Cores", Cores(state), 4),
            new("Open calls: who waits for whom", Calls(state), 2),
            new("Threads at work", Threads(state), 2),
            new("Queues", Queues(state), 1),
            new("Devices", Devices(state), 1),
            new("Components down", Down(state), 1),
            new("Last events", events, 2),
        };
        var room = height == 0 ? int.MaxValue : height - 1;
        Shrink(sections, room);

        var lines = new List<ViewLine> { new(Header(state), true) };
        foreach (var section in sections.Where(section => section.Lines.Count > 0))
        {
            lines.Add(new ViewLine(section.Title, true));
            lines.AddRange(section.Shown().Select(line => new ViewLine("  " + line)));
        }

        return
        [
            .. lines.Take(room).Select(line =>
                line with { Text = glyphs.Fit(glyphs.Printable(line.Text), width).TrimEnd() }),
        ];
    }

    private string Header(RunState state)
    {
        var last = tape.Count > 0 ? $" of {Amounts.Count(tape.Count)}" : "";
        var when = state.Now < tape.Origin ? " (the machine comes up)" : "";
        return $"{title}  record {Amounts.Count(state.Records)}{last}  "
            + $"{Words.Instant(state.Now)}{when}";
    }

    private List<string> Cores(RunState state) =>
    [
        .. state.Cores.Select((core, number) =>
        {
            var ready = state.Threads
                .Where(thread => thread.Mode == ThreadMode.Ready && thread.About.Core == number)
                .OrderBy(thread => thread.Since)
                .Select(thread => RunWords.Thread(state, thread.About.Index))
                .ToList();
            return $"{number}: {Words.Core(core, state)}"
                + (ready.Count == 0 ? "" : $"; ready: {string.Join(", ", ready)}");
        }),
    ];

    private List<string> Calls(RunState state) =>
    [
        .. state.Threads
            .Where(thread => thread.Call >= 0 && thread.Mode != ThreadMode.Dead)
            .OrderBy(thread => thread.CallBegan)
            .Select(thread => $"{Words.Length(Math.Max(0, state.Now - thread.CallBegan)),12}  "
                + Words.Chain(thread, state)),
    ];

    private List<string> Threads(RunState state)
    {
        var alive = state.Threads.Where(thread => thread.Mode != ThreadMode.Dead).ToList();
        var lines = alive.Where(thread => !thread.IsOffDuty)
            .Select(thread => RunWords.Thread(state, thread.About.Index).PadRight(Names - 1) + " "
                + Words.Thread(thread, state))
            .ToList();
        var offDuty = alive.Count(thread => thread.IsOffDuty);
        if (offDuty > 0)
        {
            lines.Add($"{offDuty} more wait for messages or signals");
        }

        return lines;
    }

    private List<string> Queues(RunState state)
    {
        var waiting = state.Threads
            .Where(thread => thread.Mode == ThreadMode.Blocked
                && thread.Wait.Kind is WaitKind.Send or WaitKind.Entry or WaitKind.Lock)
            .OrderBy(thread => thread.Since)
            .GroupBy(thread => (thread.Wait.Kind, thread.Wait.Component,
                Process: thread.Wait.Component < 0 ? thread.Awaited : -1))
            .OrderBy(group => group.Key.Component)
            .ThenBy(group => group.Key.Process);
        return
        [
            .. waiting.Select(group =>
            {
                var where = group.Key.Component < 0
                    ? RunWords.Thread(state, group.Key.Process)
                    : Words.Component(group.Key.Component);
                var what = group.Key.Kind switch
                {
                    WaitKind.Entry => "activations of ",
                    WaitKind.Lock => "lock of ",
                    WaitKind.Send or WaitKind.Reply or WaitKind.Receive or WaitKind.Notification
                        or WaitKind.Event => "endpoint of ",
                };
                var names = group.Select(thread => RunWords.Thread(state, thread.About.Index));
                return (what + where).PadRight(Names + 5) + $" {group.Count()} wait: "
                    + string.Join(", ", names);
            }),
        ];
    }

    private List<string> Devices(RunState state) =>
    [
        .. state.Devices.Select((device, number) => (device, Name: tape.Run.Devices[number]))
            .Where(each => each.device.Busy.Length > 0 || each.device.Done > 0)
            .Select(each => $"{each.Name,-12} {Amounts.Count(each.device.Done)} done; "
                + (each.device.Busy.Length == 0
                    ? "idle"
                    : "serves " + string.Join(", ", each.device.Busy.Select(request =>
                        $"#{request.Tag} for {RunWords.Thread(state, request.Thread)}")))),
    ];

    private List<string> Down(RunState state) =>
    [
        .. state.Components.Select((component, number) => (component, number))
            .Where(each => !each.component.IsUp)
            .Select(each =>
                $"{Words.Component(each.number)}#{each.component.Incarnation} has crashed"),
    ];

    private List<string> LastEvents(long records)
    {
        var lines = new List<string>();
        var state = tape.StateAfter(Math.Max(0, records - Events));
        while (state.Records < records)
        {
            var record = tape[state.Records];
            state = tape.Next(state);
            lines.Add($"{Words.Instant(record.Time),18}  {Words.Event(record, state)}");
        }

        if (lines.Count > 0)
        {
            lines[^1] = glyphs.Mark + lines[^1][1..];
        }

        return lines;
    }

    // The longest lists give way first, down to what each of them keeps.
    private static void Shrink(List<Section> sections, int room)
    {
        while (sections.Sum(section => section.Height) > room)
        {
            var longest = sections.Where(section => section.CanShrink)
                .MaxBy(section => Math.Min(section.Limit, section.Lines.Count));
            if (longest is null)
            {
                return;
            }

            longest.Limit = Math.Min(longest.Limit, longest.Lines.Count) - 1;
        }
    }

    /// <summary>A list under a title, of which some may be left out.</summary>
    private sealed record Section(string Title, IReadOnlyList<string> Lines, int Least)
    {
        public int Limit { get; set; } = Plenty;

        public int Height => Lines.Count == 0 ? 0 : 1 + Math.Min(Limit, Lines.Count);

        public bool CanShrink => Math.Min(Limit, Lines.Count) > Math.Min(Least, Lines.Count);

        // Of events the last are shown, of anything else the first.
        public IEnumerable<string> Shown()
        {
            if (Lines.Count <= Limit)
            {
                return Lines;
            }

            return Title.StartsWith("Last", StringComparison.Ordinal)
                ? Lines.TakeLast(Limit)
                : Lines.Take(Limit - 1)
                    .Append($"and {Amounts.Count(Lines.Count - Limit + 1)} more");
        }
    }
}
