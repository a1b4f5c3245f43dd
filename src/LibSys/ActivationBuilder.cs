using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using System.Threading.Tasks.Sources;

namespace LibSys;

/// <summary>
/// Builds the <see cref="ValueTask{TResult}"/> of an async method that runs in activations. Like
/// the runtime's pooling builder it allocates nothing once it is warm; unlike it, it takes for
/// granted that an activation never changes threads and carries no ambient state of the host.
/// </summary>
/// <typeparam name="TResult">The method's result.</typeparam>
public struct ActivationBuilder<TResult>
{
    private Suspended<TResult>? suspended;
    private TResult result;

    /// <summary>What the method returns to its caller.</summary>
    public readonly ValueTask<TResult> Task => suspended is null
        ? new ValueTask<TResult>(result)
        : new ValueTask<TResult>(suspended, suspended.Version);

    /// <summary>The same for a caller that wants no result.</summary>
    internal readonly ValueTask TaskWithoutResult => suspended is null
        ? ValueTask.CompletedTask
        : new ValueTask(suspended, suspended.Version);

    /// <summary>Called by the compiler's code.</summary>
    [SuppressMessage("Design", "CA1000", Justification = "the compiler asks for it")]
    public static ActivationBuilder<TResult> Create() => default;

    /// <summary>Runs the method up to its first suspension.</summary>
    public readonly void Start<TMachine>(ref TMachine machine)
        where TMachine : IAsyncStateMachine => machine.MoveNext();

    /// <summary>Not needed: the machine is not boxed.</summary>
    public readonly void SetStateMachine(IAsyncStateMachine machine) { }

    /// <summary>The method has returned.</summary>
    public void SetResult(TResult value)
    {
        if (suspended is null)
        {
            result = value;
        }
        else
        {
            suspended.Complete(value);
        }
    }

    /// <summary>The method has thrown.</summary>
    public void SetException(Exception exception) =>
        (suspended ??= new Suspended<TResult>()).Fail(exception);

    /// <summary>Suspends the method.</summary>
    public void AwaitOnCompleted<TAwaiter, TMachine>(ref TAwaiter awaiter, ref TMachine machine)
        where TAwaiter : INotifyCompletion
        where TMachine : IAsyncStateMachine =>
        awaiter.OnCompleted(Suspended<TResult>.Suspend(ref suspended, ref machine));

    /// <summary>Suspends the method.</summary>
    public void AwaitUnsafeOnCompleted<TAwaiter, TMachine>(
        ref TAwaiter awaiter, ref TMachine machine)
        where TAwaiter : ICriticalNotifyCompletion
        where TMachine : IAsyncStateMachine =>
        awaiter.UnsafeOnCompleted(Suspended<TResult>.Suspend(ref suspended, ref machine));
}

/// <summary>The same for an async method without a result.</summary>
public struct ActivationBuilder
{
    private ActivationBuilder<bool> inner;

    /// <summary>What the method returns to its caller.</summary>
    public readonly ValueTask Task => inner.TaskWithoutResult;

    /// <summary>Called by the compiler's code.</summary>
    public static ActivationBuilder Create() => default;

    /// <summary>Runs the method up to its first suspension.</summary>
    public readonly void Start<TMachine>(ref TMachine machine)
        where TMachine : IAsyncStateMachine => machine.MoveNext();

    /// <summary>Not needed: the machine is not boxed.</summary>
    public readonly void SetStateMachine(IAsyncStateMachine machine) { }

    /// <summary>The method has returned.</summary>
    public void SetResult() => inner.SetResult(true);

    /// <summary>The method has thrown.</summary>
    public void SetException(Exception exception) => inner.SetException(exception);

    /// <summary>Suspends the method.</summary>
    public void AwaitOnCompleted<TAwaiter, TMachine>(ref TAwaiter awaiter, ref TMachine machine)
        where TAwaiter : INotifyCompletion
        where TMachine : IAsyncStateMachine => inner.AwaitOnCompleted(ref awaiter, ref machine);

