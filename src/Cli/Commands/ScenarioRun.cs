using System.CommandLine;
using Cli.Outputs;
using Records;
using Scenarios;
using Scenarios.Model;
using Scenarios.Sensitivity;
using Serilog;
using Telemetry.Json;
using Telemetry.OpenTelemetry;
using Telemetry.Text;

namespace Cli.Commands;

/// <summary>
/// One run of `run` or `compare`: everything is checked before anything runs or is written.
/// </summary>
internal sealed class ScenarioRun(
    Settings settings, IScenarioRunner runner, RunCommandOptions options, ParseResult arguments)
{
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
        var now = DateTimeOffset.UtcNow;
        var run = new RunIdentity(
            RunId.Next(now), scenario.Name, profile.Loaded.Profile.Name,
            input.Seed ?? scenario.Seed, profile.Loaded.Profile.Frequency.Hertz);
        using var log = settings.LogFor(arguments, new LogTargets(
            run, arguments.GetValue(options.LogFile), options.Outputs.Otlp.Read(arguments).Logs));
        using var outputs = options.Outputs.Create(new OutputContext(
            arguments, Terminal, format, input.File, scenario, placements, profile.Loaded, run, now,
            requests => runner.Compare(
                scenario, placements, How(profile.Name) with { Requests = requests })));
        var comparison = Compare(scenario, placements, profile.Name, outputs, log.Events);
        LogSupervision(comparison, log.Events);
        List<string> notExported = [.. outputs.Finish(comparison)];
        var verdict = Tell(comparison);
        if (log.Close() is { } lost)
        {
            notExported.Add(lost);
        }

        foreach (var message in notExported)
        {
            Terminal.Say(message);
        }

        // What the run itself says is the worse news.
        return verdict == ExitCode.Success && notExported.Count > 0
            ? ExitCode.NotExported
            : verdict;
    }

    /// <summary>Runs the comparison with changed parameters and prints what it hangs
    /// on.</summary>
    /// <param name="wanted">The placements by name; null: all that the scenario has.</param>
    public ExitCode RunSensitivity(IReadOnlyList<string>? wanted)
    {
        options.Outputs.Refuse(arguments, "--sensitivity");
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
        var report = new SensitivityAnalysis(
            runner, scenario, placements, How(profile.Name))
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

    private Comparison Compare(
        Scenario scenario, List<string> placements, string? profile, RunOutputs outputs,
        ILogger log)
    {
        using var display = new ProgressDisplay(Terminal, scenario, placements.Count);
        var how = How(profile) with
        {
            PlacementBegins = placement =>
            {
                log.Information("running {Scenario} in {Placement:l}", scenario.Name, placement);
                display.Begin(placement);
            },
            Trace = outputs.Trace,
            Requests = outputs.Requests,
            Calls = outputs.Calls,
            Progress = display,
        };
        log.Debug("scenario {File}, placements {Placements}", input.File, placements);
        return display.While(() => runner.Compare(scenario, placements, how));
    }

    // Inside a simulation nobody logs: what supervision did there stands in the results.
    private static void LogSupervision(Comparison comparison, ILogger log)
    {
        foreach (var run in comparison.Placements)
        {
            foreach (var entry in run.Timeline)
            {
                log.Information(
                    "{Placement:l} at {VirtualNanoseconds} ns: {Component:l} {Incarnation} "
                    + "{Event:l}{Detail:l}",
                    run.Name, entry.Nanoseconds, entry.Component, entry.Incarnation, entry.Event,
                    entry.Detail.Length == 0 ? "" : ": " + entry.Detail);
            }

            log.Information(
                "{Placement:l}: {End} after {VirtualNanoseconds} ns, fingerprint {Fingerprint:l}",
                run.Name, run.End, run.VirtualTime.Nanoseconds, run.Fingerprint);
        }
    }

    private RunOptions How(string? profile) => input.HowToRun(profile, Terminal.Interrupted);

    private ExitCode Tell(Comparison comparison)
    {
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
                + $"were not evaluated; 'micro compare {input.File}' evaluates them.");
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
