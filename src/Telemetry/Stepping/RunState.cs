using System.Collections.Immutable;
using Abi.Costs;
using Records;

namespace Telemetry.Stepping;

/// <summary>What a core does.</summary>
public enum CoreMode
{
    /// <summary>Nothing.</summary>
    Idle,
    /// <summary>It runs a thread outside the kernel's paths.</summary>
    Thread,
    /// <summary>It is in the kernel.</summary>
    Kernel,
}

/// <summary>What a thread does.</summary>
public enum ThreadMode
{
    /// <summary>Made, and never made ready.</summary>
    Created,
    /// <summary>Waits for its core.</summary>
    Ready,
    /// <summary>Its core's current one, also while the kernel works for it.</summary>
    Running,
    /// <summary>Waits for something else.</summary>
    Blocked,
    /// <summary>Ended or killed.</summary>
    Dead,
}

/// <summary>A core at an instant.</summary>
/// <param name="Mode">What it does.</param>
/// <param name="Thread">Its current thread, or -1.</param>
/// <param name="Since">From when on, cycles.</param>
public sealed record CoreView(CoreMode Mode, int Thread, long Since);

/// <summary>A thread at an instant.</summary>
/// <param name="About">Who it is.</param>
/// <param name="Mode">What it does.</param>
/// <param name="Since">From when on, cycles.</param>
/// <param name="Component">The component whose code it runs, or -1: a program's.</param>
public sealed record ThreadView(
    ThreadDescription About, ThreadMode Mode, long Since, int Component)
{
    /// <summary>Blocked: what it waits for.</summary>
    public Wait Wait { get; init; }

    /// <summary>Blocked: the thread that it waits for, or -1.</summary>
    public int Awaited { get; init; } = -1;

    /// <summary>Blocked: what its wait is billed to.</summary>
    public Cause Cause { get; init; }

    /// <summary>The number of the POSIX call that it is in, or -1.</summary>
    public long Call { get; init; } = -1;

    /// <summary>When that began, cycles.</summary>
    public long CallBegan { get; init; }

    /// <summary>POSIX calls that it has ended.</summary>
    public long CallsEnded { get; init; }

    /// <summary>Whether it waits for work: for a message at an endpoint of its own, or a
    /// signal.</summary>
    public bool IsOffDuty => Mode == ThreadMode.Blocked
        && Wait.Kind is WaitKind.Receive or WaitKind.Notification;
}

/// <summary>A request that a device serves.</summary>
/// <param name="Tag">Its tag.</param>
/// <param name="Thread">The thread that made it.</param>
/// <param name="Since">From when on, cycles.</param>
public sealed record DeviceRequestView(long Tag, int Thread, long Since);

/// <summary>A device at an instant.</summary>
/// <param name="Busy">What it serves, oldest first.</param>
/// <param name="Done">How many requests it has finished.</param>
public sealed record DeviceView(ImmutableArray<DeviceRequestView> Busy, long Done);

/// <summary>A component at an instant.</summary>
/// <param name="IsUp">Whether it runs.</param>
/// <param name="Incarnation">Which one runs, or died last.</param>
public sealed record ComponentView(bool IsUp, long Incarnation);

/// <summary>
/// A machine at an instant, as far as its trace tells: a function of the descriptions and records
/// up to there, and of nothing else. Values do not change, so an earlier one stays what it was.
/// </summary>
public sealed record RunState
{
    private RunState() { }

    /// <summary>What the numbers stand for.</summary>
    public required RunDescription Run { get; init; }

    /// <summary>How many records it has seen.</summary>
    public long Records { get; private init; }

    /// <summary>The latest instant that any of them told of, cycles.</summary>
    public long Now { get; private init; }

    /// <summary>The cores by number.</summary>
    public required ImmutableArray<CoreView> Cores { get; init; }

    /// <summary>The threads by number.</summary>
    public ImmutableList<ThreadView> Threads { get; private init; } = [];

    /// <summary>The devices by number.</summary>
    public required ImmutableArray<DeviceView> Devices { get; init; }

    /// <summary>The components by number.</summary>
    public required ImmutableArray<ComponentView> Components { get; init; }

