using Microkernel.Placing;

namespace Microkernel;

/// <summary>The kernel's parameters.</summary>
public sealed record KernelOptions
{
    /// <summary>How many cores the machine has; 1 to 64.</summary>
    public int Cores { get; init; } = 1;

    /// <summary>Whether IPC may take the fast path.</summary>
    public bool FastPath { get; init; } = true;

    /// <summary>What the kernel's lock covers.</summary>
    public KernelLockPolicy KernelLock { get; init; }

    /// <summary>How components in the kernel's domain exclude each other.</summary>
    public LockPolicy DomainLock { get; init; }

    /// <summary>Who is received first.</summary>
    public ReceiveOrder ReceiveOrder { get; init; }
}
