using System.Text.Json;
using System.Text.Json.Nodes;
using Records;

namespace Telemetry.Json;

/// <summary>
/// One value that differs between two results; empty where one has no such value.
/// </summary>
/// <param name="Path">Where: `placements[microkernel].calls[read].meanCycles`.</param>
/// <param name="Left">The value in the first.</param>
/// <param name="Right">The value in the second.</param>
public sealed record Difference(string Path, string Left, string Right)
{
    /// <summary>Right less left, if both are numbers.</summary>
    public double? Change =>
        double.TryParse(Left, out var left) && double.TryParse(Right, out var right)
            ? right - left
            : null;
}

/// <summary>
/// Compares two results value by value. List elements are matched by what names them.
/// </summary>
public static class ResultDiff
{
    private static readonly string[] NamingKeys =
        ["name", "part", "cause", "path", "call", "text", "what"];

    /// <summary>
    /// What differs, in the order of the contract; nothing if the results are equal.
    /// </summary>
    public static IReadOnlyList<Difference> Between(Comparison left, Comparison right)
    {
        var differences = new List<Difference>();
        Compare("", Node(left), Node(right), differences);
        return differences;
    }

    private static JsonNode? Node(Comparison comparison) =>
        JsonNode.Parse(JsonReport.Write(comparison));

    private static void Compare(
        string path, JsonNode? left, JsonNode? right, List<Difference> differences)
    {
        switch (left, right)
        {
            case (JsonObject one, JsonObject other):
                Compare(path, Members(path, one), Members(path, other), differences);
                break;
            case (JsonArray one, JsonArray other):
                Compare(path, Elements(path, one), Elements(path, other), differences);
                break;
            default:
                if (!JsonNode.DeepEquals(left, right))
                {
                    differences.Add(new Difference(path, Text(left), Text(right)));
                }

                break;
        }
    }

    private static void Compare(
        string path, List<(string Path, JsonNode? Value)> left,
        List<(string Path, JsonNode? Value)> right, List<Difference> differences)
    {
        var others = right.ToDictionary(each => each.Path, each => each.Value);
        foreach (var (at, value) in left)
        {
            if (others.Remove(at, out var other))
            {
                Compare(at, value, other, differences);
            }
            else
            {
                differences.Add(new Difference(at, Text(value), ""));
            }
        }

        foreach (var (at, value) in right.Where(each => others.ContainsKey(each.Path)))
        {
            differences.Add(new Difference(at, "", Text(value)));
        }
    }

    private static List<(string Path, JsonNode? Value)> Members(string path, JsonObject of) =>
    [
        .. of.Select(member =>
            (path.Length == 0 ? member.Key : $"{path}.{member.Key}", member.Value)),
    ];

    // Elements of one name are told apart by their number.
    private static List<(string Path, JsonNode? Value)> Elements(string path, JsonArray of)
    {
        var elements = new List<(string Path, JsonNode? Value)>();
        var seen = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < of.Count; i++)
        {
            var name = $"{path}[{NameOf(of[i]) ?? $"{i}"}]";
            var nth = seen[name] = seen.GetValueOrDefault(name) + 1;
            elements.Add((nth == 1 ? name : $"{name}#{nth}", of[i]));
        }

        return elements;
    }

    private static string? NameOf(JsonNode? element)
    {
        if (element is not JsonObject members)
        {
            return null;
        }

        foreach (var key in NamingKeys)
        {
            if (members[key] is JsonValue value && value.GetValueKind() == JsonValueKind.String)
            {
                return (string?)value;
            }
        }

        return null;
    }

    private static string Text(JsonNode? node) => node switch
    {
        null => "null",
        JsonValue value when value.GetValueKind() == JsonValueKind.String => (string)value!,
        _ => node.ToJsonString(),
    };
}