    /// <summary>The machine before anything happened.</summary>
    public static RunState Begin(RunDescription run) => new()
    {
        Run = run,
        Cores = [.. Enumerable.Repeat(new CoreView(CoreMode.Idle, -1, 0), run.Cores)],
        Devices = [.. Enumerable.Repeat(new DeviceView([], 0), run.Devices.Count)],
        Components =
        [
            .. Enumerable.Repeat(new ComponentView(true, 1), run.Components.Count),
        ],
    };

    /// <summary>A thread was made. After a panic numbers begin again: those from its own on are
    /// other threads now.</summary>
    public RunState After(in ThreadDescription thread)
    {
        var threads = thread.Index < Threads.Count
            ? Threads.RemoveRange(thread.Index, Threads.Count - thread.Index)
            : Threads;
        return this with
        {
            Threads = threads.Add(
                new ThreadView(thread, ThreadMode.Created, Now, thread.Component)),
        };
    }

    /// <summary>One more thing happened.</summary>
    public RunState After(in TraceRecord record)
    {
        var seen = this with { Records = Records + 1, Now = Math.Max(Now, record.Time) };
        var (time, detail, process) = (record.Time, record.Detail, record.Peer);
        return record.Kind switch
        {
            TraceKind.Run => seen.Dispatched(
                record.Core, record.Thread, record.Time, record.Peer),
            TraceKind.Trap => seen.Trapped(record),
            TraceKind.KernelDone => seen.Dispatched(record.Core, record.Thread, record.Time, null),
            TraceKind.MessageReceived => seen.Received(record),
            TraceKind.Replied => seen.MadeReady(record.Peer, record.Time),
            TraceKind.Preempted or TraceKind.Ready =>
                seen.MadeReady(record.Thread, record.Time),
            TraceKind.Blocked => seen.BlockedBy(record),
            TraceKind.Interrupt or TraceKind.InterprocessorInterrupt or TraceKind.TimerExpired =>
                seen.InKernel(record.Core, record.Time),
            TraceKind.Signalled or TraceKind.Rebound => seen,
            TraceKind.DeviceBegan => seen.Began(record),
            TraceKind.DeviceFinished => seen.Finished(record),
            TraceKind.CallBegan => seen.With(record.Thread, thread => thread with
            {
                Call = detail,
                CallBegan = time,
            }, record),
            TraceKind.CallEnded => seen.With(
                record.Thread,
                thread => thread with { Call = -1, CallsEnded = thread.CallsEnded + 1 }, record),
            TraceKind.Crashed => seen.Crashed(record),
            TraceKind.Restarted => seen with
            {
                Components = Components.SetItem(
                    record.Peer, new ComponentView(true, record.Detail)),
            },
            TraceKind.Panic => seen.Panicked(record.Time),
            TraceKind.Exited => seen.Killed(
                thread => thread.About.Process == process, time),
        };
    }

    private RunState With(
        int thread, Func<ThreadView, ThreadView> change, in TraceRecord record) =>
        thread < 0 || thread >= Threads.Count
            ? throw new InvalidOperationException(
                $"record {Records} is about thread {thread}, which nobody described: {record}")
            : this with { Threads = Threads.SetItem(thread, change(Threads[thread])) };

    private RunState WithMode(int thread, ThreadMode mode, long now)
    {
        if (thread < 0 || thread >= Threads.Count || Threads[thread].Mode == ThreadMode.Dead)
        {
            return this;
        }

        var state = Threads[thread];
        return this with
        {
            Threads = Threads.SetItem(thread, state with
            {
                Mode = mode,
                Since = state.Mode == mode ? state.Since : now,
                Awaited = -1,
            }),
        };
    }

    private RunState WithCore(int core, CoreMode mode, int thread, long now)
    {
        var old = Cores[core];
        return old.Mode == mode && old.Thread == thread
            ? this
            : this with { Cores = Cores.SetItem(core, new CoreView(mode, thread, now)) };
    }

