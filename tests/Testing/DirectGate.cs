using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using Abi;
using Abi.Costs;
using Abi.Devices;
using Abi.Kernel;
using Abi.Posix;
using Abi.Units;
using LibSys;
using LibSys.Protocols;

namespace Testing;

/// <summary>A process under <see cref="DirectGate"/>.</summary>
public sealed class FakeProcess
{
    internal FakeProcess(string name, long pid)
    {
        Name = name;
        Pid = pid;
    }

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>Its number, and the badge of its capabilities.</summary>
    public long Pid { get; }

    /// <summary>Its exit status, or null while it runs or is blocked.</summary>
    public int? Status { get; private set; }

    /// <summary>Told its exit status when it has ended.</summary>
    public Action<int>? Ended { get; set; }

    internal void End(int status)
    {
        Status = status;
        Ended?.Invoke(status);
    }
}

/// <summary>A component under <see cref="DirectGate"/>, through all its incarnations.</summary>
public sealed class FakeComponent
{
    internal FakeComponent(
        string name, Func<Component> make, int concurrency, IReadOnlyList<FakeDevice> devices)
    {
        Name = name;
        Make = make;
        Concurrency = concurrency;
        Devices = devices;
    }

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>How often it was started; 0 before <see cref="DirectGate.Run"/>.</summary>
    public int Incarnations { get; internal set; }

    /// <summary>The most activations that were alive at once.</summary>
    public int MostActive { get; internal set; }

    internal Func<Component> Make { get; }
    internal int Concurrency { get; }
    internal IReadOnlyList<FakeDevice> Devices { get; }
    internal Incarnation? Current { get; set; }
}

/// <summary>A POSIX call that a program made.</summary>
/// <param name="Process">Who.</param>
/// <param name="Call">Which.</param>
/// <param name="A">First argument.</param>
/// <param name="B">Second argument.</param>
/// <param name="C">Third argument.</param>
/// <param name="Text">Its path, or empty.</param>
/// <param name="Result">What it returned, or null while it runs.</param>
public sealed record CallRecord(
    string Process, PosixCall Call, long A, long B, long C, string Text, long? Result);

/// <summary>
/// A machine without cores, costs or a kernel: enough of the trap gate to test components and programs. A
/// call runs the server's handler on the caller's fiber; fibers run in turns until each is blocked, and then
/// the clock jumps to the next device completion or timer.
/// </summary>
public sealed class DirectGate
{
    private readonly List<FakeComponent> components = [];
    private readonly SortedDictionary<string, Capability> registered = new(StringComparer.Ordinal);
    private readonly Dictionary<int, PendingCall> pending = [];
    private readonly Queue<Action> ready = new();
    private readonly PriorityQueue<Action, (long Time, long Order)> events = new();
    private readonly long[] work = new long[Parts.Count];
    private readonly List<CallRecord> calls = [];
    private readonly Dictionary<Syscall, Func<Registers, string, Errno>> answers = [];
    private Exception? defect;
    private long order;
    private int sequence;
    private int frames;
    private long pids;

    /// <summary>1 GHz: a cycle is a nanosecond.</summary>
    public Frequency Frequency { get; } = new(1_000_000_000);

    /// <summary>The clock: moves only when nothing can run.</summary>
    public VirtualTime Now { get; private set; }

    /// <summary>Called at each named step with the component's name; may throw to crash it.</summary>
    public Action<string, FaultStep>? OnStep { get; set; }

    /// <summary>Whether a trap lets the other fibers run first; by default none does.</summary>
    public Func<bool>? YieldsAtTrap { get; set; }

    /// <summary>How many turns the other fibers get after this system call; by default none.</summary>
    public Func<Syscall, int>? TurnsAfter { get; set; }

    /// <summary>Whether to keep what <see cref="Calls"/> shows.</summary>
    public bool RecordsCalls { get; set; } = true;

    /// <summary>Every POSIX call so far, in order of their beginnings.</summary>
    public IReadOnlyList<CallRecord> Calls => calls;

    /// <summary>How often this part was charged.</summary>
    public long Worked(Part part) => work[(int)part];

