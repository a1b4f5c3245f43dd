using System.Runtime.CompilerServices;
using Abi;
using Abi.Costs;
using Abi.Kernel;
using Abi.Units;

namespace LibSys;

/// <summary>
/// One thread's life inside a component or program: the kernel's system calls as methods. The first
/// thing a handler or a program is given; everything it can do goes through here.
/// </summary>
/// <param name="gate">The door to the machine.</param>
/// <param name="connections">The connections of the protection domain this runs in.</param>
public class Activation(ITrapGate gate, ConnectionTable connections)
{
    /// <summary>The door to the machine.</summary>
    protected ITrapGate Gate { get; } = gate;

    /// <summary>The connections of this component or process.</summary>
    public ConnectionTable Connections { get; } = connections;

    /// <summary>The clock's frequency.</summary>
    public Frequency Frequency => Gate.Frequency;

    /// <summary>The virtual time on this thread's core; reads the cycle counter, no trap.</summary>
    public VirtualTime Now => Gate.ReadClock();

    /// <summary>Executes code whose length the cost profile knows.</summary>
    public void Work(Part part, long count = 1) => Gate.Work(part, count);

    /// <summary>Lets the world catch up with code that computes long without a call; costs
    /// nothing.</summary>
    public ValueTask Pause() => Gate.Pause();

    /// <summary>A named step at which a scenario may order a crash.</summary>
    public void Step(FaultStep step) => Gate.Step(step);

    /// <summary>
    /// Calls the server at the other end of a capability and waits for its answer.
    /// EOWNERDEAD: it died, before or after it acted.
    /// </summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<Message> Call(
        CapSlot endpoint, Message request, Memory<byte> lend = default,
        LeaseAccess access = LeaseAccess.None)
    {
        var registers = Gate.Registers;
        registers.Number = Syscall.Call;
        registers.Capability = endpoint;
        registers.Message = request;
        registers.Lend = lend;
        registers.LendAccess = access;
        registers.Arg0 = 0;
        await Gate.Trap();
        return registers.Error == Errno.None ? registers.Message : Message.Fail(registers.Error);
    }

    /// <summary>
    /// Calls a named server. If it died, finds its next incarnation and, where <paramref
    /// name="retry"/> allows,
    /// asks again; else the answer is EIO. EAGAIN: it did not come back within naming's bound.
    /// </summary>
    public ValueTask<Message> Call(
        Connection connection, Message request, Retry retry, Memory<byte> lend = default,
        LeaseAccess access = LeaseAccess.None) =>
        connection.Call(this, request, retry, lend, access);

    /// <summary>Answers a deferred request. EOWNERDEAD: the caller no longer waits; nothing to
    /// do.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<Errno> Reply(ReplyToken token, Message answer)
    {
        var registers = Gate.Registers;
        registers.Number = Syscall.Reply;
        registers.Reply = token;
        registers.Message = answer;
        await Gate.Trap();
        return registers.Error;
    }

    /// <summary>
    /// Copies from memory that the caller lent. The count, or EPERM (revoked, or not lent for
    /// reading) or
    /// EFAULT (outside the range) negated.
    /// </summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<long> ReadLease(Lease lease, int offset, Memory<byte> into)
    {
        await TrapLease(Syscall.LeaseRead, lease, offset, into);
        var registers = Gate.Registers;
        return registers.Error == Errno.None ? registers.Arg0 : -(long)registers.Error;
    }

    /// <summary>Copies into memory that the caller lent; results as for <see
    /// cref="ReadLease"/>.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<long> WriteLease(Lease lease, int offset, Memory<byte> from)
    {
        await TrapLease(Syscall.LeaseWrite, lease, offset, from);
        var registers = Gate.Registers;
        return registers.Error == Errno.None ? registers.Arg0 : -(long)registers.Error;
    }

    /// <summary>Waits until somebody advanced the event count beyond <paramref
    /// name="seen"/>.</summary>
    public ValueTask Await(EventCount count, long seen)
    {
        var registers = Gate.Registers;
        registers.Number = Syscall.EventAwait;
        registers.Arg0 = count.Key;
        registers.Arg1 = seen;
        registers.Arg2 = (long)count.Cause;
        return Gate.Trap();
    }

    /// <summary>Advances the event count and wakes those who wait for it.</summary>
    public ValueTask Advance(EventCount count)
    {
        count.Value++;
        var registers = Gate.Registers;
        registers.Number = Syscall.EventAdvance;
        registers.Arg0 = count.Key;
        return Gate.Trap();
    }

    /// <summary>Waits until a notification is signalled; its badges OR-ed.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<Badge> Wait(CapSlot notification)
    {
        var registers = Gate.Registers;
        registers.Number = Syscall.Wait;
        registers.Capability = notification;
        await Gate.Trap();
        return registers.Badge;
    }

    /// <summary>Signals a notification.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<Errno> Signal(CapSlot notification)
    {
        var registers = Gate.Registers;
        registers.Number = Syscall.Signal;
        registers.Capability = notification;
        await Gate.Trap();
        return registers.Error;
    }

    /// <summary>Orders a signal of a notification at an instant; a later order replaces an earlier
    /// one.</summary>
    public async ValueTask SetTimer(CapSlot notification, VirtualTime at)
    {
        var registers = Gate.Registers;
        registers.Number = Syscall.TimerSet;
        registers.Capability = notification;
        registers.Arg0 = at.Cycles;
        await Gate.Trap();
    }

    /// <summary>Makes a notification of one's own.</summary>
    public async ValueTask<CapSlot> CreateNotification()
    {
        await Simple(Syscall.NotificationCreate);
        return new CapSlot((int)Gate.Registers.Arg0);
    }

    /// <summary>Makes an endpoint of one's own, at which at most so many pulses wait; 0: any
    /// number.</summary>
    public async ValueTask<CapSlot> CreateEndpoint(long pulseLimit = 0)
    {
        await Simple(Syscall.EndpointCreate, pulseLimit);
        return new CapSlot((int)Gate.Registers.Arg0);
    }

    /// <summary>Lets an interrupt line interrupt again.</summary>
    public ValueTask AcknowledgeInterrupt(int line) => Simple(Syscall.InterruptAcknowledge, line);

    /// <summary>Gives the core to the next ready thread of the same priority.</summary>
    public ValueTask YieldCore() => Simple(Syscall.Yield);

    /// <summary>Any other system call: see <see cref="Syscall"/> for its registers.</summary>
    public async ValueTask<Errno> Trap(Syscall number)
    {
        Gate.Registers.Number = number;
        await Gate.Trap();
        return Gate.Registers.Error;
    }

    /// <summary>The registers, for calls made through <see cref="Trap"/>.</summary>
    public Registers Registers => Gate.Registers;

    /// <summary>Hands a request to the component's device.</summary>
    public void Submit(int device, in Abi.Devices.DeviceRequest request) =>
        Gate.Submit(device, request);

    /// <summary>Takes the oldest finished request of the component's device.</summary>
    public bool TryTakeCompletion(int device, out Abi.Devices.DeviceCompletion completion) =>
        Gate.TryTakeCompletion(device, out completion);

    private ValueTask Simple(Syscall number, long argument = 0)
    {
        var registers = Gate.Registers;
        registers.Number = number;
        registers.Arg0 = argument;
        return Gate.Trap();
    }

    private ValueTask TrapLease(Syscall number, Lease lease, int offset, Memory<byte> buffer)
    {
        var registers = Gate.Registers;
        registers.Number = number;
        registers.Message.Lease = lease;
        registers.Arg0 = offset;
        registers.Buffer = buffer;
        return Gate.Trap();
    }
}
