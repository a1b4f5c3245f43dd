using System.CommandLine;
using Cli.Commands;
using Scenarios;

namespace Cli.Outputs;

/// <summary>The options of what strace would print.</summary>
internal sealed class StraceOptions : IOutputOptions
{
    private readonly Option<string?> log = new("--strace")
    {
        Description = "Write each finished call in strace's format with virtual times; - is "
            + "standard output. With several placements, each has its own file: FILE.PLACEMENT.",
        HelpName = "FILE",
    };

    private readonly Option<bool> summaryOnly = new("--summary-only", "-c")
    {
        Description = "As strace -c: count time, calls and errors for each call and print a "
            + "table; with --strace FILE, into FILE instead of the log.",
    };

    private readonly Option<bool> summary = new("--summary", "-C")
    {
        Description = "As strace -C: like -c, but behind the log that --strace writes.",
    };

    /// <inheritdoc/>
    public IReadOnlyList<Option> Options => [log, summaryOnly, summary];

    /// <inheritdoc/>
    public IEnumerable<IRunOutput> Create(OutputContext context)
    {
        if (Content(context) is not { } content)
        {
            yield break;
        }

        var path = context.Arguments.GetValue(log) ?? "-";
        if (path == "-" && context.Format == Format.Json)
        {
            throw new BadInputException(
                "expected a file behind --strace: --format json wants standard output for itself");
        }

        yield return new StraceLogs(
            path == "-" ? null : context.Files.Of("--strace", path), context.Terminal.Output,
            content, context.Profile.Profile.Frequency, context.Placements.Count > 1);
    }

    private StraceContent? Content(OutputContext context)
    {
        var isSummaryOnly = context.Arguments.GetValue(summaryOnly);
        var hasSummary = context.Arguments.GetValue(summary);
        var hasLog = context.Arguments.GetValue(log) is not null;
        if (isSummaryOnly && hasSummary)
        {
            throw new BadInputException("expected only one of -c and -C");
        }

        if (hasSummary && !hasLog)
        {
            throw new BadInputException(
                "expected --strace FILE beside -C: it adds the summary to the log; -c needs none");
        }

        return isSummaryOnly ? StraceContent.Summary
            : hasSummary ? StraceContent.Both
            : hasLog ? StraceContent.Log
            : null;
    }
}
