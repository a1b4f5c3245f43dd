using System.Globalization;
using Abi.Costs;
using Abi.Kernel;
using Programs.Language;
using Records;
using Scenarios.Expectations;
using Scenarios.Model;
using Scenarios.Profiles;

namespace Scenarios.Loading;

/// <summary>
/// Finds what is wrong between the parts of a scenario. It may see a scenario with parts that
/// failed: they are null or have their defaults, and nothing is said about them again.
/// </summary>
/// <param name="scenario">The scenario.</param>
/// <param name="failed">The paths of the parts that failed.</param>
internal sealed class ScenarioChecker(Scenario scenario, IReadOnlySet<string> failed)
{
    private readonly List<Diagnostic> diagnostics = [];

    /// <summary>All of it.</summary>
    public IReadOnlyList<Diagnostic> Check()
    {
        CheckMachine();
        CheckDisk();
        CheckComponents();
        CheckPlacements();
        CheckProcesses();
        var observable = Components.All.Concat(ProcessNames).ToList();
        for (var i = 0; i < scenario.Observe.Count; i++)
        {
            if (scenario.Observe[i] is { } name && !failed.Contains("processes"))
            {
                Require(observable, name, "component or process", At("observe", i));
            }
        }

        for (var i = 0; i < scenario.Faults.Count; i++)
        {
            RequireComponent(scenario.Faults[i]?.Crash, At("faults", i, "crash"));
            CheckStep(scenario.Faults[i], At("faults", i, "at"));
        }

        for (var i = 0; i < scenario.Expect.Count; i++)
        {
            Check(scenario.Expect[i]?.Claim, At("expect", i));
        }

        return diagnostics;
    }

    // A crash at a step that the component never reaches would never happen, and look like a
    // success.
    private void CheckStep(FaultOrder? order, string path)
    {
        if (order is not { At: FaultMoment.AtStep at, Crash: { } component })
        {
            return;
        }

        IReadOnlyList<string> reached = at.Step switch
        {
            FaultStep.RequestReceived or FaultStep.BeforeReply => Components.All,
            FaultStep.BeforeDiskRequest or FaultStep.AfterDiskRequest => ["file-server"],
            FaultStep.DeviceProgrammed or FaultStep.CompletionSeen => ["disk-driver", "nic-driver"],
        };
        if (!reached.Contains(component) && Components.All.Contains(component))
        {
            Report(path, $"expected a step that '{component}' reaches; "
                + $"this one is of {string.Join(" and ", reached)}");
        }
    }

    private void CheckMachine()
    {
        var profile = scenario.Machine.Profile;
        if (!CostProfiles.Exists(profile, scenario.Sources.Directory))
        {
            Report("machine.profile", $"expected a cost profile, not '{profile}'"
                + Suggestion.Hint(profile, CostProfiles.Names));
        }
    }

    private void CheckDisk()
    {
        if (scenario.Disk.From is not { } from)
        {
            return;
        }

        var directory = Path.Combine(scenario.Sources.Directory, from);
        if (from.Contains('\0') || !Directory.Exists(directory))
        {
            Report("disk.from", File.Exists(directory)
                ? $"expected a directory, not the file '{from}'"
                : $"expected a directory; there is no '{from}' beside the scenario");
        }
    }

    private void CheckComponents()
    {
        foreach (var component in scenario.Components)
        {
            RequireComponent(component.Name, At("components", component.Name));
            RequireCore(component.Core, At("components", component.Name, "core"));
        }
    }

    private void CheckPlacements()
    {
        foreach (var placement in scenario.Placements)
        {
            var path = At("placements", placement.Name);
            var isTaken = placement.Name is "microkernel" or "monolithic"
                || ClaimParser.Subjects.Contains(placement.Name)
                || CallTable.Find(placement.Name) is not null;
            if (isTaken)
            {
                Report(path, $"expected another name: '{placement.Name}' has a meaning");
            }

            CheckDomains(placement, path);
        }
    }

    private void CheckDomains(Placement placement, string path)
    {
        var homes = new Dictionary<string, string>();
        foreach (var domain in placement.Domains)
        {
            for (var i = 0; i < domain.Components?.Count; i++)
            {
                var component = domain.Components[i];
                var place = At(path, "domains", domain.Name, i);
                RequireComponent(component, place);
                if (component is not null && !homes.TryAdd(component, domain.Name))
                {
                    Report(place,
                        $"expected each component once: '{component}' is in '{homes[component]}'");
                }
            }

            var isEmpty = domain.Components?.Count == 0 && !domain.IsKernel;
            if (isEmpty)
            {
                Report(At(path, "domains", domain.Name), "expected at least one component");
            }

            if (Components.All.Contains(domain.Name)
                && domain.Components?.Contains(domain.Name) == false)
            {
                Report(At(path, "domains", domain.Name),
                    $"expected another name, or component '{domain.Name}' in the domain");
            }
        }
    }

