namespace Telemetry.OpenTelemetry;

/// <summary>Not all that was to be sent arrived: what, where to, and why as far as known.</summary>
public sealed class NotExportedException : Exception
{
    /// <summary>Nothing more is known.</summary>
    public NotExportedException() : this("not all was exported") { }

    /// <summary>What did not arrive, where, and why.</summary>
    public NotExportedException(string message) : base(message) { }

    /// <summary>The same, and what made it known.</summary>
    public NotExportedException(string message, Exception inner) : base(message, inner) { }
}
