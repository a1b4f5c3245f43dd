using Abi.Costs;
using Abi.Devices;
using Abi.Kernel;
using Abi.Posix;
using Abi.Units;
using Engine;
using LibSys;
using Machine.Devices;
using Microkernel.Accounting;
using Microkernel.Objects;
using Records;

namespace Machine.Threads;

/// <summary>
/// One activation on a thread's stack: a program, a component's loop, or a handler that the thread
/// entered.
/// It is the trap gate of the code that runs in it.
/// </summary>
internal sealed class Frame : ITrapGate
{
    private readonly Fiber fiber;
    private readonly Hardware hardware;
    private readonly ResumePoint point = new();
    private readonly Action onAnswered;
    private ValueTask<Message> handler;

    public Frame(Fiber fiber, Hardware hardware)
    {
        this.fiber = fiber;
        this.hardware = hardware;
        onAnswered = Answered;
    }

    public Registers Registers { get; } = new();

    /// <summary>The component whose code runs in it, or null: a program.</summary>
    public ComponentRecord? Component { get; set; }

    /// <summary>Whether it was entered through the kernel, so that leaving it is an
    /// operation.</summary>
    public bool ByTrap { get; set; }

    /// <summary>The number of the answer that its caller waits for.</summary>
    public int Reply { get; set; }

    /// <summary>Whether it has returned "later" and waits for its answer.</summary>
    public bool IsDeferred { get; set; }

    /// <summary>Whether it waits to be left.</summary>
    public bool IsLeaving { get; set; }

    /// <summary>What its code is given, for its component.</summary>
    public Activation? Activation { get; set; }

    /// <summary>The component for which <see cref="Activation"/> was made.</summary>
    public ConnectionTable? ActivationConnections { get; set; }

    public Frequency Frequency => hardware.Options.Profile.Frequency;

    private Tcb Thread => fiber.Thread;

    private int Charged => Component?.Index ?? hardware.Kernel.Bill.ProgramComponent;

    public ValueTask Trap()
    {
        var kernel = hardware.Kernel;
        Thread.Registers = Registers;
        switch (Registers.Number)
        {
            case Syscall.Call:
                if (kernel.CrossingOf(Thread, out var component, out var capability)
                    is Crossing.ProcedureCall or Crossing.Gate)
                {
                    return EnterByProcedureCall(component!, capability!.Badge);
                }

                break;
            case Syscall.LeaseRead or Syscall.LeaseWrite when IsInReach(Registers.Message.Lease):
                Registers.Error = kernel.CopyLease(
                    Thread, Registers.Number == Syscall.LeaseWrite, out var lines);
                if (lines > 0)
                {
                    Work(Part.CopyLine, lines);
                }

                return ValueTask.CompletedTask;
        }

        fiber.Trap(TrapKind.Syscall);
        return point.Await();
    }

    public void Work(Part part, long count = 1)
    {
        Thread.Log.Charge(part, Charged, count, hardware.Options.Profile[part]);
        if (Thread.Log.Length > hardware.SegmentLimit)
        {
            throw new LimitReachedException();
        }
    }

    public ValueTask Pause()
    {
        fiber.Trap(TrapKind.Pause);
        return point.Await();
    }

    public VirtualTime ReadClock() => new(Thread.SegmentStart + Thread.Log.Length);

    public void Submit(int device, in DeviceRequest request)
    {
        if (hardware.Kernel.Options.IsGuest)
        {
            Work(Part.DeviceExit);
            hardware.Kernel.Counts[(int)Counter.VmExits]++;
        }

        var port = FindDevice(device);
        if (port.Model.IsImmediate)
        {
            var memory = fiber.ResolveDma(request);
            port.Model.Submit(
                new DeviceCommand(
                    request, memory, DeviceWait.By(Thread), Thread.Domain, port.Epoch),
                ReadClock(), new ImmediateBus(port, Frequency));
        }
        else
        {
            fiber.Doorbells.Add((port, request));
        }
    }

    public bool TryTakeCompletion(int device, out DeviceCompletion completion) =>
        FindDevice(device).Completions.TryDequeue(out completion);

    public void CallBegins(PosixCall call, long a, long b, long c, string text) =>
        Thread.Log.Begin(Bill.NewCall(call, a, b, c, text));

    public void CallEnds(long result) => Thread.Log.End(result);

    public void Step(FaultStep step)
    {
        if (Component is not null)
        {
            hardware.Faults.Reach(Component.Name, step);
        }
    }

    /// <summary>The kernel returns to this frame.</summary>
    public void Return()
    {
        if (point.IsArmed)
        {
            point.Resume();
        }
    }

    /// <summary>Runs the handler of the component that the thread has entered.</summary>
    /// <returns>Whether it has returned, and been left, at once.</returns>
    public bool Run(Request request)
    {
        var component = hardware.Instances[Component!.Index];
        handler = ServerLoop.Handle(component, request, fiber.ActivationFor(this));
        if (handler.IsCompletedSuccessfully)
        {
            return fiber.Leave(this, handler.Result);
        }

        if (handler.IsCompleted)
        {
            Answered();
            return false;
        }

        handler.GetAwaiter().UnsafeOnCompleted(onAnswered);
        return false;
    }

    private void Answered()
    {
        Message answer;
        try
        {
            answer = handler.GetAwaiter().GetResult();
        }
        catch (Exception exception)
        {
            // Not handled here: the thread's actor throws it on to supervision.
            fiber.Fail(exception);
            return;
        }

        if (fiber.Leave(this, answer))
        {
            fiber.Top.Return();
        }
    }

    private ValueTask EnterByProcedureCall(ComponentRecord component, long badge)
    {
        Thread.Entering = component;
        Thread.EntersByTrap = false;
        Thread.EntryBadge = badge;
        if (!hardware.Kernel.TryEnter(Thread, component))
        {
            fiber.Trap(TrapKind.Enter);
            return point.Await();
        }

        // Armed first: the handler may answer while it is being run.
        return fiber.Enter() ? ValueTask.CompletedTask : point.Await();
    }

    private bool IsInReach(Lease lease) =>
        Thread.InKernelMode
        || lease.Thread == Thread.Index
        || (lease.Thread >= 0 && lease.Thread < hardware.Kernel.Threads.Count
            && hardware.Kernel.Threads[lease.Thread].Home == Thread.Domain);

    private DevicePort FindDevice(int device)
    {
        foreach (var port in hardware.Devices)
        {
            if (port.Owner == Component?.Name && device-- == 0)
            {
                return port;
            }
        }

        throw new InvalidOperationException("this device is not mapped into this component");
    }
}

/// <summary>A segment without a trap would exceed the limit of virtual time.</summary>
internal sealed class LimitReachedException : Exception;
