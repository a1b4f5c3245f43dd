using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Records;
using Telemetry.Html;

namespace Telemetry.Tests;

/// <summary>The page as text; tests/Page.Tests opens it in a browser.</summary>
public sealed partial class HtmlReportTests
{
    private static readonly ReportSources Sources = new(
        "1.2.3", "two-readers.yaml", "a machine of round numbers", "chosen",
        [
            new PriceSource("trap-enter", 65, "cycles", "ASSUMED", "chosen", "", "", []),
            new PriceSource("trap-leave", 65, "cycles", "ASSUMED", "chosen", "", "", []),
            new PriceSource("fast-path-call", 9, "cycles", "ASSUMED", "not used", "", "", []),
            new PriceSource("message-registers", 4, "words", "ASSUMED", "chosen", "", "", []),
        ],
        new Dictionary<string, string> { ["traps"] = "<b>meaning</b>", ["unused"] = "nothing" });

    [Fact]
    public void The_policy_lets_the_pages_own_script_and_style_in_and_nothing_else()
    {
        var page = Page(Samples.Comparison);
        var policy = Policy().Match(page).Groups[1].Value.Split("; ");
        Assert.Contains("default-src 'none'", policy);
        Assert.Contains($"script-src {Hash(Script().Match(page).Groups[1].Value)}", policy);
        Assert.Contains($"style-src {Hash(Style().Match(page).Groups[1].Value)}", policy);
        Assert.DoesNotContain("unsafe", string.Concat(policy));
        Assert.DoesNotContain("{{", page.Replace("{{}}", ""));
    }

    [Fact]
    public void The_same_results_are_the_same_bytes() =>
        Assert.Equal(Page(Samples.Comparison), Page(Samples.Comparison));

    [Fact]
    public void No_text_ends_the_element_that_it_stands_in()
    {
        const string Harm = "</script><!--<script>{{data}}";
        var page = Page(Samples.Comparison with { Scenario = Harm, Warnings = [Harm] });
        Assert.DoesNotContain(Harm, page);
        using var data = Data(page);
        Assert.Equal(Harm, data.RootElement.GetProperty("scenario").GetString());
        Assert.Equal(
            Harm, data.RootElement.GetProperty("warnings").EnumerateArray().Single().GetString());
    }

    [Fact]
    public void Only_prices_and_words_that_the_run_used_are_in_it()
    {
        using var data = Data(Page(Samples.Comparison));
        Assert.Equal(
            ["trap-enter", "trap-leave", "message-registers"],
            data.RootElement.GetProperty("prices").EnumerateArray()
                .Select(price => price.GetProperty("name").GetString()));
        Assert.Equal(
            ["traps"],
            data.RootElement.GetProperty("words").EnumerateObject().Select(word => word.Name));
    }

    private static string Page(Comparison comparison) => HtmlReport.Write(
        comparison, new Dictionary<string, Observation>(), ChosenRequests.Of([], 40), Sources);

    private static JsonDocument Data(string page) =>
        JsonDocument.Parse(Json().Match(page).Groups[1].Value);

    private static string Hash(string text) =>
        $"'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(text)))}'";

    [GeneratedRegex("Content-Security-Policy\" content=\"([^\"]*)\"")]
    private static partial Regex Policy();

    [GeneratedRegex("<script>(.*?)</script>", RegexOptions.Singleline)]
    private static partial Regex Script();

    [GeneratedRegex("<style>(.*?)</style>", RegexOptions.Singleline)]
    private static partial Regex Style();

    [GeneratedRegex("id=\"data\">(.*?)</script>", RegexOptions.Singleline)]
    private static partial Regex Json();
}
