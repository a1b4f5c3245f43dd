namespace Records;

/// <summary>How a call reaches a component: what kind of boundary lies between. Placement decides
/// it.</summary>
public enum Crossing
{
    /// <summary>Into another domain: an IPC through the kernel.</summary>
    Ipc,
    /// <summary>From a user domain into the kernel's: a trap, and the caller's thread
    /// migrates.</summary>
    KernelTrap,
    /// <summary>Within one domain: a procedure call on the caller's thread.</summary>
    ProcedureCall,
    /// <summary>Into another user domain without the kernel: the caller's thread migrates through
    /// a gate that the processor guards.</summary>
    Gate,
}
