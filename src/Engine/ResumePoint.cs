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
    private Action<object?>? _continuation;
    private object? _argument;

    private enum State
    {
        Idle,
        Armed,
        Waiting,
        Resumed,
    }

    /// <summary>Whether <see cref="Await"/> was called, and <see cref="Resume"/> since then not.</summary>
    public bool IsArmed => _state is State.Armed or State.Waiting;

    /// <summary>Arms the point: the task completes at the next <see cref="Resume"/>.</summary>
    /// <returns>A task to be awaited once, before this method is called again.</returns>
    /// <exception cref="InvalidOperationException">The last wait has not ended yet.</exception>
    public ValueTask Await()
    {
        if (_state != State.Idle)
        {
            throw new InvalidOperationException(
                "This resume point is awaited already: one activation waits for one thing at a time.");
        }

        _state = State.Armed;
        return new ValueTask(this, _version);
    }

    /// <summary>
    /// Ends the wait and runs what follows it, up to the next wait, before it returns. If no one has
    /// awaited the task yet, whoever does will not have to wait.
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
            case State.Waiting:
                var continuation = _continuation!;
                var argument = _argument;
                _continuation = null;
                _argument = null;
                _state = State.Resumed;
                continuation(argument);
                break;
            case State.Armed:
                _state = State.Resumed;
                break;
            case State.Idle:
            case State.Resumed:
                throw new InvalidOperationException(
                    "Nothing waits at this resume point: it was resumed twice, or never awaited.");
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
        switch (_state)
        {
            case State.Armed:
                _continuation = continuation;
                _argument = state;
                _state = State.Waiting;
                break;
            case State.Resumed:
                continuation(state);
                break;
            case State.Idle:
            case State.Waiting:
                throw new InvalidOperationException(
                    "This wait is awaited already: its task may be awaited once.");
        }
    }

    /// <inheritdoc/>
    void IValueTaskSource.GetResult(short token)
    {
        CheckToken(token);
        if (_state != State.Resumed)
        {
            throw new InvalidOperationException(
                "This wait has not ended: inside a simulation one can only await, not block.");
        }

        _version = unchecked((short)(_version + 1));
        _state = State.Idle;
    }

    private void CheckToken(short token)
    {
        if (token != _version)
        {
            throw new InvalidOperationException(
                "This wait has ended and its result was taken: its task may be awaited once.");
        }
    }
}
