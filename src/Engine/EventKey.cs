namespace Engine;

/// <summary>
/// The place of a timed event in the order of all, as one number: time, then class, then lane.
/// Events of equal key keep the order in which they were posted.
/// </summary>
internal static class EventKey
{
    private const int ClassShift = 8;
    private const int TimeShift = 10;

    /// <summary>The last instant that has a key, in cycles: 2^53 - 1, 34 days at 3 GHz.</summary>
    public const long MaxCycles = long.MaxValue >> TimeShift;

    public const int MaxLane = (1 << ClassShift) - 1;

    public static bool HasPlace(EventClass eventClass, int lane) =>
        unchecked((uint)eventClass <= (uint)EventClass.Trap && (uint)lane <= MaxLane);

    public static long Encode(long cycles, EventClass eventClass, int lane) =>
        (cycles << TimeShift) | ((long)eventClass << ClassShift) | (long)lane;

    public static long CyclesOf(long key) => key >> TimeShift;
}
