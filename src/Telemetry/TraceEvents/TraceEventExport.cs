using System.Text.Json;
using Abi.Units;
using Records;
using Telemetry.Strace;

namespace Telemetry.TraceEvents;

/// <summary>
/// A run as a trace that Perfetto and chrome://tracing show: a process for each component, each
/// process of the scenario, the kernel (a track for each core) and the devices. Streams: it keeps
/// what is under way. Give it the run's records and its requests both.
/// </summary>
public sealed class TraceEventExport : ITraceSink, IDisposable
{
    // Processes of the scenario have their own numbers; the rest stands behind them.
    private const long FirstComponent = 1_000_001;

    private readonly Stream output;
    private readonly IReadOnlyList<(string Name, string Value)> facts;
    private readonly RequestReader requests;
    private readonly List<ThreadTrack> threads = [];
    private readonly List<List<Lane>> lanes = [];
    private readonly HashSet<long> named = [];
    private TraceEventWriter? writer;
    private RunDescription? run;
    private JsonEncodedText[] componentNames = [];
    private Place[] coreTracks = [];
    private CoreState[] cores = [];
    private bool isUp;
    private long origin;
    private long last;
    private long tracks;
    private long arrows;
    private long messages;
    private long ready;

    /// <summary>Nothing is written before the run says what it is.</summary>
    /// <param name="output">Where to; not closed.</param>
    /// <param name="facts">What the file says about itself: scenario, placement.</param>
    public TraceEventExport(Stream output, IReadOnlyList<(string Name, string Value)> facts)
    {
        this.output = output;
        this.facts = facts;
        requests = new RequestReader(this);
    }

    /// <summary>Reads what becomes of the run's calls.</summary>
    public IRequestSink Requests => requests;

    /// <inheritdoc/>
    public void Describe(RunDescription run)
    {
        this.run = run;
        writer = new TraceEventWriter(output, new Frequency(run.FrequencyHertz),
            [.. facts, ("clock", $"{run.FrequencyHertz} Hz")]);
        componentNames =
            [.. run.Components.Select(component => JsonEncodedText.Encode(component.Name))];
        var kernel = FirstComponent + run.Kernel;
        writer.Process(kernel, "kernel", kernel);
        coreTracks = new Place[run.Cores];
        cores = new CoreState[run.Cores];
        for (var core = 0; core < run.Cores; core++)
        {
            coreTracks[core] = new Place(kernel, ++tracks);
            writer.Track(kernel, tracks, $"core {core}", core);
        }

        writer.Process(Devices, "devices", Devices);
        foreach (var _ in run.Devices)
        {
            lanes.Add([]);
        }
    }

    /// <inheritdoc/>
    public void Describe(in ThreadDescription thread)
    {
        var isProgram = thread.Component < 0;
        var process = isProgram ? thread.Process : FirstComponent + thread.Component;
        if (named.Add(process))
        {
            var component = isProgram ? null : run!.Components[thread.Component];
            writer!.Process(process, component?.Name ?? thread.Name, process);
            if (component is not null)
            {
                writer.Label(process, $"domain {component.Domain}");
            }
        }

        var track = new Place(process, ++tracks);
        writer!.Track(process, track.Track, thread.Name, track.Track);
        if (thread.Index < threads.Count)
        {
            threads.RemoveRange(thread.Index, threads.Count - thread.Index);
        }

        threads.Add(new ThreadTrack(writer, track, thread.Component));
    }

    /// <inheritdoc/>
    public void IsUp(long now)
    {
        // Those that wait have waited since before time began.
        origin = now;
        isUp = true;
        messages = 0;
        foreach (var thread in threads)
        {
            thread.StartAtZero();
        }
    }

    /// <inheritdoc/>
    public void Record(in TraceRecord record)
    {
        if (!isUp)
        {
            Remember(record);
            return;
        }

        var now = At(record.Time);
        switch (record.Kind)
        {
            case TraceKind.Run:
                Ran(record, now);
                break;
            case TraceKind.Trap:
                Trapped(record, now);
                break;
            case TraceKind.KernelDone:
                Done(record, now);
                break;
            case TraceKind.MessageReceived:
                Send(EventNames.Call, threads[record.Peer], threads[record.Thread], now);
                break;
            case TraceKind.Replied:
                Send(EventNames.Reply, threads[record.Thread], threads[record.Peer], now);
                break;
            case TraceKind.Ready:
                threads[record.Thread].IsReady = true;
                CountReady(+1, now);
                break;
            case TraceKind.Interrupt:
            case TraceKind.InterprocessorInterrupt:
            case TraceKind.TimerExpired:
                Interrupted(record, now);
                break;
            case TraceKind.DeviceBegan:
                Began(record, now);
                break;
            case TraceKind.DeviceFinished:
                Finished(record, now);
                break;
            case TraceKind.Crashed:
                Crashed(record.Peer, now);
                break;
            case TraceKind.Restarted:
                Mark(EventNames.Restarted, record.Peer, now);
                break;
            case TraceKind.Rebound:
                Mark(EventNames.Rebound, record.Peer, now);
                break;
            case TraceKind.Panic:
                Panicked(now);
                break;
            case TraceKind.Exited:
                var exited = threads[record.Thread];
                exited.Die(now);
                writer!.Instant(
                    exited.Place, 't', EventNames.Exited, EventNames.Life, now);
                break;
            case TraceKind.CallBegan:
            case TraceKind.CallEnded:
                // Requests tell both, and the arguments.
                break;
            case TraceKind.Preempted:
            case TraceKind.Blocked:
            case TraceKind.Signalled:
                break;
        }
    }

