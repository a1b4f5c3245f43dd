using Records;

namespace Telemetry.OpenTelemetry;

/// <summary>How long repairs took, read off the timeline of a run.</summary>
internal static class Repairs
{
    /// <summary>
    /// For each component that came back, how long that took: from its last crash before to its
    /// first good reply; for the kernel, from the panic to the end of the reboot. Who shares a
    /// domain that dies has crashed too.
    /// </summary>
    public static IEnumerable<(string Component, long Cycles)> Of(
        IEnumerable<TimelineEntry> timeline)
    {
        var since = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var entry in timeline)
        {
            switch (entry.Event)
            {
                case "crashed" or "collateral" or "panic":
                    since[entry.Component] = entry.Cycles;
                    break;
                case "first-good-reply" or "rebooted"
                    when since.Remove(entry.Component, out var crashed):
                    yield return (entry.Component, entry.Cycles - crashed);
                    break;
            }
        }
    }
}
