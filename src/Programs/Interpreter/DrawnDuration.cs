using Programs.Language;

namespace Programs.Interpreter;

/// <summary>A duration outside of programs that is drawn at random, or always the same.</summary>
/// <param name="duration">What to draw; it has no variables.</param>
/// <param name="random">Where random numbers come from.</param>
public sealed class DrawnDuration(Expression duration, IRandomSource random)
{
    private readonly NumberNode node = ProgramCompiler.CompileAlone(duration);
    private readonly Variables variables = new([], random);

    /// <summary>The next one, nanoseconds; not negative.</summary>
    public long Next() => Math.Max(0, node.Evaluate(variables));
}
