using Records;

namespace Telemetry.OpenTelemetry;

/// <summary>A component's time from its crash to its first good reply; the kernel's from its
/// panic until the machine is up again.</summary>
internal sealed record Outage(string Component, List<TimelineEntry> Entries)
{
    public long Began => Entries[0].Cycles;

    public long? Ended => Entries[^1].Event is "first-good-reply" or "rebooted"
        ? Entries[^1].Cycles
        : null;

    public static List<Outage> Of(IReadOnlyList<TimelineEntry> timeline)
    {
        var outages = new List<Outage>();
        foreach (var entry in timeline)
        {
            var open = outages.FindLast(each =>
                each.Component == entry.Component && each.Ended is null);
            if (open is null)
            {
                outages.Add(open = new Outage(entry.Component, []));
            }

            open.Entries.Add(entry);
        }

        return outages;
    }
}
