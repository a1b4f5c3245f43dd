using System.Globalization;
using System.Text;
using Abi;
using Abi.Posix;
using Records;

namespace Telemetry.Strace;

/// <summary>
/// A call in strace's words. What it filled in is not recorded and stands as `""...` or `{...}`.
/// </summary>
public static class CallText
{
    private const long Billion = 1_000_000_000;
    private const string Bytes = "\"\"...";

    private static CultureInfo Invariant => CultureInfo.InvariantCulture;

    /// <summary>`read(3, ""..., 4096) = 4096`</summary>
    public static string Of(in FinishedCall call)
    {
        var line = new StringBuilder();
        Append(line, call);
        return line.ToString();
    }

    /// <summary>`read(3, ""..., 4096) = 4096`, or `= ?` if it never returned.</summary>
    public static string Of(in StartedCall call, long? result) =>
        $"{CallOf(call, result)} = {ResultOf(call, result)}";

    /// <summary>Without its result: `read(3, ""..., 4096)`</summary>
    public static string CallOf(in StartedCall call, long? result)
    {
        var line = new StringBuilder();
        AppendCall(line, call.Finish(result ?? 0, call.Began));
        return line.ToString();
    }

    /// <summary>Its result only: `4096`, `-1 ENOENT (...)`, or `?` if it never returned.</summary>
    public static string ResultOf(in StartedCall call, long? result)
    {
        if (result is not { } value)
        {
            return "?";
        }

        var line = new StringBuilder();
        AppendResult(line, call.Finish(value, call.Began));
        return line.ToString();
    }

    /// <summary>Its arguments only: `3, ""..., 4096`</summary>
    public static string ArgumentsOf(in FinishedCall call)
    {
        var line = new StringBuilder();
        AppendCall(line, call);
        var text = line.ToString();
        var first = text.IndexOf('(') + 1;
        return text[first..^1];
    }

    /// <summary>The name by which strace knows the call: `pread64`.</summary>
    public static string NameOf(PosixCall call)
    {
        var line = new StringBuilder();
        AppendCall(line, new FinishedCall(0, "", 0, call, 0, 0, 0, "", 0, 0, 0));
        var text = line.ToString();
        return text[..text.IndexOf('(')];
    }

    /// <summary>Appends `read(3, ""..., 4096) = 4096`.</summary>
    public static void Append(StringBuilder line, in FinishedCall call)
    {
        AppendCall(line, call);
        line.Append(" = ");
        AppendResult(line, call);
    }

    private static void AppendCall(StringBuilder line, in FinishedCall call)
    {
        var (a, b, c) = (call.A, call.B, call.C);
        _ = call.Call switch
        {
            PosixCall.Read => line.Append(Invariant, $"read({a}, {Bytes}, {b})"),
            PosixCall.Write => line.Append(Invariant, $"write({a}, {Bytes}, {b})"),
            PosixCall.Pread => line.Append(Invariant, $"pread64({a}, {Bytes}, {b}, {c})"),
            PosixCall.Pwrite => line.Append(Invariant, $"pwrite64({a}, {Bytes}, {b}, {c})"),
            PosixCall.Open =>
                line.Append(Invariant, $"open({Path(call.Text)}, {Flags(a)}{Mode(a, b)})"),
            PosixCall.Openat =>
                line.Append(
                    Invariant,
                    $"openat({Directory(a)}, {Path(call.Text)}, {Flags(b)}{Mode(b, c)})"),
            PosixCall.Close => line.Append(Invariant, $"close({a})"),
            PosixCall.Stat => line.Append(Invariant, $"stat({Path(call.Text)}, {Filled(call)})"),
            PosixCall.Fstat => line.Append(Invariant, $"fstat({a}, {Filled(call)})"),
            PosixCall.Lseek => line.Append(Invariant, $"lseek({a}, {b}, {WhenceOf(c)})"),
            PosixCall.SchedYield => line.Append(Invariant, $"sched_yield()"),
            PosixCall.Dup => line.Append(Invariant, $"dup({a})"),
            PosixCall.Nanosleep => line.Append(
                Invariant,
                $"nanosleep({{tv_sec={a / Billion}, tv_nsec={a % Billion}}}, NULL)"),
            PosixCall.Getpid => line.Append(Invariant, $"getpid()"),
            PosixCall.Socket =>
                line.Append(Invariant, $"socket({Family(a)}, {SocketType(b)}, {Protocol(c)})"),
            PosixCall.Bind => line.Append(Invariant, $"bind({a}, {Address(b)}, 16)"),
            PosixCall.Sendto => c < 0
                ? line.Append(Invariant, $"sendto({a}, {Bytes}, {b}, 0, NULL, 0)")
                : line.Append(Invariant, $"sendto({a}, {Bytes}, {b}, 0, {Address(c)}, 16)"),
            PosixCall.Recvfrom =>
                line.Append(Invariant, $"recvfrom({a}, {Bytes}, {b}, 0, NULL, NULL)"),
            PosixCall.Spawn => line.Append(Invariant, $"spawn({Path(call.Text)})"),
            PosixCall.Exit => line.Append(Invariant, $"exit({a})"),
            PosixCall.Wait => line.Append(Invariant, $"wait({a})"),
            PosixCall.Rename => line.Append(Invariant, $"rename({Rename(call.Text)})"),
            PosixCall.Mkdir => line.Append(Invariant, $"mkdir({Path(call.Text)}, {Octal(a)})"),
            PosixCall.Rmdir => line.Append(Invariant, $"rmdir({Path(call.Text)})"),
            PosixCall.Unlink => line.Append(Invariant, $"unlink({Path(call.Text)})"),
            PosixCall.Getdents => line.Append(Invariant, $"getdents64({a}, {Filled(call)}, {b})"),
            PosixCall.ClockGettime =>
                line.Append(Invariant, $"clock_gettime(CLOCK_MONOTONIC, {Filled(call)})"),
            PosixCall.IpcCall => line.Append(Invariant, $"ipc_call({a}, {b})"),
            PosixCall.IpcReceive => line.Append(Invariant, $"ipc_receive({a})"),
            PosixCall.IpcReplyReceive => line.Append(Invariant, $"ipc_reply_receive({a}, {b})"),
            PosixCall.IpcPulse => line.Append(Invariant, $"ipc_pulse({a}, {b})"),
            PosixCall.IpcServe => (a, b) switch
            {
                (0, 0) => line.Append(Invariant, $"ipc_serve({Path(call.Text)})"),
                (0, _) => line.Append(Invariant, $"ipc_serve({Path(call.Text)}, 0, {b})"),
                (_, 0) => line.Append(Invariant, $"ipc_serve({Path(call.Text)}, IPC_SHARED)"),
                _ => line.Append(Invariant, $"ipc_serve({Path(call.Text)}, IPC_SHARED, {b})"),
            },
            PosixCall.IpcConnect => line.Append(Invariant, $"ipc_connect({Path(call.Text)})"),
            PosixCall.IpcReply => line.Append(Invariant, $"ipc_reply({a})"),
        };
    }

