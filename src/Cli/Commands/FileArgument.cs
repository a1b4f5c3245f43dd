using System.CommandLine;
using System.CommandLine.Parsing;
using Programs.Language;

namespace Cli.Commands;

/// <summary>Files among the arguments.</summary>
internal static class FileArgument
{
    /// <summary>
    /// A misspelled option is an error, not a file of that name; such a file is ./--name.
    /// </summary>
    public static Argument<T> RefuseOptions<T>(this Argument<T> argument)
    {
        argument.Validators.Add(result =>
        {
            foreach (var token in result.Tokens.Where(token => token.Value.StartsWith("--")))
            {
                var command = (result.Parent as CommandResult)?.Command;
                var known = command?.Options.Select(each => each.Name);
                result.AddError($"expected a file, not the option '{token.Value}'"
                    + Suggestion.Hint(token.Value, known ?? []));
            }
        });
        return argument;
    }
}
