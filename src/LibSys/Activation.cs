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
    public TrapResult<Message, AnswerOutcome> Call(
        CapSlot endpoint, in Message request, Memory<byte> lend = default,
        LeaseAccess access = LeaseAccess.None) =>
        new(TrapCall(endpoint, request, lend, access), Gate.Registers);

    /// <summary>
    /// Like the call of a capability, for the answer's first word; the rest is in the registers.
    /// </summary>
    public TrapResult<long, FirstWordOutcome> Ask(
        CapSlot endpoint, in Message request, Memory<byte> lend, LeaseAccess access) =>
        new(TrapCall(endpoint, request, lend, access), Gate.Registers);

    /// <summary>
    /// Calls a named server and waits for its answer; see <see cref="Connection.Ask"/>.
    /// </summary>
    public CallResult Call(
        Connection connection, in Message request, Retry retry, Memory<byte> lend = default,
        LeaseAccess access = LeaseAccess.None, IHandle? handle = null) =>
        new(connection.Ask(this, request, retry, lend, access, handle), Gate.Registers);

    /// <summary>Answers a deferred request. EOWNERDEAD: the caller no longer waits; nothing to
    /// do.</summary>
    public TrapResult<Errno, ErrorOutcome> Reply(ReplyToken token, Message answer)
    {
        var registers = Gate.Registers;
        registers.Number = Syscall.Reply;
        registers.Reply = token;
        registers.Message = answer;
        return new(Gate.Trap(), registers);
    }

    /// <summary>
    /// Copies from memory that the caller lent. The count, or EPERM (revoked, or not lent for
    /// reading) or
    /// EFAULT (outside the range) negated.
    /// </summary>
    public TrapResult<long, CountOutcome> ReadLease(Lease lease, int offset, Memory<byte> into) =>
        TrapLease(Syscall.LeaseRead, lease, offset, into);

    /// <summary>Copies into memory that the caller lent; results as for <see
    /// cref="ReadLease"/>.</summary>
    public TrapResult<long, CountOutcome> WriteLease(Lease lease, int offset, Memory<byte> from) =>
        TrapLease(Syscall.LeaseWrite, lease, offset, from);

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
    public TrapResult<Badge, BadgeOutcome> Wait(CapSlot notification)
    {
        var registers = Gate.Registers;
        registers.Number = Syscall.Wait;
        registers.Capability = notification;
        return new(Gate.Trap(), registers);
    }

    /// <summary>Signals a notification.</summary>
    public TrapResult<Errno, ErrorOutcome> Signal(CapSlot notification)
    {
        var registers = Gate.Registers;
        registers.Number = Syscall.Signal;
        registers.Capability = notification;
        return new(Gate.Trap(), registers);
    }

    /// <summary>Orders a signal of a notification at an instant; a later order replaces an earlier
    /// one.</summary>
    public ValueTask SetTimer(CapSlot notification, VirtualTime at)
    {
        Gate.Registers.Capability = notification;
        return Simple(Syscall.TimerSet, at.Cycles);
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
    public TrapResult<Errno, ErrorOutcome> Trap(Syscall number)
    {
        var registers = Gate.Registers;
        registers.Number = number;
        return new(Gate.Trap(), registers);
    }

    /// <summary>The registers, for calls made through <see cref="Trap"/>.</summary>
    public Registers Registers => Gate.Registers;

    /// <summary>Hands a request to the component's device.</summary>
    public void Submit(int device, in Abi.Devices.DeviceRequest request) =>
        Gate.Submit(device, request);

    /// <summary>Takes the oldest finished request of the component's device.</summary>
    public bool TryTakeCompletion(int device, out Abi.Devices.DeviceCompletion completion) =>
        Gate.TryTakeCompletion(device, out completion);

    private ValueTask TrapCall(
        CapSlot endpoint, in Message request, Memory<byte> lend, LeaseAccess access)
    {
        var registers = Gate.Registers;
        registers.Number = Syscall.Call;
        registers.Capability = endpoint;
        registers.Message = request;
        registers.Lend = lend;
        registers.LendAccess = access;
        registers.Arg0 = 0;
        return Gate.Trap();
    }

    private ValueTask Simple(Syscall number, long argument = 0)
    {
        var registers = Gate.Registers;
        registers.Number = number;
        registers.Arg0 = argument;
        return Gate.Trap();
    }

    private TrapResult<long, CountOutcome> TrapLease(
        Syscall number, Lease lease, int offset, Memory<byte> buffer)
    {
        var registers = Gate.Registers;
        registers.Number = number;
        registers.Message.Lease = lease;
        registers.Arg0 = offset;
        registers.Buffer = buffer;
        return new(Gate.Trap(), registers);
    }
}
