using FhirFacade.Server.Tests.Pages;
using Microsoft.Playwright;

[assembly: AssemblyFixture(typeof(Browser))]

namespace FhirFacade.Server.Tests.Pages;

/// <summary>One Chromium of this machine for all tests of pages. Where there is none the test that asks for it is skipped, saying so.</summary>
public sealed class Browser : IAsyncDisposable
{
    private static readonly string[] Places =
    [
        Environment.GetEnvironmentVariable("FHIRFACADE_CHROMIUM") ?? "", "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome",
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome", @"C:\Program Files\Google\Chrome\Application\chrome.exe",
    ];

    private readonly Lazy<Task<(IPlaywright Driver, IBrowser Browser)>> started = new(StartAsync);

    /// <summary>A new window with a session of its own.</summary>
    public async Task<IPage> OpenAsync(BrowserNewContextOptions? options = null)
    {
        Assert.SkipUnless(Array.Exists(Places, File.Exists), "Chromium is not installed on this machine; FHIRFACADE_CHROMIUM may name one");
        var context = await (await started.Value).Browser.NewContextAsync(options ?? new());
        var page = await context.NewPageAsync();
        page.SetDefaultTimeout(20_000);
        return page;
    }

    /// <summary>As above, with every complaint of the browser collected: a script that failed, a rule of the page that something ran against.</summary>
    public async Task<(IPage Page, IReadOnlyList<string> Complaints)> WatchAsync(BrowserNewContextOptions? options = null)
    {
        var complaints = new List<string>();
        var page = await OpenAsync(options);
        page.PageError += (_, error) => complaints.Add(error);
        page.Console += (_, message) =>
        {
            // An answer of the API that is not 200 is one, too, to the browser.
            if (message.Type is "error" or "warning" && !message.Text.StartsWith("Failed to load resource", StringComparison.Ordinal))
            {
                complaints.Add(message.Text);
            }
        };
        return (page, complaints);
    }

    public async ValueTask DisposeAsync()
    {
        if (started.IsValueCreated)
        {
            var (driver, browser) = await started.Value;
            await browser.DisposeAsync();
            driver.Dispose();
        }
    }

    private static async Task<(IPlaywright, IBrowser)> StartAsync()
    {
        var driver = await Playwright.CreateAsync();
        var browser = await driver.Chromium.LaunchAsync(new()
        {
            ExecutablePath = Array.Find(Places, File.Exists),
            Args = Environment.UserName == "root" ? ["--no-sandbox"] : [],
        });
        return (driver, browser);
    }
}
