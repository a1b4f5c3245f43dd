using NJsonSchema;
using NJsonSchema.Generation;
using Records;

namespace Telemetry.Json;

/// <summary>The JSON schema of results, generated from the records.</summary>
public static class ResultSchema
{
    /// <summary>The schema (draft 4, which NJsonSchema writes); ends with a line feed.</summary>
    public static string Generate()
    {
        // Where a comment's lines end in the code is no part of the contract.
        var text = Build().ToJson().Replace("\\n", " ", StringComparison.Ordinal);
        return text.ReplaceLineEndings("\n") + "\n";
    }

    /// <summary>The schema to validate with.</summary>
    public static JsonSchema Build()
    {
        var settings = new SystemTextJsonSchemaGeneratorSettings
        {
            SerializerOptions = JsonReport.Options,
            FlattenInheritanceHierarchy = true,
            DefaultReferenceTypeNullHandling = ReferenceTypeNullHandling.NotNull,
        };
        var schema = JsonSchema.FromType<Comparison>(settings);
        schema.Title = "Micro result";
        return schema;
    }
}
