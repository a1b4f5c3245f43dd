using System.Diagnostics.Tracing;
using System.Globalization;

namespace Telemetry.OpenTelemetry;

/// <summary>
/// Hears what the OpenTelemetry SDK says about itself: that data was dropped or not accepted, which
/// its answers do not tell.
/// </summary>
public sealed class SdkDiagnostics : EventListener
{
    private const int Most = 10;

    // Said of each meter in the process (the runtime's, HTTP's) that nobody wants.
    private const string IgnoredMeter = "MetricInstrumentIgnored";
    private readonly List<string> messages = [];

    /// <summary>The first warnings and errors, a line each, in order.</summary>
    public IReadOnlyList<string> Messages
    {
        get
        {
            lock (messages)
            {
                return [.. messages];
            }
        }
    }

    /// <inheritdoc/>
    protected override void OnEventSourceCreated(EventSource eventSource)
    {
        if (eventSource.Name.StartsWith("OpenTelemetry", StringComparison.Ordinal))
        {
            EnableEvents(eventSource, EventLevel.Warning);
        }
    }

    /// <inheritdoc/>
    protected override void OnEventWritten(EventWrittenEventArgs eventData)
    {
        if (eventData.EventName == IgnoredMeter)
        {
            return;
        }

        var text = eventData.Message is { } format
            ? string.Format(
                CultureInfo.InvariantCulture, format, [.. eventData.Payload ?? []])
            : eventData.EventName ?? "";

        // What follows a line's end is a stack trace.
        var line = text.Split('\n', 2)[0].TrimEnd();
        lock (messages)
        {
            if (messages.Count < Most && !messages.Contains(line))
            {
                messages.Add(line);
            }
        }
    }
}
