using System.Runtime.ExceptionServices;

namespace Validation.Calibration;

/// <summary>A thread of the host, bound to one CPU, with descriptors of its own.</summary>
internal sealed class Peer
{
    private readonly Thread thread;
    private ExceptionDispatchInfo? failure;

    /// <summary>Starts it.</summary>
    public Peer(int cpu, Action work)
    {
        var isBound = new ManualResetEventSlim();
        thread = new Thread(() => Run(cpu, work, isBound)) { IsBackground = true };
        thread.Start();
        isBound.Wait();
        failure?.Throw();
    }

    /// <summary>Waits for its end; what it threw is thrown here.</summary>
    public void Join()
    {
        thread.Join();
        failure?.Throw();
    }

    private void Run(int cpu, Action work, ManualResetEventSlim isBound)
    {
        try
        {
            Cpus.Pin(cpu);
            OwnDescriptors.Take();
        }
        catch (ProbeException exception)
        {
            failure = ExceptionDispatchInfo.Capture(exception);
        }

        var isUsable = failure is null;
        isBound.Set();
        if (!isUsable)
        {
            return;
        }

        try
        {
            work();
        }
        catch (Exception exception)
        {
            failure = ExceptionDispatchInfo.Capture(exception);
        }
    }
}
