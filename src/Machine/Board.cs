using System.Globalization;
using Abi.Costs;
using Abi.Kernel;
using Abi.Units;
using Akka.Actor;
using Engine;
using Machine.Devices;
using Machine.Threads;
using Microkernel;
using Microkernel.Accounting;
using Microkernel.Objects;
using Records;

namespace Machine;

/// <summary>
/// A simulated machine: built from a plan, booted, run until its processes have ended, and asked
/// for the
/// result. Used once.
/// </summary>
public sealed class Board : IDisposable
{
    private readonly BoardOptions options;
    private readonly Simulation simulation = new();
    private readonly TraceHub trace;
    private readonly FaultInjector faults;
    private readonly List<DevicePort> devices = [];
    private readonly Bill bill;
    private readonly List<(ProtectionDomain Domain, int? Status, string How)> processes = [];
    private readonly List<TimelineEntry> timeline = [];
    private readonly List<Loss> losses = [];
    private readonly List<string> defects = [];
    private readonly List<QueueStatistics> queues = [];
    private readonly Port root;
    private Hardware hardware = null!;
    private KernelActor? kernelActor;
    private long origin;
    private long idleBeforePanic;
    private readonly long[] countsBeforePanic = new long[Counters.Count];
    private int running;
    private int toStart;
    private int boots;
    private long panickedAt = -1;

    /// <summary>Puts the machine together; nothing runs yet.</summary>
    public Board(BoardOptions options)
    {
        this.options = options;
        trace = new TraceHub(options.Fingerprint, options.Trace);
        faults = new FaultInjector(options.Faults);
        Clock = new CallClock(trace, options.Calls);
        bill = new Bill(options.Profile, options.Components.Count, Clock)
        {
            Contradictions = options.CollectContradictions ? [] : null,
            Requests = options.Requests,
        };
        bill.Work.DroppedSite = options.DroppedSite;
        foreach (var plan in options.Components)
        {
            if (plan.Device is { } model)
            {
                devices.Add(new DevicePort(devices.Count, model, plan.Name));
            }
        }

        Describe();
        root = simulation.Spawn(Props.Create<BoardActor>(this), "board");
    }

    /// <summary>Virtual time and the order of events.</summary>
    public SimulationEngine Engine => simulation.Engine;

    /// <summary>The ledgers.</summary>
    public Bill Bill => bill;

    /// <summary>The kernel of the present boot.</summary>
    public Kernel Kernel => hardware.Kernel;

    /// <summary>The actor of each component's present incarnation, by name.</summary>
    public Dictionary<string, IActorRef> ComponentActors { get; } = new(StringComparer.Ordinal);

    /// <summary>Puts an actor beside the machine: one that watches, and changes nothing.</summary>
    public Port SpawnObserver(Props props, string name) => simulation.Spawn(props, name);

    internal CallClock Clock { get; }

    internal long TimeLimitAt { get; private set; } = long.MaxValue;

    internal long CallLimit => options.CallLimit;

    /// <summary>
    /// Boots, runs the processes to their end and says how it went. Cancelled: what is known so
    /// far.
    /// </summary>
    public RunResult Run(string name, CancellationToken cancellation = default)
    {
        simulation.Engine.Run(cancellation);
        Boot();
        var reason = simulation.Run(cancellation);
        CheckBooted(reason);
        BeginMeasuring();
        StartProcesses();
        reason = simulation.Run(cancellation);
        var end = kernelActor?.Finish() ?? simulation.Engine.NowCycles;
        return MakeResult(name, reason, end);
    }

    /// <inheritdoc/>
    public void Dispose() => simulation.Dispose();

