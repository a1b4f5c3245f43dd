using Abi;
using Abi.Costs;
using Abi.Kernel;
using Microkernel.Objects;
using Microkernel.Scheduling;
using Records;

namespace Microkernel;

/// <summary>The system-call table.</summary>
public sealed partial class Kernel
{
    private void Syscalls(Operation op, Tcb thread)
    {
        thread.Registers.Error = Errno.None;
        if (thread.Registers.Number is not (Syscall.Call or Syscall.ReplyReceive or Syscall.Null))
        {
            LeaveFastPath(op);
        }

        switch (thread.Registers.Number)
        {
            case Syscall.Call:
                if (CrossingOf(thread, out var component, out _) == Crossing.Ipc)
                {
                    Call(op, thread);
                }
                else
                {
                    LeaveFastPath(op);
                    CallIntoKernelDomain(op, thread, component!);
                }

                break;
            case Syscall.Send:
                Send(op, thread, mayBlock: true);
                break;
            case Syscall.SendNonBlocking:
                Send(op, thread, mayBlock: false);
                break;
            case Syscall.Receive:
                Receive(op, thread, mayBlock: true);
                break;
            case Syscall.ReceiveNonBlocking:
                Receive(op, thread, mayBlock: false);
                break;
            case Syscall.Reply:
                Reply(op, thread);
                break;
            case Syscall.ReplyReceive:
                ReplyReceive(op, thread);
                break;
            case Syscall.Pulse:
                SendPulse(op, thread);
                break;
            case Syscall.LeaseRead:
                TrapLease(op, thread, into: false);
                break;
            case Syscall.LeaseWrite:
                TrapLease(op, thread, into: true);
                break;
            case Syscall.Signal:
                Signal(op, thread);
                break;
            case Syscall.Wait:
                Wait(op, thread, mayBlock: true);
                break;
            case Syscall.Poll:
                Wait(op, thread, mayBlock: false);
                break;
            case Syscall.EventAwait:
                AwaitEvent(op, thread);
                break;
            case Syscall.EventAdvance:
                AdvanceEvent(op, thread);
                break;
            case Syscall.Yield:
                op.Charge(Part.YieldPath);
                thread.QuantumLeft = 0;
                break;
            case Syscall.ThreadExit:
                ExitThread(op, thread);
                break;
            case Syscall.ProcessCreate:
                op.Charge(Part.ProcessPath);
                CreateProcess(op, thread);
                break;
            case Syscall.ComponentRestart:
                op.Charge(Part.ProcessPath);
                RestartComponent(op, thread);
                break;
            case Syscall.ComponentReady:
                op.Charge(Part.ProcessPath);
                ComponentReady(op, thread);
                break;
            case Syscall.CapCopy:
                op.Charge(Part.SmallCall);
                CopyCapability(thread, mint: false);
                break;
            case Syscall.CapMint:
                op.Charge(Part.SmallCall);
                CopyCapability(thread, mint: true);
                break;
            case Syscall.CapMove:
                op.Charge(Part.SmallCall);
                MoveCapability(thread);
                break;
            case Syscall.CapRevoke:
                op.Charge(Part.SmallCall);
                RevokeCapability(thread);
                break;
            case Syscall.CapDelete:
                op.Charge(Part.SmallCall);
                DeleteCapability(thread);
                break;
            case Syscall.NotificationCreate:
                op.Charge(Part.SmallCall);
                CreateNotification(thread);
                break;
            case Syscall.NotificationBind:
                op.Charge(Part.SmallCall);
                Bind(thread);
                break;
            case Syscall.EndpointCreate:
                op.Charge(Part.SmallCall);
                CreateEndpoint(thread);
                break;
            case Syscall.ComponentEndpoint:
                op.Charge(Part.SmallCall);
                ComponentEndpoint(op, thread);
                break;
            case Syscall.LifeEventNext:
                op.Charge(Part.SmallCall);
                NextLifeEvent(thread);
                break;
            case Syscall.TimerSet:
                op.Charge(Part.SmallCall);
                SetTimer(op, thread);
                break;
            case Syscall.InterruptAcknowledge:
                op.Charge(Part.SmallCall);
                AcknowledgeInterrupt(op, thread);
                break;
            case Syscall.InterruptMask:
                op.Charge(Part.SmallCall);
                MaskInterrupt(thread);
                break;
            case Syscall.ClockRead:
                op.Charge(Part.SmallCall);
                thread.Registers.Arg0 = op.Start;
                break;
            case Syscall.UndefinedInstruction:
                DeliverFault(op, thread);
                break;
            case Syscall.Hypercall:
                CallHypervisor(op, thread);
                break;
            case Syscall.Null:
                break;
            case Syscall.None:
            default:
                // Unlike elsewhere a default: the number comes from the user.
                SetError(thread, Errno.ENOSYS);
                break;
        }
    }
}
