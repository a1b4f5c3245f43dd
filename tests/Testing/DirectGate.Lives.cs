using Abi;
using Abi.Devices;
using Abi.Kernel;
using LibSys;

namespace Testing;

// How components start and die, and programs run.
public sealed partial class DirectGate
{
    private void Boot(FakeComponent component)
    {
        var incarnation = new Incarnation(component.Name, ++component.Incarnations, component);
        component.Current = incarnation;
        incarnation.Add(Naming);
        incarnation.Add(incarnation);
        incarnation.Add(incarnation.Interrupt);
        incarnation.Add(incarnation.LifeEvents);
        foreach (var _ in component.Devices)
        {
            incarnation.Completions.Add(new Queue<DeviceCompletion>());
        }

        Enqueue(() => _ = RunThread(incarnation, async self =>
        {
            await ServerLoop.Start(incarnation.Component, self);
            foreach (var thread in incarnation.Component.Background)
            {
                Enqueue(() => _ = RunThread(incarnation, thread.Body));
            }
        }));
    }

    private async ValueTask RunThread(Incarnation incarnation, Func<Activation, ValueTask> body)
    {
        try
        {
            if (!incarnation.IsDead)
            {
                await body(NewFrame(incarnation).Activation);
            }
        }
        catch (Exception exception)
        {
            Fail(incarnation, exception);
        }
    }

    private async void RunProgram(
        FakeProcess process, Frame frame, Func<Sys, ValueTask<int>> program)
    {
        try
        {
            process.End(await program((Sys)frame.Activation));
        }
        catch (Exception exception)
        {
            defect ??= exception;
        }
    }

    private void MakeReady(Incarnation incarnation)
    {
        incarnation.IsReady = true;
        for (var waiting = incarnation.Waiting.Count; waiting > 0 && !incarnation.IsDead; waiting--)
        {
            Admit(incarnation, incarnation.Waiting.Dequeue());
        }
    }

    /// <summary>
    /// An ordered crash is one; anything else that a component throws is a defect of the test's
    /// subject.
    /// </summary>
    private void Fail(Incarnation incarnation, Exception exception)
    {
        if (exception is not FaultInjectedException)
        {
            defect ??= exception;
        }

        Kill(incarnation);
    }

    private void Kill(Incarnation dead)
    {
        if (dead.IsDead)
        {
            return;
        }

        dead.IsDead = true;
        foreach (var call in pending.Values.OrderBy(call => call.Sequence).ToArray())
        {
            if (call.Caller.Owner == dead)
            {
                pending.Remove(call.Sequence);
            }
            else if (call.Server == dead)
            {
                pending.Remove(call.Sequence);
                call.Caller.Registers.Error = Errno.EOWNERDEAD;
                call.Caller.Registers.Arg0 = dead.Waiting.Contains(call) ? 1 : 0;
                call.Caller.Wake();
            }
        }

        Boot(dead.Of);
    }
}