    /// <summary>Adds a component; each incarnation is made by <paramref name="make"/>.</summary>
    public FakeComponent Register(
        Func<Component> make, int concurrency = 8, params IReadOnlyList<FakeDevice> devices)
    {
        var component = new FakeComponent(make().Name, make, concurrency, devices);
        components.Add(component);
        Boot(component);
        return component;
    }

    /// <summary>Answers a system call that this machine does not have; the text is the caller's name.</summary>
    public void Answer(Syscall number, Func<Registers, string, Errno> answer) =>
        answers[number] = answer;

    /// <summary>Adds a process; it runs when <see cref="Run"/> does.</summary>
    public FakeProcess Spawn(Func<Sys, ValueTask<int>> program, string name = "program")
    {
        var process = new FakeProcess(name, ++pids);
        var frame = NewFrame(new ProcessSpace(name, process.Pid, process));
        frame.Owner.Add(Naming);
        Enqueue(() => RunProgram(process, frame, program));
        return process;
    }

    /// <summary>Adds a process that runs a program.</summary>
    public FakeProcess Spawn(IProgram program, string name = "program") =>
        Spawn(program.Main, name);

    /// <summary>Runs a program to its end and returns what it returns.</summary>
    public T Ask<T>(Func<Sys, ValueTask<T>> program)
    {
        T answer = default!;
        var process = Spawn(async sys =>
        {
            answer = await program(sys);
            return 0;
        });
        Run();
        return process.Status is null
            ? throw new InvalidOperationException("the program is blocked for ever")
            : answer;
    }

    /// <summary>Runs a program to its end.</summary>
    public void Ask(Func<Sys, ValueTask> program) => Ask(async sys =>
    {
        await program(sys);
        return 0;
    });

    /// <summary>Runs until everything is blocked and no device or timer is due; throws what a program or component threw.</summary>
    public void Run()
    {
        var context = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        try
        {
            while (defect is null)
            {
                if (ready.TryDequeue(out var next))
                {
                    next();
                }
                else if (events.TryDequeue(out var happens, out var at))
                {
                    Now = new VirtualTime(at.Time);
                    happens();
                }
                else
                {
                    break;
                }
            }
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(context);
        }

        if (defect is not null)
        {
            ExceptionDispatchInfo.Throw(defect);
        }
    }

    /// <summary>
    /// Kills a component and starts its next incarnation: who waits for it gets EOWNERDEAD, capabilities for
    /// it go stale, its threads and activations never run again.
    /// </summary>
    public void Crash(string name) => Kill(FindComponent(name).Current!);

    /// <summary>Runs something at an instant.</summary>
    public void At(VirtualTime time, Action happens) => events.Enqueue(happens, (time.Cycles, ++order));

    /// <summary>Tells a component of a life event, as the kernel does to those that subscribed.</summary>
    public void Announce(string component, LifeEvent what, long who, long detail)
    {
        var incarnation = FindComponent(component).Current!;
        incarnation.News.Enqueue((what, who, detail));
        incarnation.LifeEvents.Signal(1);
    }

    private static object Naming { get; } = new();

    internal Frame NewFrame(Owner owner) => new(this, owner, ++frames);

    internal void Enqueue(Action action) => ready.Enqueue(action);

    internal void AddWork(Part part, long count) => work[(int)part] += count;

    internal void BeginCall(string process, PosixCall call, long a, long b, long c, string text)
    {
        if (RecordsCalls)
        {
            calls.Add(new CallRecord(process, call, a, b, c, text, null));
        }
    }

    internal void EndCall(string process, long result)
    {
        for (var i = calls.Count - 1; RecordsCalls && i >= 0; i--)
        {
            if (calls[i].Process == process)
            {
                calls[i] = calls[i] with { Result = result };
                return;
            }
        }
    }

    internal ValueTask Enter(Frame frame)
    {
        if (frame.Owner.IsDead || frame.HasEnded)
        {
            return frame.Park();
        }

        if (TurnsAfter is { } turnsAfter && turnsAfter(frame.Registers.Number) is > 0 and var turns)
        {
            return ReturnLater(frame, turns);
        }

        return YieldsAtTrap is { } yields && yields() ? EnterLater(frame) : Dispatch(frame);
    }

