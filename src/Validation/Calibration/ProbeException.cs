namespace Validation.Calibration;

/// <summary>Something cannot be measured on this host; the message says why.</summary>
internal sealed class ProbeException(string message) : Exception(message);
