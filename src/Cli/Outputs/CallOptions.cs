using System.CommandLine;

namespace Cli.Outputs;

/// <summary>The option of tables of calls.</summary>
internal sealed class CallOptions : IOutputOptions
{
    private readonly Option<string?> file = new("--calls")
    {
        Description = "Write a row for each call, with its bill, as comma-separated values. With "
            + "several placements, each has its own file: FILE.PLACEMENT.csv.",
        HelpName = "FILE.csv",
    };

    /// <inheritdoc/>
    public IReadOnlyList<Option> Options => [file];

    /// <inheritdoc/>
    public IEnumerable<IRunOutput> Create(OutputContext context)
    {
        if (context.Arguments.GetValue(file) is { } path)
        {
            yield return new CallFiles(context.Files.Of("--calls", path));
        }
    }
}
