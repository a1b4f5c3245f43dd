using System.CommandLine;
using System.Text.Json;
using Scenarios.Profiles;
using Spectre.Console;
using Validation;

namespace Cli.Commands;

/// <summary>`validate`: predictions beside published figures. Exit code 1: a gate failed.</summary>
internal static class ValidateCommand
{
    private enum Form
    {
        Text,
        Json,
        Markdown,
    }

    /// <summary>The command.</summary>
    public static Command Create(Settings settings)
    {
        var profiles = new Option<string[]>("--profile")
        {
            Description = "Look at this profile only; may be given several times.",
            HelpName = "PROFILE",
        };
        profiles.CompletionSources.Add(_ => CostProfiles.Names);
        var format = new Option<Form>("--format")
        {
            Description = "text (without it too), json, or markdown: docs/validation.md.",
            HelpName = "text|json|markdown",
        };
        var all = new Option<bool>("--all")
        {
            Description = "In the text, also anchors and rows that are not modelled.",
        };
        var predict = new Option<string?>("--predict")
        {
            Description = "Compare nothing; print what benchmarks would give on this profile.",
            HelpName = "PROFILE",
        };
        predict.CompletionSources.Add(_ => CostProfiles.Names);
        var metrics = new Option<string[]>("--metric")
        {
            Description = "With --predict: this benchmark only; may be given several times.",
            HelpName = "KEY",
        };
        var mechanisms = MechanismsOption.Create();
        var command = new Command(
            "validate",
            "Predict published figures that were not used in fitting, and say how far off.")
        {
            profiles, format, all, predict, metrics, mechanisms,
        };
        command.SetAction(arguments =>
        {
            var form = arguments.GetValue(format);
            if (arguments.GetValue(predict) is { } predicted)
            {
                BenchCommand.Print(
                    settings, arguments, BenchCommand.Load(predicted),
                    MechanismsOption.Read(arguments.GetValue(mechanisms)),
                    arguments.GetValue(metrics) ?? [], form == Form.Json);
                return (int)ExitCode.Success;
            }

            var wanted = arguments.GetValue(profiles) is { Length: > 0 } some
                ? some
                : Validator.Profiles;
            var report = Validator.Validate([.. wanted.Select(BenchCommand.Load)]);
            switch (form)
            {
                case Form.Text:
                    Write(settings.ConsoleFor(arguments), report, arguments.GetValue(all));
                    break;
                case Form.Json:
                    settings.Terminal.Output.WriteLine(
                        JsonSerializer.Serialize(report, BenchCommand.Json));
                    break;
                case Form.Markdown:
                    settings.Terminal.Output.Write(ValidationPage.Write(report));
                    break;
            }

            return (int)(report.Passes ? ExitCode.Success : ExitCode.ExpectationFailed);
        });
        return command;
    }

    private static void Write(IAnsiConsole console, ValidationReport report, bool all)
    {
        foreach (var profile in report.Rows.GroupBy(row => row.Profile))
        {
            var shown = profile
                .Where(row => all || row.Kind is not (RowKind.Anchor or RowKind.NotModelled))
                .ToList();
            if (shown.Count > 0)
            {
                Write(console, profile.Key, shown);
            }
        }

        foreach (var relation in report.Relations)
        {
            console.WriteLine(FormattableString.Invariant(
                $"{relation.Profile}: {relation.Relation}: {relation.Predicted:0.000} predicted, ")
                + FormattableString.Invariant(
                    $"{relation.Published:0.000} published; {relation.Rule}: ")
                + (relation.Passes ? "holds" : "FAILS"));
        }

        console.WriteLine();
        foreach (var fit in report.Fits)
        {
            console.WriteLine(FormattableString.Invariant(
                $"{fit.Profile}: {fit.Rows} rows x {fit.Parts} parts, rank {fit.Rank}, ")
                + FormattableString.Invariant(
                    $"{fit.DegreesOfFreedom} degrees of freedom, {fit.Anchors} anchors"));
        }

        var gating = report.Rows.Where(row => row.Tolerance is not null).ToList();
        console.WriteLine();
        console.WriteLine(FormattableString.Invariant(
            $"{gating.Count} rows gate, {gating.Count(row => row.Fails)} fail; ")
            + FormattableString.Invariant(
                $"{report.Relations.Count} relations, ")
            + FormattableString.Invariant(
                $"{report.Relations.Count(relation => !relation.Passes)} fail"));
    }

    private static void Write(IAnsiConsole console, string profile, List<ValidatedRow> rows)
    {
        console.WriteLine(profile);
        var table = BenchCommand.TableOf(
            "  metric", "configuration", "kind", "predicted>", "published>", "unit", "error>",
            "gate>");
        foreach (var row in rows)
        {
            table.AddRow(
                "  " + row.Metric, row.Configuration, ValidationPage.NameOf(row.Kind),
                ValidationPage.Figure(row.Predicted), ValidationPage.Figure(row.Published),
                row.Unit, ValidationPage.Percent(row.Error),
                row.Tolerance is { } tolerance
                    ? FormattableString.Invariant(
                        $"{tolerance * 100:0} %{(row.Fails ? " FAILS" : "")}")
                    : "");
        }

        console.Write(table);
        console.WriteLine();
    }
}
