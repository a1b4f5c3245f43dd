namespace Microkernel.Placing;

/// <summary>How a call crosses from one user domain into another.</summary>
public enum UserCrossing
{
    /// <summary>An IPC through the kernel.</summary>
    Ipc,
    /// <summary>The VMFUNC instruction changes the extended page table (SkyBridge).</summary>
    Vmfunc,
    /// <summary>The WRPKRU instruction changes the protection keys (UnderBridge).</summary>
    ProtectionKeys,
}

/// <summary>Which caches are flushed when a core switches to another address space.</summary>
public enum CacheFlush
{
    /// <summary>None.</summary>
    None,
    /// <summary>The core's own, of the first level.</summary>
    Local,
    /// <summary>All of them.</summary>
    Full,
}

/// <summary>Who makes the system calls of programs.</summary>
public enum Interception
{
    /// <summary>They do.</summary>
    None,
    /// <summary>A tracer, which ptrace stops them for.</summary>
    Ptrace,
    /// <summary>A sandbox, which a filter's signal wakes (gVisor's systrap).</summary>
    Systrap,
}

/// <summary>How components that share the kernel's domain exclude each other.</summary>
public enum LockPolicy
{
    /// <summary>One lock for the whole domain, spun on; released at every block and taken again
    /// after.</summary>
    Big,
    /// <summary>A sleeping lock for each component, held across blocks.</summary>
    Component,
}

/// <summary>What the kernel's own lock covers, if there are several cores.</summary>
public enum KernelLockPolicy
{
    /// <summary>Every operation.</summary>
    Big,
    /// <summary>Operations on the same object.</summary>
    PerObject,
}

/// <summary>What becomes of processes whose calls would close a cycle.</summary>
public enum DeadlockPolicy
{
    /// <summary>The call that closes the cycle is answered EDEADLK (MINIX: ELOCKED).</summary>
    Detect,
    /// <summary>A call to a process that is not more urgent than the caller is answered EDEADLK, so
    /// that there can be no cycle (Hubris: only send uphill).</summary>
    Forbid,
    /// <summary>They wait for ever.</summary>
    Hang,
}

/// <summary>Which of those who wait at an endpoint is received first.</summary>
public enum ReceiveOrder
{
    /// <summary>Whoever came first, signals of a bound notification among them at their
    /// arrival.</summary>
    Fifo,
    /// <summary>The most urgent sender; equals first come, first served; a pending notification
    /// last.</summary>
    Priority,
    /// <summary>A pending notification, then whoever came first.</summary>
    NotificationsFirst,
}
