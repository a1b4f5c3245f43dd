using System.Diagnostics;
using System.Globalization;
using Cli;
using Microsoft.Playwright;
using Scenarios;

namespace Bench.Page;

/// <summary>
/// How long the report page takes to open, to show another request and to zoom, in Debian's
/// Chromium, with few spans and with many. To open: from the address to the page having drawn
/// itself. To zoom: from the click to the second frame after it.
/// </summary>
internal static class PagePart
{
    private const string Chromium = "/usr/bin/chromium";
    private const int Opens = 7;
    private const int Zooms = 40;
    private const int MostNodes = 5_000;
    private const double MostOpenSeconds = 5;
    private const double MostZoomMilliseconds = 100;

    private const string Prepare = """
        name: page
        disk: { cacheBlocks: 64 }
        processes:
          reader:
            program: |
              fd = open("/big", O_RDWR|O_CREAT, 0644)

        """;

    // What is shown, how many requests at most, and the call that is looked at.
    private static readonly (string Name, string Program, int Requests, string Call)[] s_pages =
    [
        ("few spans", "      repeat 40 { write(fd, bytes(4096)) }", 40, "write"),
        (
            "many requests",
            "      repeat 64 { write(fd, bytes(64KiB)) }\n"
            + "      repeat 12 { lseek(fd, 0, SEEK_SET); repeat 64 { read(fd, 65536) } }",
            2_000, "read"),
        (
            "one request of many spans",
            "      repeat 32 { write(fd, bytes(1MiB)) }\n      pread(fd, 32MiB, 0) = 32MiB", 3,
            "pread"),
    ];

    public static bool Run()
    {
        if (!File.Exists(Chromium))
        {
            Console.WriteLine($"skipped: no {Chromium}");
            return true;
        }

        return RunAsync().GetAwaiter().GetResult();
    }

    private static async Task<bool> RunAsync()
    {
        var folder = Directory.CreateTempSubdirectory("micro-page");
        using var playwright = await Playwright.CreateAsync();
        await using var browser = await playwright.Chromium.LaunchAsync(
            new BrowserTypeLaunchOptions
            {
                ExecutablePath = Chromium,
                Args =
                [
                    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
                    "--disable-background-networking", "--disable-component-update",
                    "--disable-sync",
                ],
            });
        var targets = new Targets();
        foreach (var (name, program, requests, call) in s_pages)
        {
            var page = Make(folder.FullName, program, requests);
            await Measure(targets, browser, name, page, call);
        }

        folder.Delete(recursive: true);
        return targets.AllMet;
    }

    private static string Make(string folder, string program, int requests)
    {
        var (scenario, page) = (Path.Combine(folder, "s.yaml"), Path.Combine(folder, "s.html"));
        File.WriteAllText(scenario, Prepare + program + "\n");
        var terminal = new Terminal { Output = TextWriter.Null, Error = Console.Error };
        new Micro(terminal, new ScenarioRunner()).Run(
        [
            "compare", scenario, "--html", page, "--html-requests",
            requests.ToString(CultureInfo.InvariantCulture),
        ]);
        return page;
    }

    private static async Task Measure(
        Targets targets, IBrowser browser, string name, string file, string call)
    {
        var opens = new List<double>();
        for (var i = 0; i < Opens; i++)
        {
            await using var context = await browser.NewContextAsync();
            opens.Add((await Open(context, file)).Seconds);
        }

        await using var last = await browser.NewContextAsync();
        var (page, _) = await Open(last, file);
        var spans = await page.EvaluateAsync<int>(
            "JSON.parse(document.getElementById('data').textContent).requests"
            + ".flatMap(each => each.runs)"
            + ".reduce((sum, run) => sum + (run?.spans.length ?? 0), 0)");
        await page.SelectOptionAsync("#pick-call", call);
        var show = await Times(page, 1, "#pick-0");
        var zooms = await Times(page, Zooms, "#zoom-in");
        var nodes = await page.EvaluateAsync<int>("document.querySelectorAll('*').length");
        var (open, zoom) = (Median(opens), Median(zooms));
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{name}: {spans:N0} spans, {new FileInfo(file).Length / 1e6:F1} MB, {nodes:N0} nodes; "
            + $"opens in {open * 1e3:F0} ms, shows a request in {show[0]:F0} ms, zooms in "
            + $"{zoom:F0} ms"));
        targets.Check(
            string.Create(
                CultureInfo.InvariantCulture, $"{name}: at most {MostNodes:N0} nodes"),
            nodes <= MostNodes);
        targets.Check(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{name}: opens within {MostOpenSeconds} s, zooms within "
                + $"{MostZoomMilliseconds} ms"),
            open <= MostOpenSeconds && zoom <= MostZoomMilliseconds);
    }

    private static async Task<(IPage Page, double Seconds)> Open(
        IBrowserContext context, string file)
    {
        var page = await context.NewPageAsync();
        var watch = Stopwatch.StartNew();
        await page.GotoAsync(new Uri(file).AbsoluteUri);
        await page.WaitForSelectorAsync(
            "html[data-ready]",
            new PageWaitForSelectorOptions { State = WaitForSelectorState.Attached });
        return (page, watch.Elapsed.TotalSeconds);
    }

    // Milliseconds from each click until what it changed was drawn.
    private static Task<double[]> Times(IPage page, int clicks, string target) =>
        page.EvaluateAsync<double[]>(
            """
            async ([clicks, target]) => {
                const drawn = () => new Promise(done =>
                    requestAnimationFrame(() => requestAnimationFrame(done)));
                const times = [];
                for (let i = 0; i < clicks; i++) {
                    await drawn();
                    const began = performance.now();
                    document.querySelector(i % 10 === 9 ? "#zoom-all" : target).click();
                    await drawn();
                    times.push(performance.now() - began);
                }
                return times;
            }
            """,
            new object[] { clicks, target });

    private static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        return sorted[sorted.Count / 2];
    }
}