    private async ValueTask ReturnLater(Frame frame, int turns)
    {
        await Dispatch(frame);
        for (; turns > 0; turns--)
        {
            frame.Wake();
            await frame.Park();
        }
    }

    private async ValueTask EnterLater(Frame frame)
    {
        frame.Wake();
        await frame.Park();
        await Dispatch(frame);
    }

    private ValueTask Dispatch(Frame frame)
    {
        var registers = frame.Registers;
        registers.Error = Errno.None;
        switch (registers.Number)
        {
            case Syscall.Call:
                return Send(frame, needsAnswer: true);
            case Syscall.Send:
                return Send(frame, needsAnswer: false);
            case Syscall.Receive:
                return Receive(frame);
            case Syscall.Reply:
                registers.Error = Answer(frame, registers.Reply, registers.Message);
                return ValueTask.CompletedTask;
            case Syscall.ReplyReceive:
                Answer(frame, registers.Reply, registers.Message);
                return Receive(frame);
            case Syscall.Signal:
                Signal(frame);
                return ValueTask.CompletedTask;
            case Syscall.Wait:
                return WaitFor(frame);
            case Syscall.Poll:
                Poll(frame);
                return ValueTask.CompletedTask;
            case Syscall.Yield:
                frame.Wake();
                return frame.Park();
            case Syscall.LeaseRead:
            case Syscall.LeaseWrite:
                registers.Error = CopyLease(registers);
                return ValueTask.CompletedTask;
            case Syscall.TimerSet:
                SetTimer(frame);
                return ValueTask.CompletedTask;
            case Syscall.InterruptAcknowledge:
                Unmask((Incarnation)frame.Owner, (int)registers.Arg0);
                return ValueTask.CompletedTask;
            case Syscall.InterruptMask:
                ((Incarnation)frame.Owner).IsMasked[(int)registers.Arg0] = true;
                return ValueTask.CompletedTask;
            case Syscall.ClockRead:
                registers.Arg0 = Now.Cycles;
                return ValueTask.CompletedTask;
            case Syscall.EventAwait:
                return AwaitEvent(frame);
            case Syscall.EventAdvance:
                AdvanceEvent(frame);
                return ValueTask.CompletedTask;
            case Syscall.ThreadExit:
                frame.HasEnded = true;
                if (frame.Owner is ProcessSpace space)
                {
                    space.Process.End((int)registers.Arg0);
                }

                return frame.Park();
            case Syscall.LifeEventNext:
                if (((Incarnation)frame.Owner).News.TryDequeue(out var news))
                {
                    (registers.Arg0, registers.Arg1, registers.Arg2) =
                        ((long)news.What, news.Who, news.Detail);
                }
                else
                {
                    registers.Error = Errno.EAGAIN;
                }

                return ValueTask.CompletedTask;
            case Syscall.NotificationCreate:
                registers.Arg0 = frame.Owner.Add(new FakeNotification()).Index;
                return ValueTask.CompletedTask;
            case Syscall.EndpointCreate:
                registers.Arg0 = frame.Owner.Add(new FakeEndpoint()).Index;
                return ValueTask.CompletedTask;
            case Syscall.ComponentEndpoint:
                registers.Error = MakeEndpoint(frame);
                return ValueTask.CompletedTask;
            case Syscall.ComponentReady:
                MakeReady((Incarnation)frame.Owner);
                return ValueTask.CompletedTask;
            case Syscall.CapMint:
                registers.Error = Mint(frame);
                return ValueTask.CompletedTask;
            case Syscall.CapDelete:
                frame.Owner.Remove(registers.Capability);
                return ValueTask.CompletedTask;
            default:
                registers.Error = answers.TryGetValue(registers.Number, out var answer)
                    ? answer(registers, frame.Owner.Name)
                    : Errno.ENOSYS;
                return ValueTask.CompletedTask;
        }
    }

    // Calls and messages.

