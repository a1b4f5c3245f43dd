using System.Globalization;
using Microsoft.Playwright;

namespace Page.Tests;

/// <summary>A page in the browser, and everything that it complained about.</summary>
internal sealed class OpenPage : IAsyncDisposable
{
    private readonly IBrowserContext context;

    private OpenPage(IBrowserContext context, IPage page) => (this.context, Page) = (context, page);

    /// <summary>The page.</summary>
    public IPage Page { get; }

    /// <summary>Words on the console, exceptions.</summary>
    public List<string> Complaints { get; } = [];

    /// <summary>What was asked for besides the file itself.</summary>
    public List<string> Requests { get; } = [];

    /// <summary>Opens a file and waits until it has drawn itself.</summary>
    public static async Task<OpenPage> Open(IBrowserContext context, string file, bool wait = true)
    {
        var open = new OpenPage(context, await context.NewPageAsync());
        var address = new Uri(file).AbsoluteUri;
        open.Page.Console += (_, message) => open.Complaints.Add(message.Text);
        open.Page.PageError += (_, error) => open.Complaints.Add(error);
        open.Page.Request += (_, request) =>
        {
            if (request.Url != address)
            {
                open.Requests.Add(request.Url);
            }
        };
        await open.Page.AddInitScriptAsync(
            "window.violations = []; addEventListener('securitypolicyviolation', event =>"
            + " violations.push(event.violatedDirective))");
        await open.Page.GotoAsync(address);
        if (wait)
        {
            await open.Page.WaitForSelectorAsync(
                "html[data-ready]",
                new PageWaitForSelectorOptions { State = WaitForSelectorState.Attached });
        }

        return open;
    }

    /// <summary>The directives of the policy that something violated, so far.</summary>
    public Task<string[]> Violations() => Page.EvaluateAsync<string[]>("violations");

    /// <summary>Waits until a script was kept out.</summary>
    public Task ScriptIsRefused() =>
        Page.WaitForFunctionAsync("violations.includes('script-src-elem')");

    /// <summary>How many elements there are.</summary>
    public Task<int> Nodes() =>
        Page.EvaluateAsync<int>("document.querySelectorAll('*').length");

    /// <summary>The text of what the selector finds.</summary>
    public Task<string> Text(string selector) => Page.Locator(selector).InnerTextAsync();

    /// <summary>How long a time is in sight of the waterfall, cycles.</summary>
    public async Task<double> InSight()
    {
        // "In sight: 0 ns to 1.410 ms since the call"
        var words = (await Text("#requests .chart > .hint")).Split(' ');
        return Nanoseconds(words[5], words[6]) - Nanoseconds(words[2], words[3]);
    }

    /// <summary>A time as the page writes it.</summary>
    public static double Nanoseconds(string number, string unit) =>
        double.Parse(number, CultureInfo.InvariantCulture)
        * unit.Trim('.', ',', ')') switch { "ns" => 1, "us" => 1e3, "ms" => 1e6, _ => 1e9 };

    public async ValueTask DisposeAsync() => await context.DisposeAsync();
}
