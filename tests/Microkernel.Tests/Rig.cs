using Abi;
using Abi.Costs;
using Abi.Kernel;
using Abi.Units;
using Microkernel.Accounting;
using Microkernel.Objects;
using Microkernel.Scheduling;
using Records;

namespace Microkernel.Tests;

/// <summary>
/// A kernel driven by hand: a test says which thread traps with which registers, and what the
/// kernel decided
/// is carried out at once. Only the kernel fills ready queues; a thread that a test takes off its
/// core to
/// let another trap stands aside, ready but in no queue.
/// </summary>
public sealed class Rig
{
    /// <summary>A quantum that no test uses up.</summary>
    public const long Quantum = 1L << 40;

    private readonly Operation[] operations;
    private long now;

    public Rig(KernelOptions? options = null)
    {
        var profile = new CostProfile("distinct", new Frequency(1_000_000_000))
        {
            Quantum = new Cycles(Quantum),
        };
        for (var part = Part.TrapEnter; part <= Part.ComponentLock; part++)
        {
            // Powers of two: every sum of different parts is another number.
            profile.With(part, 1L << (part - Part.TrapEnter));
        }

        Kernel = new Kernel(
            options ?? new KernelOptions(), new Bill(profile, 8, new NoCalls()), new NoTrace());
        operations = [.. Kernel.Cores.Select(core => new Operation(core, Kernel.Bill))];
    }

    public Kernel Kernel { get; }

    /// <summary>What the last entry into the kernel charged: each part as often as it
    /// was.</summary>
    public List<Part> Charged { get; } = [];

    public long Counted(Counter counter) => Kernel.Counts[(int)counter];

    /// <summary>A process with one thread.</summary>
    public Tcb Program(string name, int priority = 10, int core = 0) =>
        Kernel.NewProcess(new ProgramRecord(name, priority, core), name);

    /// <summary>A component in a domain of its own, ready, with one worker; its thread.</summary>
    public Tcb Server(string name, int priority = 10, int core = 0)
    {
        var component = new ComponentRecord(
            Kernel.Components.Count, name, Kernel.AddDomain(name), concurrency: 1)
        {
            Priority = priority,
            Core = core,
        };
        Kernel.Components.Add(component);
        return Start(component);
    }

    /// <summary>Begins the next incarnation of a component: its worker.</summary>
    public Tcb Start(ComponentRecord component)
    {
        var starter = Kernel.BeginComponent(component);
        Trap(starter, Syscall.ComponentReady);
        Trap(starter, Syscall.ThreadExit);
        return Kernel.NewComponentThread(component, component.Name, isWorker: true);
    }

    /// <summary>Gives a thread's domain a capability for what a server serves.</summary>
    public static CapSlot Grant(
        Tcb client, Tcb server, long badge = 0, Rights rights = Rights.Write | Rights.Grant) =>
        client.Domain.Capabilities.Insert(server.Component!.Root!.Derive(rights, badge));

    /// <summary>Gives a thread's domain a capability of its own for an object.</summary>
    public static CapSlot Give(
        Tcb thread, KernelObject target, long badge = 0, Rights rights = Rights.All) =>
        thread.Domain.Capabilities.Insert(new Capability(target, rights, badge));

    /// <summary>A thread becomes its core's current one, as a dispatch would make it.</summary>
    public static void Dispatch(Tcb thread)
    {
        var core = thread.Core;
        if (core.Current == thread && thread.State == TcbState.Running)
        {
            return;
        }

        if (thread.State is not (TcbState.Created or TcbState.Ready))
        {
            throw new InvalidOperationException($"{thread.Name} cannot run: {thread.State}");
        }

        if (thread.Queue is not null)
        {
            core.Ready.Remove(thread);
        }

        if (core.Current is { State: TcbState.Running } other)
        {
            other.State = TcbState.Ready;
        }

        if (thread.QuantumLeft <= 0)
        {
            thread.QuantumLeft = Quantum;
        }

        core.Current = thread;
        core.LoadedSpace = thread.Home.Index;
        thread.BecomeCurrent();
    }

    /// <summary>A thread makes a system call; how long the kernel took, cycles.</summary>
    public long Trap(Tcb thread, Syscall number, Action<Registers>? fill = null)
    {
        Dispatch(thread);
        thread.Trap = TrapKind.Syscall;
        thread.Registers.Number = number;
        fill?.Invoke(thread.Registers);
        return Enter(thread.Core, op => Kernel.Trap(op, thread));
    }