    internal void Boot()
    {
        boots++;
        var kernel = new Kernel(options.Kernel, bill, trace)
        {
            MakeRequestTimes = () => new RequestTimes(),
        };
        foreach (var program in options.Programs)
        {
            kernel.Programs.Add(program.Record.Name, program.Record);
        }

        foreach (var shared in options.Shared)
        {
            kernel.Shared.Add((
                shared == SharedObject.Notification
                    ? new Notification()
                    : new Endpoint(null, kernel.Domains[0]),
                shared == SharedObject.FaultEndpoint));
        }

        foreach (var core in kernel.Cores)
        {
            core.IdleSince = Math.Max(panickedAt, 0);
        }

        AddComponents(kernel);
        hardware = new Hardware(options, simulation.Engine, kernel, trace, faults, devices);
        foreach (var device in devices)
        {
            root.Ref.Tell(new Birth(
                Props.Create<DeviceActor>(device, hardware),
                $"{device.Model.Name}-{boots}", _ => { }));
        }

        root.Ref.Tell(new Birth(
            Props.Create<KernelActor>(hardware, this), "kernel-" + boots,
            actor => simulation.Engine.Post(simulation.Engine.PortOf(actor), KernelActor.Boot)));
    }

    internal void KernelIs(KernelActor actor) => kernelActor = actor;

    internal void ReportProgress() => options.Progress?.Invoke(
        Clock.Ended, simulation.Engine.NowCycles - origin, simulation.Engine.Steps);

    internal void NoteFault(Fault fault)
    {
        if (fault.Exception is not FaultInjectedException)
        {
            var where = fault.Component?.Name ?? fault.Thread?.Name ?? "?";
            defects.Add(string.Create(
                CultureInfo.InvariantCulture,
                $"{where} threw {fault.Exception.GetType().Name} at cycle "
                + $"{simulation.Engine.NowCycles}, event {simulation.Engine.Steps}: "
                + $"{fault.Exception.Message}"));
        }
    }

    internal void ProcessBegins(ProtectionDomain domain)
    {
        processes.Add((domain, null, "running"));
        running++;
        toStart = Math.Max(0, toStart - 1);
    }

    internal void ProcessEnds(ProtectionDomain domain)
    {
        var status = hardware.Kernel.ExitStatus(domain);
        End(domain, status, string.Create(CultureInfo.InvariantCulture, $"exited {status}"));
    }

    internal void ProcessKilled(ProtectionDomain domain)
    {
        const int SegmentationFault = 139;
        End(domain, SegmentationFault, "killed by a fault of its own");
    }

    /// <summary>The kernel's actor has failed, and all in it with it.</summary>
    internal void Panic(Exception exception)
    {
        if (exception is SimulatorDefectException || hardware.LastFault is null)
        {
            defects.Add(string.Create(
                CultureInfo.InvariantCulture,
                $"the machine failed at cycle {simulation.Engine.NowCycles}, event "
                + $"{simulation.Engine.Steps}: {exception.GetType().Name}: {exception.Message}"));
            kernelActor = null;
            simulation.Engine.Stop();
            return;
        }

        var fault = hardware.LastFault;
        NoteFault(fault);
        var now = kernelActor!.Finish();
        CloseQueues(now);
        idleBeforePanic += hardware.Kernel.Cores.Sum(core => core.IdleCycles);
        AddCounts(hardware.Kernel.Counts);
        countsBeforePanic[(int)Counter.Crashes]++;
        trace.Record(new TraceRecord(
            now, TraceKind.Panic, -1, fault.Thread?.Index ?? -1, fault.Component?.Index ?? -1,
            Cause.Recovery, 0));
        AddTimeline(now, "crashed", fault.Component?.Name ?? "kernel", 1, fault.Exception.Message);
        AddTimeline(now, "panic", "kernel", 1, "the domain that died is the kernel's");
        CountLosses();
        for (var i = 0; i < processes.Count; i++)
        {
            if (processes[i].Status is null)
            {
                processes[i] = (processes[i].Domain, 137, "killed by the kernel panic");
            }
        }

        running = 0;
        toStart = 0;
        panickedAt = now;
        kernelActor = null;
        faults.IsArmed = false;
        foreach (var device in devices)
        {
            device.Reset();
        }

        simulation.Engine.PostAt(
            root, BoardActor.Reboot, now + options.Profile.Reboot.Count, EventClass.Device, 255);
    }

    private void CountLosses()
    {
        var lost = processes.Count(process => process.Status is null);
        losses.Add(new Loss("processes", lost, "every process dies with the kernel"));
        var inFlight = hardware.Kernel.Threads.Count(
            thread => thread.IsProgram && thread.Call is { IsOver: false });
        losses.Add(new Loss("calls in flight", inFlight, "their callers died with the kernel"));
    }

