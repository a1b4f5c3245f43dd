using System.Globalization;
using Abi.Kernel;
using Abi.Units;
using Machine;

namespace Validation.Benchmarks;

/// <summary>
/// The benchmarks by key. Windows are those of sel4bench: from the last instruction before the
/// entry to the first after the exit, the cost of reading the clock subtracted.
/// </summary>
public static class Sel4Bench
{
    private const string Client = "client";
    private const string Server = "server";
    private const int Higher = 120;
    private static readonly CapSlot Object = new(Bench.FirstSlot);
    private static readonly Message TenWords = default(Message).With(new byte[80]);

    /// <summary>Keys of sel4bench's results that no benchmark here has: what they need is not in
    /// the model yet.</summary>
    public static IReadOnlyList<string> NotModelled { get; } =
    [
        "map_1", "map_2048", "protect_1", "protect_2048", "unprotect_1", "unprotect_2048",
        "producer_to_consumer", "vcpu",
    ];

    /// <summary>The benchmarks that are always shown, in sel4bench's order.</summary>
    public static IReadOnlyList<Benchmark> All { get; } =
    [
        Alone("null_syscall", Syscall.Null, "one call that does nothing; hardware/src/main.c"),
        Call("ipc_call", default, Which.Call),
        Call("ipc_reply", default, Which.Reply),
        Call("ipc_call_intra", default, Which.Call, intra: true),
        Call("ipc_reply_intra", default, Which.Reply, intra: true),
        Call("ipc_call_len10", TenWords, Which.Call),
        Call("ipc_reply_len10", TenWords, Which.Reply),
        Call("ipc_call_fpu", default, Which.Call, fpu: true),
        Call("ipc_reply_fpu", default, Which.Reply, fpu: true),
        Send(),
        Notify("notify_low_thread", "of lower priority, which does not run", 80, intra: true),
        Notify("notify_low_process", "of lower priority, which does not run", 80, intra: false),
        Notify("notify_thread", "of higher priority, which runs", Higher, intra: true),
        Notify("notify_process", "of higher priority, which runs", Higher, intra: false),
        Yield("thread_yield", intra: true),
        Yield("process_yield", intra: false),
        Interrupt("irq_noswitch", intra: true),
        Interrupt("irq_switch", intra: false),
        Fault("fault_to_handler", (Client, Syscall.UndefinedInstruction)),
        Fault("fault_reply", (Server, Syscall.ReplyReceive)),
        Fault(
            "fault_round_trip", (Client, Syscall.UndefinedInstruction),
            (Server, Syscall.ReplyReceive)),
        Alone("hypercall", Syscall.Hypercall, "one hypercall that does nothing") with
        {
            NeedsHypervisor = true,
        },
    ];

    /// <summary>
    /// The benchmark of this key, or null: one of <see cref="All"/>, `smp_2core_c500`,
    /// `getpid_filters_3`, `getpid_bitmap`, `getpid`, `getpid_monolithic` or `sddf_2pd_500`.
    /// </summary>
    public static Benchmark? Find(string key)
    {
        if (All.FirstOrDefault(each => each.Key == key) is { } known)
        {
            return known;
        }

        if (Numbers(key, "smp_", "core_c") is [>= 1 and <= 64, >= 0 and <= 1_000_000] pair)
        {
            return new ThroughputBenchmark(pair[0], pair[1]);
        }

        if (Numbers(key, "sddf_", "pd_") is [2 or 4, >= 1 and <= 10_000] echo)
        {
            return new PacketBenchmark(echo[0], echo[1]);
        }

        if (key is "getpid" or "getpid_monolithic")
        {
            return new CallBenchmark(key == "getpid_monolithic");
        }

        return key == "getpid_bitmap" ? Filtered(key, 1, hasBitmap: true)
            : Numbers(key, "getpid_filters_") is [>= 0 and <= 1000] filters
                ? Filtered(key, filters[0])
                : null;
    }

    private enum Which
    {
        Call,
        Reply,
    }

