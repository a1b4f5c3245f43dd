namespace Microkernel.Accounting;

/// <summary>
/// Hears how long each request of a queue took, and keeps what sums cannot: how the times are
/// distributed.
/// </summary>
public interface IRequestTimes
{
    /// <summary>A request was received after so many cycles.</summary>
    void Waited(long cycles);

    /// <summary>A request departed so many cycles after its arrival.</summary>
    void Departed(long cycles);

    /// <summary>Measuring begins anew.</summary>
    void Reset();
}
