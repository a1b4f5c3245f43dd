using System.CommandLine;
using Scenarios;

namespace Cli.Commands;

/// <summary>The options of the report page.</summary>
internal sealed class HtmlOptions
{
    private readonly Option<int> requests = new("--html-requests")
    {
        Description = "The most requests that the page of --html shows step by step.",
        HelpName = "NUMBER",
        DefaultValueFactory = _ => 40,
    };

    /// <summary>Where the page goes; null: there is none.</summary>
    public Option<string?> File { get; } = new("--html")
    {
        Description = "Write the results as a page for a browser: one file that needs no network.",
        HelpName = "FILE",
    };

    /// <summary>Adds all of them.</summary>
    public void AddTo(Command command)
    {
        command.Add(File);
        command.Add(requests);
    }

    /// <summary>The most requests that the page shows.</summary>
    /// <exception cref="BadInputException">It is not above 0.</exception>
    public int ReadLimit(ParseResult arguments)
    {
        var limit = arguments.GetValue(requests);
        return limit > 0
            ? limit
            : throw new BadInputException(
                $"expected a number above 0 behind --html-requests, not {limit}");
    }
}
