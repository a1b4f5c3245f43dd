using System.Globalization;
using System.Text;
using Abi;
using Abi.Posix;
using Abi.Units;
using Records;

namespace Telemetry.Strace;

/// <summary>
/// Writes finished calls as `strace -f -ttt -T -s 0` prints them, with virtual time: nine digits
/// instead of
/// strace's six, for there is no rounding to hide. What a call filled in is not recorded and stands
/// as
/// `""...` or `{...}`. Calls are written as they end, so times of different processes may step
/// back.
/// </summary>
/// <param name="output">Where to; not closed.</param>
/// <param name="frequency">The clock that cycles are counted by.</param>
public sealed class StraceWriter(TextWriter output, Frequency frequency) : ICallSink
{
    private const long Billion = 1_000_000_000;
    private const string Bytes = "\"\"...";
    private readonly StringBuilder line = new();

    /// <summary>A call alone: "close(3) = 0".</summary>
    /// <param name="call">The call.</param>
    /// <param name="isOver">False: it has no result, and "?" stands for it.</param>
    public static string TextOf(in FinishedCall call, bool isOver = true)
    {
        var writer = new StraceWriter(TextWriter.Null, default);
        writer.AppendCall(call);
        writer.line.Append(" = ");
        if (isOver)
        {
            writer.AppendResult(call);
        }
        else
        {
            writer.line.Append('?');
        }

        return writer.line.ToString();
    }

    /// <inheritdoc/>
    public void Record(in FinishedCall call)
    {
        line.Clear();
        line.Append("[pid ").Append(CultureInfo.InvariantCulture, $"{call.Process,2}] ");
        AppendSeconds(call.Began);
        line.Append(' ');
        AppendCall(call);
        line.Append(" = ");
        AppendResult(call);
        line.Append(" <");
        AppendSeconds(call.Ended - call.Began);
        line.Append(">\n");
        output.Write(line);
    }

    private void AppendSeconds(long cycles)
    {
        var nanoseconds = frequency.ToNanoseconds(new Cycles(cycles));
        line.Append(
            CultureInfo.InvariantCulture, $"{nanoseconds / Billion}.{nanoseconds % Billion:D9}");
    }

    private void AppendCall(in FinishedCall call)
    {
        var (a, b, c) = (call.A, call.B, call.C);
        _ = call.Call switch
        {
            PosixCall.Read => Append($"read({a}, {Bytes}, {b})"),
            PosixCall.Write => Append($"write({a}, {Bytes}, {b})"),
            PosixCall.Pread => Append($"pread64({a}, {Bytes}, {b}, {c})"),
            PosixCall.Pwrite => Append($"pwrite64({a}, {Bytes}, {b}, {c})"),
            PosixCall.Open => Append($"open({Path(call.Text)}, {Flags(a)}{Mode(a, b)})"),
            PosixCall.Openat =>
                Append($"openat({Directory(a)}, {Path(call.Text)}, {Flags(b)}{Mode(b, c)})"),
            PosixCall.Close => Append($"close({a})"),
            PosixCall.Stat => Append($"stat({Path(call.Text)}, {Filled(call)})"),
            PosixCall.Fstat => Append($"fstat({a}, {Filled(call)})"),
            PosixCall.Lseek => Append($"lseek({a}, {b}, {WhenceOf(c)})"),
            PosixCall.SchedYield => Append($"sched_yield()"),
            PosixCall.Dup => Append($"dup({a})"),
            PosixCall.Nanosleep => Append(
                $"nanosleep({{tv_sec={a / Billion}, tv_nsec={a % Billion}}}, NULL)"),
            PosixCall.Getpid => Append($"getpid()"),
            PosixCall.Socket => Append($"socket({Family(a)}, {SocketType(b)}, {Protocol(c)})"),
            PosixCall.Bind => Append($"bind({a}, {Address(b)}, 16)"),
            PosixCall.Sendto => c < 0
                ? Append($"sendto({a}, {Bytes}, {b}, 0, NULL, 0)")
                : Append($"sendto({a}, {Bytes}, {b}, 0, {Address(c)}, 16)"),
            PosixCall.Recvfrom => Append($"recvfrom({a}, {Bytes}, {b}, 0, NULL, NULL)"),
            PosixCall.Spawn => Append($"spawn({Path(call.Text)})"),
            PosixCall.Exit => Append($"exit({a})"),
            PosixCall.Wait => Append($"wait({a})"),
            PosixCall.Rename => Append($"rename({Rename(call.Text)})"),
            PosixCall.Mkdir => Append($"mkdir({Path(call.Text)}, {Octal(a)})"),
            PosixCall.Rmdir => Append($"rmdir({Path(call.Text)})"),
            PosixCall.Unlink => Append($"unlink({Path(call.Text)})"),
            PosixCall.Getdents => Append($"getdents64({a}, {Filled(call)}, {b})"),
            PosixCall.ClockGettime => Append($"clock_gettime(CLOCK_MONOTONIC, {Filled(call)})"),
            PosixCall.IpcCall => Append($"ipc_call({a}, {b})"),
            PosixCall.IpcReceive => Append($"ipc_receive({a})"),
            PosixCall.IpcReplyReceive => Append($"ipc_reply_receive({a}, {b})"),
            PosixCall.IpcPulse => Append($"ipc_pulse({a}, {b})"),
            PosixCall.IpcServe => (a, b) switch
            {
                (0, 0) => Append($"ipc_serve({Path(call.Text)})"),
                (0, _) => Append($"ipc_serve({Path(call.Text)}, 0, {b})"),
                (_, 0) => Append($"ipc_serve({Path(call.Text)}, IPC_SHARED)"),
                _ => Append($"ipc_serve({Path(call.Text)}, IPC_SHARED, {b})"),
            },
            PosixCall.IpcConnect => Append($"ipc_connect({Path(call.Text)})"),
            PosixCall.IpcReply => Append($"ipc_reply({a})"),
        };
    }

    private StringBuilder Append(FormattableString text) =>
        line.Append(text.ToString(CultureInfo.InvariantCulture));

    private void AppendResult(in FinishedCall call)
    {
        if (call.Call == PosixCall.Exit)
        {
            line.Append('?');
        }
        else if (call.Result >= 0)
        {
            line.Append(CultureInfo.InvariantCulture, $"{call.Result}");
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