    private ValueTask Send(Frame frame, bool needsAnswer)
    {
        var registers = frame.Registers;
        var capability = frame.Owner.Find(registers.Capability);
        if (registers.Message.Data.Length > Message.BufferLimit)
        {
            registers.Error = Errno.EMSGSIZE;
            return ValueTask.CompletedTask;
        }

        if (capability is null)
        {
            registers.Error = Errno.EINVAL;
            return ValueTask.CompletedTask;
        }

        if (capability.Target == Naming && FindOrNull(NamingProtocol.Name) is not { })
        {
            AskNaming(frame);
            return ValueTask.CompletedTask;
        }

        var target = capability.Target == Naming
            ? FindComponent(NamingProtocol.Name).Current!
            : capability.Target;
        if (target is Incarnation { IsDead: true })
        {
            registers.Error = Errno.EOWNERDEAD;
            registers.Arg0 = 1;
            return ValueTask.CompletedTask;
        }

        var call = new PendingCall
        {
            Caller = frame,
            Sequence = ++sequence,
            Request = Carry(registers.Message, frame.Owner, target),
            Lent = registers.LendAccess == LeaseAccess.None ? default : registers.Lend,
            Access = registers.LendAccess,
            Badge = capability.Target == Naming ? new Badge(frame.Owner.Number) : capability.Badge,
            NeedsAnswer = needsAnswer,
            Server = target,
        };
        registers.Lend = default;
        registers.LendAccess = LeaseAccess.None;
        pending.Add(call.Sequence, call);
        var parked = frame.Park();
        switch (target)
        {
            case Incarnation server:
                Admit(server, call);
                break;
            case FakeEndpoint endpoint when endpoint.Receivers.TryDequeue(out var receiver):
                Deliver(call, receiver);
                receiver.Wake();
                break;
            case FakeEndpoint endpoint:
                endpoint.Senders.Enqueue(call);
                break;
            default:
                throw new InvalidOperationException("not an endpoint");
        }

        return parked;
    }

