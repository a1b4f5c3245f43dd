namespace LibSys.Protocols;

/// <summary>What the timer server understands.</summary>
public static class TimerProtocol
{
    /// <summary>The server's name.</summary>
    public const string Name = "timer";

    /// <summary>
    /// A: an instant, in cycles since the machine was switched on. The answer comes when it has
    /// passed, at once if it has already. An instant, not a length: asking again after a crash does
    /// not sleep longer.
    /// </summary>
    public const int SleepUntil = 1;
}
