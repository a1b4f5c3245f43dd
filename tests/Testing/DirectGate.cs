using System.Runtime.ExceptionServices;
using Abi;
using Abi.Costs;
using Abi.Kernel;
using Abi.Posix;
using Abi.Units;
using LibSys;

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
/// A machine without cores, costs or a kernel: enough of the trap gate to test components and
/// programs. A call runs the server's handler on the caller's fiber; fibers run in turns until each
/// is blocked, and then the clock jumps to the next device completion or timer.
/// </summary>
public sealed partial class DirectGate
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

    /// <summary>
    /// Called at each named step with the component's name; may throw to crash it.
    /// </summary>
    public Action<string, FaultStep>? OnStep { get; set; }

    /// <summary>Whether a trap lets the other fibers run first; by default none does.</summary>
    public Func<bool>? YieldsAtTrap { get; set; }

    /// <summary>
    /// How many turns the other fibers get after this system call; by default none.
    /// </summary>
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

    /// <summary>
    /// Answers a system call that this machine does not have; the text is the caller's name.
    /// </summary>
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

    /// <summary>
    /// Runs until everything is blocked and no device or timer is due; throws what a program or
    /// component threw.
    /// </summary>
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
    /// Kills a component and starts its next incarnation: who waits for it gets EOWNERDEAD,
    /// capabilities for it go stale, its threads and activations never run again.
    /// </summary>
    public void Crash(string name) => Kill(FindComponent(name).Current!);

    /// <summary>Runs something at an instant.</summary>
    public void At(VirtualTime time, Action happens) =>
        events.Enqueue(happens, (time.Cycles, ++order));

    /// <summary>
    /// Tells a component of a life event, as the kernel does to those that subscribed.
    /// </summary>
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
}
