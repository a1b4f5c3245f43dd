using System.Runtime.CompilerServices;
using System.Threading.Tasks.Sources;

namespace Engine;

/// <summary>
/// Where an asynchronous program waits for the simulation. One for each activation, used again for
/// each wait, so that a wait allocates nothing. Not for more than one thread.
/// </summary>
public sealed class ResumePoint : IValueTaskSource
{
    private State _state;
    private short _version;

    // What goes on at a resume: the first for a Wait that is awaited itself, the other two for one
    // that became a ValueTask. They stay after the resume, because the next wait mostly brings the
    // same ones, and a reference that is not written again costs no write barrier.
    private Action? _action;
    private Action<object?>? _continuation;
    private object? _argument;

    private enum State
    {
        Idle,
        Armed,
        WaitingForAction,
        WaitingForContinuation,
        Resumed,
    }

    /// <summary>
    /// Whether <see cref="Await"/> was called, and <see cref="Resume"/> since then not.
    /// </summary>
    public bool IsArmed => _state is not (State.Idle or State.Resumed);

    /// <summary>Arms the point: the wait ends at the next <see cref="Resume"/>.</summary>
    /// <returns>To be awaited once, itself or as a <see cref="ValueTask"/>.</returns>
    /// <exception cref="InvalidOperationException">The last wait has not ended yet.</exception>
    public Wait Await()
    {
        if (_state != State.Idle)
        {
            throw Armed();
        }

        _state = State.Armed;
        return new Wait(this);
    }

    /// <summary>
    /// Ends the wait and runs what follows it, up to the next wait, before it returns. If no one
    /// has awaited the wait yet, whoever does will not have to wait.
    /// </summary>
    /// <remarks>
    /// An exception of the program ends up in the program's own task, not here: the caller looks at
    /// that task after each resume.
    /// </remarks>
    /// <exception cref="InvalidOperationException">Nothing waits here.</exception>
    public void Resume()
    {
        switch (_state)
        {
            case State.WaitingForAction:
                _state = State.Resumed;
                _action!();
                break;
            case State.WaitingForContinuation:
                _state = State.Resumed;
                _continuation!(_argument);
                break;
            case State.Armed:
                _state = State.Resumed;
                break;
            case State.Idle:
            case State.Resumed:
                throw NothingWaits();
        }
    }

    /// <inheritdoc/>
    ValueTaskSourceStatus IValueTaskSource.GetStatus(short token)
    {
        CheckToken(token);
        return _state == State.Resumed
            ? ValueTaskSourceStatus.Succeeded
            : ValueTaskSourceStatus.Pending;
    }

    /// <inheritdoc/>
    void IValueTaskSource.OnCompleted(
        Action<object?> continuation, object? state, short token,
        ValueTaskSourceOnCompletedFlags flags)
    {
        CheckToken(token);
        if (!Enter(State.WaitingForContinuation))
        {
            continuation(state);
            return;
        }

        if (!ReferenceEquals(_continuation, continuation))
        {
            _continuation = continuation;
        }

        if (!ReferenceEquals(_argument, state))
        {
            _argument = state;
        }
    }

    /// <inheritdoc/>
    void IValueTaskSource.GetResult(short token)
    {
        CheckToken(token);
        TakeResult();
    }

    // False if the wait has ended already.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool Enter(State waiting)
    {
        if (_state != State.Armed)
        {
            return _state == State.Resumed ? false : throw AwaitedTwice();
        }

        _state = waiting;
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void TakeResult()
    {
        if (_state != State.Resumed)
        {
            throw NotEnded();
        }

        _version = unchecked((short)(_version + 1));
        _state = State.Idle;
    }

    private void CheckToken(short token)
    {
        if (token != _version)
        {
            throw AwaitedTwice();
        }
    }

    private static InvalidOperationException Armed() =>
        new("This resume point is awaited already: one activation waits for one thing at a time.");

    private static InvalidOperationException NothingWaits() =>
        new("Nothing waits at this resume point: it was resumed twice, or never awaited.");

    private static InvalidOperationException AwaitedTwice() =>
        new("This wait is awaited already, or has ended: it may be awaited once.");

    private static InvalidOperationException NotEnded() =>
        new("This wait has not ended: inside a simulation one can only await, not block.");

    /// <summary>
    /// One wait at a resume point. Awaited itself it costs a quarter less than as a
    /// <see cref="ValueTask"/>, which it becomes where one is asked for. The default has ended.
    /// </summary>
    /// <remarks>
    /// One reference and no version: a larger awaiter is copied, slowly, at each await.
    /// </remarks>
    public readonly struct Wait : ICriticalNotifyCompletion
    {
        private readonly ResumePoint? _point;

        internal Wait(ResumePoint point) => _point = point;

        /// <summary>Whether the wait has ended.</summary>
        public bool IsCompleted => _point is null || _point._state == State.Resumed;

        /// <summary>
        /// The same wait as a task, for interfaces that know nothing of the engine.
        /// </summary>
        public static implicit operator ValueTask(Wait wait) => wait.ToValueTask();

        /// <summary>
        /// The same wait as a task, for interfaces that know nothing of the engine.
        /// </summary>
        public ValueTask ToValueTask() =>
            _point is null ? default : new ValueTask(_point, _point._version);

        /// <summary>Called by <c>await</c>.</summary>
        public Wait GetAwaiter() => this;

        /// <summary>Called by <c>await</c>.</summary>
        /// <exception cref="InvalidOperationException">
        /// The wait has not ended, or was awaited before.
        /// </exception>
        public void GetResult() => _point?.TakeResult();

        /// <inheritdoc/>
        public void OnCompleted(Action continuation) => UnsafeOnCompleted(continuation);

        /// <inheritdoc/>
        public void UnsafeOnCompleted(Action continuation)
        {
            if (_point is null || !_point.Enter(State.WaitingForAction))
            {
                continuation();
            }
            else if (!ReferenceEquals(_point._action, continuation))
            {
                _point._action = continuation;
            }
        }
    }
}
