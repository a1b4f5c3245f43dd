using System.CommandLine;
using Scenarios;

namespace Cli.Outputs;

/// <summary>The options of the report page.</summary>
internal sealed class HtmlOptions : IOutputOptions
{
    private readonly Option<int> requests = new("--html-requests")
    {
        Description = "The most requests that the page of --html shows step by step.",
        HelpName = "NUMBER",
        DefaultValueFactory = _ => 40,
    };

    private readonly Option<string?> file = new("--html")
    {
        Description = "Write the results as a page for a browser: one file that needs no network.",
        HelpName = "FILE",
    };

    /// <inheritdoc/>
    public IReadOnlyList<Option> Options => [file, requests];

    /// <inheritdoc/>
    public IEnumerable<IRunOutput> Create(OutputContext context)
    {
        if (context.Arguments.GetValue(file) is { } path)
        {
            yield return new HtmlPage(
                path, context.File, ReadLimit(context.Arguments), context.Profile,
                context.RunAgain);
        }
    }

    private int ReadLimit(ParseResult arguments)
    {
        var limit = arguments.GetValue(requests);
        return limit > 0
            ? limit
            : throw new BadInputException(
                $"expected a number above 0 behind --html-requests, not {limit}");
    }
}
