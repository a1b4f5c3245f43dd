using Akka.Actor;
using Engine;
using LibSys;
using Microkernel.Objects;

namespace Machine.Threads;

/// <summary>
/// A simulated thread. The kernel tells it when it runs; it runs the code of its segment at once,
/// and tells
/// the kernel at the segment's end, when its cycles have passed.
/// </summary>
internal sealed class ThreadActor : SimulatedActor
{
    /// <summary>The only message that it hears: it is its core's current thread.</summary>
    public static readonly object Run = new();

    private readonly Hardware hardware;
    private readonly Fiber fiber;
    private readonly Func<Frame, ValueTask> main;
    private readonly Action begin;
    private ValueTask body;
    private Task? bodyTask;
    private bool hasBegun;

    public ThreadActor(Tcb thread, Hardware hardware, Func<Frame, ValueTask> main)
    {
        this.hardware = hardware;
        this.main = main;
        fiber = new Fiber(thread, hardware);
        hardware.Fibers[thread.Index] = fiber;
        begin = Begin;
    }

    /// <summary>The body of a process.</summary>
    public static Func<Frame, ValueTask> Program(IProgram program) => async frame =>
        frame.Registers.Arg0 = await program.Main(new Sys(frame));

    protected override void Handle(object message)
    {
        var thread = fiber.Thread;
        if (thread.State != TcbState.Running)
        {
            return;
        }

        fiber.Dispatch(begin);
        var failure = fiber.TakeFailure();
        if (failure is null && hasBegun && IsBodyOver(out var status))
        {
            failure = status;
            if (failure is null)
            {
                thread.Registers = fiber.Top.Registers;
                fiber.Trap(TrapKind.Exit);
            }
        }

        if (failure is LimitReachedException)
        {
            hardware.LimitReached = "virtual time";
            Engine.Stop();
            return;
        }

        if (failure is not null)
        {
            hardware.LastFault = new Fault(thread, fiber.FaultedComponent, failure);
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(failure);
        }

        if (!fiber.HasTrapped)
        {
            throw new InvalidOperationException(
                $"{thread.Name} awaits something that is not the machine's: await only sys.*");
        }

        thread.EndSegmentCode();
        thread.EndEventOutstanding = true;
        Engine.PostAt(
            hardware.KernelPort, fiber, thread.SegmentEnd, EventClass.Trap, thread.Core.Index);
    }

    private void Begin()
    {
        hasBegun = true;
        body = main(fiber.Top);
        if (!body.IsCompleted)
        {
            bodyTask = body.AsTask();
        }
    }

    private bool IsBodyOver(out Exception? failure)
    {
        failure = null;
        if (bodyTask is null)
        {
            if (!body.IsCompletedSuccessfully)
            {
                failure = body.AsTask().Exception!.InnerException;
            }

            return true;
        }

        if (!bodyTask.IsCompleted)
        {
            return false;
        }

        failure = bodyTask.Exception?.InnerException;
        return true;
    }
}

/// <summary>A component's actor: parent of its threads, the unit of failure and restart.</summary>
internal sealed class ComponentActor : SimulatedActor
{
    private readonly ComponentRecord component;
    private readonly Hardware hardware;

    public ComponentActor(ComponentRecord component, Hardware hardware)
    {
        this.component = component;
        this.hardware = hardware;
    }

    protected override SupervisorStrategy SupervisorStrategy() =>
        new OneForOneStrategy(-1, -1, _ => Directive.Escalate, loggingEnabled: false);

    protected override void Handle(object message)
    {
        switch (message)
        {
            case Birth birth:
                birth.Give(Context.ActorOf(birth.Props, birth.Name));
                break;
            case Exception crash:
                hardware.LastFault = new Fault(null, component, crash);
                throw crash;
        }
    }
}

/// <summary>A protection domain's actor: what fails in it takes all of it down.</summary>
internal sealed class DomainActor : SimulatedActor
{
    protected override SupervisorStrategy SupervisorStrategy() =>
        new OneForOneStrategy(-1, -1, _ => Directive.Escalate, loggingEnabled: false);

    protected override void Handle(object message)
    {
        if (message is Birth birth)
        {
            birth.Give(Context.ActorOf(birth.Props, birth.Name));
        }
    }
}

/// <summary>An order to a parent to make a child.</summary>
internal sealed record Birth(Props Props, string Name, Action<IActorRef> Give);
