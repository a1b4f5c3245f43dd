using System.Runtime.CompilerServices;
using Abi;
using Abi.Kernel;
using Abi.Posix;
using Abi.Units;
using LibSys.Protocols;

namespace LibSys;

// Time: the clock is read without a trap, as through Linux's vDSO; sleeping is the timer server's.
public sealed partial class Sys
{
    private Connection Timer => field ??= Connections.To(TimerProtocol.Name);

    /// <summary>
    /// nanosleep(): sleeps at least so many nanoseconds. EINVAL: a negative length.
    /// </summary>
    [AsyncMethodBuilder(typeof(ActivationBuilder<>))]
    public async ValueTask<SysResult> Nanosleep(long nanoseconds)
    {
        Begin(PosixCall.Nanosleep, nanoseconds);
        if (nanoseconds < 0)
        {
            return End(-(long)Errno.EINVAL);
        }

        var until = Now + Frequency.FromNanoseconds(nanoseconds);
        var answer = await Call(
            Timer, Message.Request(TimerProtocol.SleepUntil, until.Cycles), Retries.Sleep.Retry);
        return End(answer.A);
    }

    /// <summary>clock_gettime(): nanoseconds since the machine was switched on. No trap.</summary>
    public SysResult ClockGettime()
    {
        Begin(PosixCall.ClockGettime);
        return End(Frequency.ToNanoseconds(Now - VirtualTime.Start));
    }
}