    private void CheckProcesses()
    {
        if (failed.Contains("processes"))
        {
            return;
        }

        if (scenario.Processes.All(process => process.Spawned))
        {
            Report("processes", scenario.Processes.Count == 0
                ? "expected at least one process"
                : "expected at least one process without 'spawned: true'");
        }

        foreach (var process in scenario.Processes)
        {
            var path = At("processes", process.Name);
            RequireCore(process.Core, At(path, "core"));
            RequireCore(process.FirstCore, At(path, "firstCore"));
            var program = process.Program ?? ProgramSyntax.Empty;
            foreach (var error in ProgramChecker.Check(program, ProcessNames))
            {
                diagnostics.Add(new Diagnostic(
                    scenario.Sources.File, error.At.Line, error.At.Column, error.Message));
            }

            if (process.Spawned && (process.Count != 1 || process.Start.Count != 0))
            {
                Report(path, "expected no 'count' or 'start' with 'spawned: true'");
            }
        }
    }

    private void Check(Claim? claim, string path)
    {
        switch (claim)
        {
            case Claim.EveryProcessExits every:
                RequirePlacement(every.Placement, path);
                break;
            case Claim.ResultsAsExpected all:
                RequirePlacement(all.Placement, path);
                break;
            case Claim.ProcessExits named:
                Require(ProcessNames, named.Process, "process", path);
                RequirePlacement(named.Placement, path);
                break;
            case Claim.Comparison compared:
                var references = compared.Left.References
                    .Concat(compared.Right.References)
                    .ToList();
                if (references.Count == 0)
                {
                    Report(path, "expected a quantity of the results on one side at least");
                }

                foreach (var reference in references)
                {
                    Check(reference, path);
                }

                break;
        }
    }

    private void Check(Quantity.Reference reference, string path)
    {
        RequirePlacement(reference.Placement, path);
        switch (reference.Subject)
        {
            case "losses" or "time":
                break;
            case "counters":
                var counters = Enum.GetValues<Counter>().Select(Counters.Name).ToList();
                Require(counters, reference.Detail, "counter", path);
                break;
            case "bill":
                var causes = Enum.GetValues<Cause>().Select(Causes.Name).ToList();
                Require(causes, reference.Detail, "cause", path);
                break;
            case "queues":
                var parts = reference.Detail.Split('.');
                Require([.. scenario.Observe], parts[0], "queue among those in 'observe'", path);
                Require(QueueQuantity.Names, parts[1], "statistic of queues", path);
                break;
            default:
                var calls = CallTable.All.Select(call => call.Name)
                    .Concat(ClaimParser.Subjects).ToList();
                Require(calls, reference.Subject, "call", path);
                Require(CallQuantity.Names, reference.Detail, "statistic of calls", path);
                break;
        }
    }

    private IReadOnlyList<string> ProcessNames =>
        [.. (scenario.Processes ?? []).Select(process => process.Name)];

    private void RequirePlacement(string? name, string path)
    {
        if (name is not null)
        {
            var placements = scenario.AllPlacements.Select(each => each.Name).ToList();
            Require(placements, name, "placement", path);
        }
    }

    private void RequireComponent(string? name, string path)
    {
        if (name is not null)
        {
            Require(Components.All, name, "component", path);
        }
    }

    private void Require(IReadOnlyList<string> known, string name, string what, string path)
    {
        if (!known.Contains(name))
        {
            var hint = Suggestion.Hint(name, known);
            var list = hint.Length == 0 ? $" (there are {string.Join(' ', known)})" : hint;
            Report(path, $"expected a {what}, not '{name}'{list}");
        }
    }

    private void RequireCore(int? core, string path)
    {
        if (core >= scenario.Machine.Cores && !failed.Contains("machine.cores"))
        {
            Report(path, string.Create(
                CultureInfo.InvariantCulture,
                $"expected a core below {scenario.Machine.Cores}, the machine's, not {core}"));
        }
    }

    private void Report(string path, string message) =>
        diagnostics.Add(scenario.Sources.Diagnose(path, message));

    private static string At(params IEnumerable<object> keys) =>
        string.Join('.', keys.Select(key => Convert.ToString(key, CultureInfo.InvariantCulture)));
}
