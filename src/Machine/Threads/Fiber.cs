using Abi;
using Abi.Devices;
using Abi.Kernel;
using LibSys;
using Machine.Devices;
using Microkernel.Objects;
using Records;

namespace Machine.Threads;

/// <summary>
/// A simulated thread's code: a stack of activations, the lowest of which is its program or loop.
/// The code
/// of one segment runs between a dispatch and the next trap.
/// </summary>
internal sealed class Fiber
{
    private readonly Hardware hardware;
    private readonly List<Frame> stack = [];
    private Exception? failure;
    private int depth;

    public Fiber(Tcb thread, Hardware hardware)
    {
        Thread = thread;
        this.hardware = hardware;
        Push(thread.HomeComponent);
    }

    public Tcb Thread { get; }

    /// <summary>The activation whose code runs.</summary>
    public Frame Top => stack[depth - 1];

    /// <summary>Requests to devices that leave when the segment is over.</summary>
    public List<(DevicePort Device, DeviceRequest Request)> Doorbells { get; } = [];

    /// <summary>Whether the segment ended in a trap.</summary>
    public bool HasTrapped { get; private set; }

    /// <summary>The segment ends here: the thread enters the kernel.</summary>
    public void Trap(TrapKind kind)
    {
        Thread.Trap = kind;
        HasTrapped = true;
    }

    /// <summary>Runs what the kernel said the thread goes on with.</summary>
    public void Dispatch(Action begin)
    {
        HasTrapped = false;
        switch (Thread.Resumption)
        {
            case Resumption.Begin:
                begin();
                break;
            case Resumption.Return:
                ReturnFromTrap();
                break;
            case Resumption.Enter:
                if (Enter())
                {
                    Top.Return();
                }

                break;
            case Resumption.Segment:
                throw new InvalidOperationException("a suspended segment has no code left to run");
        }
    }

    /// <summary>The exception that ended an activation, once; else null.</summary>
    public Exception? TakeFailure()
    {
        var taken = failure;
        failure = null;
        return taken;
    }

    /// <summary>In whose code the thread is.</summary>
    public ComponentRecord? FaultedComponent => Top.Component;

    public void Fail(Exception exception) => failure ??= exception;

    /// <summary>Pushes an activation of the component that the thread enters, and runs
    /// it.</summary>
    /// <returns>Whether it has returned, and been left, at once.</returns>
    public bool Enter()
    {
        var component = Thread.Entering!;
        var caller = Top;
        if (!hardware.Kernel.BeginMigration(Thread, component, out var migration))
        {
            Microkernel.Kernel.TryLeave(Thread, component);
            return true;
        }

        var message = caller.Registers.Message;
        message.Lease = migration.Lease;
        if (!Thread.EntersByTrap && component.Domain != Thread.Domain)
        {
            // Through a gate: the kernel has not passed what the message carries.
            message.Capability = Microkernel.Kernel.PassOut(
                Thread.Domain, component.Domain, message.Capability);
        }

        var frame = Push(component);
        frame.ByTrap = Thread.EntersByTrap;
        frame.Reply = migration.Reply;
        if (hardware.Kernel.Bill.Requests is not null)
        {
            Thread.Log.Enter(component.Index, CrossingInto(component));
        }

        Thread.RunIn(component.Domain, component);
        return frame.Run(new Request(
            message, new Badge(Thread.EntryBadge), new ReplyToken(Thread.Index, migration.Reply)));
    }

    /// <summary>A handler has answered: the thread leaves its component, at once or through the
    /// kernel.</summary>
    /// <returns>Whether it has left.</returns>
    public bool Leave(Frame frame, Message answer)
    {
        Thread.Registers = frame.Registers;
        if (answer.IsDeferred)
        {
            frame.IsDeferred = true;
            Thread.AwaitedReply = frame.Reply;
            Trap(TrapKind.AwaitReply);
            return false;
        }

        Microkernel.Kernel.EndMigration(Thread);
        if (hardware.Kernel.Bill.Requests is not null)
        {
            Thread.Log.Leave(frame.Component!.Index);
        }

        answer.Lease = Lease.None;
        if (!frame.ByTrap && Microkernel.Kernel.TryLeave(Thread, frame.Component!))
        {
            answer.Capability = Microkernel.Kernel.PassOut(
                Thread.Domain, DomainOf(stack[depth - 2]), answer.Capability);
            Pop(answer);
            return true;
        }

        frame.IsLeaving = true;
        frame.Registers.Message = answer;
        var caller = stack[depth - 2];
        Thread.Entering = frame.Component;
        Thread.ReturnsTo = (DomainOf(caller), caller.Component);
        Trap(TrapKind.Leave);
        return false;
    }

    /// <summary>What a component's code is given in an activation.</summary>
    public Activation ActivationFor(Frame frame)
    {
        var connections = hardware.Connections[frame.Component!.Index];
        if (frame.Activation is null || frame.ActivationConnections != connections)
        {
            frame.Activation = new Activation(frame, connections);
            frame.ActivationConnections = connections;
        }

        return frame.Activation;
    }

    /// <summary>The memory that a device may access for a request of this thread; empty if
    /// none.</summary>
    public Memory<byte> ResolveDma(in DeviceRequest request)
    {
        if (request.Lease == Lease.None)
        {
            return request.Memory;
        }

        var access = request.Operation is DeviceOperation.ReadSectors
            ? LeaseAccess.Write
            : LeaseAccess.Read;
        hardware.Kernel.Borrow(
            Thread.Domain, request.Lease, access, 0, request.Lease.Length, out var memory);
        return memory;
    }

    private Crossing CrossingInto(ComponentRecord component) =>
        Thread.EntersByTrap ? Crossing.KernelTrap
        : component.Domain == Thread.Domain ? Crossing.ProcedureCall
        : Crossing.Gate;

    private void ReturnFromTrap()
    {
        var top = Top;
        if (top.IsDeferred)
        {
            top.IsDeferred = false;
            if (Leave(top, top.Registers.Message))
            {
                Top.Return();
            }
        }
        else if (top.IsLeaving)
        {
            Pop(top.Registers.Message);
            Top.Return();
        }
        else
        {
            top.Return();
        }
    }

    private Frame Push(ComponentRecord? component)
    {
        if (depth == stack.Count)
        {
            stack.Add(new Frame(this, hardware));
        }

        var frame = stack[depth++];
        frame.Component = component;
        frame.IsDeferred = false;
        frame.IsLeaving = false;
        return frame;
    }

    private ProtectionDomain DomainOf(Frame frame) => frame.Component?.Domain ?? Thread.Home;

    private void Pop(Message answer)
    {
        depth--;
        var caller = Top;
        Thread.RunIn(DomainOf(caller), caller.Component);
        caller.Registers.Error = Errno.None;
        caller.Registers.Message = answer;
    }
}
