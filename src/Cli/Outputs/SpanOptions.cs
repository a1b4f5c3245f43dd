using System.CommandLine;
using System.CommandLine.Completions;
using Scenarios;
using Telemetry.OpenTelemetry;
using Telemetry.Requests;

namespace Cli.Outputs;

/// <summary>How spans are exported where <see cref="OtlpOptions"/> wants them.</summary>
internal sealed class SpanOptions
{
    private readonly Option<string?> scale = new("--time-scale")
    {
        Description = "How spans show time: 1000 (without it too) shows 1 virtual ns as 1 us, for "
            + "viewers show whole microseconds; 1 as it is; cycles shows 1 cycle as 1 us.",
        HelpName = string.Join('|', TimeScales.Names),
        CompletionSources = { _ => TimeScales.Names.Select(name => new CompletionItem(name)) },
    };

    private readonly Option<string?> requests = new("--otlp-requests")
    {
        Description = "Which calls of each placement are exported as spans; "
            + $"first:{SpanExportOptions.DefaultRequests} without it.",
        HelpName = RequestChoice.Syntax,
    };

    /// <summary>Both.</summary>
    public IReadOnlyList<Option> Options => [scale, requests];

    /// <summary>The scale that the arguments want.</summary>
    /// <exception cref="BadInputException">There is none such.</exception>
    public TimeScale ReadScale(ParseResult arguments) => arguments.GetValue(scale) is { } text
        ? TimeScales.Parse(text) ?? throw new BadInputException(
            $"expected {string.Join(", ", TimeScales.Names)} behind --time-scale, not '{text}'")
        : TimeScale.Thousand;

    /// <summary>The requests that the arguments want.</summary>
    /// <exception cref="BadInputException">There is no such choice.</exception>
    public RequestChoice ReadRequests(ParseResult arguments) =>
        arguments.GetValue(requests) is { } text
            ? RequestChoice.Parse(text) ?? throw new BadInputException(
                $"expected {RequestChoice.Syntax} behind --otlp-requests, N from 1; "
                + $"not '{text}'")
            : new RequestChoice.First(SpanExportOptions.DefaultRequests);
}
