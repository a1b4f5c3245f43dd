using System.CommandLine;
using Cli.Commands;
using Records;
using Scenarios;
using Scenarios.Model;
using Scenarios.Profiles;
using Telemetry.OpenTelemetry;

namespace Cli.Outputs;

/// <summary>Everything that is known when the outputs of a run are made.</summary>
/// <param name="Arguments">What the user wants.</param>
/// <param name="Terminal">Where the program runs.</param>
/// <param name="Format">How results are printed.</param>
/// <param name="File">The scenario's file.</param>
/// <param name="Scenario">What runs.</param>
/// <param name="Placements">Where.</param>
/// <param name="Profile">At whose prices.</param>
/// <param name="Run">What tells this run from others.</param>
/// <param name="Now">When, on the wall clock.</param>
/// <param name="RunAgain">Runs the same again, with these readers of requests.</param>
internal sealed record OutputContext(
    ParseResult Arguments, Terminal Terminal, Format Format, string File, Scenario Scenario,
    IReadOnlyList<string> Placements, LoadedProfile Profile, RunIdentity Run, DateTimeOffset Now,
    Func<Func<string, IRequestSink?>, Comparison> RunAgain)
{
    /// <summary>The files of all outputs: none is another one.</summary>
    public OutputFiles Files { get; } = new(Placements, File);
}

/// <summary>The options of one thing that a run can write besides its report.</summary>
internal interface IOutputOptions
{
    /// <summary>All of them.</summary>
    IReadOnlyList<Option> Options { get; }

    /// <summary>What the user wants of it: nothing, or what writes it.</summary>
    /// <exception cref="BadInputException">It cannot be had.</exception>
    IEnumerable<IRunOutput> Create(OutputContext context);
}

/// <summary>The options of all that a run can write besides its report.</summary>
internal sealed class OutputOptions(Func<string, string?> variable)
{
    private readonly List<IOutputOptions> groups =
    [
        new StraceOptions(), new TraceFileOptions(), new CallOptions(), new HtmlOptions(),
    ];

    /// <summary>Where spans, metrics and log go by OTLP.</summary>
    public OtlpOptions Otlp { get; } = new(variable);

    /// <summary>Adds all of them.</summary>
    public void AddTo(Command command)
    {
        foreach (var option in All.SelectMany(group => group.Options))
        {
            command.Add(option);
        }
    }

    /// <summary>What writes all that the user wants.</summary>
    /// <exception cref="BadInputException">Something of it cannot be had.</exception>
    public RunOutputs Create(OutputContext context) =>
        new([.. All.SelectMany(group => group.Create(context))]);

    /// <summary>For commands that run a scenario many times: nothing is written besides.</summary>
    /// <exception cref="BadInputException">The user wants something.</exception>
    public void Refuse(ParseResult arguments, string beside)
    {
        var given = All.SelectMany(group => group.Options)
            .FirstOrDefault(option => arguments.GetResult(option) is { Implicit: false });
        if (given is not null)
        {
            throw new BadInputException(
                $"expected no {given.Name} beside {beside}: it runs the scenario many times");
        }
    }

    private IEnumerable<IOutputOptions> All => groups.Append(Otlp);
}