    private void AddComponents(Kernel kernel)
    {
        var domains = new SortedDictionary<string, ProtectionDomain>(StringComparer.Ordinal)
        {
            ["kernel"] = kernel.Domains[0],
        };
        kernel.Components.Capacity = options.Components.Count;
        foreach (var plan in options.Components)
        {
            if (!domains.TryGetValue(plan.Domain, out var domain))
            {
                domains.Add(plan.Domain, domain = kernel.AddDomain(plan.Domain));
            }

            var component = new ComponentRecord(
                kernel.Components.Count, plan.Name, domain, plan.Concurrency)
            {
                Priority = plan.Priority,
                Core = plan.Core,
                HearsProcesses = plan.HearsProcesses,
                HearsComponents = plan.HearsComponents,
            };
            kernel.Components.Add(component);
            kernel.Observe(component);
            domain.WorkingSet = domain.Residents.Count == 1
                ? plan.WorkingSet
                : domain.WorkingSet + plan.WorkingSet;
            foreach (var device in devices)
            {
                if (device.Owner == plan.Name)
                {
                    device.Line = new InterruptLine(device.Number, component, plan.Core ?? 0);
                    kernel.Lines.Add(device.Line);
                }
            }
        }
    }

    private void CheckBooted(RunEndReason reason)
    {
        if (reason == RunEndReason.Drained && defects.Count == 0
            && !hardware.Kernel.Components.TrueForAll(
                component => component.State == ComponentState.Ready))
        {
            var missing = hardware.Kernel.Components.Find(
                component => component.State != ComponentState.Ready)!;
            defects.Add($"the machine does not come up: {missing.Name} is {missing.State}\n"
                + hardware.Kernel.DescribeWaits(ofComponents: true));
        }
    }

    private void Describe()
    {
        var description = new RunDescription(
            options.Profile.Frequency.Hertz, options.Kernel.Cores,
            [
                .. options.Components.Select(
                    plan => new ComponentDescription(plan.Name, plan.Domain)),
                new ComponentDescription("program", ""),
                new ComponentDescription("kernel", "kernel"),
            ],
            [.. devices.Select(device => device.Model.Name)]);
        trace.Describe(description);
        bill.Requests?.Describe(description);
    }

    private void BeginMeasuring()
    {
        origin = simulation.Engine.NowCycles;
        trace.IsUp(origin);
        bill.Requests?.IsUp(origin);
        Clock.Origin = origin;
        TimeLimitAt = origin + options.TimeLimit;
        hardware.SegmentLimit = options.TimeLimit;
        bill.Reset();
        Array.Clear(hardware.Kernel.Counts);
        hardware.Kernel.ResetQueues(origin);
        foreach (var core in hardware.Kernel.Cores)
        {
            core.IdleCycles = 0;
            core.IdleSince = origin;
        }

        faults.IsArmed = true;
        foreach (var plan in faults.Plans)
        {
            if (plan.At is { } at)
            {
                simulation.Engine.PostAt(
                    hardware.KernelPort, plan, origin + at, EventClass.Device, 255);
            }
        }
    }

    private void StartProcesses()
    {
        if (defects.Count > 0)
        {
            simulation.Engine.Stop();
            return;
        }

        toStart = options.Processes.Count(plan => plan.SharesWith is null);
        foreach (var plan in options.Processes)
        {
            simulation.Engine.PostAt(
                hardware.KernelPort, plan, origin + plan.Start, EventClass.Device, 254);
        }
    }

    private void End(ProtectionDomain domain, int status, string how)
    {
        var index = processes.FindIndex(process => process.Domain == domain);
        processes[index] = (domain, status, how);
        if (--running == 0 && toStart == 0)
        {
            simulation.Engine.Stop();
        }
    }

    internal void Rebooted()
    {
        if (boots > 1 && panickedAt >= 0)
        {
            var now = simulation.Engine.NowCycles;
            AddTimeline(now, "rebooted", "kernel", boots, string.Create(
                CultureInfo.InvariantCulture,
                $"time to repair {now - panickedAt} cycles; disk mounted, no process runs"));
            panickedAt = -1;
            simulation.Engine.Stop();
        }
    }

