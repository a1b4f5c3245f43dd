using System.CommandLine;

namespace Cli.Outputs;

/// <summary>The option of traces for Perfetto and chrome://tracing.</summary>
internal sealed class TraceFileOptions : IOutputOptions
{
    private readonly Option<string?> file = new("--trace")
    {
        Description = "Write a trace for Perfetto or chrome://tracing. With several placements, "
            + "each has its own file: FILE.PLACEMENT.json.",
        HelpName = "FILE.json",
    };

    /// <inheritdoc/>
    public IReadOnlyList<Option> Options => [file];

    /// <inheritdoc/>
    public IEnumerable<IRunOutput> Create(OutputContext context)
    {
        if (context.Arguments.GetValue(file) is { } path)
        {
            yield return new TraceFiles(
                context.Files.Of("--trace", path), [("scenario", context.Scenario.Name)]);
        }
    }
}