    private static int[]? Numbers(string key, params string[] before)
    {
        var numbers = new List<int>();
        foreach (var (text, index) in before.Select((text, index) => (text, index)))
        {
            if (!key.StartsWith(text, StringComparison.Ordinal))
            {
                return null;
            }

            key = key[text.Length..];
            var end = index + 1 < before.Length
                ? key.IndexOf(before[index + 1], StringComparison.Ordinal)
                : key.Length;
            if (end < 0 || !int.TryParse(
                key[..end], NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            {
                return null;
            }

            numbers.Add(number);
            key = key[end..];
        }

        return [.. numbers];
    }

    private static string In(string text) => text + "; seL4/sel4bench, apps/";

    private static WindowBenchmark Alone(string key, Syscall number, string window) => new(
        key, window, [],
        [new BenchThread(Client, sys => Forever(async () => await sys.Trap(number)))],
        (Client, number));

    private static WindowBenchmark Filtered(
        string key, int filters, bool hasBitmap = false) => new(
        key, "one system call that does nothing, with so many filters on it", [],
        [
            new BenchThread(Client, sys => Forever(async () => await sys.Trap(Syscall.Null)))
            {
                Filters = filters,
                HasFilterBitmap = hasBitmap,
            },
        ],
        (Client, Syscall.Null));

    private static WindowBenchmark Call(
        string key, Message message, Which which, bool intra = false, bool fpu = false) => new(
        key,
        In(which == Which.Call
            ? "Call, until the server has received"
            : "ReplyRecv, until the client goes on") + "ipc/src/main.c",
        [SharedObject.Endpoint],
        [
            new BenchThread(Client, sys => Forever(async () => await sys.Call(Object, message)))
            {
                UsesFpu = fpu,
            },
            new BenchThread(Server, async sys =>
            {
                await Raw.Receive(sys, Object);
                await Forever(async () => await Raw.ReplyReceive(sys, Object, message));
            })
            {
                UsesFpu = fpu,
                SharesWith = intra ? Client : null,
            },
        ],
        which == Which.Call ? (Client, Syscall.Call) : (Server, Syscall.ReplyReceive));

    private static WindowBenchmark Send() => new(
        "ipc_send", In("Send to a server of higher priority, until it has received")
            + "ipc/src/main.c",
        [SharedObject.Endpoint],
        [
            new BenchThread(Client, sys => Forever(async () => await Raw.Send(sys, Object))),
            new BenchThread(Server, sys => Forever(async () => await Raw.Receive(sys, Object)))
            {
                Priority = Higher,
            },
        ],
        (Client, Syscall.Send));

    private static WindowBenchmark Notify(string key, string whom, int priority, bool intra) =>
        new(
            key, In("Signal to a waiting thread " + whom) + "signal/src/main.c",
            [SharedObject.Notification],
            [
                new BenchThread(Client, sys => Forever(async () => await sys.Signal(Object))),
                new BenchThread(Server, sys => Forever(async () => await sys.Wait(Object)))
                {
                    Priority = priority,
                    SharesWith = intra ? Client : null,
                },
            ],
            (Client, Syscall.Signal));

    private static WindowBenchmark Yield(string key, bool intra) => new(
        key, In("Yield, until the other thread of the priority goes on") + "scheduler/src/main.c",
        [],
        [
            new BenchThread(Client, sys => Forever(async () => await sys.Trap(Syscall.Yield))),
            new BenchThread(Server, sys => Forever(async () => await sys.Trap(Syscall.Yield)))
            {
                SharesWith = intra ? Client : null,
            },
        ],
        (Client, Syscall.Yield));

    private static WindowBenchmark Interrupt(string key, bool intra) => new(
        key, In("a timer's interrupt of a spinning thread, until the thread that waits for it goes "
            + "on") + "irquser/src/main.c",
        [SharedObject.Notification],
        [
            new BenchThread(Client, async sys =>
            {
                while (true)
                {
                    sys.Compute(new Cycles(1_000));
                    await sys.Pause();
                }
            }),
            new BenchThread(Server, async sys =>
            {
                while (true)
                {
                    await sys.SetTimer(Object, new VirtualTime(sys.Now.Cycles + 5_000));
                    await sys.Wait(Object);
                }
            })
            {
                Priority = Higher,
                SharesWith = intra ? Client : null,
            },
        ],
        ("", Syscall.None));

    private static WindowBenchmark Fault(
        string key, params (string Thread, Syscall Number)[] entries) => new(
        key, In("an undefined instruction and its handler in the same address space")
            + "fault/src/main.c",
        [SharedObject.FaultEndpoint],
        [
            new BenchThread(
                Client, sys => Forever(async () => await sys.Trap(Syscall.UndefinedInstruction))),
            new BenchThread(Server, async sys =>
            {
                await Raw.Receive(sys, Object);
                await Forever(async () => await Raw.ReplyReceive(sys, Object, default));
            })
            {
                SharesWith = Client,
            },
        ],
        entries);

    private static async ValueTask Forever(Func<ValueTask> call)
    {
        while (true)
        {
            await call();
        }
    }
}
