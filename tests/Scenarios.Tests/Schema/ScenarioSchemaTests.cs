using System.Text.Json.Nodes;
using NJsonSchema;
using Scenarios.Schema;
using YamlDotNet.RepresentationModel;

namespace Scenarios.Tests.Schema;

public class ScenarioSchemaTests
{
    private static string File => Path.Combine(Repository.Root, "schemas", "scenario.schema.json");

    // MICRO_UPDATE=1 dotnet test tests/Scenarios.Tests writes the file.
    [Fact]
    public void The_schema_in_the_repository_is_current()
    {
        if (Environment.GetEnvironmentVariable("MICRO_UPDATE") == "1")
        {
            System.IO.File.WriteAllText(File, ScenarioSchema.Generate());
        }

        Assert.Equal(ScenarioSchema.Generate(), System.IO.File.ReadAllText(File));
    }

    [Fact]
    public void Every_key_has_a_description()
    {
        var root = JsonNode.Parse(ScenarioSchema.Generate())!;
        var bare = Objects(root).Where(each => each["properties"] is JsonObject)
            .SelectMany(each => (JsonObject)each["properties"]!)
            .Where(property => property.Value!["allOf"] is null
                && property.Value["description"]?.GetValue<string>() is null or "")
            .Select(property => property.Key);
        Assert.Empty(bare);
    }

    [Fact]
    public async Task Every_scenario_of_the_repository_fits_the_schema()
    {
        var schema = await JsonSchema.FromJsonAsync(ScenarioSchema.Generate());
        Assert.NotEmpty(Repository.ScenarioFiles);
        foreach (var file in Repository.ScenarioFiles)
        {
            var errors = schema.Validate(ToJson(System.IO.File.ReadAllText(file)));
            Assert.True(errors.Count == 0, $"{file}: {string.Join("; ", errors)}");
        }

        Assert.Empty(schema.Validate(ToJson(Texts.Whole)));
    }

    [Theory]
    [InlineData("sede: 5")]
    [InlineData("seed: abc")]
    [InlineData("machine: { cores: 0 }")]
    [InlineData("machine: { kernelLock: bigg }")]
    [InlineData("disk: { size: 10KB }")]
    [InlineData("limits: { virtualTime: 10 }")]
    [InlineData("components: { file-srever: { priority: 1 } }")]
    [InlineData("faults: [ { crash: timer } ]")]
    [InlineData("faults: [ { crash: timer, at: soon } ]")]
    [InlineData("placements: { x: { domains: { a: [tmier] } } }")]
    public async Task What_the_loader_refuses_by_its_shape_the_schema_refuses(string lines)
    {
        var schema = await JsonSchema.FromJsonAsync(ScenarioSchema.Generate());
        Assert.NotEmpty(ScenarioLoader.LoadText(Texts.With(lines), "x.yaml").Diagnostics);
        Assert.NotEmpty(schema.Validate(ToJson(Texts.With(lines))));
    }

    private static IEnumerable<JsonObject> Objects(JsonNode? node) => node switch
    {
        JsonObject inner => inner.SelectMany(each => Objects(each.Value)).Prepend(inner),
        JsonArray list => list.SelectMany(Objects),
        _ => [],
    };

    private static string ToJson(string yaml)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(yaml));
        return ToJson(stream.Documents[0].RootNode)!.ToJsonString();
    }

    private static JsonNode? ToJson(YamlNode node) => node switch
    {
        YamlMappingNode mapping => new JsonObject(mapping.Children.Select(each =>
            KeyValuePair.Create(((YamlScalarNode)each.Key).Value!, ToJson(each.Value)))),
        YamlSequenceNode sequence => new JsonArray([.. sequence.Children.Select(ToJson)]),
        YamlScalarNode { Style: YamlDotNet.Core.ScalarStyle.Plain } plain => Plain(plain.Value!),
        YamlScalarNode scalar => JsonValue.Create(scalar.Value),
        _ => null,
    };

    private static JsonValue Plain(string text) => text switch
    {
        "true" or "false" => JsonValue.Create(text == "true"),
        _ when long.TryParse(text, out var number) => JsonValue.Create(number),
        _ => JsonValue.Create(text),
    };
}
