using Abi.Costs;
using Microkernel.Objects;
using Records;

namespace Microkernel.Accounting;

/// <summary>
/// Partitions the time of every call, from its begin to its return: at each instant a core works
/// for it, or
/// it waits for one cause. It sees instants only, never prices.
/// </summary>
/// <param name="components">How many components there are, programs and kernel included.</param>
public sealed class LatencyLedger(int components)
{
    private readonly long[] running = new long[CallKinds.Count * components];
    private readonly long[] waiting = new long[CallKinds.Count * components * Causes.Count];

    /// <summary>Told of each interval, or null.</summary>
    internal IRequestSink? Requests { get; set; }

    /// <summary>A core worked for the call since its last instant.</summary>
    public void Ran(CallRecord call, int component, long now)
    {
        var length = Advance(call, now);
        call.Running += length;
        running[call.Kind * components + component] += length;
        Tell(RequestStepKind.Worked, call, component, 0, length);
    }

    /// <summary>The call waited since its last instant.</summary>
    public void Waited(CallRecord call, int component, Cause cause, long now)
    {
        var length = Advance(call, now);
        waiting[(call.Kind * components + component) * Causes.Count + (int)cause] += length;
        Tell(RequestStepKind.Waited, call, component, (int)cause, length);
    }

    /// <summary>The call waited for a device since its last instant: in its queue, in service, then
    /// for the interrupt; as far as it has come.</summary>
    public void WaitedForDevice(CallRecord call, int component, DeviceWait wait, long now)
    {
        var shared = wait.Call is not null && wait.Call != call;
        var began = wait.Began >= 0 ? wait.Began : now;
        Waited(
            call, component, Cause.DeviceQueue, Math.Clamp(began, call.PartitionedUntil, now));
        var finished = wait.Finished >= 0 ? wait.Finished : now;
        Waited(
            call, component, shared ? Cause.Shared : Cause.DeviceService,
            Math.Clamp(finished, call.PartitionedUntil, now));
        Waited(call, component, Cause.InterruptLatency, now);
    }

    /// <summary>Cycles in which a core worked for calls of a kind in a component.</summary>
    public long Running(int kind, int component) => running[kind * components + component];

    /// <summary>Cycles that calls of a kind waited in a component for a cause.</summary>
    public long Waiting(int kind, int component, Cause cause) =>
        waiting[(kind * components + component) * Causes.Count + (int)cause];

    internal void Reset()
    {
        Array.Clear(running);
        Array.Clear(waiting);
    }

    private void Tell(
        RequestStepKind kind, CallRecord call, int component, int cause, long length)
    {
        if (length > 0)
        {
            Requests?.Step(new RequestStep(
                call.Number, kind, call.PartitionedUntil - length, length, component, -1, -1,
                cause, 0));
        }
    }

    private static long Advance(CallRecord call, long now)
    {
        var length = now - call.PartitionedUntil;
        if (length < 0)
        {
            throw new SimulatorDefectException(
                $"call #{call.Number} {call.Call}: its time is partitioned until cycle "
                + $"{call.PartitionedUntil}, but an interval ends at {now}");
        }

        call.PartitionedUntil = now;
        call.Partitioned += length;
        return length;
    }
}
