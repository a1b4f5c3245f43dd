namespace Abi.Kernel;

/// <summary>A slot of the caller's capability space; 0 is always empty.</summary>
public readonly record struct CapSlot(int Index)
{
    /// <summary>The slot that holds no capability.</summary>
    public static CapSlot None => default;

    /// <summary>The naming server's endpoint, in every new capability space.</summary>
    public static CapSlot Naming => new(1);

    /// <summary>A component's own endpoint, with the right to receive.</summary>
    public static CapSlot OwnEndpoint => new(2);

    /// <summary>The notification that a component's device signals when it interrupts.</summary>
    public static CapSlot Interrupt => new(3);

    /// <summary>The notification that announces <see cref="LifeEvent"/>s to those
    /// subscribed.</summary>
    public static CapSlot LifeEvents => new(4);

    /// <summary>The endpoint to which the kernel sends the faults of a domain's threads.</summary>
    public static CapSlot FaultHandler => new(5);
}

/// <summary>The word fixed when a capability was minted; the receiver reads it to know the
/// client.</summary>
public readonly record struct Badge(long Value);

/// <summary>
/// The one-shot right to answer a caller. Stale after one use, and after the caller stopped
/// waiting.
/// </summary>
public readonly record struct ReplyToken(int Thread, int Sequence)
{
    /// <summary>A message that nobody waits to see answered.</summary>
    public static ReplyToken None => default;
}

/// <summary>What the holder of a capability may do with the object. A copy can only have
/// fewer.</summary>
[Flags]
public enum Rights
{
    /// <summary>Nothing.</summary>
    None = 0,
    /// <summary>Receive from an endpoint; wait on a notification.</summary>
    Read = 1,
    /// <summary>Send to an endpoint; signal a notification.</summary>
    Write = 2,
    /// <summary>Pass capabilities in messages, and mint badged copies.</summary>
    Grant = 4,
    /// <summary>All of them.</summary>
    All = Read | Write | Grant,
}

/// <summary>What the borrower of lent memory may do.</summary>
[Flags]
public enum LeaseAccess
{
    /// <summary>Nothing is lent.</summary>
    None = 0,
    /// <summary>Copy out of the lent memory.</summary>
    Read = 1,
    /// <summary>Copy into the lent memory.</summary>
    Write = 2,
}

/// <summary>
/// Memory of a caller that the receiver may touch through the kernel until the caller is answered:
/// a range with an access. Revoked at the instant the caller unblocks (Hubris, doc/ipc.adoc).
/// </summary>
public readonly record struct Lease(int Thread, int Sequence, int Length, LeaseAccess Access)
{
    /// <summary>No memory is lent.</summary>
    public static Lease None => default;
}
