using System.Text.Json;
using Abi;
using Abi.Kernel;
using Abi.Posix;
using Records;

namespace Telemetry.TraceEvents;

/// <summary>The names of events, encoded once.</summary>
internal static class EventNames
{
    public static readonly JsonEncodedText Kernel = JsonEncodedText.Encode("kernel");
    public static readonly JsonEncodedText Posix = JsonEncodedText.Encode("posix");
    public static readonly JsonEncodedText Serves = JsonEncodedText.Encode("serves");
    public static readonly JsonEncodedText Entered = JsonEncodedText.Encode("entered");
    public static readonly JsonEncodedText Call = JsonEncodedText.Encode("call");
    public static readonly JsonEncodedText Reply = JsonEncodedText.Encode("reply");
    public static readonly JsonEncodedText Interrupt = JsonEncodedText.Encode("interrupt");
    public static readonly JsonEncodedText Timer = JsonEncodedText.Encode("timer");
    public static readonly JsonEncodedText InterprocessorInterrupt =
        JsonEncodedText.Encode("inter-processor interrupt");
    public static readonly JsonEncodedText Device = JsonEncodedText.Encode("device");
    public static readonly JsonEncodedText Service = JsonEncodedText.Encode("service");
    public static readonly JsonEncodedText InService = JsonEncodedText.Encode("in service");
    public static readonly JsonEncodedText Messages = JsonEncodedText.Encode("messages");
    public static readonly JsonEncodedText Total = JsonEncodedText.Encode("total");
    public static readonly JsonEncodedText Ready = JsonEncodedText.Encode("woken");
    public static readonly JsonEncodedText Threads = JsonEncodedText.Encode("threads");
    public static readonly JsonEncodedText Life = JsonEncodedText.Encode("life");
    public static readonly JsonEncodedText Crashed = JsonEncodedText.Encode("crashed");
    public static readonly JsonEncodedText Restarted = JsonEncodedText.Encode("restarted");
    public static readonly JsonEncodedText Rebound = JsonEncodedText.Encode("rebound");
    public static readonly JsonEncodedText Panic = JsonEncodedText.Encode("panic");
    public static readonly JsonEncodedText Exited = JsonEncodedText.Encode("exited");

    private static readonly JsonEncodedText[] s_calls = Encode<PosixCall>();
    private static readonly JsonEncodedText[] s_syscalls = Encode<Syscall>();

    // See TraceKind.Trap: what a thread enters the kernel for if it makes no system call.
    private static readonly JsonEncodedText[] s_traps =
    [
        Kernel,
        JsonEncodedText.Encode("enter_component"),
        JsonEncodedText.Encode("leave_component"),
        JsonEncodedText.Encode("await_reply"),
        JsonEncodedText.Encode("exit"),
    ];

    /// <summary>The name of a POSIX call.</summary>
    public static JsonEncodedText Of(PosixCall call) => s_calls[(int)call];

    /// <summary>What a thread enters the kernel for.</summary>
    public static JsonEncodedText OfTrap(in TraceRecord trap) =>
        trap.Peer != 0 ? s_traps[trap.Peer]
        : trap.Detail >= 0 && trap.Detail < s_syscalls.Length ? s_syscalls[trap.Detail]
        : Kernel;

    /// <summary>Whether it enters the kernel to receive the next request.</summary>
    public static bool IsReception(in TraceRecord trap) =>
        trap.Peer == 0 && (Syscall)trap.Detail
            is Syscall.Receive or Syscall.ReceiveNonBlocking or Syscall.ReplyReceive;

    private static JsonEncodedText[] Encode<T>()
        where T : struct, Enum
    {
        var values = Enum.GetValues<T>();
        var names = new JsonEncodedText[values.Max(value => Convert.ToInt32(value, null)) + 1];
        Array.Fill(names, Kernel);
        foreach (var value in values)
        {
            names[Convert.ToInt32(value, null)] = JsonEncodedText.Encode(
                KebabCase.Of(value.ToString()).Replace('-', '_'));
        }

        return names;
    }
}
