using System.Globalization;
using Abi;
using Abi.Costs;
using Abi.Kernel;
using Abi.Posix;
using Abi.Units;
using Records;
using Telemetry.Text;

namespace Telemetry.Stepping;

/// <summary>Says records and states in words.</summary>
/// <param name="run">What the numbers stand for.</param>
/// <param name="origin">When the machine was up, cycles.</param>
/// <param name="glyphs">What to draw with.</param>
public sealed class RunWords(RunDescription run, long origin, Glyphs glyphs)
{
    private static readonly string[] Traps =
        ["", "enter a component", "leave its component", "await an answer", "end"];

    private readonly Frequency frequency = new(run.FrequencyHertz);

    /// <summary>An instant as virtual time; before the machine was up it is negative.</summary>
    public string Instant(long cycles) => Nanoseconds(cycles - origin) + " ns";

    /// <summary>A length of time.</summary>
    public string Length(long cycles) => Nanoseconds(cycles) + " ns";

    /// <summary>A POSIX call's name.</summary>
    public static string CallName(long call) =>
        KebabCase.Of(((PosixCall)call).ToString()).Replace('-', '_');

    /// <summary>A component's name; a program's code has none.</summary>
    public string Component(int component) =>
        component < 0 ? "program" : run.Components[component].Name;

    /// <summary>Whether that component's code runs in kernel mode.</summary>
    public bool IsInKernelMode(int component) =>
        component >= 0 && run.Components[component].Domain == "kernel";

    /// <summary>A thread's name.</summary>
    public static string Thread(RunState state, int thread) =>
        thread >= 0 && thread < state.Threads.Count
            ? NameOf(state.Threads[thread].About)
            : "nobody";

    /// <summary>One thing that happened.</summary>
    /// <param name="record">It.</param>
    /// <param name="state">The machine after it.</param>
    public string Event(in TraceRecord record, RunState state)
    {
        var core = record.Core < 0 ? "" : $"core {record.Core}: ";
        return core + What(record, state);
    }

    /// <summary>What a thread does or waits for.</summary>
    public string Thread(ThreadView thread, RunState state) => thread.Mode switch
    {
        ThreadMode.Created => "made, not begun",
        ThreadMode.Ready => $"ready, waits for core {thread.About.Core}",
        ThreadMode.Running => Running(thread, state),
        ThreadMode.Blocked => "waits " + Wait(thread, state),
        ThreadMode.Dead => "dead",
    };

    /// <summary>What a core does.</summary>
    public string Core(CoreView core, RunState state)
    {
        var isAlive = core.Thread >= 0 && core.Thread < state.Threads.Count
            && state.Threads[core.Thread].Mode != ThreadMode.Dead;
        return core.Mode switch
        {
            CoreMode.Idle => "idle",
            CoreMode.Thread when !isAlive => "idle, its thread died",
            CoreMode.Thread => $"runs {Thread(state, core.Thread)} in "
                + InComponent(state.Threads[core.Thread].Component),
            CoreMode.Kernel when !isAlive => "kernel mode, in the kernel",
            CoreMode.Kernel => $"kernel mode, in the kernel, from {Thread(state, core.Thread)}",
        };
    }

    /// <summary>Who waits for whom, from a thread with an open call to the end.</summary>
    public string Chain(ThreadView caller, RunState state)
    {
        var links = new List<string>
        {
            $"{NameOf(caller.About)}: {CallName(caller.Call)}()",
        };
        var seen = new HashSet<int>();
        var at = caller;
        while (seen.Add(at.About.Index))
        {
            if (at.Mode != ThreadMode.Blocked)
            {
                links.Add(Thread(at, state));
                return string.Join($" {glyphs.Arrow} ", links);
            }

            if (at.Awaited < 0 || at.Awaited >= state.Threads.Count)
            {
                links.Add(Awaited(at, state));
                return string.Join($" {glyphs.Arrow} ", links);
            }

            at = state.Threads[at.Awaited];
            links.Add(NameOf(at.About));
        }

        links.Add("a cycle: they wait for each other");
        return string.Join($" {glyphs.Arrow} ", links);
    }

    /// <summary>The devices that serve something for a thread.</summary>
    private string DevicesFor(ThreadView thread, RunState state)
    {
        var names = run.Devices.Where((_, number) => state.Devices[number].Busy
            .Any(request => request.Thread == thread.About.Index)).ToList();
        return names.Count > 0
            ? "device " + string.Join(", ", names)
            : thread.Cause is Cause.DeviceService or Cause.DeviceQueue
                ? "a device or its interrupt"
                : $"an event in {Component(thread.Wait.Component)} ({thread.Cause.Name()})";
    }