    /// <summary>The run is over: ends what is open, and the file.</summary>
    public void Finish()
    {
        if (writer is null)
        {
            return;
        }

        EndAll(last);
        writer.Finish();
    }

    /// <inheritdoc/>
    public void Dispose() => writer?.Dispose();

    private long Devices => FirstComponent + run!.Components.Count;

    private long At(long time)
    {
        var now = time - origin;
        last = Math.Max(last, now);
        return now;
    }

    // Before the machine is up nothing is drawn; only who waits in the kernel is kept.
    private void Remember(in TraceRecord record)
    {
        switch (record.Kind)
        {
            case TraceKind.Trap:
                threads[record.Thread].WaitFromZero(EventNames.OfTrap(record));
                break;
            case TraceKind.Ready:
                threads[record.Thread].IsReady = true;
                ready++;
                break;
            case TraceKind.Run:
                threads[record.Thread].ForgetTrap();
                ready -= threads[record.Thread].IsReady ? 1 : 0;
                threads[record.Thread].IsReady = false;
                break;
            default:
                break;
        }
    }

    private void Ran(in TraceRecord record, long now)
    {
        var thread = threads[record.Thread];
        cores[record.Core].Current = thread;
        thread.Run(now);
        if (thread.IsReady)
        {
            thread.IsReady = false;
            CountReady(-1, now);
        }
    }

    private void Trapped(in TraceRecord record, long now)
    {
        var thread = threads[record.Thread];
        var name = EventNames.OfTrap(record);
        ref var core = ref cores[record.Core];
        core.Name = name;
        core.Current = null;
        thread.Trap(name, now);
        if (thread.Component >= 0 && EventNames.IsReception(record))
        {
            // Whatever it served, it serves no more, though the answer may come later.
            thread.CloseAll(now);
        }
    }

    private void Done(in TraceRecord record, long now)
    {
        ref var core = ref cores[record.Core];
        var began = Math.Max(0, now - record.Detail);
        if (core.Current is { IsRunning: true } current)
        {
            current.Suspend(Math.Max(began, current.RunsSince));
        }

        core.Current = null;
        if (began < now)
        {
            writer!.Slice(
                coreTracks[record.Core], core.Name ?? EventNames.Kernel, EventNames.Kernel,
                began, now);
        }

        core.Name = null;
        if (record.Thread >= 0 && threads[record.Thread] is { IsSuspended: true } next)
        {
            core.Current = next;
            next.Resume(now);
        }
    }

    private void Send(JsonEncodedText name, ThreadTrack from, ThreadTrack to, long now)
    {
        writer!.Counter(
            FirstComponent + run!.Kernel, EventNames.Messages, EventNames.Total, now, ++messages);
        if (from.TrappedAt >= 0)
        {
            to.Receive(new Arrow(name, ++arrows, from, from.TrappedAt));
        }
    }

    private void CountReady(int change, long now)
    {
        ready += change;
        writer!.Counter(
            FirstComponent + run!.Kernel, EventNames.Ready, EventNames.Threads, now, ready);
    }

    private void Interrupted(in TraceRecord record, long now)
    {
        var name = record.Kind == TraceKind.Interrupt ? EventNames.Interrupt
            : record.Kind == TraceKind.TimerExpired ? EventNames.Timer
            : EventNames.InterprocessorInterrupt;
        cores[record.Core].Name = name;
        writer!.Instant(coreTracks[record.Core], 't', name, EventNames.Interrupt, now);
    }

    private void Began(in TraceRecord record, long now)
    {
        var device = record.Peer;
        var lane = lanes[device].Find(each => !each.IsBusy);
        if (lane is null)
        {
            var name = run!.Devices[device];
            lane = new Lane(new Place(Devices, ++tracks));
            lanes[device].Add(lane);
            writer!.Track(
                Devices, tracks, lanes[device].Count == 1 ? name : $"{name} {lanes[device].Count}",
                tracks);
        }

        lane.Begin(record.Detail, now);
        CountService(device, now);
    }

    private void Finished(in TraceRecord record, long now)
    {
        var tag = record.Detail;
        var lane = lanes[record.Peer].Find(each => each.IsBusy && each.Tag == tag);
        if (lane is not null)
        {
            writer!.Slice(
                lane.Place, EventNames.Service, EventNames.Device, lane.Since, now,
                $"request {tag}");
            lane.IsBusy = false;
            CountService(record.Peer, now);
        }
    }

    private void CountService(int device, long now) => writer!.Counter(
        Devices, JsonEncodedText.Encode(run!.Devices[device]), EventNames.InService, now,
        lanes[device].Count(lane => lane.IsBusy));

