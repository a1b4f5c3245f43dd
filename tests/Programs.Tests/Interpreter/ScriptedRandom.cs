namespace Programs.Tests.Interpreter;

/// <summary>Draws that a test can foretell: three times the mean, and the numbers below a bound in
/// turn.</summary>
internal sealed class ScriptedRandom : IRandomSource
{
    private long next;

    public long Exponential(long mean) => 3 * mean;

    public long Below(long bound) => next++ % bound;
}
