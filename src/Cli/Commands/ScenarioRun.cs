using System.CommandLine;
using Records;
using Scenarios;
using Scenarios.Model;
using Scenarios.Profiles;
using Scenarios.Sensitivity;
using Serilog.Core;
using Telemetry.Json;
using Telemetry.Text;

namespace Cli.Commands;

/// <summary>
/// One run of `run` or `compare`: everything is checked before anything runs or is written.
/// </summary>
internal sealed class ScenarioRun(
    Settings settings, IScenarioRunner runner, RunCommandOptions options, ParseResult arguments)
{
    private readonly string file = arguments.GetRequiredValue(options.File);
    private readonly ScenarioInput input = new(options, arguments);
    private readonly Format format = arguments.GetValue(options.Format);

    private QuizMode Quiz { get; } = QuizMode.Of(options.Quiz, options.Format, arguments);

    private Terminal Terminal => settings.Terminal;

    /// <summary>Runs the scenario and prints what came out.</summary>
    /// <param name="wanted">The placements by name; null: all that the scenario has.</param>
    public ExitCode Run(IReadOnlyList<string>? wanted)
    {
        var scenario = input.LoadScenario();
        var placements = input.Placements(scenario, wanted);
        var profile = input.LoadProfile(scenario);
        using var log = settings.LogFor(arguments);
        using var outputs = new RunOutputs(
            [.. Outputs(profile.Loaded, placements.Count > 1)]);
        var comparison = Compare(scenario, placements, profile.Name, outputs, log);
        outputs.Finish(comparison);
        if (Quiz.IsAsked)
        {
            Quiz.Print(settings.ConsoleFor(arguments), comparison);
        }

        if (Quiz.HidesResults)
        {
            return Terminal.Interrupted.IsCancellationRequested
                ? ExitCode.Interrupted
                : ExitCode.Success;
        }

        Print(comparison);
        return Judge(comparison);
    }

    /// <summary>Runs the comparison with changed parameters and prints what it hangs
    /// on.</summary>
    /// <param name="wanted">The placements by name; null: all that the scenario has.</param>
    public ExitCode RunSensitivity(IReadOnlyList<string>? wanted)
    {
        if (arguments.GetValue(options.Strace) is not null)
        {
            throw new BadInputException(
                "expected no --strace beside --sensitivity: it runs the scenario many times");
        }

        if (Quiz.IsAsked)
        {
            throw new BadInputException("expected no --quiz beside --sensitivity");
        }

        var scenario = input.LoadScenario();
        var placements = input.Placements(scenario, wanted);
        if (placements.Count < 2)
        {
            throw new BadInputException("expected at least two placements for --sensitivity");
        }

        var profile = input.LoadProfile(scenario);
        var how = new RunOptions
        {
            Seed = arguments.GetValue(options.Seed),
            Profile = profile.Name,
            Mechanisms = MechanismsOption.Read(arguments.GetValue(options.Mechanisms)),
            Cancellation = Terminal.Interrupted,
        };
        var report = new SensitivityAnalysis(runner, scenario, placements, how)
            .Run(profile.Loaded.Profile);
        if (format == Format.Json)
        {
            Terminal.Output.WriteLine(SensitivityOutput.Json(report));
        }
        else
        {
            SensitivityOutput.Write(settings.ConsoleFor(arguments), report);
        }

        return Judge(report.Comparison);
    }

    // What the user wants written besides the report: one entry for each option.
    private IEnumerable<IRunOutput> Outputs(LoadedProfile profile, bool areSeveral)
    {
        if (arguments.GetValue(options.Strace) is { } strace)
        {
            RefuseStandardOutput(strace, "--strace");
            yield return new StraceLogs(
                strace, Terminal.Output, profile.Profile.Frequency, areSeveral);
        }
    }

    private void RefuseStandardOutput(string path, string option)
    {
        if (path == "-" && format == Format.Json)
        {
            throw new BadInputException(
                $"expected a file behind {option}: --format json wants standard output for "
                + "itself");
        }
    }

    private Comparison Compare(
        Scenario scenario, List<string> placements, string? profile, RunOutputs outputs,
        Logger log)
    {
        using var display = new ProgressDisplay(Terminal, scenario, placements.Count);
        var how = new RunOptions
        {
            Seed = arguments.GetValue(options.Seed),
            Profile = profile,
            Mechanisms = MechanismsOption.Read(arguments.GetValue(options.Mechanisms)),
            PlacementBegins = placement =>
            {
                log.Information("running {Scenario} in {Placement}", scenario.Name, placement);
                display.Begin(placement);
            },
            Trace = outputs.Trace,
            Requests = outputs.Requests,
            Calls = outputs.Calls,
            Progress = display,
            Cancellation = Terminal.Interrupted,
        };
        log.Debug("scenario {File}, placements {Placements}", file, placements);
        return display.While(() => runner.Compare(scenario, placements, how));
    }

    private void Print(Comparison comparison)
    {
        if (format == Format.Json)
        {
            Terminal.Output.Write(JsonReport.Write(comparison));
            return;
        }

        new TextReport(settings.ConsoleFor(arguments), comparison).Write();
        var open = comparison.Expectations.Count(each => each.Holds is null);
        if (open > 0)
        {
            Terminal.Output.WriteLine(
                $"{open} of {comparison.Expectations.Count} expectations need more placements and "
                + $"were not evaluated; 'micro compare {file}' evaluates them.");
        }
    }

    // The worst thing that happened decides; each is named on the error output.
    private ExitCode Judge(Comparison comparison)
    {
        var runs = comparison.Placements;
        foreach (var run in runs)
        {
            NameProblems(run);
        }

        foreach (var failed in comparison.Expectations.Where(each => each.Holds == false))
        {
            var detail = failed.Detail.Length == 0 ? "" : $": {failed.Detail}";
            Terminal.Say($"expectation failed: {failed.Text}{detail}");
        }

        if (runs.Any(run => run.Defects.Count > 0))
        {
            DefectMessage.SayHowToReproduce(
                Terminal, arguments.Tokens.Select(token => token.Value));
            return ExitCode.Defect;
        }

        return Terminal.Interrupted.IsCancellationRequested
                || runs.Any(run => run.End == RunEnd.Interrupted) ? ExitCode.Interrupted
            : runs.Any(run => run.End is RunEnd.Deadlock or RunEnd.Limit) ? ExitCode.DidNotFinish
            : runs.Any(run => run.FailedResults.Count > 0)
                || comparison.Expectations.Any(each => each.Holds == false)
                ? ExitCode.ExpectationFailed
            : ExitCode.Success;
    }

    private void NameProblems(RunResult run)
    {
        foreach (var defect in run.Defects)
        {
            Terminal.Say($"{run.Name}: a defect of the simulator, not of your scenario: {defect}");
        }

        switch (run.End)
        {
            case RunEnd.Finished:
                break;
            case RunEnd.Deadlock:
                Terminal.Say($"{run.Name}: deadlock: {run.EndDetail}");
                break;
            case RunEnd.Limit:
                Terminal.Say($"{run.Name}: limit reached: {run.EndDetail}");
                break;
            case RunEnd.Interrupted:
                Terminal.Say($"{run.Name}: interrupted; this is what is known so far");
                break;
        }

        foreach (var result in run.FailedResults)
        {
            Terminal.Say($"{run.Name}: {result}");
        }
    }
}
