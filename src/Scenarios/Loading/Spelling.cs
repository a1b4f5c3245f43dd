using System.Globalization;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using Abi;
using Abi.Units;

namespace Scenarios.Loading;

/// <summary>How keys and single values are written in a scenario file.</summary>
internal static class Spelling
{
    /// <summary>What a value of each type looks like, for messages and the schema.</summary>
    public const string Duration = "a duration such as 500ns, 10us, 5ms or 1s";

    /// <summary>See <see cref="Duration"/>.</summary>
    public const string Size = "a size such as 512, 4KiB, 64MiB or 1GiB";

    /// <summary>A duration, as a regular expression of JSON schema.</summary>
    public const string DurationPattern = "^[0-9]+(ns|us|ms|s)$";

    /// <summary>A size, as a regular expression of JSON schema.</summary>
    public const string SizePattern = "^[0-9]+(KiB|MiB|GiB)?$";

    /// <summary>A name, as a regular expression of JSON schema.</summary>
    public const string NamePattern = "^[A-Za-z][A-Za-z0-9_-]*$";

    private static readonly (string Suffix, long Multiple)[] Times =
        [("ns", 1), ("us", 1_000), ("ms", 1_000_000), ("s", 1_000_000_000)];

    private static readonly (string Suffix, long Multiple)[] Sizes =
        [("KiB", 1L << 10), ("MiB", 1L << 20), ("GiB", 1L << 30), ("", 1)];

    /// <summary>The key of a property.</summary>
    public static string KeyOf(PropertyInfo property) =>
        JsonNamingPolicy.CamelCase.ConvertName(property.Name);

    /// <summary>An enum's values as a file spells them, in their order.</summary>
    public static IReadOnlyList<string> NamesOf(Type @enum) =>
        [.. Enum.GetNames(@enum).Select(name => NameOf(@enum, name))];

    /// <summary>A value of an enum as a file spells it.</summary>
    public static string NameOf(Type @enum, string member) =>
        @enum.GetField(member)!.GetCustomAttribute<JsonStringEnumMemberNameAttribute>()?.Name
        ?? KebabCase.Of(member);

    /// <summary>The enum's value of this spelling, hyphens and case apart, or null.</summary>
    public static object? ReadEnum(Type @enum, string text)
    {
        foreach (var member in Enum.GetNames(@enum))
        {
            if (string.Equals(
                Plain(NameOf(@enum, member)), Plain(text), StringComparison.OrdinalIgnoreCase))
            {
                return Enum.Parse(@enum, member);
            }
        }

        return null;
    }

    /// <summary>A duration with its unit, or null.</summary>
    public static Nanoseconds? ReadDuration(string text) =>
        Read(text, Times) is { } count ? new Nanoseconds(count) : null;

    /// <summary>A size, or null.</summary>
    public static Bytes? ReadSize(string text) =>
        Read(text, Sizes) is { } count ? new Bytes(count) : null;

    /// <summary>Whether it can name a process, a placement or a domain.</summary>
    public static bool IsName(string text) =>
        text.Length > 0 && char.IsAsciiLetter(text[0])
        && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');

    private static long? Read(string text, (string Suffix, long Multiple)[] units)
    {
        foreach (var (suffix, multiple) in units)
        {
            var isUnit = text.EndsWith(suffix, StringComparison.Ordinal)
                && long.TryParse(
                    text[..^suffix.Length], NumberStyles.None, CultureInfo.InvariantCulture, out _);
            if (isUnit)
            {
                var amount = long.Parse(text[..^suffix.Length], CultureInfo.InvariantCulture);
                return amount <= long.MaxValue / multiple ? amount * multiple : null;
            }
        }

        return null;
    }

    private static string Plain(string name) => name.Replace("-", "", StringComparison.Ordinal);
}
