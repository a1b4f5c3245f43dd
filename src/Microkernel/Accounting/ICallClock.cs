using Microkernel.Objects;

namespace Microkernel.Accounting;

/// <summary>
/// Reads the clock at the begin and the end of each call, and knows nothing of ledgers.
/// </summary>
public interface ICallClock
{
    /// <summary>A call of a thread begins at an instant, in cycles.</summary>
    void Begins(Tcb thread, CallRecord call, long now);

    /// <summary>It ends with a result at an instant. The difference of the two instants, in
    /// cycles.</summary>
    long Ends(Tcb thread, CallRecord call, long result, long now);

    /// <summary>It will never end: its process dies, or the run stops, at an instant. The
    /// difference of that and its begin, in cycles.</summary>
    long Abandons(CallRecord call, long now);
}
