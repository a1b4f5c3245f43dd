namespace Abi.Kernel;

/// <summary>
/// What a trap hands to the kernel and gets back: the thread's registers and message buffer. User
/// code
/// fills them, traps, and reads them after the trap returned. See <see cref="Syscall"/> for which
/// count.
/// </summary>
public sealed class Registers
{
    /// <summary>Which system call.</summary>
    public Syscall Number;
    /// <summary>The capability invoked.</summary>
    public CapSlot Capability;
    /// <summary>The message sent or received.</summary>
    public Message Message;
    /// <summary>Memory lent with a Call; empty for none.</summary>
    public Memory<byte> Lend;
    /// <summary>What the receiver may do with <see cref="Lend"/>.</summary>
    public LeaseAccess LendAccess;
    /// <summary>The caller's own memory for LeaseRead and LeaseWrite.</summary>
    public Memory<byte> Buffer;
    /// <summary>The right to answer the message received, or to answer with.</summary>
    public ReplyToken Reply;
    /// <summary>The badge of the capability that the sender or signallers used.</summary>
    public Badge Badge;
    /// <summary>Plain arguments and results.</summary>
    public long Arg0, Arg1, Arg2;
    /// <summary>The kernel's answer.</summary>
    public Errno Error;
}
