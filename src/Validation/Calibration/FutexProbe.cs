using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Validation.Calibration;

/// <summary>
/// Two threads hand a word to and fro: each changes it, wakes the other and waits until it is
/// changed back.
/// </summary>
internal sealed unsafe class FutexProbe : Probe
{
    private const int Ours = 0;
    private const int Theirs = 1;
    private const int Over = 2;
    private readonly nint number;
    private readonly int* turn;
    private readonly Peer peer;

    public FutexProbe(SystemCalls calls, int cpu)
    {
        number = calls.Futex;
        turn = (int*)NativeMemory.AlignedAlloc(64, 64);
        *turn = Ours;
        peer = new Peer(cpu, Answer);
    }

    public override int Calls => 4;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override long Run(int iterations)
    {
        var begin = Stopwatch.GetTimestamp();
        for (var i = 0; i < iterations; i++)
        {
            Hand(Theirs);
            WaitWhile(Theirs);
        }

        return Stopwatch.GetTimestamp() - begin;
    }

    protected override void Close()
    {
        Hand(Over);
        peer.Join();
        NativeMemory.AlignedFree(turn);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Answer()
    {
        while (true)
        {
            WaitWhile(Ours);
            if (Volatile.Read(ref *turn) == Over)
            {
                return;
            }

            Hand(Ours);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Hand(int to)
    {
        Volatile.Write(ref *turn, to);
        Libc.Futex(number, turn, Libc.FUTEX_WAKE_PRIVATE, 1, 0);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void WaitWhile(int value)
    {
        while (Volatile.Read(ref *turn) == value)
        {
            Libc.Futex(number, turn, Libc.FUTEX_WAIT_PRIVATE, value, 0);
        }
    }
}
