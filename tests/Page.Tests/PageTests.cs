using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace Page.Tests;

/// <summary>The report page in a browser.</summary>
public sealed class PageTests(Browser browser) : IClassFixture<Browser>
{
    private const int MostNodes = 5_000;

    public static TheoryData<string> Scenarios =>
    [
        "crash-file-server", "custom-placement", "read-miss", "gates", "spawn-wait",
        "page-table-isolation",
    ];

    [BrowserTheory]
    [MemberData(nameof(Scenarios))]
    public async Task Opens_without_a_complaint_and_asks_for_nothing(string scenario)
    {
        await using var open = await OpenPage.Open(
            await browser.NewContext(), Pages.Of(scenario));
        Assert.Empty(open.Complaints);
        Assert.Empty(open.Requests);
        Assert.Empty(await open.Violations());
        Assert.InRange(await open.Nodes(), 100, MostNodes);
        Assert.Equal(9, await open.Page.Locator("main > section > h2").CountAsync());
        var results = Pages.ResultsOf(scenario);
        Assert.Equal(results.Scenario, await open.Text("h1"));
        Assert.Contains("modeled, not measured", await open.Text("header"));
        var summary = await open.Text("#summary");
        Assert.All(results.Placements, run => Assert.Contains(run.Fingerprint, summary));
    }

    [BrowserTheory]
    [MemberData(nameof(Scenarios))]
    public async Task Shows_the_numbers_of_the_results(string scenario)
    {
        await using var open = await OpenPage.Open(
            await browser.NewContext(), Pages.Of(scenario));
        var results = Pages.ResultsOf(scenario);
        var latency = await Cells(open, "#latency > .table tbody tr");
        foreach (var run in results.Placements)
        {
            foreach (var call in run.Calls.Where(each => each.Count > 0))
            {
                var row = Assert.Single(latency, cells =>
                    cells[0] == call.Name && cells[1] == run.Name);
                Assert.StartsWith(Count(call.Count), row[2]);
                Assert.StartsWith(Count((long)Math.Floor(call.MeanCycles + 0.5)), row[3]);
                Assert.StartsWith(Count(call.P50Cycles), row[4]);
                Assert.StartsWith(Count(call.P99Cycles), row[5]);
                Assert.StartsWith(Count(call.MaxCycles), row[6]);
            }
        }

        var counters = await Cells(open, "#counters tbody tr");
        foreach (var (run, i) in results.Placements.Select((run, i) => (run, i)))
        {
            Assert.All(
                run.Counters.Where(each => each.Value != 0),
                each => Assert.Equal(
                    Count(each.Value),
                    Assert.Single(counters, cells => cells[0] == each.Key)[i + 1]));
        }

        var words = await open.Text("#bill");
        Assert.All(
            results.Placements.SkipLast(1),
            run => Assert.Contains(
                Telemetry.Text.DifferenceWords.Whole(run, results.Placements[^1]), words));
    }

    [BrowserFact]
    public async Task Names_of_a_scenario_do_nothing_but_show()
    {
        await using var open = await OpenPage.Open(
            await browser.NewContext(), Pages.Of("harmful", Pages.Harmful));
        Assert.Empty(open.Complaints);
        Assert.Empty(open.Requests);
        Assert.Empty(await open.Violations());
        Assert.Equal(Pages.Harm, await open.Text("h1"));
        Assert.StartsWith(Pages.Harm, await open.Page.TitleAsync());
        await open.Page.ClickAsync("#pick-0");
        Assert.Contains(Pages.Harm, await open.Text("#request-title"));
        Assert.Contains(Pages.Harm, await open.Text(".sequence-call"));
        Assert.Equal(0, await open.Page.Locator("img, b").CountAsync());
        Assert.True(await open.Page.EvaluateAsync<bool>("window.harmed === undefined"));
    }

    [BrowserFact]
    public async Task Nothing_runs_that_is_not_the_pages_own()
    {
        var page = await File.ReadAllTextAsync(Pages.Of("crash-file-server"));
        var changed = Pages.Picture("changed.html");
        await File.WriteAllTextAsync(
            changed, page.Replace("</body>", "<script>window.harmed = 1</script></body>"));
        await using var open = await OpenPage.Open(await browser.NewContext(), changed);
        await open.ScriptIsRefused();
        Assert.True(await open.Page.EvaluateAsync<bool>("window.harmed === undefined"));

        // Nor its own when somebody changed it.
        await File.WriteAllTextAsync(
            changed, page.Replace("function start()", "function  start()"));
        await using var second = await OpenPage.Open(
            await browser.NewContext(), changed, wait: false);
        await second.ScriptIsRefused();
        Assert.Equal(0, await second.Page.Locator("html[data-ready]").CountAsync());
    }

