namespace Abi.Kernel;

/// <summary>
/// What one IPC carries: an operation, up to six words, bytes copied through the message buffer, a
/// lease
/// of the caller's memory, and one capability. Its length decides the size class: registers up to
/// the
/// profile's limit, then the buffer; leased memory is copied by LeaseRead and LeaseWrite.
/// </summary>
public struct Message
{
    /// <summary>The most bytes that the message buffer carries (seL4: 120 words of 8
    /// bytes).</summary>
    public const int BufferLimit = 960;

    /// <summary>The operation of the message that the kernel makes of a fault.</summary>
    public const int FaultOperation = int.MaxValue;

    /// <summary>What is asked; a number of the receiver's protocol. In a reply: 0.</summary>
    public int Operation;

    /// <summary>How many of the words A to F are in use: 0 to 6.</summary>
    public int Words;

    /// <summary>The words. In a reply, A is the result: not negative, or an errno
    /// negated.</summary>
    public long A, B, C, D, E, F;

    /// <summary>Bytes copied through the message buffer: names, datagrams, directory entries. At
    /// most <see cref="BufferLimit"/>.</summary>
    public ReadOnlyMemory<byte> Data;

    /// <summary>The receiver's handle on memory lent by the sender; set by the kernel.</summary>
    public Lease Lease;

    /// <summary>A capability to copy to the receiver (sender: its slot; receiver: where it was
    /// put).</summary>
    public CapSlot Capability;

    /// <summary>The message's length in words, buffer bytes rounded up to whole words.</summary>
    public readonly int Length => Words + (Data.Length + 7) / 8;

    /// <summary>A request without arguments.</summary>
    public static Message Request(int operation) => new() { Operation = operation };

    /// <summary>A request with one word.</summary>
    public static Message Request(int operation, long a) =>
        new() { Operation = operation, Words = 1, A = a };

    /// <summary>A request with two words.</summary>
    public static Message Request(int operation, long a, long b) =>
        new() { Operation = operation, Words = 2, A = a, B = b };

    /// <summary>A request with three words.</summary>
    public static Message Request(int operation, long a, long b, long c) =>
        new() { Operation = operation, Words = 3, A = a, B = b, C = c };

    /// <summary>A request with four words.</summary>
    public static Message Request(int operation, long a, long b, long c, long d) =>
        new() { Operation = operation, Words = 4, A = a, B = b, C = c, D = d };

    /// <summary>An answer with one word: the result, or an errno negated.</summary>
    public static Message Reply(long result) => new() { Words = 1, A = result };

    /// <summary>An answer that says why the request failed.</summary>
    public static Message Fail(Errno error) => new() { Words = 1, A = -(long)error };

    /// <summary>
    /// What a handler returns that will answer later, through the request's token, from another
    /// activation.
    /// </summary>
    public static Message Deferred => new() { Operation = int.MinValue };

    /// <summary>Whether this is <see cref="Deferred"/>.</summary>
    public readonly bool IsDeferred => Operation == int.MinValue;

    /// <summary>The same message with bytes in its buffer.</summary>
    public readonly Message With(ReadOnlyMemory<byte> data)
    {
        var copy = this;
        copy.Data = data;
        return copy;
    }
}
