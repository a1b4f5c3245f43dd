using Abi.Costs;
using Abi.Devices;
using Abi.Units;
using LibSys;
using Machine.Devices;
using Microkernel;
using Records;
using Scenarios.Model;

namespace Machine.Tests;

/// <summary>
/// Machines whose arithmetic is done by hand: a clock of 1 GHz, so that a cycle is a nanosecond,
/// and no part has a price but those that a test gives one. The rest is the real machine with
/// the real servers.
/// </summary>
internal static class ByHand
{
    /// <summary>A profile in which everything is free, with a quantum of 17 ms.</summary>
    public static CostProfile Free(
        long interprocessorLatency = 0, params (Part Part, long Cycles)[] prices)
    {
        var profile = new CostProfile("by hand", new Frequency(1_000_000_000))
        {
            Quantum = new Cycles(1L << 24),
            InterprocessorLatency = new Cycles(interprocessorLatency),
        };
        foreach (var (part, cycles) in prices)
        {
            profile.With(part, cycles);
        }

        return profile;
    }

    /// <summary>A process whose program is C#, on a core.</summary>
    public static (ProgramPlan Program, ProcessPlan Process) Process(
        string name, int? core, Func<Sys, ValueTask> code, int priority = 64) =>
        (new ProgramPlan(new ProgramRecord(name, priority, core), _ => new Code(code)),
            new ProcessPlan(name, name, 0));

    /// <summary>Runs such processes; the components are a scenario's.</summary>
    public static Observed Run(
        Scenario scenario, Placement placement, CostProfile profile, DiskImage? disk,
        long deviceCycles, Action<Board>? built,
        params (ProgramPlan Program, ProcessPlan Process)[] processes) =>
        Lab.Run(
            scenario, placement, disk,
            plan => plan with
            {
                Profile = profile,
                Programs = [.. processes.Select(process => process.Program)],
                Processes = [.. processes.Select(process => process.Process)],
                Components =
                [
                    .. plan.Components.Select(component => component.Device is DiskModel
                        ? component with
                        {
                            Device = new DiskModel(new FixedTiming(deviceCycles), disk!),
                        }
                        : component),
                ],
            },
            built);

    /// <summary>
    /// Sleeps until an instant, nanoseconds after power-on, on a timer of the thread's own: no
    /// server is asked.
    /// </summary>
    public static async ValueTask SleepUntil(Sys sys, long instant)
    {
        var alarm = await sys.CreateNotification();
        await sys.SetTimer(alarm, new VirtualTime(instant));
        await sys.Wait(alarm);
    }

    /// <summary>A disk on which every request takes the same time and none waits for
    /// another.</summary>
    private sealed class FixedTiming(long cycles) : DiskTiming
    {
        public override string Kind => "nvme";

        public override int QueueDepth => 1024;

        public override int Parallelism => 32;

        public override Cycles Service(
            DeviceOperation operation, long sector, int bytes, VirtualTime start,
            Frequency clock) => new(cycles);
    }

    private sealed class Code(Func<Sys, ValueTask> code) : IProgram
    {
        public async ValueTask<int> Main(Sys sys)
        {
            await code(sys);
            return 0;
        }
    }
}

/// <summary>What the latency ledger gave each call, by the text that a test knows it by.</summary>
internal sealed class Shares
{
    private readonly SortedDictionary<(string Call, Cause? Cause), long> cycles = [];

    /// <summary>Cycles that the call waited for a cause, or ran for null.</summary>
    public long this[string call, Cause? cause] => cycles.GetValueOrDefault((call, cause));

    /// <summary>Listens to a board.</summary>
    public void Listen(Board board, Func<StartedCall, string> nameOf) =>
        board.Bill.Requests = new Listener(cycles, nameOf);

    /// <summary>All causes of a call that took time.</summary>
    public IEnumerable<(Cause? Cause, long Cycles)> Of(string call) =>
        from entry in cycles
        where entry.Key.Call == call && entry.Value > 0
        select (entry.Key.Cause, entry.Value);

    private sealed class Listener(
        SortedDictionary<(string Call, Cause? Cause), long> cycles,
        Func<StartedCall, string> nameOf) : IRequestSink
    {
        private readonly Dictionary<long, string> names = [];

        public void Begins(in StartedCall call) => names[call.Request] = nameOf(call);

        public void Step(in RequestStep step)
        {
            if (step.Kind is RequestStepKind.Worked or RequestStepKind.Waited)
            {
                var key = (
                    names[step.Request],
                    step.Kind == RequestStepKind.Worked ? null : (Cause?)step.Detail);
                cycles[key] = cycles.GetValueOrDefault(key) + step.Cycles;
            }
        }

        public void Ends(long request, long? result, long now) => names.Remove(request);
    }
}
