using Abi.Kernel;
using Akka.Actor;
using Engine;
using LibSys;
using Machine.Cores;
using Machine.Threads;
using Microkernel.Objects;
using Microkernel.Scheduling;

namespace Machine;

/// <summary>Actors of domains, components and threads: made, watched and, when they fail,
/// buried.</summary>
internal sealed partial class KernelActor
{
    private int booting;

    private Directive Decide(Exception exception)
    {
        var fault = hardware.LastFault;
        if (fault is null || exception is Microkernel.Accounting.SimulatorDefectException)
        {
            return Directive.Escalate;
        }

        var domain = fault.Component?.Domain ?? fault.Thread!.Home;
        return domain.IsKernel || domain.Residents.Exists(IsVital)
            ? Directive.Escalate
            : Directive.Stop;
    }

    private bool IsVital(ComponentRecord component) =>
        hardware.Options.Components[component.Index].IsVital;

    private void DomainTerminated(IActorRef actor)
    {
        if (!domainsByActor.Remove(actor, out var domain))
        {
            return;
        }

        domains.Remove(domain);
        if (!domain.IsDead)
        {
            var fault = hardware.LastFault!;
            hardware.LastFault = null;
            board.NoteFault(fault);
            Engine.PostAt(
                Port, new DomainFault(domain, fault), Engine.NowCycles, EventClass.Device, 255);
        }
    }

    private CoreUnit UnitOf(Fault fault) => units[fault.Thread?.Core.Index ?? 0];

    private void Die(Operation op, DomainFault death)
    {
        foreach (var device in hardware.Devices)
        {
            if (death.Domain.Residents.Exists(resident => resident.Name == device.Owner))
            {
                device.Reset();
            }
        }

        kernel.DomainDied(op, death.Domain, death.Fault.Component);
        foreach (var unit in units)
        {
            if (unit.Operation != op && unit.Core.State == CoreState.Kernel)
            {
                op.Cut.ForEach(unit.Operation.Disown);
            }
        }

        if (death.Domain.Process != 0)
        {
            board.ProcessKilled(death.Domain);
        }
    }

    private void CrashNow(FaultPlan plan)
    {
        var component = kernel.Components.Find(component => component.Name == plan.Component)!;
        if (component.State == ComponentState.Ready)
        {
            components[component].Ref.Tell(
                new FaultInjectedException($"{plan.Component} crashes at the time ordered"));
        }
    }

    private IActorRef DomainActorOf(ProtectionDomain domain)
    {
        if (!domains.TryGetValue(domain, out var actor))
        {
            var incarnation = domain.Residents.Count > 0 ? domain.Residents[0].Incarnation : 1;
            actor = Context.ActorOf(
                Props.Create<DomainActor>(), $"d{domain.Index}-{incarnation}");
            Context.Watch(actor);
            domains.Add(domain, actor);
            domainsByActor.Add(actor, domain);
        }

        return actor;
    }

    private void StartComponent(ComponentRecord component)
    {
        var plan = hardware.Options.Components[component.Index];
        hardware.Instances[component.Index] = plan.Make();
        hardware.Connections[component.Index] = new ConnectionTable();
        var starter = kernel.BeginComponent(component);
        DomainActorOf(component.Domain).Tell(new Birth(
            Props.Create<ComponentActor>(component, hardware),
            $"{component.Name}-{component.Incarnation}",
            actor =>
            {
                components[component] = Engine.PortOf(actor);
                board.ComponentActors[component.Name] = actor;
                GiveBody(starter, frame => ServerLoop.Start(
                    hardware.Instances[component.Index],
                    new Activation(frame, hardware.Connections[component.Index])));
                BeginThreads([starter]);
            }));
    }

    private void ComponentStarted(ComponentRecord component)
    {
        var instance = hardware.Instances[component.Index];
        var connections = hardware.Connections[component.Index];
        var made = new List<Tcb>();
        foreach (var background in instance.Background)
        {
            var thread = kernel.NewComponentThread(
                component, $"{component.Name}/{background.Name}", isWorker: false);
            GiveBody(thread, frame => background.Body(new Activation(frame, connections)));
            made.Add(thread);
        }

        if (!component.Domain.IsKernel)
        {
            for (var i = 0; i < component.Concurrency; i++)
            {
                var worker = kernel.NewComponentThread(
                    component, $"{component.Name}/{i}", isWorker: true);
                GiveBody(worker, frame => ServerLoop.Run(
                    instance, new Activation(frame, connections)));
                made.Add(worker);
            }
        }

        BeginThreads(made);
        if (component.Incarnation > 1)
        {
            return;
        }

        if (++booting < kernel.Components.Count)
        {
            StartComponent(kernel.Components[booting]);
        }
        else
        {
            board.Rebooted();
        }
    }

