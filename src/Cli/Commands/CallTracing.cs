using System.CommandLine;
using Records;
using Scenarios;
using Scenarios.Model;
using Telemetry.Requests;
using Telemetry.Waterfall;

namespace Cli.Commands;

/// <summary>
/// One run of `trace`. The call is chosen in the first placement; the others show the call of the
/// same process at the same position. A run is ended as soon as what is wanted of it is known.
/// </summary>
internal sealed class CallTracing(
    Settings settings, IScenarioRunner runner, TraceOptions options, ParseResult arguments)
{
    private readonly ScenarioInput input = new(options.Input, arguments);
    private readonly Format format = arguments.GetValue(options.Format);
    private readonly long? number = arguments.GetValue(options.Request);
    private readonly string? name = arguments.GetValue(options.Call);
    private readonly long? nth = arguments.GetValue(options.Nth);
    private readonly bool wantsSlowest = arguments.GetResult(options.Slowest) is not null;
    private readonly string? slowest = arguments.GetValue(options.Slowest);
    private readonly int limit = arguments.GetValue(options.Limit);

    private readonly QuizMode quiz = QuizMode.Of(options.Quiz, options.Format, arguments);

    private CancellationToken Interrupted => settings.Terminal.Interrupted;

    /// <summary>Runs, and prints the call or the calls.</summary>
    public ExitCode Run()
    {
        CheckChoice();
        var scenario = input.LoadScenario();
        var placements = input.Placements(
            scenario,
            arguments.GetValue(options.Placement) is { } placement ? [placement] : null);
        var (profile, loaded) = input.LoadProfile(scenario);
        var documents = new TraceDocuments(loaded.Profile);
        var document = new TraceDocument
        {
            Scenario = scenario.Name,
            Seed = input.Seed ?? scenario.Seed,
            Profile = loaded.Profile.Name,
            FrequencyHertz = loaded.Profile.Frequency.Hertz,
        };
        document = number is null && nth is null && !wantsSlowest
            ? document with
            {
                Requests = List(scenario, placements[0], profile, documents),
            }
            : document with
            {
                Placements = [.. Trace(scenario, placements, profile, documents)],
            };
        if (quiz.IsAsked && document.Placements.Count > 0)
        {
            quiz.Print(settings.ConsoleFor(arguments), document);
        }

        if (!quiz.HidesResults)
        {
            Print(document);
        }

        return Interrupted.IsCancellationRequested ? ExitCode.Interrupted : ExitCode.Success;
    }

    private void CheckChoice()
    {
        if ((number is null ? 0 : 1) + (nth is null ? 0 : 1) + (wantsSlowest ? 1 : 0) > 1)
        {
            throw new BadInputException("expected one of --request, --nth and --slowest");
        }

        CheckPositive(number, "--request");
        CheckPositive(nth, "--nth");
        CheckPositive(limit, "--limit");
        if (quiz.IsAsked && number is null && nth is null && !wantsSlowest)
        {
            throw new BadInputException(
                "expected one of --request, --nth and --slowest beside --quiz");
        }

        if (nth is not null && name is null)
        {
            throw new BadInputException("expected --call CALL beside --nth");
        }

        if (name is not null && (number is not null || wantsSlowest))
        {
            throw new BadInputException("expected --call with --nth, or alone to list calls");
        }

        _ = name is null ? null : CallNames.Check(name, "--call");
        _ = slowest is null ? null : CallNames.Check(slowest, "--slowest");
    }

    private static void CheckPositive(long? number, string option)
    {
        if (number < 1)
        {
            throw new BadInputException($"expected a number from 1 on behind {option}");
        }
    }

    private RequestList List(
        Scenario scenario, string placement, string? profile, TraceDocuments documents)
    {
        var calls = new List<ListedCall>();
        var total = 0L;
        var builder = new RequestBuilder(
            request =>
            {
                total++;
                if (calls.Count < limit)
                {
                    calls.Add(documents.List(request));
                }
            },
            call => name is null || CallNames.NameOf(call.Call) == name);
        Run(scenario, placement, profile, builder, Interrupted);
        return new RequestList(placement, total, calls);
    }

    private List<TracedCall> Trace(
        Scenario scenario, List<string> placements, string? profile, TraceDocuments documents)
    {
        var calls = new List<TracedCall>();
        var choice = default(StartedCall?);
        foreach (var placement in placements)
        {
            var found = choice is { } chosen
                ? Find(scenario, placement, profile, call => IsSame(call, chosen))
                : Choose(scenario, placement, profile);
            if (Interrupted.IsCancellationRequested)
            {
                break;
            }

            if (found is null && choice is { } missing)
            {
                settings.Terminal.Say($"{placement}: {missing.ProcessName} "
                    + $"({missing.Process}) does not get as far as its call {missing.Position}");
                continue;
            }

            choice ??= found!.Call;
            calls.Add(documents.Trace(placement, found!));
        }

        return calls;
    }

    private Request? Choose(Scenario scenario, string placement, string? profile)
    {
        if (wantsSlowest)
        {
            return Slowest(scenario, placement, profile);
        }

        var seen = 0L;
        var found = number is { } wanted
            ? Find(scenario, placement, profile, call => Counts(call) && call.Request == wanted)
            : Find(
                scenario, placement, profile,
                call => CallNames.NameOf(call.Call) == name && ++seen == nth);
        return found is not null || Interrupted.IsCancellationRequested
            ? found
            : throw new BadInputException(number is null
                ? $"{input.File}: expected one of the {seen} calls of {name} that there are in "
                    + $"{placement} behind --nth, not {nth}"
                : $"{input.File}: expected one of the {seen} calls that there are in {placement} "
                    + $"behind --request, not {number}");

        bool Counts(StartedCall call)
        {
            seen = call.Request;
            return true;
        }
    }

    private Request Slowest(Scenario scenario, string placement, string? profile)
    {
        var longest = default(Request);
        var builder = new RequestBuilder(
            request => longest = longest is null || request.Length > longest.Length
                ? request
                : longest,
            call => slowest is null || CallNames.NameOf(call.Call) == slowest);
        Run(scenario, placement, profile, builder, Interrupted);
        return longest ?? throw new BadInputException(
            $"{input.File}: expected calls{(slowest is null ? "" : $" of {slowest}")} in "
            + $"{placement}, and there are none");
    }

    // The position of a thread's calls and the number of its process are the program's own.
    private static bool IsSame(in StartedCall call, in StartedCall other) =>
        call.Process == other.Process && call.ProcessName == other.ProcessName
        && call.Position == other.Position;

    private Request? Find(
        Scenario scenario, string placement, string? profile, Func<StartedCall, bool> wanted)
    {
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(Interrupted);
        var found = default(Request);
        var builder = new RequestBuilder(
            request =>
            {
                found ??= request;
                enough.Cancel();
            },
            wanted);
        Run(scenario, placement, profile, builder, enough.Token);
        return found;
    }

    private void Run(
        Scenario scenario, string placement, string? profile, RequestBuilder builder,
        CancellationToken cancellation)
    {
        using var display = new ProgressDisplay(settings.Terminal, scenario, 1);
        display.Begin(placement);
        var how = input.HowToRun(profile, cancellation) with
        {
            Requests = _ => builder,
            Progress = display,
        };
        display.While(() => runner.Compare(scenario, [placement], how));
    }

    private void Print(TraceDocument document)
    {
        if (format == Format.Json)
        {
            settings.Terminal.Output.Write(TraceSchema.Write(document));
            return;
        }

        var text = new WaterfallText(
            settings.ConsoleFor(arguments),
            settings.GlyphsFor(arguments.GetValue(options.Ascii)));
        if (document.Requests is not null)
        {
            text.WriteList(document);
            settings.Terminal.Output.WriteLine(
                $"'micro trace {input.File} --request N' draws one of them.");
        }
        else if (document.Placements.Count > 0)
        {
            text.Write(document);
        }
    }
}
