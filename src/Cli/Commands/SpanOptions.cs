using System.CommandLine;
using Scenarios;
using Telemetry.OpenTelemetry;
using Telemetry.Requests;

namespace Cli.Commands;

/// <summary>How spans are exported where <see cref="OtlpOptions"/> wants them.</summary>
internal sealed class SpanOptions
{
    /// <summary>How virtual time is shown.</summary>
    public Option<string?> Scale { get; } = new("--time-scale")
    {
        Description = "How spans show time: 1000 (without it too) shows 1 virtual ns as 1 us, for "
            + "viewers show whole microseconds; 1 as it is; cycles shows 1 cycle as 1 us.",
        HelpName = string.Join('|', TimeScales.Names),
    };

    /// <summary>Which requests.</summary>
    public Option<string?> Requests { get; } = new("--otlp-requests")
    {
        Description = "Which calls of each placement are exported as spans; "
            + $"first:{SpanExportOptions.DefaultRequests} without it.",
        HelpName = RequestChoice.Syntax,
    };

    /// <summary>Adds them.</summary>
    public void AddTo(Command command)
    {
        Scale.CompletionSources.Add([.. TimeScales.Names]);
        command.Add(Scale);
        command.Add(Requests);
    }

    /// <summary>The scale that the arguments want.</summary>
    /// <exception cref="BadInputException">There is none such.</exception>
    public TimeScale ReadScale(ParseResult arguments) => arguments.GetValue(Scale) is { } text
        ? TimeScales.Parse(text) ?? throw new BadInputException(
            $"expected {string.Join(", ", TimeScales.Names)} behind --time-scale, not '{text}'")
        : TimeScale.Thousand;

    /// <summary>The requests that the arguments want.</summary>
    /// <exception cref="BadInputException">There is no such choice.</exception>
    public RequestChoice ReadRequests(ParseResult arguments) =>
        arguments.GetValue(Requests) is { } text
            ? RequestChoice.Parse(text) ?? throw new BadInputException(
                $"expected {RequestChoice.Syntax} behind --otlp-requests, N from 1; "
                + $"not '{text}'")
            : new RequestChoice.First(SpanExportOptions.DefaultRequests);
}
