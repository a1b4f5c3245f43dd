using System.Text.Json;
using NJsonSchema;
using NJsonSchema.Generation;
using Telemetry.Json;

namespace Telemetry.Waterfall;

/// <summary>Traced calls as JSON, and the schema of that.</summary>
public static class TraceSchema
{
    /// <summary>The document's text; ends with a line feed.</summary>
    public static string Write(TraceDocument document) =>
        JsonSerializer.Serialize(document, JsonReport.Options) + "\n";

    /// <summary>The schema (draft 4, which NJsonSchema writes); ends with a line feed.</summary>
    public static string Generate()
    {
        var schema = JsonSchema.FromType<TraceDocument>(
            new SystemTextJsonSchemaGeneratorSettings
            {
                SerializerOptions = JsonReport.Options,
                FlattenInheritanceHierarchy = true,
                DefaultReferenceTypeNullHandling = ReferenceTypeNullHandling.NotNull,
            });
        schema.Title = "Micro trace";
        // Where a comment's lines end in the code is no part of the contract.
        var text = schema.ToJson().Replace("\\n", " ", StringComparison.Ordinal);
        return text.ReplaceLineEndings("\n") + "\n";
    }
}