    /// <summary>A core goes on with a thread, or with none; whoever it ran and who neither blocked
    /// nor ended waits for it.</summary>
    private RunState Dispatched(int core, int thread, long now, int? component)
    {
        var old = Cores[core].Thread;
        var state = this;
        if (old >= 0 && old != thread && old < Threads.Count
            && Threads[old].Mode == ThreadMode.Running)
        {
            state = state.WithMode(old, ThreadMode.Ready, now);
        }

        if (thread < 0)
        {
            return state.WithCore(core, CoreMode.Idle, -1, now);
        }

        state = state.WithMode(thread, ThreadMode.Running, now)
            .WithCore(core, CoreMode.Thread, thread, now);
        return component is { } code && state.Threads[thread].Component != code
            ? state with
            {
                Threads = state.Threads.SetItem(
                    thread, state.Threads[thread] with { Component = code }),
            }
            : state;
    }

    private RunState Trapped(in TraceRecord record)
    {
        const int Ends = 4;
        var state = WithCore(record.Core, CoreMode.Kernel, record.Thread, record.Time);
        return record.Peer == Ends
            ? state.WithMode(record.Thread, ThreadMode.Dead, record.Time)
            : state;
    }

    private RunState InKernel(int core, long now) =>
        WithCore(core, CoreMode.Kernel, Cores[core].Thread, now);

    private RunState MadeReady(int thread, long now) => WithMode(thread, ThreadMode.Ready, now);

    private RunState Received(in TraceRecord record)
    {
        var state = Threads[record.Thread].Mode == ThreadMode.Blocked
            ? MadeReady(record.Thread, record.Time)
            : this;
        var sender = record.Peer;
        if (sender < 0 || sender >= Threads.Count
            || Threads[sender] is not { Mode: ThreadMode.Blocked, Wait.Kind: WaitKind.Send } waits)
        {
            return state;
        }

        // If it wants no answer, a record that it is ready follows.
        return state with
        {
            Threads = state.Threads.SetItem(sender, waits with
            {
                Since = record.Time,
                Wait = waits.Wait with { Kind = WaitKind.Reply },
                Awaited = record.Thread,
            }),
        };
    }

    private RunState BlockedBy(in TraceRecord record)
    {
        var wait = Wait.Of(record.Detail);
        var (time, peer, cause) = (record.Time, record.Peer, record.Cause);
        return With(
            record.Thread,
            thread => thread with
            {
                Mode = ThreadMode.Blocked,
                Since = time,
                Wait = wait,
                Awaited = peer,
                Cause = cause,
            },
            record);
    }

    private RunState Began(in TraceRecord record)
    {
        var device = Devices[record.Peer];
        return this with
        {
            Devices = Devices.SetItem(record.Peer, device with
            {
                Busy = device.Busy.Add(
                    new DeviceRequestView(record.Detail, record.Thread, record.Time)),
            }),
        };
    }

    private RunState Finished(in TraceRecord record)
    {
        var (device, tag, thread) = (Devices[record.Peer], record.Detail, record.Thread);
        var index = 0;
        while (index < device.Busy.Length
            && (device.Busy[index].Tag != tag || device.Busy[index].Thread != thread))
        {
            index++;
        }

        return this with
        {
            Devices = Devices.SetItem(record.Peer, new DeviceView(
                index < device.Busy.Length ? device.Busy.RemoveAt(index) : device.Busy,
                device.Done + 1)),
        };
    }

    private RunState Crashed(in TraceRecord record)
    {
        var component = record.Peer;
        return (this with
        {
            Components = Components.SetItem(
                component, new ComponentView(false, record.Detail)),
        }).Killed(thread => thread.About.Component == component, record.Time);
    }

    private RunState Killed(Predicate<ThreadView> who, long now)
    {
        var state = this;
        foreach (var thread in Threads)
        {
            if (thread.Mode != ThreadMode.Dead && who(thread))
            {
                state = state.WithMode(thread.About.Index, ThreadMode.Dead, now);
            }
        }

        return state;
    }

    /// <summary>Everything is dead; what comes up again is described anew.</summary>
    private RunState Panicked(long now) => Killed(_ => true, now) with
    {
        Cores = [.. Enumerable.Repeat(new CoreView(CoreMode.Idle, -1, now), Cores.Length)],
        Devices = [.. Devices.Select(device => device with { Busy = [] })],
        Components =
        [
            .. Enumerable.Repeat(new ComponentView(true, 1), Components.Length),
        ],
    };
}
