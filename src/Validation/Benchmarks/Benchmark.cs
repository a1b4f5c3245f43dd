using Abi.Costs;
using Microkernel;

namespace Validation.Benchmarks;

/// <summary>A benchmark: operations on the simulated machine, and the window that is
/// measured.</summary>
/// <param name="Key">Its name: sel4bench's own key, where sel4bench has it.</param>
/// <param name="Unit">Of its figure: cycles, or operations a second.</param>
/// <param name="Window">What its window contains, and where that was read.</param>
public abstract record Benchmark(string Key, string Unit, string Window)
{
    /// <summary>The source of the windows of sel4bench.</summary>
    protected const string Source = "seL4/sel4bench, apps/";

    /// <summary>Whether its figure is the cycles of one window, so that its events depend on
    /// mechanisms only.</summary>
    public virtual bool IsWindow => true;

    /// <summary>Runs it: what the window contains, and its figure in <see cref="Unit"/>.</summary>
    /// <param name="profile">The prices.</param>
    /// <param name="kernel">The kernel with its mechanisms.</param>
    /// <param name="clock">Cycles a second, for figures a second.</param>
    public abstract (EventList Events, decimal Figure) Run(
        CostProfile profile, KernelOptions kernel, decimal clock);
}
