using System.Globalization;
using Abi.Units;

namespace Telemetry.Text;

/// <summary>How amounts are written in reports, the same everywhere in the world.</summary>
public static class Amounts
{
    /// <summary>"1,234,567"</summary>
    public static string Count(long count) => count.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>With a sign, if it is not zero.</summary>
    public static string Change(long count) =>
        count.ToString("+#,0;-#,0;0", CultureInfo.InvariantCulture);

    /// <summary>"56.2 %", or nothing if there is no whole.</summary>
    public static string Share(long part, long whole) => whole == 0
        ? ""
        : (100.0 * part / whole).ToString("F1", CultureInfo.InvariantCulture) + " %";

    /// <summary>"1,234.5", with so many decimals.</summary>
    public static string Decimals(double value, int decimals) =>
        value.ToString("N" + decimals, CultureInfo.InvariantCulture);

    /// <summary>"2.31"</summary>
    public static string Ratio(double ratio) => ratio.ToString("F2", CultureInfo.InvariantCulture);

    /// <summary>
    /// With the unit in which it has one to three digits before the point: "3.456 us".
    /// </summary>
    public static string Time(long nanoseconds)
    {
        var (divisor, unit) = Math.Abs(nanoseconds) switch
        {
            < 1_000 => (1L, "ns"),
            < 1_000_000 => (1_000L, "us"),
            < 1_000_000_000 => (1_000_000L, "ms"),
            _ => (1_000_000_000L, "s"),
        };
        return divisor == 1
            ? Count(nanoseconds) + " ns"
            : ((double)nanoseconds / divisor).ToString("0.000", CultureInfo.InvariantCulture)
                + " " + unit;
    }

    /// <summary>"3.4 GHz"</summary>
    public static string Clock(long hertz) =>
        (hertz / 1e9).ToString("0.###", CultureInfo.InvariantCulture) + " GHz";

    /// <summary>Nanoseconds of a number of cycles, rounded half up, as "1,016".</summary>
    public static string Nanoseconds(double cycles, long hertz) =>
        Count(new Frequency(hertz).ToNanoseconds(new Cycles((long)Math.Floor(cycles + 0.5))));
}
