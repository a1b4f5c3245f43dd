using System.CommandLine;
using Scenarios;
using Scenarios.Schema;

namespace Cli.Commands;

/// <summary>`new`: a commented scenario to start from.</summary>
internal static class NewCommand
{
    private const string Schema = "scenario.schema.json";

    /// <summary>The command.</summary>
    public static Command Create(Settings settings)
    {
        var file = new Argument<string>("FILE")
        {
            Description = "The file to write; it must not exist. - is standard output.",
            DefaultValueFactory = _ => "scenario.yaml",
        };
        var command = new Command(
            "new", $"Write a commented starter scenario, and {Schema} beside it for editors.")
        {
            file,
        };
        command.SetAction(arguments => (int)Write(
            settings.Terminal, arguments.GetRequiredValue(file)));
        return command;
    }

    private static ExitCode Write(Terminal terminal, string file)
    {
        var text = StarterScenario.Text(Schema);
        if (file == "-")
        {
            terminal.Output.Write(text);
            return ExitCode.Success;
        }

        try
        {
            using (var stream = new FileStream(file, FileMode.CreateNew))
            {
                stream.Write(System.Text.Encoding.UTF8.GetBytes(text));
            }

            var schema = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(file))!, Schema);
            if (!File.Exists(schema))
            {
                File.WriteAllText(schema, ScenarioSchema.Generate());
            }
        }
        catch (Exception exception) when (exception
            is IOException or UnauthorizedAccessException or ArgumentException
            or NotSupportedException)
        {
            throw new BadInputException(
                File.Exists(file)
                    ? $"{file}: expected a file that is not there yet"
                    : $"{file}: expected a file that can be written: {exception.Message}",
                exception);
        }

        terminal.Output.WriteLine($"wrote {file}; run it with 'micro compare {file}'");
        return ExitCode.Success;
    }
}