    [BrowserFact]
    public async Task The_waterfall_zooms_by_button_key_drag_and_wheel()
    {
        await using var open = await OpenPage.Open(
            await browser.NewContext(), Pages.Of("read-miss"));
        var whole = await open.InSight();
        await open.Page.ClickAsync("#zoom-in");
        Assert.Equal(whole / 2, await open.InSight(), whole * 0.02);
        await open.Page.ClickAsync("#zoom-all");
        Assert.Equal(whole, await open.InSight(), whole * 0.02);

        var tree = open.Page.Locator("#requests [role=tree]").First;
        await tree.PressAsync("+");
        await tree.PressAsync("+");
        Assert.Equal(whole / 4, await open.InSight(), whole * 0.02);
        await tree.PressAsync("-");
        Assert.Equal(whole / 2, await open.InSight(), whole * 0.02);
        await tree.PressAsync("0");
        Assert.Equal(whole, await open.InSight(), whole * 0.02);

        var canvas = open.Page.Locator("#requests .spans-canvas").First;
        await canvas.ScrollIntoViewIfNeededAsync();
        var box = (await canvas.BoundingBoxAsync())!;
        await open.Page.Mouse.MoveAsync(box.X + box.Width * 0.25f, box.Y + 30);
        await open.Page.Mouse.DownAsync();
        await open.Page.Mouse.MoveAsync(box.X + box.Width * 0.5f, box.Y + 30);
        await open.Page.Mouse.MoveAsync(box.X + box.Width * 0.75f, box.Y + 30);
        await open.Page.Mouse.UpAsync();
        Assert.Equal(whole / 2, await open.InSight(), whole * 0.02);

        var before = await open.Text("#requests .chart > .hint");
        await open.Page.Keyboard.DownAsync("Control");
        await open.Page.Mouse.WheelAsync(0, 100);
        await open.Page.Keyboard.UpAsync("Control");
        await open.Page.WaitForFunctionAsync(
            "before => document.querySelector('#requests .chart > .hint').innerText !== before",
            before);
        Assert.True(await open.InSight() > whole * 0.55);
        Assert.Empty(open.Complaints);
    }

    [BrowserFact]
    public async Task Spans_are_chosen_by_key_and_click_and_tell_their_own_time()
    {
        await using var open = await OpenPage.Open(
            await browser.NewContext(), Pages.Of("read-miss"));
        var tree = open.Page.Locator("#requests [role=tree]").First;
        await tree.PressAsync("ArrowDown");
        await tree.PressAsync("ArrowDown");
        Assert.Equal("span-0-1", await tree.GetAttributeAsync("aria-activedescendant"));
        Assert.StartsWith("kernel: call in microkernel", await open.Text("#requests .details"));
        var sum = await Cells(open, "#requests .details tbody tr");
        Assert.Equal(
            sum.SkipLast(1).Sum(cells => long.Parse(cells[3].Replace(",", ""))),
            long.Parse(sum[^1][3].Replace(",", "")));
        await open.Page.ClickAsync("#span-1-0");
        Assert.Contains("in monolithic", await open.Text("#requests .details h4"));
        Assert.Equal(
            1, await open.Page.Locator("[role=treeitem][aria-selected=true]").CountAsync());
    }

    [BrowserFact]
    public async Task Requests_are_chosen_from_a_list_that_can_be_searched()
    {
        await using var open = await OpenPage.Open(
            await browser.NewContext(), Pages.Of("crash-file-server"));
        await open.Page.FillAsync("#pick-text", "server died");
        Assert.Contains("1 of 40", await open.Text(".picker .hint"));
        await open.Page.ClickAsync("#pick-0");
        Assert.Contains("under which a server died", await open.Text("#pick-0"));
        Assert.Contains("died", await open.Text("#requests .chart"));
        Assert.Contains("retry", await open.Text("#requests .chart"));
        await open.Page.FillAsync("#pick-text", "");
        await open.Page.SelectOptionAsync("#pick-call", "close");
        await open.Page.Locator(".picks").PressAsync("Home");
        Assert.StartsWith("close(3)", await open.Text("#request-title"));
        Assert.StartsWith("close(3)", await open.Text(".sequence-call"));
    }

