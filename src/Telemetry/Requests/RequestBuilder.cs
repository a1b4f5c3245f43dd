using Abi;
using Abi.Costs;
using Abi.Kernel;
using Records;

namespace Telemetry.Requests;

/// <summary>
/// Puts requests together from their steps, and hands each on when it has ended. Of a run it keeps
/// the requests under way and the names of threads. A request is a chain: at each instant the
/// innermost open span is where its time passes.
/// </summary>
/// <param name="finished">Who gets the finished requests, in the order of their ends.</param>
/// <param name="wanted">Which requests to build; null: all.</param>
public sealed class RequestBuilder(
    Action<Request> finished, Func<StartedCall, bool>? wanted = null) : IRequestSink
{
    private readonly Dictionary<long, Draft> drafts = [];
    private readonly List<ThreadDescription> threads = [];
    private RunDescription? run;
    private long origin;

    /// <inheritdoc/>
    public void Describe(RunDescription run) => this.run = run;

    /// <inheritdoc/>
    public void Describe(in ThreadDescription thread)
    {
        if (thread.Index < threads.Count)
        {
            threads.RemoveRange(thread.Index, threads.Count - thread.Index);
        }

        threads.Add(thread);
    }

    /// <inheritdoc/>
    public void IsUp(long now) => origin = now;

    /// <inheritdoc/>
    public void Begins(in StartedCall call)
    {
        if (wanted is null || wanted(call))
        {
            drafts.Add(
                call.Request, new Draft(this, call with { Began = call.Began - origin }));
        }
    }

    /// <inheritdoc/>
    public void Step(in RequestStep step)
    {
        if (drafts.TryGetValue(step.Request, out var draft))
        {
            draft.Add(step with { Time = step.Time - origin });
        }
    }

    /// <inheritdoc/>
    public void Ends(long request, long? result, long now)
    {
        if (drafts.Remove(request, out var draft))
        {
            finished(draft.Finish(result, now - origin));
        }
    }

    private string NameOf(int component) => run!.Components[component].Name;

    private string ThreadName(int thread) => thread < threads.Count ? threads[thread].Name : "";

    private int CoreOf(int thread) => thread < threads.Count ? threads[thread].Core : -1;

    /// <summary>A request under way.</summary>
    private sealed class Draft
    {
        private readonly RequestBuilder builder;
        private readonly StartedCall call;
        private readonly RequestSpan root;
        private readonly List<RequestPiece> pieces = [];

        // Open spans, innermost last, each with the thread that goes on when it is over, and
        // whether it is a trap by which that thread calls somebody.
        private readonly List<(RequestSpan Span, int Caller, bool IsCall)> open = [];

        // What opens and closes spans, not yet reached by the partition of time.
        private readonly Queue<RequestStep> changes = [];
        private readonly LinkedList<(Part Part, long Count, long Cycles)> charges = [];

        // The last span of each component that was asked, for what is asked again.
        private readonly Dictionary<string, RequestSpan> last = [];
        private long until;
        private int spans;

        public Draft(RequestBuilder builder, StartedCall call)
        {
            this.builder = builder;
            this.call = call;
            until = call.Began;
            root = new RequestSpan(
                spans++, null, SpanRole.Program, "program",
                KebabCase.Of(call.Call.ToString()).Replace('-', '_'), call.Thread)
            {
                ThreadName = call.ProcessName,
                Core = builder.CoreOf(call.Thread),
                Began = call.Began,
            };
            open.Add((root, -1, false));
        }

        public void Add(in RequestStep step)
        {
            switch (step.Kind)
            {
                case RequestStepKind.Charged when step.Count < 0:
                    TakeBack((Part)step.Detail, -step.Count);
                    break;
                case RequestStepKind.Charged:
                    charges.AddLast(((Part)step.Detail, step.Count, step.Cycles));
                    break;
                case RequestStepKind.Worked:
                    Work(step.Component, step.Time + step.Cycles);
                    break;
                case RequestStepKind.Waited:
                    Pass(
                        (Cause)step.Detail, null, 0, step.Component, step.Time + step.Cycles);
                    break;
                case RequestStepKind.Trapped:
                    // Its first instructions have passed before the kernel got its lock.
                    changes.Enqueue(step with { Time = until });
                    break;
                case RequestStepKind.Resumed:
                case RequestStepKind.Entered:
                case RequestStepKind.Left:
                case RequestStepKind.Cut:
                    changes.Enqueue(step with { Time = Math.Max(step.Time, until) });
                    break;
            }
        }

        public Request Finish(long? result, long now)
        {
            while (changes.TryDequeue(out var change))
            {
                Change(change);
            }

            if (until != now || charges.Count > 0)
            {
                throw new InvalidOperationException(
                    $"request {call.Request}: its time is told until {until}, it ended at {now}, "
                    + $"{charges.Count} charges are left");
            }

            CloseDownTo(0, now, isCut: false);
            root.Ended = now;
            return new Request(call, root, pieces, result);
        }

        private void TakeBack(Part part, long count)
        {
            for (var node = charges.Last; node is not null; node = node.Previous)
            {
                if (node.Value.Part == part && node.Value.Count == count)
                {
                    charges.Remove(node);
                    return;
                }
            }

            throw new InvalidOperationException(
                $"request {call.Request}: {count} times {part} is taken back but was not charged");
        }

        private void Work(int component, long end)
        {
            while (until < end)
            {
                if (charges.First is not { } first)
                {
                    throw new InvalidOperationException(
                        $"request {call.Request}: worked until {end}, charged until {until}");
                }

                var (part, count, cycles) = first.Value;
                var now = Math.Min(until + cycles, end);
                cycles -= now - until;
                if (cycles > 0)
                {
                    first.Value = (part, 0, cycles);
                }
                else
                {
                    charges.RemoveFirst();
                }

                Pass(part.Cause(), part, count, component, now);
            }
        }

        private void Pass(Cause cause, Part? part, long count, int component, long end)
        {
            while (changes.TryPeek(out var change) && change.Time < end)
            {
                if (change.Time > until)
                {
                    AddPiece(change.Time);
                    count = 0;
                }

                Change(changes.Dequeue());
            }

            if (end > until)
            {
                AddPiece(end);
            }

            void AddPiece(long ended)
            {
                LeaveTrap(component);
                var span = open[^1].Span;
                var piece = new RequestPiece(
                    until, ended, cause, part, count, builder.NameOf(component), span.Id);
                pieces.Add(piece);
                span.Add(piece);
                until = ended;
            }
        }

        /// <summary>A trap that is no call is over when its thread sleeps or waits for its core:
        /// what passes then passes in the component, whoever works for it.</summary>
        private void LeaveTrap(int component)
        {
            if (component != builder.run!.Kernel && open[^1] is { IsCall: false } innermost
                && innermost.Span.Role == SpanRole.Kernel)
            {
                CloseDownTo(open.Count - 1, until, isCut: false);
            }
        }

        private void Change(in RequestStep step)
        {
            var now = step.Time;
            switch (step.Kind)
            {
                case RequestStepKind.Trapped:
                    var number = (Syscall)step.Detail;
                    if (step.Thread == call.Thread || !IsReception(number))
                    {
                        Open(
                            SpanRole.Kernel, builder.run!.Kernel,
                            KebabCase.Of(number.ToString()).Replace('-', '_'), null, step.Thread,
                            step.Thread, now,
                            number is Syscall.Call or Syscall.UndefinedInstruction);
                    }

                    break;
                case RequestStepKind.Resumed:
                    if (open[^1].Span.Role == SpanRole.Kernel && open[^1].Caller == step.Thread)
                    {
                        CloseDownTo(open.Count - 1, now, isCut: false);
                    }

                    break;
                case RequestStepKind.Entered:
                    var name = builder.NameOf(step.Component);
                    Open(
                        SpanRole.Component, step.Component,
                        step.Component == builder.run!.Program
                            ? builder.ThreadName(step.Peer)
                            : name,
                        (Crossing)step.Detail, step.Peer, step.Thread, now, isCall: false);
                    break;
                case RequestStepKind.Left:
                case RequestStepKind.Cut:
                    var caller = step.Thread;
                    var entered = open.FindLastIndex(each =>
                        each.Span.Role == SpanRole.Component && each.Caller == caller);
                    if (entered > 0)
                    {
                        CloseDownTo(entered, now, step.Kind == RequestStepKind.Cut);
                    }

                    break;
                case RequestStepKind.Charged:
                case RequestStepKind.Worked:
                case RequestStepKind.Waited:
                    break;
            }
        }

        /// <summary>Receiving the next request and answering the last are not done for
        /// it.</summary>
        private static bool IsReception(Syscall number) => number
            is Syscall.Receive or Syscall.ReceiveNonBlocking or Syscall.Reply
            or Syscall.ReplyReceive;

        private void Open(
            SpanRole role, int component, string name, Crossing? crossing, int thread, int caller,
            long now, bool isCall)
        {
            var parent = open[^1].Span;
            var componentName = builder.NameOf(component);
            var span = new RequestSpan(spans++, parent, role, componentName, name, thread)
            {
                ThreadName = builder.ThreadName(thread),
                Core = builder.CoreOf(thread),
                Crossing = crossing,
                Began = now,
                RetryOf = role == SpanRole.Component
                        && last.GetValueOrDefault(componentName) is { IsCut: true } cut
                    ? cut
                    : null,
            };
            if (role == SpanRole.Component)
            {
                last[componentName] = span;
            }

            parent.Add(span);
            open.Add((span, caller, isCall));
        }

        private void CloseDownTo(int depth, long now, bool isCut)
        {
            while (open.Count > depth)
            {
                var span = open[^1].Span;
                span.Ended = now;
                span.IsCut = isCut;
                open.RemoveAt(open.Count - 1);
            }
        }
    }
}
