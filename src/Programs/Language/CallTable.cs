using Abi.Posix;

namespace Programs.Language;

/// <summary>What may stand in a place between a call's parentheses.</summary>
public enum ParameterKind
{
    /// <summary>A number: a descriptor, an offset, flags.</summary>
    Number,
    /// <summary>A length of time: `5ms`, or a number of nanoseconds.</summary>
    Duration,
    /// <summary>A text: a path, a name, an address.</summary>
    Text,
    /// <summary>Bytes that the call takes: a text, or `bytes(4096)`.</summary>
    Data,
    /// <summary>
    /// Bytes that the call should deliver, as a text; `...` behind it: at the beginning.
    /// </summary>
    Received,
    /// <summary>A number that the call should deliver besides its result.</summary>
    Delivered,
    /// <summary>Fields that the call should deliver.</summary>
    Structure,
}

/// <summary>A parameter of a call.</summary>
/// <param name="Name">What it means.</param>
/// <param name="Kind">What may stand there.</param>
public sealed record Parameter(string Name, ParameterKind Kind);

/// <summary>
/// One way to write a call; the ways of one call differ in their number of parameters.
/// </summary>
/// <param name="Text">As documentation writes it: "read(fd, count)".</param>
/// <param name="Parameters">In order.</param>
public sealed record CallForm(string Text, IReadOnlyList<Parameter> Parameters);

/// <summary>A call that programs can make.</summary>
/// <param name="Call">Which.</param>
/// <param name="Name">Its name.</param>
/// <param name="Alias">The name by which strace prints the same call, or null.</param>
/// <param name="Forms">The ways to write it.</param>
public sealed record CallSignature(
    PosixCall Call, string Name, string? Alias, IReadOnlyList<CallForm> Forms)
{
    /// <summary>The form with so many parameters, or null.</summary>
    public CallForm? FormOf(int arguments)
    {
        foreach (var form in Forms)
        {
            if (form.Parameters.Count == arguments)
            {
                return form;
            }
        }

        return null;
    }
}

/// <summary>
/// The calls that programs can make. Where a call fills something in (bytes read, a child's status,
/// a file's status), strace prints what it was; here the same place says what it should be, and may
/// be left out.
/// </summary>
public static class CallTable
{
    /// <summary>All calls, in the order of documentation.</summary>
    public static IReadOnlyList<CallSignature> All { get; } =
    [
        New(PosixCall.Open, "open(path, flags)", "open(path, flags, mode)"),
        New(PosixCall.Openat, "openat(dirfd, path, flags)", "openat(dirfd, path, flags, mode)"),
        New(PosixCall.Close, "close(fd)"),
        New(PosixCall.Read, "read(fd, count)", "read(fd, received, count)"),
        New(PosixCall.Write, "write(fd, data)", "write(fd, data, count)"),
        New(PosixCall.Pread, "pread(fd, count, offset)", "pread(fd, received, count, offset)")
            with { Alias = "pread64" },
        New(PosixCall.Pwrite, "pwrite(fd, data, offset)", "pwrite(fd, data, count, offset)")
            with { Alias = "pwrite64" },
        New(PosixCall.Lseek, "lseek(fd, offset, whence)"),
        New(PosixCall.Stat, "stat(path)", "stat(path, fields)"),
        New(PosixCall.Fstat, "fstat(fd)", "fstat(fd, fields)"),
        New(PosixCall.Getdents, "getdents(fd)", "getdents(fd, count)")
            with { Alias = "getdents64" },
        New(PosixCall.Dup, "dup(fd)"),
        New(PosixCall.Mkdir, "mkdir(path, mode)"),
        New(PosixCall.Rmdir, "rmdir(path)"),
        New(PosixCall.Unlink, "unlink(path)"),
        New(PosixCall.Rename, "rename(from, to)"),
        New(PosixCall.Getpid, "getpid()"),
        New(PosixCall.Spawn, "spawn(program)"),
        New(PosixCall.Wait, "wait()", "wait(pid)", "wait(pid, exited)"),
        New(PosixCall.Exit, "exit(status)") with { Alias = "exit_group" },
        New(PosixCall.SchedYield, "sched_yield()"),
        New(PosixCall.Nanosleep, "nanosleep(duration)"),
        New(PosixCall.ClockGettime, "clock_gettime()", "clock_gettime(clock)"),
        New(PosixCall.Socket, "socket(family, type, protocol)"),
        New(PosixCall.Bind, "bind(fd, address, port)"),
        New(
            PosixCall.Sendto, "sendto(fd, data, address, port)",
            "sendto(fd, data, count, address, port)"),
        New(PosixCall.Recvfrom, "recvfrom(fd, count)", "recvfrom(fd, received, count)"),
        New(
            PosixCall.IpcServe, "ipc_serve(name)", "ipc_serve(name, flags)",
            "ipc_serve(name, flags, limit)"),
        New(PosixCall.IpcConnect, "ipc_connect(name)"),
        New(PosixCall.IpcCall, "ipc_call(endpoint, word)", "ipc_call(endpoint, word, data)"),
        New(PosixCall.IpcPulse, "ipc_pulse(endpoint, word)"),
        New(PosixCall.IpcReceive, "ipc_receive(endpoint)"),
        New(PosixCall.IpcReply, "ipc_reply(word)"),
        New(
            PosixCall.IpcReplyReceive, "ipc_reply_receive(endpoint, word)",
            "ipc_reply_receive(endpoint, word, data)"),
    ];

    private static readonly Dictionary<string, CallSignature> ByName = Index();

    /// <summary>The call of this name or alias, or null.</summary>
    public static CallSignature? Find(string name) => ByName.GetValueOrDefault(name);

    private static CallSignature New(PosixCall call, params string[] forms) =>
        new(call, forms[0][..forms[0].IndexOf('(')], null, [.. forms.Select(ReadForm)]);

    private static CallForm ReadForm(string text)
    {
        var inside = text[(text.IndexOf('(') + 1)..^1];
        var names = inside.Split(", ", StringSplitOptions.RemoveEmptyEntries);
        return new CallForm(text, [.. names.Select(name => new Parameter(name, KindOf(name)))]);
    }

    private static ParameterKind KindOf(string parameter) => parameter switch
    {
        "path" or "from" or "to" or "program" or "name" or "address" => ParameterKind.Text,
        "data" => ParameterKind.Data,
        "received" => ParameterKind.Received,
        "exited" => ParameterKind.Delivered,
        "fields" => ParameterKind.Structure,
        "duration" => ParameterKind.Duration,
        _ => ParameterKind.Number,
    };

    private static Dictionary<string, CallSignature> Index()
    {
        var index = new Dictionary<string, CallSignature>();
        foreach (var signature in All)
        {
            index.Add(signature.Name, signature);
            if (signature.Alias is { } alias)
            {
                index.Add(alias, signature);
            }
        }

        return index;
    }
}