    private void AddTimeline(
        long at, string what, string component, int incarnation, string detail) =>
        timeline.Add(new TimelineEntry(
            at - origin, options.Profile.Frequency.ToNanoseconds(new Cycles(at - origin)), what,
            component, incarnation, detail));

    private void AddCounts(long[] counts)
    {
        for (var i = 0; i < counts.Length; i++)
        {
            countsBeforePanic[i] += counts[i];
        }
    }

    private RunResult MakeResult(string name, RunEndReason reason, long end)
    {
        var kernel = hardware.Kernel;
        if (kernelActor is not null)
        {
            AddCounts(kernel.Counts);
            AddLives(kernel);
            if (queues.Count == 0)
            {
                CloseQueues(end);
            }

            if (Clock.LostCalls > 0)
            {
                losses.Add(new Loss(
                    "calls answered EIO", Clock.LostCalls,
                    "their server died, and asking again could do twice what may be done once"));
            }

            if (defects.Count == 0)
            {
                bill.Reconcile(
                    idleBeforePanic + kernel.Cores.Sum(core => core.IdleCycles),
                    kernel.Cores.Count, end - origin);
            }
        }

        var (ended, detail) = HowEnded(reason, kernel);
        var length = end - origin;
        return new RunResult
        {
            Name = name,
            End = ended,
            EndDetail = detail,
            Fingerprint = trace.Fingerprint,
            VirtualTime = new TimeSpanCycles(
                length, options.Profile.Frequency.ToNanoseconds(new Cycles(length))),
            Calls = [.. Clock.All.Select(entry => Statistics(entry.Kind, entry.Times))],
            Bill = MakeBill(),
            Parts = MakeParts(),
            Counters = MakeCounters(),
            Processes =
            [
                .. processes.Select(process => new ProcessResult(
                    process.Domain.Name, process.Domain.Process, process.Status, process.How)),
            ],
            Queues = queues,
            Losses = losses,
            Timeline = timeline,
            Console = devices.Select(device => device.Model).OfType<ConsoleModel>()
                .FirstOrDefault()?.Text ?? "",
            Defects = defects,
        };
    }

    private void CloseQueues(long end)
    {
        foreach (var queue in hardware.Kernel.Queues)
        {
            queue.Advance(end);
            bill.Reconcile(queue);
            queues.Add(QueueReport.Of(queue, options.Profile.Frequency));
        }
    }

    private (RunEnd End, string Detail) HowEnded(RunEndReason reason, Kernel kernel)
    {
        if (hardware.LimitReached is { } limit)
        {
            return (RunEnd.Limit, limit);
        }

        if (reason == RunEndReason.Cancelled)
        {
            return (RunEnd.Interrupted, "");
        }

        return reason == RunEndReason.Drained && running > 0
            ? (RunEnd.Deadlock, kernel.DescribeWaits())
            : (RunEnd.Finished, "");
    }

    private void AddLives(Kernel kernel)
    {
        var crashedAt = new SortedDictionary<int, long>();
        foreach (var life in kernel.Lives)
        {
            var detail = "";
            switch (life.Step)
            {
                case LifeStep.Crashed:
                    crashedAt[life.Component.Index] = life.Time;
                    detail = string.Create(
                        CultureInfo.InvariantCulture, $"{life.Failed} requests failed");
                    break;
                case LifeStep.Collateral:
                    crashedAt[life.Component.Index] = life.Time;
                    detail = "shares the domain that died";
                    break;
                case LifeStep.FirstGoodReply
                    when crashedAt.TryGetValue(life.Component.Index, out var from):
                    detail = string.Create(
                        CultureInfo.InvariantCulture, $"time to repair {life.Time - from} cycles");
                    break;
                case LifeStep.FirstGoodReply:
                case LifeStep.Detected:
                case LifeStep.Restarted:
                case LifeStep.Rebound:
                    break;
            }

            AddTimeline(
                life.Time, Abi.KebabCase.Of(life.Step.ToString()), life.Component.Name,
                life.Incarnation, detail);
        }
    }