    private static void AppendResult(StringBuilder line, in FinishedCall call)
    {
        if (call.Call == PosixCall.Exit)
        {
            line.Append('?');
        }
        else if (call.Result >= 0)
        {
            line.Append(Invariant, $"{call.Result}");
        }
        else
        {
            var error = (Errno)(-call.Result);
            line.Append("-1 ").Append(error);
            if (Enum.IsDefined(error))
            {
                line.Append(" (").Append(error.Text()).Append(')');
            }
        }
    }

    private static string Filled(in FinishedCall call) => call.Result < 0 ? "{}" : "{...}";

    private static string Path(string text)
    {
        var quoted = new StringBuilder();
        StraceText.Append(quoted, Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(text)));
        return quoted.ToString();
    }

    private static string Rename(string text)
    {
        var cut = text.IndexOf('\0');
        return cut < 0 ? Path(text) : $"{Path(text[..cut])}, {Path(text[(cut + 1)..])}";
    }

    private static string Directory(long descriptor) => descriptor == Descriptor.AT_FDCWD
        ? "AT_FDCWD"
        : descriptor.ToString(CultureInfo.InvariantCulture);

    private static string Flags(long value)
    {
        var text = new StringBuilder();
        text.Append((OpenFlags)(value & (long)OpenFlags.O_ACCMODE));
        var rest = value & ~(long)OpenFlags.O_ACCMODE;
        foreach (var flag in Enum.GetValues<OpenFlags>())
        {
            if ((long)flag > (long)OpenFlags.O_ACCMODE && (rest & (long)flag) == (long)flag)
            {
                text.Append('|').Append(flag);
                rest &= ~(long)flag;
            }
        }

        return rest == 0
            ? text.ToString()
            : text.Append(CultureInfo.InvariantCulture, $"|0x{rest:x}").ToString();
    }

    private static string Mode(long flags, long mode) =>
        (flags & (long)OpenFlags.O_CREAT) == 0 ? "" : ", " + Octal(mode);

    private static string Octal(long mode) => "0" + Convert.ToString(mode, 8).TrimStart('0');

    private static string WhenceOf(long whence) => ((Whence)whence).ToString();

    private static string Family(long family) => family switch
    {
        SocketConstants.AF_INET => "AF_INET",
        1 => "AF_UNIX",
        10 => "AF_INET6",
        _ => family.ToString(CultureInfo.InvariantCulture),
    };

    private static string SocketType(long type) => type switch
    {
        SocketConstants.SOCK_STREAM => "SOCK_STREAM",
        SocketConstants.SOCK_DGRAM => "SOCK_DGRAM",
        _ => type.ToString(CultureInfo.InvariantCulture),
    };

    private static string Protocol(long protocol) => protocol switch
    {
        0 => "IPPROTO_IP",
        SocketConstants.IPPROTO_UDP => "IPPROTO_UDP",
        _ => protocol.ToString(CultureInfo.InvariantCulture),
    };

    private static string Address(long packed) => string.Create(
        CultureInfo.InvariantCulture,
        $"{{sa_family=AF_INET, sin_port=htons({packed & 0xFFFF}), "
        + $"sin_addr=inet_addr(\"{new InternetAddress((uint)(packed >> 16))}\")}}");
}
