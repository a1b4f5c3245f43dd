using Abi.Costs;
using Microkernel;
using Scenarios;
using Scenarios.Model;

namespace Validation.Benchmarks;

/// <summary>
/// The mean of getpid() in a whole system, LibSys and process manager included: what L4Linux and
/// its like measured. Context only: servers' work is borrowed in most profiles.
/// </summary>
/// <param name="IsMonolithic">In which of the two built-in placements.</param>
internal sealed record CallBenchmark(bool IsMonolithic) : Benchmark(
    IsMonolithic ? "getpid_monolithic" : "getpid", "cycles",
    "getpid() of a program, library and server included; Haertig et al SOSP97, Table 2")
{
    private const int Calls = 200;

    /// <inheritdoc/>
    public override bool IsWindow => false;

    /// <inheritdoc/>
    public override (EventList Events, decimal Figure) Run(
        CostProfile profile, KernelOptions kernel, decimal clock)
    {
        var placement = IsMonolithic ? Placement.Monolithic : Placement.Microkernel;
        var before = Of(profile, kernel, placement, Calls);
        var after = Of(profile, kernel, placement, 2 * Calls);
        var events = new EventList();
        foreach (var part in Enum.GetValues<Part>())
        {
            events.Add(part, Math.Round((after[part] - before[part]) / Calls, 2));
        }

        // The loop's own cycle is not the call's.
        events.Add(Part.ProgramCycle, -events[Part.ProgramCycle]);
        return (events, events.CyclesOn(profile));
    }

    private static EventList Of(
        CostProfile profile, KernelOptions kernel, Placement placement, int calls)
    {
        var scenario = ScenarioLoader.LoadText(
            $$"""
            name: getpid
            processes: { asker: { program: "repeat {{calls}} { getpid() }" } }
            """,
            "getpid.yaml").Scenario!;
        var mechanisms = new List<Mechanism>();
        if (kernel.Isolation)
        {
            mechanisms.Add(Mechanism.Isolation);
        }

        var run = new ScenarioRunner().Compare(
            scenario, [placement.Name],
            new RunOptions { Vary = _ => profile, Mechanisms = mechanisms }).Placements[0];
        var events = new EventList();
        foreach (var part in Enum.GetValues<Part>())
        {
            events.Add(
                part, run.Parts.Where(line => line.Part == part.Name()).Sum(line => line.Count));
        }

        return events;
    }
}
