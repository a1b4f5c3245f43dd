using Abi.Kernel;

namespace Machine;

/// <summary>An order to crash a component: at an instant, or at the nth time that it reaches a
/// step.</summary>
/// <param name="Component">Which component.</param>
/// <param name="At">Cycles after the machine is up, or null: at a step.</param>
/// <param name="Step">The step.</param>
/// <param name="Nth">Which time it is reached, from 1, counted over all incarnations.</param>
public sealed record FaultPlan(string Component, long? At, FaultStep Step, long Nth);

/// <summary>Counts the steps that components reach, and throws where it was ordered.</summary>
internal sealed class FaultInjector(IReadOnlyList<FaultPlan> plans)
{
    private readonly long[] reached = new long[plans.Count];

    public bool IsArmed { get; set; }

    public IReadOnlyList<FaultPlan> Plans => plans;

    public void Reach(string component, FaultStep step)
    {
        if (!IsArmed || plans.Count == 0)
        {
            return;
        }

        for (var i = 0; i < plans.Count; i++)
        {
            var plan = plans[i];
            if (plan.At is null && plan.Step == step && plan.Component == component
                && ++reached[i] == plan.Nth)
            {
                throw new FaultInjectedException($"{component} crashes at {step}, time {plan.Nth}");
            }
        }
    }
}