    /// <summary>The core enters the kernel, and what was decided is carried out; cycles.</summary>
    public long Enter(Core core, Action<Operation> what)
    {
        var op = operations[core.Index];
        var before = Counts();
        op.Begin(now, null, Kernel.Bill.ProgramComponent);
        what(op);
        now += op.Length;
        Kernel.Complete(op);
        core.Current = op.Next;
        op.Next?.BecomeCurrent();
        var length = op.Length;
        foreach (var woken in op.RemoteWakes.ToArray())
        {
            Enter(woken.Core, other => Kernel.InterprocessorInterrupt(other, woken));
        }

        var after = Counts();
        Charged.Clear();
        for (var part = 0; part < Parts.Count; part++)
        {
            Charged.AddRange(Enumerable.Repeat((Part)part, (int)(after[part] - before[part])));
        }

        return length;
    }

    /// <summary>Threads that were just made become ready.</summary>
    public void Begin(params Tcb[] threads) =>
        Enter(threads[0].Core, op => Kernel.ThreadBegins(op, threads));

    public long Call(Tcb caller, CapSlot slot, Message message = default) =>
        Trap(caller, Syscall.Call, registers =>
        {
            registers.Capability = slot;
            registers.Message = message;
            registers.LendAccess = LeaseAccess.None;
        });

    public long Lend(Tcb caller, CapSlot slot, Memory<byte> memory, LeaseAccess access) =>
        Trap(caller, Syscall.Call, registers =>
        {
            registers.Capability = slot;
            registers.Message = Message.Request(1);
            registers.Lend = memory;
            registers.LendAccess = access;
        });

    public long Send(Tcb sender, CapSlot slot, Message message = default) =>
        Trap(sender, Syscall.Send, registers =>
        {
            registers.Capability = slot;
            registers.Message = message;
        });

    public long Pulse(Tcb sender, CapSlot slot, int operation) =>
        Trap(sender, Syscall.Pulse, registers =>
        {
            registers.Capability = slot;
            registers.Message = Message.Request(operation, 0);
        });

    /// <summary>A server receives at its own endpoint.</summary>
    public long Receive(Tcb server) => Invoke(server, Syscall.Receive, CapSlot.OwnEndpoint);

    /// <summary>Answers the caller whose message was received last.</summary>
    public long Reply(Tcb server, Message message) =>
        Trap(server, Syscall.Reply, registers => registers.Message = message);

    public long ReplyReceive(Tcb server, Message message) =>
        Trap(server, Syscall.ReplyReceive, registers =>
        {
            registers.Capability = CapSlot.OwnEndpoint;
            registers.Message = message;
        });

    /// <summary>A system call that needs a capability only.</summary>
    public long Invoke(Tcb thread, Syscall number, CapSlot slot, long arg0 = 0, long arg1 = 0) =>
        Trap(thread, number, registers =>
        {
            registers.Capability = slot;
            registers.Arg0 = arg0;
            registers.Arg1 = arg1;
        });

    /// <summary>The same, for those that answer with a new slot.</summary>
    public CapSlot InvokeForSlot(
        Tcb thread, Syscall number, CapSlot slot, long arg0 = 0, long arg1 = 0)
    {
        Invoke(thread, number, slot, arg0, arg1);
        Assert.Equal(Errno.None, thread.Registers.Error);
        return new CapSlot((int)thread.Registers.Arg0);
    }

    /// <summary>The last entry charged exactly these parts, and took exactly their time.</summary>
    public void AssertCharged(long length, params Part[] parts)
    {
        Assert.Equal(parts.Order(), Charged);
        Assert.Equal(parts.Sum(part => Kernel.Bill.Profile[part]), length);
    }

    private long[] Counts() =>
        [.. Enumerable.Range(0, Parts.Count).Select(part => Kernel.Bill.Work.CountOf((Part)part))];

    private sealed class NoCalls : ICallClock
    {
        public void Begins(Tcb thread, CallRecord call, long now) =>
            throw new InvalidOperationException("no test makes POSIX calls");

        public long Ends(Tcb thread, CallRecord call, long result, long now) =>
            throw new InvalidOperationException("no test makes POSIX calls");

        public long Abandons(CallRecord call, long now) =>
            throw new InvalidOperationException("no test makes POSIX calls");
    }

    private sealed class NoTrace : ITraceSink
    {
        public void Record(in TraceRecord record)
        {
        }
    }
}