    private string Running(ThreadView thread, RunState state) =>
        state.Cores[thread.About.Core] is { Mode: CoreMode.Kernel } core
            && core.Thread == thread.About.Index
            ? $"in the kernel on core {thread.About.Core}"
            : $"runs on core {thread.About.Core} in {InComponent(thread.Component)}";

    private string InComponent(int component) => component < 0
        ? "user mode"
        : $"{Component(component)}, {(IsInKernelMode(component) ? "kernel" : "user")} mode";

    private string Wait(ThreadView thread, RunState state) => "for " + (
        thread.Awaited >= 0 && thread.Wait.Kind is WaitKind.Reply
            ? $"the answer of {Thread(state, thread.Awaited)}"
        : thread.Awaited >= 0 && thread.Wait.Kind is WaitKind.Lock
            ? $"the lock of {Component(thread.Wait.Component)}, which "
                + $"{Thread(state, thread.Awaited)} holds"
        : Awaited(thread, state));

    private string Awaited(ThreadView thread, RunState state)
    {
        var component = Component(thread.Wait.Component);
        return thread.Wait.Kind switch
        {
            WaitKind.Send => thread.Wait.Component < 0
                ? $"{Thread(state, thread.Awaited)} to receive"
                : $"a free thread of {component}",
            WaitKind.Reply => thread.Wait.Component < 0
                ? "an answer"
                : $"an answer of {component} ({thread.Cause.Name()})",
            WaitKind.Receive => thread.Wait.Component < 0 ? "a message" : "work",
            WaitKind.Notification => "a signal",
            WaitKind.Event => DevicesFor(thread, state),
            WaitKind.Entry => $"a free activation of {component}",
            WaitKind.Lock => $"the lock of {component}",
        };
    }

    private string What(in TraceRecord record, RunState state)
    {
        var who = Thread(state, record.Thread);
        switch (record.Kind)
        {
            case TraceKind.Run:
                return $"{who} runs in {InComponent(record.Peer)}";
            case TraceKind.Trap when record.Peer == 0:
                return $"{who} traps: "
                    + KebabCase.Of(((Syscall)record.Detail).ToString()).Replace('-', '_');
            case TraceKind.Trap:
                return $"{who} enters the kernel to {Traps[record.Peer]}";
            case TraceKind.KernelDone:
                return $"kernel done after {Amounts.Count(record.Detail)} cycles; next "
                    + (record.Thread < 0 ? "nobody" : who);
            case TraceKind.MessageReceived:
                return $"{who} has a message of {Thread(state, record.Peer)}";
            case TraceKind.Replied:
                return $"{who} answers {Thread(state, record.Peer)}";
            case TraceKind.Preempted:
                return $"{who} is preempted";
            case TraceKind.Blocked:
                return $"{who} waits " + Wait(state.Threads[record.Thread], state);
            case TraceKind.Ready:
                return $"{who} is ready";
            case TraceKind.Interrupt:
                return $"interrupt {record.Detail} for {Component(record.Peer)}";
            case TraceKind.InterprocessorInterrupt:
                return "inter-processor interrupt" + (record.Thread < 0 ? "" : $" for {who}");
            case TraceKind.Signalled:
                return string.Create(
                    CultureInfo.InvariantCulture, $"a notification is signalled: {record.Detail}");
            case TraceKind.TimerExpired:
                return "a timer expires";
            case TraceKind.DeviceBegan:
                return $"device {run.Devices[record.Peer]} begins request {record.Detail} of {who}";
            case TraceKind.DeviceFinished:
                return $"device {run.Devices[record.Peer]} finishes request {record.Detail} of "
                    + who;
            case TraceKind.CallBegan:
                return $"{who} calls {CallName(record.Detail)}()";
            case TraceKind.CallEnded:
                return $"{who}'s call returns {Result(record.Detail)}";
            case TraceKind.Crashed:
                return $"{Component(record.Peer)}#{record.Detail} CRASHES";
            case TraceKind.Restarted:
                return $"{Component(record.Peer)}#{record.Detail} runs";
            case TraceKind.Rebound:
                return $"naming knows {Component(record.Peer)}#{record.Detail}";
            case TraceKind.Panic:
                return "KERNEL PANIC: everything dies, the machine reboots";
            case TraceKind.Exited:
                return $"process {record.Peer} ends with status {record.Detail}";
        }

        return record.Kind.ToString();
    }

    private static string Result(long result) => result < 0 && Enum.IsDefined((Errno)(-result))
        ? "-1 " + (Errno)(-result)
        : result.ToString(CultureInfo.InvariantCulture);

    private static string NameOf(in ThreadDescription thread) => thread.Process == 0
        ? thread.Name
        : $"{thread.Name}[{thread.Process}]";

    private string Nanoseconds(long cycles) => cycles < 0
        ? "-" + Nanoseconds(-cycles)
        : Amounts.Count(frequency.ToNanoseconds(new Cycles(cycles)));
}
