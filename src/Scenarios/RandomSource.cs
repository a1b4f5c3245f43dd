using Engine;
using Programs;

namespace Scenarios;

/// <summary>Random numbers for a program, from a stream of the engine's.</summary>
/// <param name="seed">The run's seed.</param>
/// <param name="name">The stream's name; no other one may have it.</param>
internal sealed class RandomSource(long seed, string name) : IRandomSource
{
    private readonly RandomStream stream = new(seed, name);

    /// <inheritdoc/>
    public long Exponential(long mean) => stream.Exponential(mean);

    /// <inheritdoc/>
    public long Below(long bound) => stream.Below(bound);
}
