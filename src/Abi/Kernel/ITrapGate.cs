using Abi.Costs;
using Abi.Devices;
using Abi.Posix;
using Abi.Units;

namespace Abi.Kernel;

/// <summary>
/// The door between user code and the machine that runs it: one trap, and what a processor does
/// without
/// one (execute instructions, read the cycle counter, write a mapped device register).
/// </summary>
public interface ITrapGate
{
    /// <summary>The registers of the running activation.</summary>
    Registers Registers { get; }

    /// <summary>
    /// Enters the kernel with what <see cref="Registers"/> holds. Completes when the kernel returns
    /// to this
    /// activation. At most one trap of an activation is outstanding.
    /// </summary>
    ValueTask Trap();

    /// <summary>Executes code that takes <paramref name="count"/> times the profile's entry
    /// <paramref name="part"/>.</summary>
    void Work(Part part, long count = 1);

    /// <summary>
    /// A place between two instructions where the machine may let the rest of the world catch up;
    /// no
    /// trap, no cost. Code that computes long without a trap comes by here now and then, so that a
    /// limit or the user can end it.
    /// </summary>
    ValueTask Pause() => ValueTask.CompletedTask;

    /// <summary>Reads the cycle counter of the running core; no trap.</summary>
    VirtualTime ReadClock();

    /// <summary>The clock's frequency, which user code knows from start-up.</summary>
    Frequency Frequency { get; }

    /// <summary>
    /// Hands a request to a device that is mapped into this component; no trap. It reaches the
    /// device when
    /// the instructions before it have executed.
    /// </summary>
    /// <exception cref="InvalidOperationException">The device is not mapped here.</exception>
    void Submit(int device, in DeviceRequest request);

    /// <summary>Takes the oldest finished request of a mapped device from its completion
    /// queue.</summary>
    bool TryTakeCompletion(int device, out DeviceCompletion completion);

    /// <summary>
    /// An observation point, no instruction: a POSIX call of the program begins. Words are the
    /// call's
    /// arguments as strace would print them; <paramref name="text"/> is its path or empty.
    /// </summary>
    void CallBegins(PosixCall call, long a, long b, long c, string text);

    /// <summary>An observation point: the call that began last ends with a result, or an errno
    /// negated.</summary>
    void CallEnds(long result);

    /// <summary>A named step of a component at which the scenario may order a crash; throws if it
    /// does.</summary>
    /// <exception cref="FaultInjectedException">The scenario orders a crash here.</exception>
    void Step(FaultStep step);
}
