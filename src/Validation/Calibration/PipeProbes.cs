using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace Validation.Calibration;

/// <summary>The two ends of a pipe.</summary>
internal sealed unsafe class HostPipe : IDisposable
{
    /// <summary>The byte that goes round.</summary>
    public const byte Go = 1;

    /// <summary>
    /// The byte that ends it: threads with descriptors of their own hold each other's pipes open,
    /// so that none would see an end of file.
    /// </summary>
    public const byte Stop = 0;

    private readonly SystemCalls calls;
    private int writeEnd;

    public HostPipe(SystemCalls calls)
    {
        this.calls = calls;
        var ends = stackalloc int[2];
        if (Libc.Pipe(ends, Libc.O_CLOEXEC) < 0)
        {
            throw new ProbeException($"pipe2: errno {Marshal.GetLastPInvokeError()}");
        }

        (ReadEnd, writeEnd) = (ends[0], ends[1]);
    }

    public int ReadEnd { get; private set; }

    public int WriteEnd => writeEnd;

    /// <summary>One byte; false if it is none, or the one to stop at.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TakeByte()
    {
        byte one;
        return Libc.Syscall(calls.Read, ReadEnd, &one, 1) == 1 && one == Go;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void PutByte(byte one = Go)
    {
        Libc.Syscall(calls.Write, writeEnd, &one, 1);
    }

    public void CloseRead()
    {
        if (ReadEnd >= 0)
        {
            _ = Libc.Close(ReadEnd);
            ReadEnd = -1;
        }
    }

    public void CloseWrite()
    {
        if (writeEnd >= 0)
        {
            _ = Libc.Close(writeEnd);
            writeEnd = -1;
        }
    }

    public void Dispose()
    {
        CloseRead();
        CloseWrite();
    }
}

/// <summary>One byte into a pipe and out of it by the same thread: nobody waits.</summary>
internal sealed class PipeAloneProbe(SystemCalls calls) : Probe
{
    private readonly HostPipe pipe = new(calls);

    public override int Calls => 2;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override long Run(int iterations)
    {
        var begin = Stopwatch.GetTimestamp();
        for (var i = 0; i < iterations; i++)
        {
            pipe.PutByte();
            pipe.TakeByte();
        }

        return Stopwatch.GetTimestamp() - begin;
    }

    protected override void Close() => pipe.Dispose();
}

/// <summary>One byte through a pipe to another end, and one back through a second pipe.</summary>
internal abstract class PipeRoundTripProbe(SystemCalls calls) : Probe
{
    protected HostPipe There { get; } = new(calls);

    protected HostPipe Back { get; } = new(calls);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override long Run(int iterations)
    {
        var (there, back) = (There, Back);
        var isAnswered = true;
        var begin = Stopwatch.GetTimestamp();
        for (var i = 0; i < iterations; i++)
        {
            there.PutByte();
            isAnswered &= back.TakeByte();
        }

        var end = Stopwatch.GetTimestamp();
        return isAnswered ? end - begin : throw new ProbeException("the other end is gone");
    }

    protected override void Close()
    {
        There.Dispose();
        Back.Dispose();
    }
}

/// <summary>The other end is a thread of this process, on a CPU of its own or on ours.</summary>
internal sealed class PipeToThreadProbe : PipeRoundTripProbe
{
    private readonly Peer peer;

    public PipeToThreadProbe(SystemCalls calls, int cpu) : base(calls) =>
        peer = new Peer(cpu, () => Echo(There, Back));

    public override int Calls => 4;

    protected override void Close()
    {
        There.PutByte(HostPipe.Stop);
        peer.Join();
        base.Close();
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Echo(HostPipe from, HostPipe to)
    {
        while (from.TakeByte())
        {
            to.PutByte();
        }
    }
}

/// <summary>
/// The other end is a process: `cat`, which copies what it reads. It inherits our CPU.
/// </summary>
internal sealed unsafe class PipeToProcessProbe : PipeRoundTripProbe
{
    // posix_spawn_file_actions_t has 80 bytes in glibc and musl.
    private const int SpawnActionsBytes = 512;
    private readonly int process;

    public PipeToProcessProbe(SystemCalls calls) : base(calls)
    {
        var actions = stackalloc byte[SpawnActionsBytes];
        _ = Libc.SpawnActionsInit(actions);
        _ = Libc.SpawnActionsAddDup2(actions, There.ReadEnd, 0);
        _ = Libc.SpawnActionsAddDup2(actions, Back.WriteEnd, 1);
        int started;
        int error;
        fixed (byte* name = Encoding.UTF8.GetBytes("cat\0"))
        {
            var arguments = stackalloc byte*[] { name, null };
            var environment = stackalloc byte*[] { null };
            error = Libc.Spawn(&started, name, actions, 0, arguments, environment);
        }

        _ = Libc.SpawnActionsDestroy(actions);
        There.CloseRead();
        Back.CloseWrite();
        if (error != 0)
        {
            base.Close();
            throw new ProbeException($"no 'cat' as the other process: errno {error}");
        }

        process = started;
    }

    public override int Calls => 2;

    protected override void Close()
    {
        int status;
        _ = Libc.Kill(process, Libc.SIGKILL);
        _ = Libc.WaitProcess(process, &status, 0);
        base.Close();
    }
}
