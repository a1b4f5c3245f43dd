using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Records;
using Scenarios;
using Spectre.Console;
using Telemetry.Json;

namespace Cli.Commands;

/// <summary>
/// `diff`: what differs between two results. Exit codes as diff(1): 0 nothing, 1 something.
/// </summary>
internal static class DiffCommand
{
    /// <summary>The command.</summary>
    public static Command Create(Settings settings)
    {
        var left = new Argument<string>("A.json") { Description = "A result (--format json)." };
        var right = new Argument<string>("B.json") { Description = "Another." };
        var command = new Command("diff", "Compare two results value by value.") { left, right };
        command.SetAction(arguments => (int)Diff(
            settings.ConsoleFor(arguments), Load(arguments.GetRequiredValue(left)),
            Load(arguments.GetRequiredValue(right))));
        return command;
    }

    private static ExitCode Diff(IAnsiConsole console, Comparison left, Comparison right)
    {
        var differences = ResultDiff.Between(left, right);
        if (differences.Count == 0)
        {
            return ExitCode.Success;
        }

        var table = new Table { Border = TableBorder.None };
        table.AddColumn("[bold]what[/]");
        table.AddColumn("[bold]A[/]", column => column.RightAligned());
        table.AddColumn("[bold]B[/]", column => column.RightAligned());
        table.AddColumn("[bold]B - A[/]", column => column.RightAligned());
        foreach (var each in differences)
        {
            var change = each.Change?.ToString(
                "+0.###;-0.###;0", CultureInfo.InvariantCulture);
            table.AddRow(
                new Text(each.Path), new Text(Short(each.Left)), new Text(Short(each.Right)),
                new Text(change ?? ""));
        }

        console.Write(table);
        return ExitCode.ExpectationFailed;
    }

    private static string Short(string value) => value.Length <= 40 ? value : value[..37] + "...";

    private static Comparison Load(string file)
    {
        try
        {
            return JsonReport.Read(File.ReadAllText(file));
        }
        catch (JsonException exception)
        {
            var line = (int)(exception.LineNumber ?? 0) + 1;
            var column = (int)(exception.BytePositionInLine ?? 0) + 1;
            var message = "expected a result of 'micro --format json': "
                + exception.Message.Split(" Path: ")[0].TrimEnd('.');
            throw new BadInputException([new Diagnostic(file, line, column, message)]);
        }
        catch (Exception exception) when (exception
            is IOException or UnauthorizedAccessException or ArgumentException
            or NotSupportedException)
        {
            throw new BadInputException(
                $"{file}: expected a file that can be read: {exception.Message}", exception);
        }
    }
}
