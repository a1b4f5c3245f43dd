using System.Globalization;
using System.Runtime.InteropServices;

namespace Validation.Calibration;

/// <summary>The machine that is measured, as its kernel describes it.</summary>
/// <param name="Cpu">The processor's model.</param>
/// <param name="Megahertz">Its clock as /proc/cpuinfo says; null if that does not.</param>
/// <param name="Kernel">The kernel's release.</param>
public sealed record Host(string Cpu, decimal? Megahertz, string Kernel)
{
    private const string CpuInfo = "/proc/cpuinfo";
    private const string Release = "/proc/sys/kernel/osrelease";
    private const string Load = "/proc/loadavg";
    private const string VulnerabilityFolder = "/sys/devices/system/cpu/vulnerabilities";

    /// <summary>
    /// What the kernel says of each known weakness of the processor, by its name, in ordinal order;
    /// none if it says nothing.
    /// </summary>
    public IReadOnlyList<KeyValuePair<string, string>> Vulnerabilities { get; init; } = [];

    /// <summary>Whether entries of the translation buffer can be tagged (x86); null if that is not
    /// said.</summary>
    public bool? HasPcid { get; init; }

    /// <summary>Whether it is a virtual machine and says so.</summary>
    public bool IsVirtual { get; init; }

    /// <summary>How many CPUs this program may use.</summary>
    public int Cpus { get; init; } = 1;

    /// <summary>Threads that ran or wanted to, mean of the last minute; null if not
    /// known.</summary>
    public double? LoadAverage { get; init; }

    /// <summary>The day of the measurement, UTC.</summary>
    public DateOnly Date { get; init; }

    /// <summary>Whether the kernel runs with page-table isolation: each system call then contains
    /// two changes of the page table.</summary>
    public bool IsIsolated => Vulnerabilities.Any(each =>
        each.Key == "meltdown" && each.Value.Contains("PTI", StringComparison.Ordinal));

    /// <summary>Whether others want the CPUs too, so that spread is to be expected.</summary>
    public bool IsBusy => LoadAverage > Cpus * 0.5;

    /// <summary>Page-table isolation and the tags that make it cheaper, in a few words.</summary>
    public string Isolation =>
        (Vulnerabilities.Count == 0 ? "page-table isolation not known"
            : IsIsolated ? "page-table isolation on" : "page-table isolation off")
        + HasPcid switch
        {
            true => ", PCID",
            false => ", no PCID",
            null => "",
        };

    /// <summary>Isolation, and what is mitigated and what is not, by name only.</summary>
    public string MitigationNames => string.Join(
        "; ",
        Named("mitigated", "Mitigation").Concat(Named("vulnerable", "Vulnerable"))
            .Prepend(Isolation));

    /// <summary>Isolation, and mitigations in the kernel's words; what the processor is not
    /// affected by is left out.</summary>
    public string Mitigations => string.Join(
        "; ",
        Vulnerabilities
            .Where(each => each.Key == "meltdown"
                || !each.Value.StartsWith("Not affected", StringComparison.Ordinal))
            .Select(each => $"{each.Key}: {each.Value}")
            .Prepend(Isolation));

    /// <summary>This machine, which is a Linux.</summary>
    public static Host Read()
    {
        var folder = new DirectoryInfo(VulnerabilityFolder);
        var vulnerabilities = folder.Exists
            ? folder.GetFiles()
                .OrderBy(file => file.Name, StringComparer.Ordinal)
                .Select(file => KeyValuePair.Create(file.Name, TextOf(file.FullName).Trim()))
            : [];
        return Parse(TextOf(CpuInfo)) with
        {
            Kernel = "Linux " + TextOf(Release).Trim(),
            Vulnerabilities = [.. vulnerabilities],
            LoadAverage = double.TryParse(
                TextOf(Load).Split(' ')[0], CultureInfo.InvariantCulture, out var load)
                ? load
                : null,
            Date = DateOnly.FromDateTime(DateTime.UtcNow),
        };
    }

    /// <summary>What /proc/cpuinfo says of the first processor.</summary>
    public static Host Parse(string cpuInfo)
    {
        var first = cpuInfo.ReplaceLineEndings("\n").Split("\n\n")[0];
        var fields = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var line in first.Split('\n').Where(line => line.Contains(':')))
        {
            var at = line.IndexOf(':', StringComparison.Ordinal);
            fields[line[..at].Trim()] = line[(at + 1)..].Trim();
        }

        var flags = fields.GetValueOrDefault("flags")?.Split(' ');
        var clock = decimal.TryParse(
            fields.GetValueOrDefault("cpu MHz"), NumberStyles.AllowDecimalPoint,
            CultureInfo.InvariantCulture, out var megahertz) && megahertz >= 1;
        return new Host(
            fields.GetValueOrDefault("model name") is { Length: > 0 } name
                ? name
                : $"unnamed {RuntimeInformation.ProcessArchitecture} processor",
            clock ? megahertz : null, "")
        {
            HasPcid = flags?.Contains("pcid"),
            IsVirtual = flags?.Contains("hypervisor") ?? false,
        };
    }

    private IEnumerable<string> Named(string what, string start)
    {
        var names = Vulnerabilities
            .Where(each => each.Value.StartsWith(start, StringComparison.Ordinal))
            .Select(each => each.Key);
        return string.Join(", ", names) is { Length: > 0 } list ? [$"{what}: {list}"] : [];
    }

    private static string TextOf(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
