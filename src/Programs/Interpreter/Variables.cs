namespace Programs.Interpreter;

/// <summary>What the value of a number depends on.</summary>
/// <param name="numbers">The variables that hold numbers, at first.</param>
/// <param name="random">Where random numbers come from.</param>
internal class Variables(long[] numbers, IRandomSource random)
{
    /// <summary>Variables that hold numbers; 0 until they are set.</summary>
    public long[] Numbers { get; } = numbers;

    /// <summary>Where random numbers come from.</summary>
    public IRandomSource Random { get; } = random;
}