    private void StartProcess(ProcessPlan plan)
    {
        var program = hardware.Options.Programs.First(known => known.Record.Name == plan.Program);
        if (plan.SharesWith is { } other)
        {
            var domain = kernel.Domains.Find(domain => domain.Name == other)!;
            var joined = kernel.NewProcessThread(domain, program.Record, plan.Name);
            GiveBody(joined, ThreadActor.Program(program.Make(plan.Name)));
            BeginThreads([joined]);
            return;
        }

        var thread = kernel.NewProcess(program.Record, plan.Name);
        GiveProgram(thread, program);
        BeginThreads([thread]);
    }

    private void GiveProgram(Tcb thread, ProgramPlan program)
    {
        board.ProcessBegins(thread.Home);
        GiveBody(thread, ThreadActor.Program(program.Make(thread.Name)));
    }

    /// <summary>Makes the actor of a thread, under its component's or its process's.</summary>
    private void GiveBody(Tcb thread, Func<Frame, ValueTask> body)
    {
        while (threads.Count <= thread.Index)
        {
            threads.Add(null);
        }

        var parent = thread.HomeComponent is { } component
            ? components[component].Ref
            : DomainActorOf(thread.Home);
        parent.Tell(new Birth(
            Props.Create<ThreadActor>(thread, hardware, body), $"t{thread.Index}",
            actor => threads[thread.Index] = Engine.PortOf(actor)));
    }

    private void BeginThreads(IReadOnlyList<Tcb> made)
    {
        foreach (var group in made.GroupBy(thread => thread.Core.Index))
        {
            Engine.PostAt(
                Port, new Beginning(units[group.Key], [.. group]), Engine.NowCycles,
                EventClass.Trap, group.Key);
        }
    }

    private void ProcessEnded(ProtectionDomain domain)
    {
        if (domains.Remove(domain, out var actor))
        {
            domainsByActor.Remove(actor);
            Context.Unwatch(actor);
            Context.Stop(actor);
        }

        board.ProcessEnds(domain);
    }

    /// <summary>The run stops here: what was begun is written to the ledgers, idling is counted.
    /// The instant it ends.</summary>
    public long Finish()
    {
        var now = Engine.NowCycles;
        var end = now;
        foreach (var unit in units)
        {
            var isAtWork = !unit.IsEntering
                && (unit.Lock?.Holder is null || unit.Lock.Holder == unit);
            if (unit.Core.State == CoreState.Kernel && isAtWork)
            {
                end = Math.Max(end, unit.Operation.Start + unit.Operation.Length);
            }
        }

        foreach (var unit in units)
        {
            var core = unit.Core;
            switch (core.State)
            {
                case CoreState.Idle:
                    core.IdleCycles += end - core.IdleSince;
                    break;
                case CoreState.Running:
                    kernel.AbandonSegment(core.Current!, now);
                    core.IdleCycles += end - now;
                    break;
                case CoreState.Spinning:
                    EndSpin(unit, now);
                    core.IdleCycles += end - now;
                    break;
                case CoreState.Kernel when unit.IsEntering:
                    kernel.Bill.Work.Charge(
                        null, kernel.Bill.KernelComponent, Abi.Costs.Part.AbandonedCycle,
                        now - unit.Waiting.Arrived, "Entering");
                    core.IdleCycles += end - now;
                    break;
                case CoreState.Kernel when unit.Lock is { } wanted && wanted.Holder != unit:
                    var spinning = unit.Waiting is
                    { Kind: EntryKind.Trap, Subject: Tcb { Call: { IsOver: false } waiting } }
                        ? waiting
                        : null;
                    kernel.Bill.Work.Charge(
                        spinning, kernel.Bill.KernelComponent, Abi.Costs.Part.SpinCycle,
                        now - unit.Waiting.Arrived, "Spin");
                    if (spinning is not null)
                    {
                        kernel.Bill.Latency.Ran(spinning, kernel.Bill.KernelComponent, now);
                    }

                    core.IdleCycles += end - now;
                    break;
                case CoreState.Kernel:
                    if (unit.Operation.Call is { IsOver: false } call)
                    {
                        kernel.Bill.Latency.Ran(
                            call, kernel.Bill.KernelComponent,
                            unit.Operation.Start + unit.Operation.Length);
                    }

                    core.IdleCycles += end - unit.Operation.Start - unit.Operation.Length;
                    break;
            }

            if (core.Current is { State: TcbState.Running, SuspendedAt: >= 0 } suspended
                && core.State == CoreState.Kernel)
            {
                kernel.AbandonSegment(suspended, now);
            }

            core.State = CoreState.Idle;
            core.IdleSince = end;
        }

        foreach (var thread in kernel.Threads)
        {
            if (thread.State is TcbState.Ready && thread.SuspendedAt >= 0)
            {
                kernel.AbandonSegment(thread, now);
            }
        }

        kernel.AbandonCalls(end);
        return end;
    }
}
