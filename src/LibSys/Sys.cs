using Abi.Costs;
using Abi.Kernel;
using Abi.Posix;

namespace LibSys;

/// <summary>
/// The calls that a program has: POSIX names, errno-style results. Each becomes messages to
/// servers; which
/// is which stands in the parts of this class, one for each kind of object. A program runs one call
/// at a time.
/// </summary>
/// <param name="gate">The door to the machine.</param>
public sealed partial class Sys(ITrapGate gate) : Activation(gate, new ConnectionTable())
{
    private void Begin(PosixCall call, long a = 0, long b = 0, long c = 0, string text = "")
    {
        Gate.CallBegins(call, a, b, c, text);
        Gate.Work(Part.LibraryCall);
    }

    private SysResult End(long result)
    {
        Gate.CallEnds(result);
        return new SysResult(result);
    }

    /// <summary>sched_yield(): gives the core to the next ready thread of the same
    /// priority.</summary>
    public async ValueTask<SysResult> SchedYield()
    {
        Begin(PosixCall.SchedYield);
        await YieldCore();
        return End(0);
    }

    /// <summary>Computes for so many cycles.</summary>
    public void Compute(Abi.Units.Cycles length) => Gate.Work(Part.ProgramCycle, length.Count);
}
