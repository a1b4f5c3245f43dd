namespace LibSys;

/// <summary>Whether a kind of call is asked again after its server died, and why.</summary>
/// <param name="Calls">Which calls.</param>
/// <param name="Retry">What is done.</param>
/// <param name="Reason">Why that is right.</param>
public sealed record RetryRule(string Calls, Retry Retry, string Reason);

/// <summary>
/// The calls whose server can die in the middle: asked again where twice is the same as once, else
/// EIO. A call that the dead server had not received is asked again in any case.
/// </summary>
public static class Retries
{
    /// <summary>read, pread, getdents.</summary>
    public static RetryRule Read { get; } = new(
        "read, pread, getdents", Retry.Idempotent,
        "the position is in the request, and reading changes nothing");

    /// <summary>write and pwrite at a position.</summary>
    public static RetryRule Write { get; } = new(
        "write, pwrite", Retry.Idempotent,
        "the position is in the request: the same bytes go to the same place");

    /// <summary>write with O_APPEND.</summary>
    public static RetryRule Append { get; } = new(
        "write with O_APPEND", Retry.Never,
        "the server chooses the position: the bytes might be there twice");

    /// <summary>stat, fstat, lseek to the end.</summary>
    public static RetryRule Status { get; } = new(
        "stat, fstat, lseek", Retry.Idempotent, "asking changes nothing");

    /// <summary>open of what is there, or is made if it is not.</summary>
    public static RetryRule Open { get; } = new(
        "open, openat", Retry.Idempotent,
        "the dead server's open files died with it; what O_CREAT made is found the second time");

    /// <summary>open that must make or empties the file.</summary>
    public static RetryRule OpenOnce { get; } = new(
        "open with O_EXCL or O_TRUNC", Retry.Never,
        "the second time would find what the first one made, or empty what others wrote since");

    /// <summary>close.</summary>
    public static RetryRule Close { get; } = new(
        "close", Retry.Idempotent, "what died with the server is closed");

    /// <summary>unlink, rmdir, mkdir, rename.</summary>
    public static RetryRule Names { get; } = new(
        "unlink, rmdir, mkdir, rename", Retry.Never,
        "the second time would fail over what the first one did");

    /// <summary>read from the console.</summary>
    public static RetryRule ConsoleRead { get; } = new(
        "read from the console", Retry.Never, "what was typed might be lost");

    /// <summary>write to the console.</summary>
    public static RetryRule ConsoleWrite { get; } = new(
        "write to the console", Retry.Never, "the text might be printed twice");

    /// <summary>socket, bind.</summary>
    public static RetryRule Socket { get; } = new(
        "socket, bind", Retry.Idempotent,
        "the dead net stack's sockets died with it: a new one is made and bound to the same port");

    /// <summary>sendto.</summary>
    public static RetryRule SendTo { get; } = new(
        "sendto", Retry.Never,
        "the datagram may have gone out, and its receiver must not see it twice");

    /// <summary>recvfrom.</summary>
    public static RetryRule ReceiveFrom { get; } = new(
        "recvfrom", Retry.Never,
        "what had arrived is lost, and an answer waited for may never come: the program must "
        + "decide. Told once for each socket; then it is bound to its port again");

    /// <summary>getpid.</summary>
    public static RetryRule ProcessQuery { get; } = new(
        "getpid", Retry.Idempotent, "asking changes nothing");

    /// <summary>spawn.</summary>
    public static RetryRule Spawn { get; } = new(
        "spawn", Retry.Never, "the child may run already");

    /// <summary>wait.</summary>
    public static RetryRule Wait { get; } = new(
        "wait", Retry.Never, "the dead server knew whose child it was; the next one does not");

    /// <summary>nanosleep.</summary>
    public static RetryRule Sleep { get; } = new(
        "nanosleep", Retry.Idempotent, "the request names the instant to wake at, not a length");

    /// <summary>All of them that concern sockets.</summary>
    public static IReadOnlyList<RetryRule> OfSockets { get; } = [Socket, SendTo, ReceiveFrom];

    /// <summary>All of them that concern processes and time.</summary>
    public static IReadOnlyList<RetryRule> OfProcesses { get; } =
        [ProcessQuery, Spawn, Wait, Sleep];

    /// <summary>All of them that concern descriptors of files and the console.</summary>
    public static IReadOnlyList<RetryRule> OfFiles { get; } =
        [Read, Write, Append, Status, Open, OpenOnce, Close, Names, ConsoleRead, ConsoleWrite];
}
