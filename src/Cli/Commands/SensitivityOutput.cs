using System.Globalization;
using System.Text.Json;
using Scenarios.Sensitivity;
using Spectre.Console;

namespace Cli.Commands;

/// <summary>What a comparison's conclusions hang on, for people and for programs.</summary>
internal static class SensitivityOutput
{
    private const double Worth = 0.005;

    /// <summary>As JSON.</summary>
    public static string Json(SensitivityReport report) => JsonSerializer.Serialize(
        new
        {
            scenario = report.Comparison.Scenario,
            profile = report.Comparison.Profile,
            seed = report.Comparison.Seed,
            percent = report.Percent,
            parameters = report.Parameters,
            report.Conclusions,
            report.Expectations,
        },
        BenchCommand.Json);

    /// <summary>As text.</summary>
    public static void Write(IAnsiConsole console, SensitivityReport report)
    {
        console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{report.Comparison.Scenario}: {report.Parameters} parameters of profile "
            + $"{report.Comparison.Profile}, each {report.Percent} % lower and higher"));
        foreach (var conclusion in report.Conclusions)
        {
            console.WriteLine();
            Write(console, conclusion);
        }

        console.WriteLine();
        var flips = report.Conclusions
            .Where(conclusion => conclusion.Influences.Any(each => each.Flips))
            .Select(conclusion => conclusion.Call)
            .ToList();
        console.WriteLine(flips.Count == 0
            ? "No conclusion about who is faster flips."
            : "Who is faster flips for: " + string.Join(", ", flips));
        foreach (var expectation in report.Expectations)
        {
            console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"An expectation flips with {expectation.Parameter} {expectation.Percent:+0;-0} "
                + $"%: {expectation.Text}"));
        }
    }

    private static void Write(IAnsiConsole console, Conclusion conclusion)
    {
        var verdict = Math.Abs(conclusion.Ratio - 1) <= SensitivityAnalysis.Tie ? "the same"
            : conclusion.Ratio > 1 ? "slower" : "faster";
        console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{conclusion.Call}: {conclusion.Placement} takes {conclusion.Ratio:0.000} times as "
            + $"long as {conclusion.Against}: {verdict}"));
        var shown = conclusion.Influences
            .Where(each => each.Flips || each.BreakEvenCycles is not null
                || Math.Abs(each.High - each.Low) >= Worth * conclusion.Ratio)
            .ToList();
        if (shown.Count > 0)
        {
            var table = BenchCommand.TableOf(
                "  parameter", "cycles>", "ratio, lower>", "ratio, higher>", "same at>", "");
            foreach (var each in shown)
            {
                table.AddRow(
                    "  " + each.Parameter, Number(each.Cycles), Ratio(each.Low),
                    Ratio(each.High),
                    each.BreakEvenCycles is { } cycles ? Number(cycles) : "",
                    each.Flips ? "FLIPS" : "");
            }

            console.Write(table);
        }

        var rest = conclusion.Influences.Count - shown.Count;
        if (rest > 0)
        {
            console.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"  {rest} more move it by less than 0.5 %"));
        }
    }

    private static string Number(long number) =>
        number.ToString("N0", CultureInfo.InvariantCulture);

    private static string Ratio(double ratio) =>
        ratio.ToString("0.000", CultureInfo.InvariantCulture);
}
