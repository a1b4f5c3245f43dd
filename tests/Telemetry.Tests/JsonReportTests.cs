using System.Text.Json;
using System.Text.Json.Nodes;
using Telemetry.Json;

namespace Telemetry.Tests;

public sealed class JsonReportTests
{
    private static readonly string Text = JsonReport.Write(Samples.Comparison);

    [Fact]
    public void What_is_written_reads_back_the_same() =>
        Assert.Equal(Text, JsonReport.Write(JsonReport.Read(Text)));

    [Fact]
    public void The_contract_has_the_promised_names()
    {
        var root = JsonNode.Parse(Text)!;
        Assert.Equal(1, (int)root["schemaVersion"]!);
        Assert.Equal("two readers", (string)root["scenario"]!);
        Assert.Equal(7, (long)root["seed"]!);
        Assert.Equal("round-numbers", (string)root["profile"]!);
        Assert.Equal("read", (string)root["ratios"]![0]!["call"]!);
        var run = root["placements"]![0]!;
        Assert.Equal("microkernel", (string)run["name"]!);
        Assert.Equal("00000000000000aa", (string)run["fingerprint"]!);
        Assert.Equal("finished", (string)run["end"]!);
        Assert.Equal(14_000, (long)run["virtualTime"]!["cycles"]!);
        var call = run["calls"]![0]!;
        Assert.Equal("read", (string)call["name"]!);
        Assert.Equal(10, (long)call["count"]!);
        Assert.Equal(1_260.5, (double)call["meanCycles"]!);
        Assert.Equal(1_250, (long)call["p50Cycles"]!);
        Assert.Equal(1_400, (long)call["p99Cycles"]!);
        Assert.Equal(0, (long)call["errors"]!);
        Assert.Equal("handler", (string)run["bill"]![0]!["cause"]!);
        Assert.Equal(1_000, (long)run["bill"]![0]!["cycles"]!);
        Assert.Equal(40, (long)run["counters"]!["traps"]!);
        Assert.Equal("reader", (string)run["processes"]![0]!["name"]!);
        Assert.Equal(0, (int)run["processes"]![0]!["exitCode"]!);
        Assert.Equal("/a b", (string)run["files"]![0]!["path"]!);
        Assert.Equal(3, (long)run["files"]![0]!["bytes"]!);
        Assert.Equal(new string('a', 64), (string)run["files"]![0]!["sha256"]!);
        Assert.Empty(run["losses"]!.AsArray());
        Assert.Equal(2, run["timeline"]!.AsArray().Count);
    }

    [Fact]
    public void Counters_stand_in_ordinal_order()
    {
        var counters = JsonNode.Parse(Text)!["placements"]![0]!["counters"]!.AsObject();
        Assert.Equal(
            ["address-space-switches", "mode-switches", "traps"],
            counters.Select(counter => counter.Key));
    }

    [Fact]
    public void Another_version_is_refused() =>
        Assert.Throws<JsonException>(() =>
            JsonReport.Read(Text.Replace("\"schemaVersion\": 1", "\"schemaVersion\": 2")));

    [Fact]
    public void What_is_no_result_is_refused()
    {
        string[] texts = ["", "null", "[]", "{}", "{\"schemaVersion\": 1}", Text[..200]];
        foreach (var text in texts)
        {
            Assert.Throws<JsonException>(() => JsonReport.Read(text));
        }
    }

    /// <summary>MICRO_GOLDEN=1 writes it anew.</summary>
    [Fact]
    public void The_schema_in_the_repository_is_current()
    {
        var file = Repository.PathOf("schemas/result.schema.json");
        if (Environment.GetEnvironmentVariable("MICRO_GOLDEN") == "1")
        {
            File.WriteAllText(file, ResultSchema.Generate());
        }

        Assert.Equal(File.ReadAllText(file), ResultSchema.Generate());
    }

    [Fact]
    public async Task Results_keep_to_the_schema()
    {
        var schema = await NJsonSchema.JsonSchema.FromFileAsync(
            Repository.PathOf("schemas/result.schema.json"));
        Assert.Empty(schema.Validate(Text));
    }

    [Theory]
    [InlineData("\"scenario\": \"two readers\",\n", "")]
    [InlineData("\"seed\": 7", "\"seed\": \"seven\"")]
    [InlineData("\"end\": \"finished\"", "\"end\": \"tired\"")]
    [InlineData("\"sha256\"", "\"sha512\"")]
    public async Task The_schema_refuses_what_is_no_result(string old, string @new)
    {
        Assert.Contains(old, Text);
        var schema = await NJsonSchema.JsonSchema.FromFileAsync(
            Repository.PathOf("schemas/result.schema.json"));
        Assert.NotEmpty(schema.Validate(Text.Replace(old, @new)));
    }

    [Fact]
    public void Equal_results_differ_in_nothing() =>
        Assert.Empty(ResultDiff.Between(Samples.Comparison, JsonReport.Read(Text)));

    [Fact]
    public void A_difference_names_its_place_and_both_values()
    {
        var other = Samples.Comparison with
        {
            Placements =
            [
                Samples.Microkernel with
                {
                    Calls = [Samples.Microkernel.Calls[0] with { P50Cycles = 1_300 }],
                    Files = [],
                },
                Samples.Monolithic,
            ],
        };
        Assert.Equal(
            [
                new Difference("placements[microkernel].calls[read].p50Cycles", "1250", "1300"),
                new Difference(
                    "placements[microkernel].files[/a b]",
                    $$"""{"path":"/a b","bytes":3,"sha256":"{{new string('a', 64)}}"}""",
                    ""),
            ],
            ResultDiff.Between(Samples.Comparison, other));
    }
}
