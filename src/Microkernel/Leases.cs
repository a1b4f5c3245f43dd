using Abi;
using Abi.Costs;
using Abi.Kernel;
using Microkernel.Objects;
using Microkernel.Scheduling;
using Records;

namespace Microkernel;

/// <summary>
/// Memory lent for one call (Hubris leases, MINIX grants): range, access, one grantee; taken back
/// at the
/// instant the caller is answered. A lease may be lent onward, at most <see cref="MaximumDepth"/>
/// times
/// (MINIX, minix/kernel/system/do_safecopy.c: MAX_INDIRECT_DEPTH).
/// </summary>
public sealed partial class Kernel
{
    /// <summary>How often a lease may be lent onward; beyond it the call is answered
    /// ELOOP.</summary>
    public const int MaximumDepth = 5;

    /// <summary>A line of the copy, bytes: <see cref="Part.CopyLine"/> is charged for each
    /// begun.</summary>
    public const int CopyLineBytes = 64;

    /// <summary>Starts lending what the registers of a call say; sets the error and refuses if that
    /// is not possible.</summary>
    private bool LendFor(Tcb caller, ProtectionDomain grantee)
    {
        var registers = caller.Registers;
        var onward = registers.Message.Lease;
        if (registers.LendAccess != LeaseAccess.None)
        {
            caller.Lent.Add(new LentMemory(
                ++caller.ReplySequence, registers.Lend, registers.LendAccess, grantee,
                Lease.None, 0));
            return true;
        }

        if (onward == Lease.None)
        {
            caller.Lent.Add(default);
            return true;
        }

        if (FindLent(onward) is not { } lent || lent.Grantee != caller.Domain)
        {
            SetError(caller, Errno.EPERM);
            return false;
        }

        if (lent.Depth >= MaximumDepth)
        {
            SetError(caller, Errno.ELOOP);
            return false;
        }

        caller.Lent.Add(new LentMemory(
            ++caller.ReplySequence, default, lent.Access, grantee, onward, lent.Depth + 1));
        return true;
    }

    private static Lease LeaseOf(Tcb lender)
    {
        var lent = lender.Lent[^1];
        if (lent.Access == LeaseAccess.None)
        {
            return Lease.None;
        }

        var length = lent.Onward == Lease.None ? lent.Memory.Length : lent.Onward.Length;
        return new Lease(lender.Index, lent.Sequence, length, lent.Access);
    }

    private static void EndLending(Tcb caller)
    {
        if (caller.Lent.Count > 0)
        {
            caller.Lent.RemoveAt(caller.Lent.Count - 1);
        }
    }

    private LentMemory? FindLent(Lease lease)
    {
        if (lease.Thread < 0 || lease.Thread >= Threads.Count)
        {
            return null;
        }

        var lender = Threads[lease.Thread];
        if (lender.State == TcbState.Dead)
        {
            return null;
        }

        foreach (var lent in lender.Lent)
        {
            if (lent.Sequence == lease.Sequence && lent.Access != LeaseAccess.None)
            {
                return lent;
            }
        }

        return null;
    }

    /// <summary>
    /// The lent range that a domain may access: EPERM if the lease is revoked, another's or not
    /// lent for
    /// this, EFAULT if the range lies outside.
    /// </summary>
    public Errno Borrow(
        ProtectionDomain borrower, Lease lease, LeaseAccess access, long offset, int length,
        out Memory<byte> memory)
    {
        memory = default;
        var lent = FindLent(lease);
        if (lent is null || lent.Value.Grantee != borrower || (lent.Value.Access & access) == 0)
        {
            return Errno.EPERM;
        }

        while (lent.Value.Onward != Lease.None)
        {
            lent = FindLent(lent.Value.Onward);
            if (lent is null)
            {
                return Errno.EPERM;
            }
        }

        var range = lent.Value.Memory;
        if (offset < 0 || offset > range.Length || length > range.Length - offset)
        {
            return Errno.EFAULT;
        }

        memory = range.Slice((int)offset, length);
        return Errno.None;
    }

    /// <summary>Copies between a thread's own memory and memory lent to it; None, or why
    /// not.</summary>
    public Errno CopyLease(Tcb thread, bool into, out int lines)
    {
        var registers = thread.Registers;
        var length = registers.Buffer.Length;
        lines = (length + CopyLineBytes - 1) / CopyLineBytes;
        var access = into ? LeaseAccess.Write : LeaseAccess.Read;
        var error = Borrow(
            thread.Domain, registers.Message.Lease, access, registers.Arg0, length, out var memory);
        if (error != Errno.None)
        {
            lines = 0;
            return error;
        }

        if (into)
        {
            registers.Buffer.CopyTo(memory);
        }
        else
        {
            memory.CopyTo(registers.Buffer);
        }

        registers.Arg0 = length;
        Count(Counter.BytesCopied, length);
        return Errno.None;
    }

    private void TrapLease(Operation op, Tcb thread, bool into)
    {
        op.Charge(Part.SmallCall);
        var error = CopyLease(thread, into, out var lines);
        SetError(thread, error);
        if (lines > 0)
        {
            op.Charge(Part.CopyLine, lines);
        }
    }
}
