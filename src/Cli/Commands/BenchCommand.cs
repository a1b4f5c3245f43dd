using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Serialization;
using Scenarios;
using Scenarios.Model;
using Scenarios.Profiles;
using Spectre.Console;
using Validation;

namespace Cli.Commands;

/// <summary>`bench`: sel4bench's results as the simulated machine gives them.</summary>
internal static class BenchCommand
{
    /// <summary>How results are written as JSON.</summary>
    public static JsonSerializerOptions Json { get; } = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower) },
    };

    /// <summary>The command.</summary>
    public static Command Create(Settings settings)
    {
        var profile = new Option<string>("--profile")
        {
            Description = "The cost profile: a name from 'micro list profiles', or a file.",
            HelpName = "PROFILE",
            DefaultValueFactory = _ => new MachineOptions().Profile,
        };
        profile.CompletionSources.Add(_ => CostProfiles.Names);
        var metrics = new Option<string[]>("--metric")
        {
            Description = "This benchmark only; may be given several times.",
            HelpName = "KEY",
        };
        var mechanisms = MechanismsOption.Create();
        var format = new Option<Format>("--format")
        {
            Description = "text (without it too) or json.",
            HelpName = "text|json",
        };
        var command = new Command(
            "bench", "Run sel4bench's operations on the simulated machine, under its own keys.")
        {
            profile, mechanisms, metrics, format,
        };
        command.SetAction(arguments =>
        {
            Print(
                settings, arguments, Load(arguments.GetRequiredValue(profile)),
                MechanismsOption.Read(arguments.GetValue(mechanisms)),
                arguments.GetValue(metrics) ?? [], arguments.GetValue(format) == Format.Json);
            return (int)ExitCode.Success;
        });
        return command;
    }

    /// <summary>Runs and prints.</summary>
    public static void Print(
        Settings settings, ParseResult arguments, LoadedProfile profile,
        IReadOnlyList<Mechanism> mechanisms, IReadOnlyList<string> metrics, bool asJson)
    {
        var rows = BenchTable.Run(profile, mechanisms, metrics);
        if (asJson)
        {
            settings.Terminal.Output.WriteLine(JsonSerializer.Serialize(
                new
                {
                    profile = profile.Profile.Name,
                    mechanisms = Mechanisms.Text(mechanisms),
                    results = rows,
                },
                Json));
            return;
        }

        var table = TableOf("metric", "predicted>", "published>", "error>", "unit", "events");
        foreach (var row in rows)
        {
            table.AddRow(
                row.Key,
                row.Predicted is null ? "not modelled" : ValidationPage.Figure(row.Predicted),
                ValidationPage.Figure(row.Published),
                row.IsAnchor ? "anchor" : ValidationPage.Percent(row.Error), row.Unit, row.Events);
        }

        settings.ConsoleFor(arguments).Write(table);
    }

    /// <summary>A profile by name or file.</summary>
    /// <exception cref="BadInputException">It cannot be loaded.</exception>
    public static LoadedProfile Load(string name)
    {
        var loaded = ProfileLoader.Find(name, "");
        return loaded.Profile ?? throw new BadInputException(loaded.Diagnostics);
    }

    /// <summary>A table without lines; a name that ends in > is right-aligned.</summary>
    public static Table TableOf(params string[] columns)
    {
        var table = new Table { Border = TableBorder.None };
        foreach (var column in columns)
        {
            var isRight = column.EndsWith('>');
            table.AddColumn(new TableColumn($"[bold]{column.TrimEnd('>')}[/]")
            {
                Alignment = isRight ? Justify.Right : Justify.Left,
                NoWrap = column is not ("events" or "configuration"),
            });
        }

        return table;
    }
}