    [BrowserFact]
    public async Task The_message_sequence_steps_through_the_whole_call()
    {
        await using var open = await OpenPage.Open(
            await browser.NewContext(), Pages.Of("read-miss"));
        var spans = await open.Page.Locator("#requests [role=treeitem]").First
            .GetAttributeAsync("aria-setsize");
        var steps = 2 * int.Parse(spans!) - 1;
        Assert.StartsWith($"Step 1 of {steps}:", await open.Text(".step"));
        await open.Page.ClickAsync("#step-next");
        Assert.StartsWith($"Step 2 of {steps}:", await open.Text(".step"));
        var figure = open.Page.Locator(".sequence");
        await figure.PressAsync("ArrowRight");
        await figure.PressAsync("ArrowLeft");
        await figure.PressAsync("ArrowLeft");
        Assert.True(await open.Page.IsDisabledAsync("#step-back"));

        // What passed between the steps is the whole call.
        var passed = 0L;
        for (var i = 1; i <= steps; i++)
        {
            var words = (await open.Text(".step")).Split(' ');
            var before = Array.IndexOf(words, "Before");
            passed += before < 0 ? 0 : long.Parse(words[before + 2].Replace(",", ""));
            await figure.PressAsync("ArrowRight");
        }

        Assert.True(await open.Page.IsDisabledAsync("#step-next"));
        Assert.Contains("the call returns", await open.Text(".step"));
        var length = await open.Page.Locator("#span-0-0 .span-cycles").TextContentAsync();
        Assert.Equal(long.Parse(length!.Split(' ')[0].Replace(",", "")), passed);
    }

    [BrowserFact]
    public async Task A_crash_tells_what_happened_in_which_order()
    {
        await using var open = await OpenPage.Open(
            await browser.NewContext(), Pages.Of("crash-file-server"));
        var events = (await Cells(open, "#timeline tbody tr"))
            .Where(cells => cells[0] == "microkernel").Select(cells => cells[3]);
        Assert.Equal(
            ["crashed", "detected", "restarted", "rebound", "first-good-reply"], events);
        Assert.Contains("requests failed", await open.Text("#timeline"));
    }

    [BrowserTheory]
    [InlineData("many-spans", 100_000)]
    [InlineData("long-request", 40_000)]
    public async Task Nodes_stay_bounded_however_many_spans_there_are(string name, int least)
    {
        var page = name == "many-spans"
            ? Pages.Of(name, Pages.ManySpans, "--html-requests", "2000")
            : Pages.Of(name, Pages.LongRequest);
        await using var open = await OpenPage.Open(await browser.NewContext(), page);
        var spans = await open.Page.EvaluateAsync<int>(
            "JSON.parse(document.getElementById('data').textContent).requests"
            + ".flatMap(each => each.runs)"
            + ".reduce((sum, run) => sum + (run?.spans.length ?? 0), 0)");
        Assert.True(spans >= least, $"{spans} spans");
        Assert.InRange(await open.Nodes(), 100, MostNodes);
        if (name == "long-request")
        {
            await open.Page.SelectOptionAsync("#pick-call", "pread");
            await open.Page.ClickAsync("#pick-0");
        }

        // To the far end of the list, of the tree and of the sequence.
        await open.Page.Locator(".picks").PressAsync("End");
        await open.Page.Locator("#requests [role=tree]").First.PressAsync("End");
        await open.Page.Locator(".sequence").PressAsync("End");
        await open.Page.ClickAsync("#zoom-in");
        Assert.InRange(await open.Nodes(), 100, MostNodes);
        Assert.Empty(open.Complaints);
    }

    [BrowserTheory]
    [InlineData("crash-file-server", "light")]
    [InlineData("crash-file-server", "dark")]
    [InlineData("custom-placement", "light")]
    public async Task Assistive_technology_finds_no_fault(string scenario, string theme)
    {
        // The checker is a script that the policy would not let in.
        var context = await browser.NewContext(new BrowserNewContextOptions
        {
            BypassCSP = true,
            ColorScheme = theme == "dark" ? ColorScheme.Dark : ColorScheme.Light,
            ViewportSize = new ViewportSize { Width = 1300, Height = 900 },
        });
        await using var open = await OpenPage.Open(context, Pages.Of(scenario));
        await open.Page.Locator("#requests [role=tree]").First.PressAsync("ArrowDown");
        foreach (var details in await open.Page.Locator("summary").AllAsync())
        {
            await details.ClickAsync();
        }

        var found = await open.Page.RunAxe();
        Assert.Equal(
            "",
            string.Join('\n', found.Violations.Select(each =>
                $"{each.Id}: {each.Help}: {each.Nodes[0].Html}")));
        Assert.NotEmpty(found.Passes);
    }

