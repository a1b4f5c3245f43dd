namespace Validation.Calibration;

/// <summary>One thing that is measured, made ready.</summary>
internal abstract class Probe : IDisposable
{
    /// <summary>Calls into libc in each iteration, without .NET's transition.</summary>
    public virtual int FastCalls => 0;

    /// <summary>Calls into libc in each iteration, with .NET's transition.</summary>
    public virtual int Calls => 0;

    /// <summary>The most iterations of a batch.</summary>
    public virtual int MaxIterations => 1 << 20;

    /// <summary>
    /// Does it so many times; the answer is in ticks of Stopwatch. Implementations are compiled
    /// with optimization at once, so that no batch runs slower code than the others.
    /// </summary>
    public abstract long Run(int iterations);

    /// <inheritdoc/>
    public void Dispose() => Close();

    /// <summary>Gives back what it holds of the host; nothing by default.</summary>
    protected virtual void Close()
    {
    }
}
