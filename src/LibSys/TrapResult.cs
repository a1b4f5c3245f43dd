using System.Runtime.CompilerServices;
using Abi;
using Abi.Kernel;

namespace LibSys;

/// <summary>
/// A trap under way and what comes of it: to be awaited once, at once. The result is taken from the
/// registers when the trap has returned, so that a system call needs no state machine of its own
/// and its awaiter stays small, however large the result.
/// </summary>
/// <typeparam name="T">The result's type.</typeparam>
/// <typeparam name="TOutcome">How it stands in the registers.</typeparam>
/// <param name="trap">The trap.</param>
/// <param name="registers">The registers it was made with.</param>
public readonly struct TrapResult<T, TOutcome>(ValueTask trap, Registers registers)
    where TOutcome : struct, IOutcome<T>
{
    /// <summary>Called by <c>await</c>.</summary>
    public Awaiter GetAwaiter() => new(trap.GetAwaiter(), registers);

    /// <summary>Waits for the trap's return.</summary>
    public readonly struct Awaiter(ValueTaskAwaiter trap, Registers registers)
        : ICriticalNotifyCompletion
    {
        /// <summary>Whether the trap has returned.</summary>
        public bool IsCompleted => trap.IsCompleted;

        /// <summary>What came of it.</summary>
        public T GetResult()
        {
            trap.GetResult();
            return TOutcome.In(registers);
        }

        /// <inheritdoc/>
        public void OnCompleted(Action continuation) => trap.OnCompleted(continuation);

        /// <inheritdoc/>
        public void UnsafeOnCompleted(Action continuation) => trap.UnsafeOnCompleted(continuation);
    }
}

/// <summary>How a kind of system call leaves its result in the registers.</summary>
/// <typeparam name="T">The result's type.</typeparam>
public interface IOutcome<out T>
{
    /// <summary>The result of a trap that has returned.</summary>
    static abstract T In(Registers registers);
}

/// <summary>The answer to a call, or a message that says why there is none.</summary>
public readonly struct AnswerOutcome : IOutcome<Message>
{
    /// <inheritdoc/>
    public static Message In(Registers registers) => registers.Error == Errno.None
        ? registers.Message
        : Message.Fail(registers.Error);
}

/// <summary>The first word of the answer to a call, or an errno negated.</summary>
public readonly struct FirstWordOutcome : IOutcome<long>
{
    /// <inheritdoc/>
    public static long In(Registers registers) => registers.Error == Errno.None
        ? registers.Message.A
        : -(long)registers.Error;
}

/// <summary>The kernel's error number.</summary>
public readonly struct ErrorOutcome : IOutcome<Errno>
{
    /// <inheritdoc/>
    public static Errno In(Registers registers) => registers.Error;
}

/// <summary>A count, or an errno negated.</summary>
public readonly struct CountOutcome : IOutcome<long>
{
    /// <inheritdoc/>
    public static long In(Registers registers) => registers.Error == Errno.None
        ? registers.Arg0
        : -(long)registers.Error;
}

/// <summary>The badges that were signalled.</summary>
public readonly struct BadgeOutcome : IOutcome<Badge>
{
    /// <inheritdoc/>
    public static Badge In(Registers registers) => registers.Badge;
}

/// <summary>
/// A call of a named server and what it answers: to be awaited once, at once. The answer is taken
/// from the registers when its first word has come.
/// </summary>
/// <param name="call">The call, for its first word.</param>
/// <param name="registers">The registers it was made with.</param>
public readonly struct CallResult(ValueTask<long> call, Registers registers)
{
    /// <summary>Called by <c>await</c>.</summary>
    public Awaiter GetAwaiter() => new(call.GetAwaiter(), registers);

    /// <summary>Waits for the answer.</summary>
    public readonly struct Awaiter(ValueTaskAwaiter<long> call, Registers registers)
        : ICriticalNotifyCompletion
    {
        /// <summary>Whether it has come.</summary>
        public bool IsCompleted => call.IsCompleted;

        /// <summary>The answer, or a message that says why there is none.</summary>
        public Message GetResult() =>
            call.GetResult() is < 0 and var failure ? Message.Reply(failure) : registers.Message;

        /// <inheritdoc/>
        public void OnCompleted(Action continuation) => call.OnCompleted(continuation);

        /// <inheritdoc/>
        public void UnsafeOnCompleted(Action continuation) => call.UnsafeOnCompleted(continuation);
    }
}
