using System.Globalization;
using System.Text;
using Scenarios.Profiles;

namespace Validation.Calibration;

/// <summary>Writes a calibrated profile: an ordinary one, as those in `profiles/`.</summary>
public static class ProfileText
{
    private const int Columns = 98;

    /// <summary>The file's text.</summary>
    /// <param name="name">The profile's name.</param>
    /// <param name="report">What was measured.</param>
    /// <param name="prices">What follows from it.</param>
    public static string Write(string name, CalibrationReport report, CalibratedPrices prices)
    {
        var host = report.Host;
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"name: {Quoted(name)}\n");
        Block(text, "", "description",
            $"Measured by 'micro calibrate' on {Day(host)}: {MachineOf(host)}; "
            + $"{host.Mitigations}. What is not measured here is borrowed from the base."
            + (report.HasOwnDescriptors ? "" : " " + CalibrationReport.SharedDescriptors));
        text.Append(CultureInfo.InvariantCulture, $"base: {CalibratedPrices.Base}\n");
        foreach (var each in report.Unusable)
        {
            Comment(text, $"{each.Id}: {each.Problem}");
        }

        foreach (var each in prices.Left)
        {
            Comment(text, $"{each.Entry} is left to the base: {each.Reason}");
        }

        text.Append("\nclock:\n");
        text.Append(
            CultureInfo.InvariantCulture, $"  value: {prices.Clock / 1_000_000m}\n  unit: MHz\n");
        Block(text, "  ", "source", prices.ClockSource);
        text.Append("\nrows:\n");
        var rows = report.Measurements.Where(each => each.Problem.Length == 0).ToList();
        foreach (var row in rows)
        {
            Row(text, row, host);
        }

        if (rows.Count == 0)
        {
            text.Length -= "\nrows:\n".Length;
        }

        Section(text, "parts", prices);
        Section(text, "delays", prices);
        return text.ToString();
    }

    private static void Row(StringBuilder text, Measurement row, Host host)
    {
        var spread = row.Spread!;
        text.Append(CultureInfo.InvariantCulture, $"  {row.Id}:\n    value: {row.Value}\n");
        text.Append("    unit: ns\n");
        text.Append(CultureInfo.InvariantCulture, $"    cpu: {Quoted(host.Cpu)}\n");
        Block(text, "    ", "source", string.Create(
            CultureInfo.InvariantCulture,
            $"micro calibrate, {Day(host)}; {row.What}; {row.Batches} batches of ")
            + string.Create(
                CultureInfo.InvariantCulture,
                $"{row.Iterations} iterations after warm-up, median; minimum {spread.Minimum:0.0} ")
            + string.Create(
                CultureInfo.InvariantCulture,
                $"ns, interquartile range {spread.InterquartileRange:0.0} ns, ")
            + string.Create(
                CultureInfo.InvariantCulture,
                $"{spread.Relative * 100:0.0} % of the median; less {row.Overhead:0.0} ns for the ")
            + $"loop and the calls into libc; {MachineOf(host)}; {host.MitigationNames}"
            + (row.Id == CalibrationRows.NullCall && host.IsIsolated
                ? ". The two changes of the page table that isolation makes are in it"
                : ""));
        text.Append("    status: MEASURED\n");
        if (row.Id == CalibrationRows.NullCall)
        {
            text.Append("    metric: null_syscall\n");
        }
    }

    private static void Section(StringBuilder text, string section, CalibratedPrices prices)
    {
        var own = prices.Prices.Where(price => price.Section == section).ToList();
        var kept = prices.Kept.Where(entry => entry.Section == section).ToList();
        if (own.Count + kept.Count == 0)
        {
            return;
        }

        text.Append(CultureInfo.InvariantCulture, $"\n{section}:\n");
        foreach (var price in own)
        {
            text.Append(CultureInfo.InvariantCulture, $"  {price.Entry}:\n");
            text.Append(price.Derivation.Length > 0
                ? $"    derived: '{price.Derivation}'\n"
                : string.Create(CultureInfo.InvariantCulture, $"    value: {price.Cycles}\n"));
            text.Append("    unit: cycles\n");
            Block(text, "    ", "source", price.Source);
            Status(text, price.Status);
        }

        foreach (var entry in kept)
        {
            text.Append(
                CultureInfo.InvariantCulture, $"  {entry.Name}:\n    value: {entry.Amount}\n");
            text.Append("    unit: cycles\n");
            var borrowed = entry.Borrowed.Length > 0 ? entry.Borrowed : "the base";
            text.Append(CultureInfo.InvariantCulture, $"    borrowed: {Quoted(borrowed)}\n");
            Block(text, "    ", "source",
                $"As the base has it ({entry.Derivation}), computed with that machine's own "
                + $"entries. {entry.Source}");
            Status(text, entry.Status);
        }
    }

    private static void Status(StringBuilder text, ProfileStatus status) => text.Append(
        CultureInfo.InvariantCulture, $"    status: {status.ToString().ToUpperInvariant()}\n");

    private static string MachineOf(Host host) =>
        $"{host.Cpu}{(host.IsVirtual ? " in a virtual machine" : "")}, {host.Kernel}, "
        + string.Create(CultureInfo.InvariantCulture, $"{host.Cpus} CPUs")
        + (host.LoadAverage is { } load
            ? string.Create(CultureInfo.InvariantCulture, $", load average {load:0.00}")
            : "");

    private static string Day(Host host) =>
        host.Date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static string Quoted(string value) =>
        "'" + Printable(value).Replace("'", "''", StringComparison.Ordinal) + "'";

    // In a folded block nothing needs escaping but control characters and the beginning of lines,
    // which here is always a word.
    private static void Block(StringBuilder text, string indent, string key, string value)
    {
        text.Append(CultureInfo.InvariantCulture, $"{indent}{key}: >-\n");
        Words(text, indent + "  ", value);
    }

    private static void Comment(StringBuilder text, string value) => Words(text, "# ", value);

    private static void Words(StringBuilder text, string indent, string value)
    {
        var column = 0;
        foreach (var word in Printable(value).Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            var isFirst = column == 0;
            if (!isFirst && column + 1 + word.Length > Columns)
            {
                text.Append('\n');
                isFirst = true;
            }

            text.Append(isFirst ? indent : " ").Append(word);
            column = isFirst ? indent.Length + word.Length : column + 1 + word.Length;
        }

        text.Append('\n');
    }

    private static string Printable(string value) =>
        string.Concat(value.Select(c => char.IsControl(c) || char.IsSurrogate(c) ? ' ' : c));
}
