using Microsoft.Playwright;

namespace Page.Tests;

/// <summary>
/// Debian's Chromium without a window, for all tests of a class. Where there is none, on a
/// developer's machine, the tests are skipped; on CI that is a failure.
/// </summary>
public sealed class Browser : IAsyncLifetime
{
    private const string Chromium = "/usr/bin/chromium";

    // Without these it looks for its maker's hosts at every start.
    private static readonly string[] Arguments =
    [
        "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
        "--disable-background-networking", "--disable-component-update", "--disable-sync",
    ];

    private IPlaywright? playwright;
    private IBrowser? browser;

    /// <summary>Why tests are skipped; null: they are not.</summary>
    public static string? Missing { get; } =
        File.Exists(Chromium) || Environment.GetEnvironmentVariable("CI") == "true"
            ? null
            : $"expected {Chromium}: apt-get install chromium";

    /// <summary>A fresh profile.</summary>
    public Task<IBrowserContext> NewContext(BrowserNewContextOptions? options = null) =>
        browser!.NewContextAsync(options ?? new BrowserNewContextOptions
        {
            ViewportSize = new ViewportSize { Width = 1300, Height = 900 },
        });

    public async Task InitializeAsync()
    {
        if (Missing is not null)
        {
            return;
        }

        playwright = await Playwright.CreateAsync();
        browser = await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = Chromium,
            Headless = true,
            Args = Arguments,
        });
    }

    public async Task DisposeAsync()
    {
        await (browser?.DisposeAsync() ?? ValueTask.CompletedTask);
        playwright?.Dispose();
    }
}