    private CallStatistics Statistics(int kind, CallClock.CallTimes times)
    {
        var lines = new SortedDictionary<Cause, long>();
        for (var component = 0; component < bill.Work.Components; component++)
        {
            for (var part = 0; part < Parts.Count; part++)
            {
                var count = bill.Work.CountOf(kind, component, (Part)part);
                if (count > 0)
                {
                    var cause = ((Part)part).Cause();
                    lines[cause] = lines.GetValueOrDefault(cause)
                        + count * options.Profile[(Part)part];
                }
            }

            for (var cause = 0; cause < Causes.Count; cause++)
            {
                var waited = bill.Latency.Waiting(kind, component, (Cause)cause);
                if (waited > 0)
                {
                    lines[(Cause)cause] = lines.GetValueOrDefault((Cause)cause) + waited;
                }
            }
        }

        return new CallStatistics(
            NameOf(kind), times.Count, (double)times.Sum / times.Count, times.Percentile(50),
            times.Percentile(99), times.Minimum, times.Maximum, times.Sum, times.Errors,
            [.. lines.Select(line => new BillLine(line.Key.Name(), "", line.Value))])
        {
            UnendedCycles = times.Unended,
            Distribution = times.Distribution(),
        };
    }

    private static string NameOf(int kind) =>
        Abi.KebabCase.Of(CallKinds.Call(kind).ToString()).Replace('-', '_');

    private string ComponentName(int component) =>
        component < options.Components.Count ? options.Components[component].Name
        : component == bill.ProgramComponent ? "program" : "kernel";

    private List<BillLine> MakeBill()
    {
        var lines = new SortedDictionary<(Cause, int), long>();
        for (var kind = 0; kind < CallKinds.Count; kind++)
        {
            for (var component = 0; component < bill.Work.Components; component++)
            {
                for (var part = 0; part < Parts.Count; part++)
                {
                    var cycles = bill.Work.CountOf(kind, component, (Part)part)
                        * options.Profile[(Part)part];
                    var key = (((Part)part).Cause(), component);
                    lines[key] = lines.GetValueOrDefault(key) + cycles;
                }

                for (var cause = 0; cause < Causes.Count && kind < CallKinds.Background; cause++)
                {
                    var key = ((Cause)cause, component);
                    lines[key] = lines.GetValueOrDefault(key)
                        + bill.Latency.Waiting(kind, component, (Cause)cause);
                }
            }
        }

        return
        [
            .. lines.Where(line => line.Value > 0).Select(line =>
                new BillLine(line.Key.Item1.Name(), ComponentName(line.Key.Item2), line.Value)),
        ];
    }

    private List<PartLine> MakeParts()
    {
        var lines = new List<PartLine>();
        for (var part = 0; part < Parts.Count; part++)
        {
            var count = bill.Work.CountOf((Part)part);
            if (count > 0)
            {
                var price = options.Profile[(Part)part];
                lines.Add(new PartLine(
                    ((Part)part).Name(), ((Part)part).Cause().Name(), count, price, count * price));
            }
        }

        return lines;
    }

    private SortedDictionary<string, long> MakeCounters()
    {
        var counters = new SortedDictionary<string, long>(StringComparer.Ordinal);
        for (var i = 0; i < Counters.Count; i++)
        {
            counters.Add(((Counter)i).Name(), countsBeforePanic[i]);
        }

        counters[Counter.DeviceCycles.Name()] = bill.Work.DeviceCycles;

        return counters;
    }
}

/// <summary>Above the kernel: what is left when it panics. Starts the machine again.</summary>
internal sealed class BoardActor(Board board) : SimulatedActor
{
    public static readonly object Reboot = new();

    private Exception? panic;

    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(
        -1, -1,
        exception =>
        {
            panic = exception;
            return Directive.Stop;
        },
        loggingEnabled: false);

    protected override void Handle(object message)
    {
        switch (message)
        {
            case Birth birth:
                var child = Context.ActorOf(birth.Props, birth.Name);
                if (birth.Props.Type == typeof(KernelActor))
                {
                    Context.Watch(child);
                }

                birth.Give(child);
                break;
            case Terminated:
                board.Panic(panic!);
                break;
            default:
                if (message == Reboot)
                {
                    board.Boot();
                }

                break;
        }
    }
}