    private void Admit(Incarnation server, PendingCall call)
    {
        if (!pending.ContainsKey(call.Sequence))
        {
            return; // its caller died while it waited
        }

        if (!server.IsReady || server.Active >= server.Of.Concurrency)
        {
            server.Waiting.Enqueue(call);
            return;
        }

        server.Active++;
        server.Of.MostActive = Math.Max(server.Of.MostActive, server.Active);
        _ = Serve(server, call);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask Serve(Incarnation server, PendingCall call)
    {
        var frame = server.Rent(this);
        try
        {
            var request = call.Request;
            request.Lease = call.Lease;
            var answer = await ServerLoop.Handle(
                server.Component, new Request(request, call.Badge, call.Token), frame.Activation);
            if (server.IsDead)
            {
                return;
            }

            if (!answer.IsDeferred)
            {
                Finish(call, answer, server);
            }

            server.Return(frame);
            server.Active--;
            if (server.Waiting.TryDequeue(out var next))
            {
                Admit(server, next);
            }
        }
        catch (Exception exception)
        {
            Fail(server, exception);
        }
    }

    private void Finish(PendingCall call, Message answer, Owner server)
    {
        if (pending.Remove(call.Sequence))
        {
            call.Caller.Registers.Message = Carry(answer, server, call.Caller.Owner);
            call.Caller.Registers.Error = Errno.None;
            call.Caller.Wake();
        }
    }

    /// <summary>Copies what crosses: bytes through the message buffer, and the capability.</summary>
    private static Message Carry(Message message, Owner from, object to)
    {
        if (!message.Data.IsEmpty)
        {
            message.Data = message.Data.ToArray();
        }

        if (message.Capability != CapSlot.None && to is Owner receiver)
        {
            var carried = from.Find(message.Capability)!;
            message.Capability = receiver.Add(carried.Target, carried.Badge);
        }

        return message;
    }

    private ValueTask Receive(Frame frame)
    {
        if (frame.Owner.Find(frame.Registers.Capability)?.Target is not FakeEndpoint endpoint)
        {
            frame.Registers.Error = Errno.EINVAL;
            return ValueTask.CompletedTask;
        }

        if (endpoint.Senders.TryDequeue(out var call))
        {
            Deliver(call, frame);
            return ValueTask.CompletedTask;
        }

        endpoint.Receivers.Enqueue(frame);
        return frame.Park();
    }

    private void Deliver(PendingCall call, Frame receiver)
    {
        var registers = receiver.Registers;
        registers.Message = Carry(call.Request, call.Caller.Owner, receiver.Owner);
        registers.Message.Lease = call.Lease;
        registers.Badge = call.Badge;
        registers.Reply = call.NeedsAnswer ? call.Token : ReplyToken.None;
        registers.Error = Errno.None;
        if (!call.NeedsAnswer)
        {
            pending.Remove(call.Sequence);
            call.Caller.Registers.Error = Errno.None;
            call.Caller.Wake();
        }
    }

    private Errno Answer(Frame frame, ReplyToken token, Message answer)
    {
        if (!pending.TryGetValue(token.Sequence, out var call))
        {
            return Errno.EOWNERDEAD;
        }

        Finish(call, answer, frame.Owner);
        return Errno.None;
    }

    private Errno CopyLease(Registers registers)
    {
        var lease = registers.Message.Lease;
        var reads = registers.Number == Syscall.LeaseRead;
        var needed = reads ? LeaseAccess.Read : LeaseAccess.Write;
        if (!pending.TryGetValue(lease.Sequence, out var call) || (call.Access & needed) == 0)
        {
            return Errno.EPERM;
        }

        var buffer = registers.Buffer;
        if (registers.Arg0 < 0 || registers.Arg0 > call.Lent.Length - buffer.Length)
        {
            return Errno.EFAULT;
        }

        var lent = call.Lent.Slice((int)registers.Arg0, buffer.Length);
        if (reads)
        {
            lent.CopyTo(buffer);
        }
        else
        {
            buffer.CopyTo(lent);
        }

        registers.Arg0 = buffer.Length;
        return Errno.None;
    }

    // Naming, where no component plays it.

    private void AskNaming(Frame frame)
    {
        var registers = frame.Registers;
        var name = System.Text.Encoding.UTF8.GetString(registers.Message.Data.Span);
        if (registers.Message.Operation == NamingProtocol.Register)
        {
            registered[name] = frame.Owner.Find(registers.Message.Capability)!;
            registers.Message = Message.Reply(0);
        }
        else if (FindOrNull(name) is { } component)
        {
            registers.Message = Message.Reply(0);
            registers.Message.Capability =
                frame.Owner.Add(component.Current!, new Badge(frame.Owner.Number));
        }
        else if (registered.TryGetValue(name, out var capability))
        {
            registers.Message = Message.Reply(0);
            registers.Message.Capability =
                frame.Owner.Add(capability.Target, new Badge(frame.Owner.Number));
        }
        else
        {
            registers.Message = Message.Fail(Errno.ENOENT);
        }
    }

    private static Errno Mint(Frame frame)
    {
        var registers = frame.Registers;
        if (frame.Owner.Find(registers.Capability) is not { } original)
        {
            return Errno.EINVAL;
        }

        registers.Arg0 = frame.Owner.Add(original.Target, new Badge(registers.Arg1)).Index;
        return Errno.None;
    }

    private Errno MakeEndpoint(Frame frame)
    {
        var registers = frame.Registers;
        var name = System.Text.Encoding.UTF8.GetString(registers.Message.Data.Span);
        if (FindOrNull(name) is not { } component)
        {
            return Errno.ENOENT;
        }

        if (!component.Current!.IsReady)
        {
            return Errno.EAGAIN;
        }

        registers.Arg0 = frame.Owner.Add(component.Current, new Badge(registers.Arg1)).Index;
        return Errno.None;
    }

    private FakeComponent? FindOrNull(string name) =>
        components.Find(component => component.Name == name);

    private FakeComponent FindComponent(string name) =>
        FindOrNull(name) ?? throw new ArgumentException("no component " + name);

    // Waiting.

    private static void Signal(Frame frame)
    {
        if (FindNotification(frame) is { } notification)
        {
            notification.Signal(BadgeOf(frame));
        }
    }

    private static void Poll(Frame frame)
    {
        if (FindNotification(frame) is { } notification)
        {
            frame.Registers.Badge = new Badge(notification.Word);
            frame.Registers.Error = notification.Word == 0 ? Errno.EAGAIN : Errno.None;
            notification.Word = 0;
        }
    }

    private void SetTimer(Frame frame)
    {
        if (FindNotification(frame) is not { } notification)
        {
            return;
        }

        var version = ++notification.TimerVersion;
        var badge = BadgeOf(frame);
        At(new VirtualTime(Math.Max(frame.Registers.Arg0, Now.Cycles)), () =>
        {
            if (notification.TimerVersion == version)
            {
                notification.Signal(badge);
            }
        });
    }

    private static FakeNotification? FindNotification(Frame frame)
    {
        var found = frame.Owner.Find(frame.Registers.Capability)?.Target as FakeNotification;
        frame.Registers.Error = found is null ? Errno.EINVAL : Errno.None;
        return found;
    }

    /// <summary>What a signal by this capability ORs in: its badge, or 1 if it has none.</summary>
    private static long BadgeOf(Frame frame)
    {
        var badge = frame.Owner.Find(frame.Registers.Capability)!.Badge.Value;
        return badge == 0 ? 1 : badge;
    }

    private static ValueTask WaitFor(Frame frame)
    {
        var registers = frame.Registers;
        if (frame.Owner.Find(registers.Capability)?.Target is not FakeNotification notification)
        {
            registers.Error = Errno.EINVAL;
            return ValueTask.CompletedTask;
        }

        if (notification.Word != 0)
        {
            registers.Badge = new Badge(notification.Word);
            notification.Word = 0;
            return ValueTask.CompletedTask;
        }

        notification.Waiter = frame;
        return frame.Park();
    }

    private static ValueTask AwaitEvent(Frame frame)
    {
        var (key, seen) = (frame.Registers.Arg0, frame.Registers.Arg1);
        if (frame.Owner.EventCounts.GetValueOrDefault(key) > seen)
        {
            return ValueTask.CompletedTask;
        }

        frame.Owner.EventWaiters.Add((key, seen, frame));
        return frame.Park();
    }

    private static void AdvanceEvent(Frame frame)
    {
        var owner = frame.Owner;
        var key = frame.Registers.Arg0;
        var value = owner.EventCounts[key] = owner.EventCounts.GetValueOrDefault(key) + 1;
        for (var i = 0; i < owner.EventWaiters.Count;)
        {
            var waiter = owner.EventWaiters[i];
            if (waiter.Key == key && value > waiter.Seen)
            {
                owner.EventWaiters.RemoveAt(i);
                waiter.Frame.Wake();
            }
            else
            {
                i++;
            }
        }
    }

    // Devices.

    internal void Submit(Incarnation driver, int device, DeviceRequest request)
    {
        if (device < 0 || device >= driver.Of.Devices.Count)
        {
            throw new InvalidOperationException("the device is not mapped here");
        }

        var model = driver.Of.Devices[device];
        if (model.Keeps(request, Finish))
        {
            return;
        }

        var service = model.Service(request, Now);
        if (model.IsImmediate)
        {
            Complete(driver, device, request);
        }
        else
        {
            At(Now + service, Finish);
        }

        void Finish()
        {
            Complete(driver, device, request);
            Interrupt(driver, device);
        }
    }

    private void Complete(Incarnation driver, int device, in DeviceRequest request)
    {
        var memory = request.Memory;
        var isRevoked = driver.IsDead;
        if (request.Lease != Lease.None)
        {
            isRevoked |= !pending.TryGetValue(request.Lease.Sequence, out var call);
            memory = call?.Lent ?? default;
        }

        var model = driver.Of.Devices[device];
        if (isRevoked)
        {
            model.Stop(request);
            driver.Completions[device].Enqueue(
                new DeviceCompletion(request.Tag, Errno.EIO, 0));
        }
        else
        {
            driver.Completions[device].Enqueue(model.Perform(request, memory));
        }
    }

    private static void Interrupt(Incarnation driver, int device)
    {
        if (driver.IsMasked[device])
        {
            driver.IsPending[device] = true;
            return;
        }

        driver.IsMasked[device] = true;
        driver.Interrupt.Signal(1L << device);
    }

    private static void Unmask(Incarnation driver, int device)
    {
        driver.IsMasked[device] = false;
        if (driver.IsPending[device])
        {
            driver.IsPending[device] = false;
            Interrupt(driver, device);
        }
    }

    // Lives.

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

    /// <summary>An ordered crash is one; anything else that a component throws is a defect of the test's subject.</summary>
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