    private void Crashed(int component, long now)
    {
        foreach (var thread in threads)
        {
            if (thread.Component == component)
            {
                Bury(thread, now);
            }
        }

        Mark(EventNames.Crashed, component, now);
    }

    private void Bury(ThreadTrack thread, long now)
    {
        thread.Die(now);
        if (thread.IsReady)
        {
            thread.IsReady = false;
            CountReady(-1, now);
        }
    }

    private void Mark(JsonEncodedText what, int component, long now) => writer!.Instant(
        new Place(FirstComponent + component, 0), 'p', what, EventNames.Life, now);

    private void Panicked(long now)
    {
        EndAll(now);
        writer!.Instant(coreTracks[0], 'g', EventNames.Panic, EventNames.Life, now);
        threads.Clear();
        Array.Clear(cores);
        if (ready > 0)
        {
            CountReady((int)-ready, now);
        }
    }

    private void EndAll(long now)
    {
        // Arrows start where somebody waits: first those that run, which are their ends.
        threads.ForEach(thread => thread.WriteTo(now));
        threads.ForEach(thread => thread.Die(now));
        foreach (var lane in lanes.SelectMany(each => each).Where(lane => lane.IsBusy))
        {
            writer!.Slice(
                lane.Place, EventNames.Service, EventNames.Device, lane.Since, now,
                $"request {lane.Tag}, cut short");
            lane.IsBusy = false;
        }
    }

    /// <summary>A core: what it does in the kernel, and whose segment it runs.</summary>
    private struct CoreState
    {
        public JsonEncodedText? Name;
        public ThreadTrack? Current;
    }

    /// <summary>One of the requests that a device serves at once.</summary>
    private sealed class Lane(Place place)
    {
        public Place Place => place;

        public bool IsBusy { get; set; }

        public long Tag { get; private set; }

        public long Since { get; private set; }

        public void Begin(long tag, long now) => (IsBusy, Tag, Since) = (true, tag, now);
    }

    /// <summary>Draws the calls, and the requests where they are served.</summary>
    private sealed class RequestReader(TraceEventExport export) : IRequestSink
    {
        private readonly Dictionary<long, CallUnderWay> calls = [];

        public void Begins(in StartedCall call)
        {
            if (!export.isUp)
            {
                return;
            }

            var track = export.threads[call.Thread];
            var slice = new OpenSlice(
                EventNames.Of(call.Call), EventNames.Posix, call.Request, export.At(call.Began));
            track.Open(slice);
            calls.Add(call.Request, new CallUnderWay(call, track, slice));
        }

        public void Step(in RequestStep step)
        {
            switch (step.Kind)
            {
                case RequestStepKind.Entered:
                    Enter(step);
                    break;
                case RequestStepKind.Left:
                case RequestStepKind.Cut:
                    Leave(step);
                    break;
                case RequestStepKind.Trapped:
                case RequestStepKind.Resumed:
                case RequestStepKind.Charged:
                case RequestStepKind.Worked:
                case RequestStepKind.Waited:
                    break;
            }
        }

        public void Ends(long request, long? result, long now)
        {
            if (calls.Remove(request, out var call))
            {
                call.Track.Close(call.Slice, export.At(now), Outcome(call.Call, result));
            }
        }

        private static string Outcome(in StartedCall call, long? result) =>
            result is null ? "never returned" : CallText.Of(call, result);

        private void Enter(in RequestStep step)
        {
            if (!calls.TryGetValue(step.Request, out var call))
            {
                return;
            }

            var track = export.threads[step.Peer];
            var now = export.At(step.Time);
            OpenSlice? slice = null;
            if (step.Thread == step.Peer)
            {
                slice = new OpenSlice(
                    export.componentNames[step.Component], EventNames.Entered, step.Request, now);
            }
            else if (track.Component >= 0)
            {
                // What it received has come; it may have to wait for its core.
                track.CloseTrap(now);
                slice = new OpenSlice(
                    call.Slice.Name, EventNames.Serves, step.Request, now);
            }

            if (slice is not null)
            {
                track.Open(slice);
            }

            call.Entered.Add((step.Thread, track, slice));
        }

        private void Leave(in RequestStep step)
        {
            if (!calls.TryGetValue(step.Request, out var call))
            {
                return;
            }

            for (var i = call.Entered.Count - 1; i >= 0; i--)
            {
                if (call.Entered[i].Caller == step.Thread)
                {
                    var now = export.At(step.Time);
                    for (var j = call.Entered.Count - 1; j >= i; j--)
                    {
                        if (call.Entered[j] is { Slice: { } slice, Track: var track })
                        {
                            track.Close(slice, now);
                        }
                    }

                    call.Entered.RemoveRange(i, call.Entered.Count - i);
                    return;
                }
            }
        }

        /// <summary>A call and who has it in hand, innermost last.</summary>
        private sealed record CallUnderWay(StartedCall Call, ThreadTrack Track, OpenSlice Slice)
        {
            public List<(int Caller, ThreadTrack Track, OpenSlice? Slice)> Entered { get; } = [];
        }
    }
}