    /// <summary>Suspends the method.</summary>
    public void AwaitUnsafeOnCompleted<TAwaiter, TMachine>(
        ref TAwaiter awaiter, ref TMachine machine)
        where TAwaiter : ICriticalNotifyCompletion
        where TMachine : IAsyncStateMachine =>
        inner.AwaitUnsafeOnCompleted(ref awaiter, ref machine);
}

/// <summary>
/// An async method that was suspended, or has thrown, until its result has been taken.
/// </summary>
internal class Suspended<TResult> : IValueTaskSource<TResult>, IValueTaskSource
{
    private Action<object?>? continuation;
    private object? argument;
    private ExceptionDispatchInfo? failure;
    private TResult result = default!;
    private bool isOver;

    public short Version { get; private set; }

    /// <summary>Goes on with the method.</summary>
    protected Action? Resume { get; init; }

    /// <summary>Suspends a method, for the first time if nothing stands for it yet.</summary>
    /// <returns>What goes on with it.</returns>
    public static Action Suspend<TMachine>(
        ref Suspended<TResult>? suspended, ref TMachine machine)
        where TMachine : IAsyncStateMachine
    {
        if (suspended is null)
        {
            // Written before the machine is copied: it is a field of the machine.
            var taken = Suspended<TResult, TMachine>.Take();
            suspended = taken;
            taken.Machine = machine;
        }

        return suspended.Resume!;
    }

    public void Complete(TResult value)
    {
        result = value;
        End();
    }

    public void Fail(Exception exception)
    {
        failure = ExceptionDispatchInfo.Capture(exception);
        End();
    }

    public ValueTaskSourceStatus GetStatus(short token)
    {
        CheckToken(token);
        return !isOver ? ValueTaskSourceStatus.Pending
            : failure is null ? ValueTaskSourceStatus.Succeeded
            : ValueTaskSourceStatus.Faulted;
    }

    public void OnCompleted(
        Action<object?> continuation, object? state, short token,
        ValueTaskSourceOnCompletedFlags flags)
    {
        CheckToken(token);
        if (isOver)
        {
            continuation(state);
            return;
        }

        this.continuation = continuation;
        argument = state;
    }

    public TResult GetResult(short token)
    {
        CheckToken(token);
        if (!isOver)
        {
            throw new InvalidOperationException("inside an activation one can only await");
        }

        var (value, thrown) = (result, failure);
        Version = unchecked((short)(Version + 1));
        isOver = false;
        result = default!;
        failure = null;
        continuation = null;
        argument = null;
        Recycle();
        thrown?.Throw();
        return value;
    }

    void IValueTaskSource.GetResult(short token) => GetResult(token);

    /// <summary>Its result was taken: it may stand for another method.</summary>
    protected virtual void Recycle() { }

    private void End()
    {
        isOver = true;
        continuation?.Invoke(argument);
    }

    private void CheckToken(short token)
    {
        if (token != Version)
        {
            throw new InvalidOperationException("a call may be awaited once");
        }
    }
}

/// <summary>The same with the method's state.</summary>
internal sealed class Suspended<TResult, TMachine> : Suspended<TResult>
    where TMachine : IAsyncStateMachine
{
    private const int MostUnused = 256;

    // Simulations run side by side, each on one thread.
    [ThreadStatic]
    private static Suspended<TResult, TMachine>? unused;

    private Suspended<TResult, TMachine>? nextUnused;
    private int unusedAfter;

    private Suspended() => Resume = () => Machine.MoveNext();

    public TMachine Machine = default!;

    public static Suspended<TResult, TMachine> Take()
    {
        if (unused is not { } taken)
        {
            return new Suspended<TResult, TMachine>();
        }

        unused = taken.nextUnused;
        taken.nextUnused = null;
        return taken;
    }

    protected override void Recycle()
    {
        Machine = default!;
        var next = unused;
        var after = next is null ? 0 : next.unusedAfter + 1;
        if (after < MostUnused)
        {
            nextUnused = next;
            unusedAfter = after;
            unused = this;
        }
    }
}
