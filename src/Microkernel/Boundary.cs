using Abi;
using Abi.Costs;
using Abi.Kernel;
using Microkernel.Objects;
using Microkernel.Placing;
using Microkernel.Scheduling;
using Records;

namespace Microkernel;

/// <summary>
/// What it takes to go from user to kernel mode, back, and to another thread: the mechanisms that a
/// machine or a kernel may have or not, each a part of its own. Page-table isolation writes the
/// page-table base at each entry and at each exit; an exit into another address space needs only
/// that one write. Without tagged entries each write empties the translation buffer.
/// </summary>
public sealed partial class Kernel
{
    /// <summary>
    /// Cycles from a thread's trap to the point where the kernel's lock is asked for: its first
    /// instructions run without it.
    /// </summary>
    public long EntryLength(Tcb thread)
    {
        if (thread.InKernelMode)
        {
            return 0;
        }

        var isolation = Options.Isolation ? Bill.Profile[Part.IsolationSwitch] : 0;
        return Bill.Profile[Part.TrapEnter] + isolation;
    }

    private void EnterByTrap(Operation op, Tcb thread)
    {
        if (thread.InKernelMode)
        {
            return;
        }

        op.Charge(Part.TrapEnter);
        Count(Counter.ModeSwitches);
        Count(Counter.Traps);
        IsolateAtEntry(op);
        if (thread is { Trap: TrapKind.Syscall, Registers.Number: Syscall.UndefinedInstruction })
        {
            // An exception: neither a filter nor a sandbox looks at it as at a system call.
            return;
        }

        if (thread.IsProgram && Options.Interception != Interception.None)
        {
            op.Charge(Options.Interception == Interception.Ptrace
                ? Part.PtraceInterception
                : Part.SystrapInterception);
        }

        if (thread.Home.Filters > 0 && thread.Trap == TrapKind.Syscall)
        {
            op.Charge(Part.FilterEntry);
            if (!thread.Home.HasFilterBitmap)
            {
                op.Charge(Part.FilterRun, thread.Home.Filters);
                Count(Counter.FilterRuns, thread.Home.Filters);
            }
        }
    }

    private void EnterByInterrupt(Operation op, Counter counter)
    {
        op.Charge(Part.InterruptEntry);
        Count(counter);
        LeaveFastPath(op);
        if (Options.IsGuest)
        {
            op.Charge(Part.VirtualInterrupt);
            Count(Counter.VmExits);
        }

        if (op.Core.Current is { State: TcbState.Running, InKernelMode: false })
        {
            Count(Counter.ModeSwitches);
            IsolateAtEntry(op);
        }
    }

    private void IsolateAtEntry(Operation op)
    {
        if (Options.Isolation)
        {
            op.Charge(Part.IsolationSwitch);
            WritePageTable(op, Options.WorkingSet);
        }
    }

    /// <summary>The page-table base is written: what was cached of the new space is lost, unless
    /// tagged.</summary>
    private void WritePageTable(Operation op, WorkingSet next)
    {
        Count(Counter.Cr3Writes);
        if (Options.TaggedTlb)
        {
            return;
        }

        Count(Counter.TlbFlushes);
        var lost = Math.Min(next.Pages, Bill.Profile.TlbEntries);
        if (lost > 0)
        {
            op.Charge(Part.TlbRefill, lost);
        }
    }

    /// <summary>The core's next thread gets its address space, its registers and its
    /// mode.</summary>
    private void SwitchTo(Operation op, Tcb next, Tcb? current)
    {
        if (next != current)
        {
            Count(Counter.ContextSwitches);
            if (Options.SchedulingContexts && !op.DonatesBudget)
            {
                op.Charge(Part.BudgetSwitch);
                Count(Counter.BudgetSwitches);
            }
        }

        if (next.QuantumLeft <= 0)
        {
            next.QuantumLeft = Bill.Profile.Quantum.Count;
        }

        var leaves = !next.WillRunInKernelMode;
        LoadAddressSpace(op, next, leaves);
        if (next.UsesFpu && op.Core.FpuOwner != next)
        {
            op.Core.FpuOwner = next;
            op.Charge(Part.FpuSwitch);
            Count(Counter.FpuSwitches);
        }

        if (leaves)
        {
            op.ChargeExit(Part.TrapLeave);
            Count(Counter.ModeSwitches);
        }
        else if (Options.Cores > 1 && Options.DomainLock == LockPolicy.Big
            && BigLockHolder != next)
        {
            op.Charge(Part.ComponentLock);
        }
    }

    private void LoadAddressSpace(Operation op, Tcb next, bool leaves)
    {
        // Threads of the kernel's domain run in whatever address space is loaded.
        if (!next.Home.IsKernel && op.Core.LoadedSpace != next.Home.Index)
        {
            op.Core.LoadedSpace = next.Home.Index;
            op.Charge(Part.AddressSpaceSwitch);
            Count(Counter.AddressSpaceSwitches);
            WritePageTable(op, next.Home.WorkingSet);
            if (Options.CacheFlush != CacheFlush.None)
            {
                var isLocal = Options.CacheFlush == CacheFlush.Local;
                op.Charge(isLocal ? Part.CacheFlushLocal : Part.CacheFlushFull);
            }

            var cold = op.Core.Cache.Enter(
                next.Home.Index, next.Home.WorkingSet.Lines, Bill.Profile.CacheLines);
            if (cold > 0)
            {
                op.Charge(Part.CacheRefill, cold);
            }
        }
        else if (leaves && Options.Isolation)
        {
            op.ChargeExit(Part.IsolationSwitch);
            WritePageTable(op, next.Home.WorkingSet);
        }
    }

    /// <summary>Every entry off the fast path: with scheduling contexts it reads the clock and
    /// checks the budget; a kernel for several cores looks for its own.</summary>
    private void LeaveFastPath(Operation op)
    {
        if (IsMultiprocessor)
        {
            op.Charge(Part.MultiprocessorPath);
        }

        if (Options.SchedulingContexts)
        {
            op.Charge(Part.BudgetCheck);
        }
    }

    /// <summary>The next thread goes on with the budget of this one: it is lent, not
    /// changed.</summary>
    private void DonateBudget(Operation op)
    {
        if (Options.SchedulingContexts)
        {
            op.Charge(Part.BudgetDonation);
            op.DonatesBudget = true;
        }
    }

    /// <summary>The hypervisor's null call.</summary>
    private void CallHypervisor(Operation op, Tcb thread)
    {
        if (!Options.IsGuest)
        {
            SetError(thread, Errno.ENODEV);
            return;
        }

        op.Charge(Part.Hypercall);
        Count(Counter.VmExits);
    }
}
