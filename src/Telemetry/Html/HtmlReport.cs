using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using Records;
using Telemetry.Requests;

namespace Telemetry.Html;

/// <summary>What was seen of one placement's run.</summary>
/// <param name="Survey">Of all its calls.</param>
/// <param name="Requests">Those of its requests that are shown.</param>
public sealed record Observation(RunSurvey Survey, IReadOnlyList<Request> Requests);

/// <summary>
/// A comparison as one file for a browser: nothing is loaded from anywhere, and its
/// content-security policy lets nothing run but the one script and the one style sheet that are in
/// it, by their digests. Data is JSON that scripts read and show as text only. The same results are
/// the same bytes.
/// </summary>
public static partial class HtmlReport
{
    // In the order in which they stand in the page: each may use those before it.
    private static readonly string[] Scripts =
    [
        "data.js", "dom.js", "windowed.js", "format.js", "colors.js", "theme.js", "tables.js",
        "summary.js", "latency.js", "bill.js", "spans.js", "picker.js", "requests.js",
        "sequence.js", "placement.js", "timeline.js", "counters.js", "sources.js", "main.js",
    ];

    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower) },
        // Escapes < > & and quotes: no text can end the element that it stands in.
        Encoder = JavaScriptEncoder.Default,
    };

    /// <summary>The whole page; ends with a line feed.</summary>
    /// <param name="comparison">The results.</param>
    /// <param name="observations">What was seen of each placement's run, by name.</param>
    /// <param name="choice">Which requests are shown.</param>
    /// <param name="sources">Where the numbers are from.</param>
    public static string Write(
        Comparison comparison, IReadOnlyDictionary<string, Observation> observations,
        ChosenRequests choice, ReportSources sources)
    {
        var data = new PageDataBuilder(comparison, observations, choice, sources).Build();
        var style = Resource("uPlot.min.css") + "\n" + Resource("page.css");
        var script = Resource("uPlot.iife.min.js") + "\n(() => {\n\"use strict\";\n"
            + string.Concat(Scripts.Select(Resource)) + "})();\n";
        var values = new Dictionary<string, string>
        {
            ["style-hash"] = Hash(style),
            ["script-hash"] = Hash(script),
            ["title"] = HtmlEncoder.Default.Encode(comparison.Scenario),
            ["style"] = style,
            ["script"] = script,
            ["data"] = JsonSerializer.Serialize(data, Json),
        };
        return Placeholder().Replace(
            Resource("page.html"), found => values[found.Groups[1].Value]);
    }

    [GeneratedRegex("{{([a-z-]+)}}")]
    private static partial Regex Placeholder();

    private static string Hash(string text) =>
        "'sha256-" + Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(text))) + "'";

    private static string Resource(string name)
    {
        using var stream = typeof(HtmlReport).Assembly.GetManifestResourceStream("html/" + name)
            ?? throw new InvalidOperationException($"{name} is not in the program");
        using var reader = new StreamReader(stream);

        // Browsers read any end of line as a line feed before they compute the digest.
        return reader.ReadToEnd().Replace("\r\n", "\n", StringComparison.Ordinal);
    }
}
