using System.CommandLine;
using Programs.Language;
using Records;
using Scenarios;
using Scenarios.Model;
using Scenarios.Profiles;
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
    private readonly string file = arguments.GetRequiredValue(options.File);
    private readonly Format format = arguments.GetValue(options.Format);

    private Terminal Terminal => settings.Terminal;

    /// <summary>Runs the scenario and prints what came out.</summary>
    /// <param name="wanted">The placements by name; null: all that the scenario has.</param>
    public ExitCode Run(IReadOnlyList<string>? wanted)
    {
        var scenario = LoadScenario();
        var placements = Placements(scenario, wanted);
        var profile = LoadProfile(scenario);
        var endpoints = options.Otlp.Read(arguments);
        var now = DateTimeOffset.UtcNow;
        var run = new RunIdentity(
            RunId.Next(now), scenario.Name, profile.Loaded.Profile.Name,
            arguments.GetValue(options.Seed) ?? scenario.Seed,
            profile.Loaded.Profile.Frequency.Hertz);
        using var log = settings.LogFor(arguments, new LogTargets(
            run, arguments.GetValue(options.LogFile), endpoints.Logs));
        using var outputs = new RunOutputs(
            [.. Outputs(run, now, scenario, placements, profile, endpoints)]);
        var comparison = Compare(scenario, placements, profile.Name, outputs, log.Events);
        LogSupervision(comparison, log.Events);
        List<string> notExported = [.. outputs.Finish(comparison)];
        Print(comparison);
        var verdict = Judge(comparison);
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
        if (arguments.GetValue(options.Html) is not null)
        {
            throw new BadInputException(
                "expected no --html beside --sensitivity: it runs the scenario many times");
        }

        if (arguments.GetValue(options.Strace) is not null)
        {
            throw new BadInputException(
                "expected no --strace beside --sensitivity: it runs the scenario many times");
        }

        if (arguments.GetValue(options.Otlp.Url) is not null)
        {
            throw new BadInputException(
                "expected no --otlp beside --sensitivity: it runs the scenario many times");
        }

        var scenario = LoadScenario();
        var placements = Placements(scenario, wanted);
        if (placements.Count < 2)
        {
            throw new BadInputException("expected at least two placements for --sensitivity");
        }

        var profile = LoadProfile(scenario);
        var report = new SensitivityAnalysis(runner, scenario, placements, How(profile.Name))
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
    private IEnumerable<IRunOutput> Outputs(
        RunIdentity run, DateTimeOffset now, Scenario scenario, List<string> placements,
        (string? Name, LoadedProfile Loaded) profile, OtlpEndpoints endpoints)
    {
        var frequency = profile.Loaded.Profile.Frequency;
        if (arguments.GetValue(options.Strace) is { } strace)
        {
            RefuseStandardOutput(strace, "--strace");
            yield return new StraceLogs(
                strace, Terminal.Output, frequency, areSeveral: placements.Count > 1);
        }

        if (endpoints.Metrics is { } metrics)
        {
            yield return new MetricsOutput(Terminal, new MetricsExport(metrics, run));
        }

        var (scale, chosen) = (
            options.Spans.ReadScale(arguments), options.Spans.ReadRequests(arguments));
        if (endpoints.Traces is { } traces)
        {
            yield return new SpanOutput(Terminal, new SpanExport(new SpanExportOptions
            {
                Endpoint = traces,
                Run = run,
                Now = now,
                Scale = scale,
                Choice = chosen,
            }));
        }

        if (arguments.GetValue(options.Html) is { } html)
        {
            yield return new HtmlPage(
                html, file, RequestLimit(), profile.Loaded,
                requests => runner.Compare(
                    scenario, placements, How(profile.Name) with { Requests = requests }));
        }
    }

    private int RequestLimit()
    {
        var limit = arguments.GetValue(options.HtmlRequests);
        return limit > 0
            ? limit
            : throw new BadInputException(
                $"expected a number above 0 behind --html-requests, not {limit}");
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

    private Scenario LoadScenario()
    {
        var loaded = ScenarioLoader.Load(file);
        return loaded.Scenario ?? throw new BadInputException(loaded.Diagnostics);
    }

    private List<string> Placements(Scenario scenario, IReadOnlyList<string>? wanted)
    {
        var known = scenario.AllPlacements.Select(placement => placement.Name).ToList();
        if (wanted is null)
        {
            // Ratios are to the last: the monolith is the base that microkernels are measured by.
            var monolithic = Placement.Monolithic.Name;
            return [.. known.Where(name => name != monolithic), monolithic];
        }

        foreach (var name in wanted)
        {
            if (!known.Contains(name))
            {
                throw new BadInputException($"{file}: expected one of its placements "
                    + $"({string.Join(", ", known)}), not '{name}'{Suggestion.Hint(name, known)}");
            }
        }

        return wanted.Distinct().Count() == wanted.Count
            ? [.. wanted]
            : throw new BadInputException("expected each placement once");
    }

    private (string? Name, LoadedProfile Loaded) LoadProfile(Scenario scenario)
    {
        var given = arguments.GetValue(options.Profile);
        var isName = given is not null && CostProfiles.Names.Contains(given);
        var loaded = given is null
            ? ProfileLoader.Find(scenario.Machine.Profile, scenario.Sources.Directory)
            : ProfileLoader.Find(given, "");
        return loaded.Profile is { } profile
            ? (isName || given is null ? given : Path.GetFullPath(given), profile)
            : throw new BadInputException(loaded.Diagnostics);
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
        log.Debug("scenario {File}, placements {Placements}", file, placements);
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

    // What is the same in each run of this command.
    private RunOptions How(string? profile) => new()
    {
        Seed = arguments.GetValue(options.Seed),
        Profile = profile,
        Mechanisms = MechanismsOption.Read(arguments.GetValue(options.Mechanisms)),
        Cancellation = Terminal.Interrupted,
    };

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
