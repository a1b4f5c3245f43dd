using Abi.Posix;
using Microkernel.Objects;

namespace Microkernel.Accounting;

/// <summary>A POSIX call under way, as the ledgers see it.</summary>
public sealed class CallRecord
{
    /// <summary>Which call.</summary>
    public PosixCall Call { get; internal set; }

    /// <summary>Its dense number.</summary>
    public int Kind { get; internal set; }

    /// <summary>Its ordinal number in the run, from 1.</summary>
    public long Number { get; internal set; }

    /// <summary>Its arguments and path, for those who watch calls.</summary>
    public long A, B, C;

    /// <summary>Its path, or empty.</summary>
    public string Text { get; internal set; } = "";

    /// <summary>When the clock was read at its begin, cycles.</summary>
    public long Began { get; set; }

    /// <summary>Whether it has returned; what is done for it afterwards is background.</summary>
    public bool IsOver { get; internal set; }

    /// <summary>The thread that made it.</summary>
    internal Tcb? Caller { get; set; }

    /// <summary>Whether its server died under it.</summary>
    public bool IsCutShort { get; internal set; }

    /// <summary>Up to when its time is partitioned, cycles.</summary>
    internal long PartitionedUntil { get; set; }

    /// <summary>Cycles that the latency ledger gave it, running or waiting.</summary>
    internal long Partitioned { get; set; }

    /// <summary>Cycles of those in which a core worked for it.</summary>
    internal long Running { get; set; }

    /// <summary>Cycles that the work ledger charged to it.</summary>
    internal long Charged { get; set; }
}
