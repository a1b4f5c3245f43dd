using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Records;

namespace Telemetry.Json;

/// <summary>
/// Results as JSON: a versioned contract, described by schemas/result.schema.json. The same results
/// are
/// the same bytes on every machine.
/// </summary>
public static class JsonReport
{
    /// <summary>The version that this program writes and reads.</summary>
    public const int SchemaVersion = 1;

    /// <summary>How records become JSON; the schema is generated with the same.</summary>
    public static JsonSerializerOptions Options { get; } = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower) },
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
        NewLine = "\n",
        WriteIndented = true,
    };

    /// <summary>The results' text; ends with a line feed.</summary>
    public static string Write(Comparison comparison) =>
        JsonSerializer.Serialize(InOrder(comparison), Options) + "\n";

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <exception cref="JsonException">
    /// It is no result of this version; the exception has line and column from 0, if it is not the
    /// version.
    /// </exception>
    public static Comparison Read(string text)
    {
        var comparison = JsonSerializer.Deserialize<Comparison>(text, Options)
            ?? throw new JsonException("expected a result, not null");
        return comparison.SchemaVersion == SchemaVersion
            ? comparison
            : throw new JsonException(
                $"expected schemaVersion {SchemaVersion}, not {comparison.SchemaVersion}");
    }

    // Dictionaries have no order of their own; the contract's is ordinal.
    private static Comparison InOrder(Comparison comparison) => comparison with
    {
        Placements =
        [
            .. comparison.Placements.Select(run => run with
            {
                Counters = new SortedDictionary<string, long>(
                    run.Counters.ToDictionary(), StringComparer.Ordinal),
            }),
        ],
    };
}
