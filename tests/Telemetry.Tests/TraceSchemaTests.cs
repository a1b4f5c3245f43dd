using Telemetry.Waterfall;

namespace Telemetry.Tests;

public sealed class TraceSchemaTests
{
    /// <summary>MICRO_GOLDEN=1 writes it anew.</summary>
    [Fact]
    public void The_schema_in_the_repository_is_current()
    {
        var file = Repository.PathOf("schemas/trace.schema.json");
        if (Environment.GetEnvironmentVariable("MICRO_GOLDEN") == "1")
        {
            File.WriteAllText(file, TraceSchema.Generate());
        }

        Assert.Equal(File.ReadAllText(file), TraceSchema.Generate());
    }
}