    [BrowserFact]
    public async Task Everything_is_reached_with_the_keyboard_alone()
    {
        await using var open = await OpenPage.Open(
            await browser.NewContext(), Pages.Of("crash-file-server"));
        var reached = new HashSet<string>();
        for (var i = 0; i < 80; i++)
        {
            await open.Page.Keyboard.PressAsync("Tab");
            reached.Add(await open.Page.EvaluateAsync<string>(
                "document.activeElement.id || document.activeElement.className"
                + " || document.activeElement.getAttribute('href') || ''"));
        }

        string[] wanted =
        [
            "theme", "curve-call", "pick-call", "pick-text", "windowed picks", "zoom-in",
            "windowed spans", "sequence", "sequence-placement", "step-next", "#sources",
        ];
        Assert.Empty(wanted.Except(reached));
    }

    [BrowserTheory]
    [InlineData("light")]
    [InlineData("dark")]
    public async Task The_theme_is_the_systems_until_it_is_switched(string system)
    {
        var context = await browser.NewContext(new BrowserNewContextOptions
        {
            ColorScheme = system == "dark" ? ColorScheme.Dark : ColorScheme.Light,
            ViewportSize = new ViewportSize { Width = 1300, Height = 900 },
        });
        await using var open = await OpenPage.Open(context, Pages.Of("crash-file-server"));
        const string Background = "getComputedStyle(document.body).backgroundColor";
        var first = await open.Page.EvaluateAsync<string>(Background);
        await open.Page.ScreenshotAsync(new PageScreenshotOptions
        {
            Path = Pages.Picture($"page-{system}.png"),
            FullPage = true,
        });
        await open.Page.ClickAsync("#theme");
        var second = await open.Page.EvaluateAsync<string>(Background);
        Assert.NotEqual(first, second);
        await open.Page.ReloadAsync();
        Assert.Equal(second, await open.Page.EvaluateAsync<string>(Background));
    }

    [BrowserFact]
    public async Task A_narrow_window_scrolls_in_one_direction_only()
    {
        var context = await browser.NewContext(new BrowserNewContextOptions
        {
            ViewportSize = new ViewportSize { Width = 400, Height = 800 },
        });
        await using var open = await OpenPage.Open(context, Pages.Of("custom-placement"));
        Assert.Equal(
            400, await open.Page.EvaluateAsync<int>("document.documentElement.scrollWidth"));
        await open.Page.ScreenshotAsync(new PageScreenshotOptions
        {
            Path = Pages.Picture("page-narrow.png"),
            FullPage = true,
        });
    }

    [BrowserFact]
    public async Task Paper_shows_everything_and_no_controls()
    {
        await using var open = await OpenPage.Open(
            await browser.NewContext(), Pages.Of("crash-file-server"));
        await open.Page.EvaluateAsync("dispatchEvent(new Event('beforeprint'))");
        await open.Page.EmulateMediaAsync(new PageEmulateMediaOptions { Media = Media.Print });
        Assert.False(await open.Page.IsVisibleAsync("nav"));
        Assert.False(await open.Page.IsVisibleAsync(".picker"));
        Assert.True(await open.Page.IsVisibleAsync("#sources table"));
        Assert.Equal(
            "rgb(255, 255, 255)",
            await open.Page.EvaluateAsync<string>(
                "getComputedStyle(document.body).backgroundColor"));
        await open.Page.EvaluateAsync("dispatchEvent(new Event('afterprint'))");
        await open.Page.EmulateMediaAsync(new PageEmulateMediaOptions { Media = Media.Screen });
        Assert.True(await open.Page.IsVisibleAsync(".picker"));
        await open.Page.PdfAsync(new PagePdfOptions
        {
            Path = Pages.Picture("page.pdf"),
            Format = "A4",
            PrintBackground = true,
        });
        Assert.True(new FileInfo(Pages.Picture("page.pdf")).Length > 50_000);
    }

    [BrowserFact]
    public async Task Without_scripts_it_says_what_is_missing()
    {
        var context = await browser.NewContext(new BrowserNewContextOptions
        {
            JavaScriptEnabled = false,
        });
        await using var open = await OpenPage.Open(
            context, Pages.Of("crash-file-server"), wait: false);
        Assert.True(await open.Page.IsVisibleAsync("noscript .notice"));
    }

    private static string Count(long number) => Telemetry.Text.Amounts.Count(number);

    private static async Task<List<string[]>> Cells(OpenPage open, string rows)
    {
        var found = await open.Page.EvaluateAsync<string[][]>(
            "rows => [...document.querySelectorAll(rows)]"
            + ".map(row => [...row.cells].map(cell => cell.textContent))", rows);
        return [.. found];
    }
}
