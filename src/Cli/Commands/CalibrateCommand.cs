using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Scenarios;
using Spectre.Console;
using Validation.Calibration;

namespace Cli.Commands;

/// <summary>`calibrate`: measures this host and writes a profile of it.</summary>
internal static class CalibrateCommand
{
    /// <summary>The command.</summary>
    /// <param name="settings">Where words go.</param>
    /// <param name="isLinux">Whether this host is a Linux.</param>
    public static Command Create(Settings settings, bool isLinux)
    {
        var file = new Option<string>("--out")
        {
            Description = "The profile to write; it must not exist.",
            HelpName = "FILE.yaml",
            DefaultValueFactory = _ => "host.yaml",
        };
        var force = new Option<bool>("--force")
        {
            Description = "Write it even if it exists.",
        };
        var quick = new Option<bool>("--quick")
        {
            Description = "Fewer and shorter batches: to see that it works.",
        };
        var format = new Option<Format>("--format")
        {
            Description = "text (without it too) or json.",
            HelpName = "text|json",
        };
        var command = new Command(
            "calibrate", "Measure this host (Linux) and write a cost profile of it.")
        {
            file, force, quick, format,
        };
        command.SetAction(arguments =>
        {
            var path = arguments.GetRequiredValue(file);
            var mayReplace = arguments.GetValue(force);
            CheckTarget(path, mayReplace);
            var plan = arguments.GetValue(quick) ? CalibrationPlan.Quick : CalibrationPlan.Full;
            var report = Measure(plan, isLinux, settings.Terminal.Interrupted);
            var prices = CalibratedPrices.Of(report);
            WriteFile(path, ProfileText.Write(NameOf(path), report, prices), mayReplace);
            if (arguments.GetValue(format) == Format.Json)
            {
                settings.Terminal.Output.WriteLine(JsonSerializer.Serialize(
                    new
                    {
                        file = path,
                        report.Host,
                        report.HasOwnDescriptors,
                        report.Overheads,
                        report.Measurements,
                        prices.Clock,
                        prices.Prices,
                        prices.Left,
                    },
                    BenchCommand.Json));
            }
            else
            {
                Print(settings.ConsoleFor(arguments), path, report, prices);
            }

            return (int)ExitCode.Success;
        });
        return command;
    }

    // As profiles are named: by their file.
    private static string NameOf(string path) =>
        Path.GetFileNameWithoutExtension(path) is { Length: > 0 } name ? name : "host";

    private static CalibrationReport Measure(
        CalibrationPlan plan, bool isLinux, CancellationToken interrupted)
    {
        try
        {
            return Calibrator.Measure(plan, isLinux, interrupted);
        }
        catch (PlatformNotSupportedException exception)
        {
            throw new BadInputException(exception.Message, exception);
        }
    }

    // Before anything is measured.
    private static void CheckTarget(string path, bool mayReplace)
    {
        if (string.IsNullOrWhiteSpace(path))
        {
            throw new BadInputException("expected a file behind --out");
        }

        if (File.Exists(path) && !mayReplace)
        {
            throw new BadInputException(
                $"{path}: expected a file that is not there yet; --force replaces it");
        }

        if (Directory.Exists(path)
            || Path.GetDirectoryName(Path.GetFullPath(path)) is not { } folder
            || !Directory.Exists(folder))
        {
            throw new BadInputException($"{path}: expected a file in a directory that is there");
        }
    }

    private static void WriteFile(string path, string text, bool mayReplace)
    {
        try
        {
            using var stream = new FileStream(
                path, mayReplace ? FileMode.Create : FileMode.CreateNew);
            stream.Write(Encoding.UTF8.GetBytes(text));
        }
        catch (Exception exception) when (exception
            is IOException or UnauthorizedAccessException or ArgumentException
            or NotSupportedException)
        {
            throw new BadInputException(
                $"{path}: expected a file that can be written: {exception.Message}", exception);
        }
    }

    private static void Print(
        IAnsiConsole console, string path, CalibrationReport report, CalibratedPrices prices)
    {
        var host = report.Host;
        console.WriteLine($"{host.Cpu}{(host.IsVirtual ? " in a virtual machine" : "")}, "
            + $"{host.Kernel}, {Number(host.Cpus, "0")} CPUs");
        console.WriteLine($"clock {Number(prices.Clock / 1e6, "0.###")} MHz: {prices.ClockSource}");
        console.WriteLine(host.Mitigations);
        console.WriteLine();
        Measurements(console, report);
        console.WriteLine();
        Prices(console, prices);
        foreach (var each in report.Unusable)
        {
            console.WriteLine($"{each.What}: {each.Problem}");
        }

        foreach (var each in prices.Left)
        {
            console.WriteLine($"{each.Entry}: left to the base: {each.Reason}");
        }

        if (report.Unusable.Any() || prices.Left.Count > 0)
        {
            console.WriteLine(host.IsBusy
                ? $"This host has other work (load average {Number(host.LoadAverage!.Value, "0.0")}"
                    + "); measure again when it is quiet."
                : "Measure again for what is missing.");
        }
        else if (host.IsBusy)
        {
            console.WriteLine("This host has other work (load average "
                + $"{Number(host.LoadAverage!.Value, "0.0")}): waiting for a CPU may be in it.");
        }

        if (!report.HasOwnDescriptors)
        {
            console.WriteLine(CalibrationReport.SharedDescriptors);
        }

        console.WriteLine();
        console.WriteLine($"wrote {path}; use it with 'micro compare FILE --profile {path}'");
    }

    private static void Measurements(IAnsiConsole console, CalibrationReport report)
    {
        var table = BenchCommand.TableOf(
            "what", "median>", "least>", "spread>", "iterations>", "");
        foreach (var each in report.Overheads.Concat(report.Measurements))
        {
            var isPrice = each.Problem.Length == 0 || report.Overheads.Contains(each);
            table.AddRow(
                new Text(each.What), new Text(Number(each.Spread?.Median, "0.0")),
                new Text(Number(each.Spread?.Minimum, "0.0")),
                new Text(Number(each.Spread?.Relative * 100, "0.0' %'")),
                new Text(Number(each.Iterations, "0")),
                new Text(isPrice ? "" : each.Spread is null ? "not measured" : "too noisy"));
        }

        console.Write(table);
        var batches = report.Measurements.Max(each => each.Batches);
        console.WriteLine($"Nanoseconds for one iteration, of {Number(batches, "0")} batches.");
        console.WriteLine("Spread: their interquartile range by their median; beyond "
            + $"{Number(Spread.Limit * 100, "0")} % a figure is no price.");
        console.WriteLine("The first two, which .NET and the loop add to each call, are "
            + "subtracted from the others.");
    }

    private static void Prices(IAnsiConsole console, CalibratedPrices prices)
    {
        if (prices.Prices.Count == 0)
        {
            return;
        }

        var table = BenchCommand.TableOf("entry", "cycles>", "in the base>", "status");
        foreach (var each in prices.Prices)
        {
            table.AddRow(
                new Text(each.Entry), new Text(Number((double)each.Cycles, "0.0")),
                new Text(Number(each.BaseCycles, "0")),
                new Text(each.Status.ToString().ToUpperInvariant()));
        }

        console.Write(table);
        console.WriteLine();
    }

    private static string Number(double? value, string form) =>
        value?.ToString(form, CultureInfo.InvariantCulture) ?? "-";
}
