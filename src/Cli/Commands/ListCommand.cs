using System.CommandLine;
using System.Globalization;
using Cli.Glossary;
using Scenarios.Model;
using Scenarios.Profiles;
using Spectre.Console;

namespace Cli.Commands;

/// <summary>`list`: the words that scenarios and reports may use.</summary>
internal static class ListCommand
{
    private static readonly string[] Sections =
    [
        "components", "placements", "profiles", "devices", "calls", "causes", "parts", "steps",
        "counters", "mechanisms", "errnos",
    ];

    /// <summary>The command.</summary>
    public static Command Create(Settings settings)
    {
        var section = new Argument<string?>("WHAT")
        {
            HelpName = "WHAT",
            Description =
                $"One of {string.Join(", ", Sections)}; without it, all but the last.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        section.AcceptOnlyFromAmong(Sections);
        var command = new Command(
            "list", "List what scenarios can name and reports count; 'micro explain' tells more.")
        {
            section,
        };
        command.SetAction(arguments =>
        {
            var console = settings.ConsoleFor(arguments);
            var chosen = arguments.GetValue(section);
            foreach (var each in chosen is null ? Sections.SkipLast(1) : [chosen])
            {
                Write(console, each);
            }

            return (int)ExitCode.Success;
        });
        return command;
    }

    private static void Write(IAnsiConsole console, string section)
    {
        IEnumerable<(string Word, string Text)> rows = section switch
        {
            "components" => Rows(WordKind.Component),
            "placements" => Placements(),
            "profiles" => CostProfiles.Names.Select(name =>
                (name, ProfileLoader.Find(name, "").Profile?.Description ?? "cannot be loaded")),
            "devices" => DeviceProfiles.Names.Select(each => (each.Name, DeviceText(each.Name))),
            "calls" => Rows(WordKind.Call),
            "causes" => Rows(WordKind.Cause),
            "parts" => Rows(WordKind.Part),
            "steps" => Rows(WordKind.FaultStep),
            "counters" => Rows(WordKind.Counter),
            "mechanisms" => Rows(WordKind.Mechanism),
            _ => Rows(WordKind.Errno),
        };
        console.MarkupLine($"[bold]{section}[/]");
        var table = new Table { Border = TableBorder.None, ShowHeaders = false };
        table.AddColumn(new TableColumn("") { NoWrap = true, Padding = new Padding(0, 0, 2, 0) });
        table.AddColumn("");
        foreach (var (word, text) in rows)
        {
            table.AddRow(new Text(word), new Text(text));
        }

        console.Write(new Padder(table, new Padding(2, 0, 0, 0)));
        console.WriteLine();
    }

    private static IEnumerable<(string Word, string Text)> Rows(WordKind kind) =>
        Words.All.Where(entry => entry.Kind == kind).Select(entry => (entry.Word, entry.Text));

    private static string DeviceText(string name) =>
        DeviceProfiles.Find(name).Device is not { } device
            ? "cannot be loaded"
            : string.Join(", ", device.Entries.Select(each => string.Create(
                CultureInfo.InvariantCulture, $"{each.Name} {each.Value:#,0.###} {each.Unit}")));

    private static IEnumerable<(string Word, string Text)> Placements() =>
    [
        (Placement.Microkernel.Name, "each component in a protection domain of its own"),
        (Placement.Monolithic.Name, "all components in the kernel's domain"),
        ("...", "a scenario's own, under placements:"),
    ];
}
