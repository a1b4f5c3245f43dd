using Records;

namespace Telemetry.OpenTelemetry;

/// <summary>A component's time from its crash to its first good reply, or until the machine is up
/// again.</summary>
internal sealed class Outage(string component)
{
    private readonly List<TimelineEntry> entries = [];

    /// <summary>Who was down.</summary>
    public string Component { get; } = component;

    /// <summary>What happened meanwhile, in order of time; at least one entry.</summary>
    public IReadOnlyList<TimelineEntry> Entries => entries;

    /// <summary>When it began, cycles of virtual time.</summary>
    public long Began => entries[0].Cycles;

    /// <summary>When it was over; null: it never was.</summary>
    public long? Ended { get; private set; }

    /// <summary>All that a timeline tells of, in order of their beginnings.</summary>
    public static IReadOnlyList<Outage> Of(IReadOnlyList<TimelineEntry> timeline)
    {
        var outages = new List<Outage>();
        foreach (var entry in timeline)
        {
            var open = outages.FindLast(each =>
                each.Component == entry.Component && each.Ended is null);
            if (open is null)
            {
                outages.Add(open = new Outage(entry.Component));
            }

            open.entries.Add(entry);
            switch (entry.Event)
            {
                case "first-good-reply":
                    open.Ended = entry.Cycles;
                    break;
                case "rebooted":
                    outages.FindAll(each => each.Ended is null)
                        .ForEach(each => each.Ended = entry.Cycles);
                    break;
            }
        }

        return outages;
    }
}
