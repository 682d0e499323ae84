using System.Net;
using System.Text.Json.Nodes;
using FhirFacade.Server.Tests.Rest;
using Microsoft.Playwright;

namespace FhirFacade.Server.Tests.Pages;

public sealed class HomePageTests(FhirServer api, Browser browser) : IClassFixture<FhirServer>
{
    private static readonly ViewportSize Phone = new() { Width = 360, Height = 740 };

    private string Url(string path = "/") => api.Server.Settings.PublicUrl + path;

    [Fact]
    public async Task The_page_is_open_and_forbids_browsers_everything_that_it_does_not_need()
    {
        var answer = await api.Server.GetAsync("", token: null);
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal("text/html; charset=utf-8", answer.Header("Content-Type"));
        var policy = answer.Header("Content-Security-Policy")!;
        Assert.Contains("default-src 'none'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
        Assert.Equal("nosniff", answer.Header("X-Content-Type-Options"));
        Assert.DoesNotContain("https://fonts", answer.Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await api.Server.GetAsync("types/Observation", token: null)).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await api.Server.GetAsync("types/%3Cscript%3E", token: null)).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await api.Server.GetAsync("assets/nothing.css", token: null)).Status);
        Assert.DoesNotContain("<script>alert", (await api.Server.GetAsync("?type=%22%3E%3Cscript%3Ealert(1)%3C/script%3E", token: null)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Files_of_the_pages_are_kept_by_browsers_as_long_as_they_stay_the_same()
    {
        var page = (await api.Server.GetAsync("", token: null)).Text;
        var address = page[(page.IndexOf("/assets/fhirfacade.css?v=", StringComparison.Ordinal) + 1)..];
        address = address[..address.IndexOf('"', StringComparison.Ordinal)];
        var style = await api.Server.GetAsync(address, token: null, ("Accept-Encoding", "br"));
        Assert.Contains("immutable", style.Header("Cache-Control"), StringComparison.Ordinal);
        Assert.Equal("br", style.Header("Content-Encoding"));
        Assert.Equal(HttpStatusCode.NotModified, (await api.Server.GetAsync(address, token: null, ("If-None-Match", style.Header("ETag")!))).Status);
        Assert.Equal("no-cache", (await api.Server.GetAsync("assets/fhirfacade.css", token: null)).Header("Cache-Control"));
    }

    public static TheoryData<string, ColorScheme, bool> Views => new()
    {
        { "/", ColorScheme.Light, false }, { "/", ColorScheme.Dark, false }, { "/", ColorScheme.Light, true }, { "/", ColorScheme.Dark, true },
        { "/types/Patient", ColorScheme.Light, false }, { "/types/Patient", ColorScheme.Dark, true }, { "/types/ValueSet", ColorScheme.Light, true },
    };

    [Theory]
    [MemberData(nameof(Views))]
    public async Task It_can_be_read_by_everybody_in_the_light_in_the_dark_and_on_a_phone(string path, ColorScheme colours, bool isPhone)
    {
        var (page, complaints) = await browser.WatchAsync(new() { ColorScheme = colours, ViewportSize = isPhone ? Phone : new() { Width = 1280, Height = 900 } });
        await page.GotoAsync(Url(path));
        if (path == "/")
        {
            await AskAsync(page, api.Root, "Patient", ("_count", "1"));
        }
        Assert.Empty(await Accessibility.FaultsAsync(page));
        Assert.Empty(complaints);
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task It_is_worked_by_the_keyboard_from_top_to_bottom()
    {
        var page = await browser.OpenAsync();
        await page.GotoAsync(Url());
        await page.WaitForFunctionAsync("() => document.querySelectorAll('#try-names option').length > 0");
        var order = await Accessibility.FocusOrderAsync(page);
        Assert.Equal("Skip to the content", order[0]);
        string[] form = ["try-token", "try-demo", "try-what", "try-type", "try-add", "try-send", "filter"];
        Assert.Equal(form, order.Where(form.Contains));
        await page.FocusAsync("#try-token");
        await page.Keyboard.TypeAsync(api.Root);
        await page.FocusAsync("#try-rows input");
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForSelectorAsync("#try-status .tag.good");
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task An_answer_is_shown_as_it_is_and_its_references_lead_on()
    {
        var (patient, observation) = (FhirServer.NewId(), FhirServer.NewId());
        var person = FhirServer.Patient(patient, "<img src=x onerror=alert(1)>");
        await api.PutAsync(person);
        await api.PutAsync(FhirServer.Observation(observation, patient));
        var (page, complaints) = await browser.WatchAsync();
        await page.GotoAsync(Url("/?type=Observation"));
        Assert.Equal("Observation", await page.InputValueAsync("#try-type"));
        var body = await AskAsync(page, api.Root, "Observation", ("_id", observation));
        Assert.Contains("\"value\": 13.50", body, StringComparison.Ordinal);
        Assert.Equal("searchset", (string)JsonNode.Parse(body)!["type"]!);
        await page.ClickAsync($"#try-body a:text-is('\"Patient/{patient}\"')");
        await page.WaitForFunctionAsync("id => document.getElementById('try-body').textContent.includes(`\"id\": \"${id}\"`)", patient);
        Assert.Contains("img src=x onerror=alert(1)", await page.TextContentAsync("#try-body"), StringComparison.Ordinal);
        Assert.Equal(0, await page.Locator("#try-body img").CountAsync());
        Assert.Empty(complaints);
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task The_form_reaches_no_more_than_the_token_opens()
    {
        var (own, other) = (FhirServer.NewId(), FhirServer.NewId());
        await api.PutAsync(FhirServer.Patient(own, "Own"));
        await api.PutAsync(FhirServer.Patient(other, "Hidden"));
        var page = await browser.OpenAsync();
        await page.GotoAsync(Url());
        var token = api.Server.Token("patient/*.rs", own);
        var found = await AskAsync(page, token, "Patient", ("_id", $"{own},{other}"));
        Assert.Contains("Own", found, StringComparison.Ordinal);
        Assert.DoesNotContain("Hidden", found, StringComparison.Ordinal);
        Assert.Contains("OperationOutcome", await AskAsync(page, "", "Patient", ("_id", own)), StringComparison.Ordinal);
        await page.FillAsync("#try-token", token);
        await page.SelectOptionAsync("#try-what", "read");
        await page.FillAsync("#try-id", other);
        Assert.Contains("OperationOutcome", await SendAsync(page), StringComparison.Ordinal);
        Assert.Contains("404", await page.TextContentAsync("#try-status"), StringComparison.Ordinal);
        await page.SelectOptionAsync("#try-what", "everything");
        Assert.Contains("OperationOutcome", await SendAsync(page), StringComparison.Ordinal);
        await page.Context.CloseAsync();
    }

    [Fact]
    public async Task A_demonstration_gives_a_token_and_answers_are_turned_page_by_page()
    {
        foreach (var family in new[] { "Blaettern", "Blaettern", "Blaettern" })
        {
            await api.PutAsync(FhirServer.Patient(FhirServer.NewId(), family));
        }
        var page = await browser.OpenAsync();
        await page.GotoAsync(Url());
        await page.ClickAsync("#try-demo");
        await page.WaitForFunctionAsync("() => document.getElementById('try-token').value.length > 100");
        await AskAsync(page, null, "Patient", ("_count", "1"), ("family", "Blaettern"));
        var first = await page.TextContentAsync("#try-body");
        await page.ClickAsync("#try-pages button[data-relation=next]");
        await page.WaitForFunctionAsync("before => document.getElementById('try-body').textContent !== before", first);
        Assert.True(await page.IsVisibleAsync("#try-pages button[data-relation=previous]"));
        await page.FillAsync("#filter", "observ");
        Assert.Equal(2, await page.Locator("#type-list li:visible").CountAsync());
        await page.Context.CloseAsync();
    }

    private static async Task<string> AskAsync(IPage page, string? token, string type, params (string Name, string Value)[] parameters)
    {
        await page.WaitForFunctionAsync("() => document.querySelectorAll('#try-names option').length > 0");
        if (token is not null)
        {
            await page.FillAsync("#try-token", token);
        }
        await page.SelectOptionAsync("#try-type", type);
        var inputs = page.Locator("#try-rows input");
        for (var i = 0; i < parameters.Length; i++)
        {
            if (await inputs.CountAsync() <= 2 * i)
            {
                await page.ClickAsync("#try-add");
            }
            await inputs.Nth(2 * i).FillAsync(parameters[i].Name);
            await inputs.Nth((2 * i) + 1).FillAsync(parameters[i].Value);
        }
        return await SendAsync(page);
    }

    private static async Task<string> SendAsync(IPage page)
    {
        await page.EvaluateAsync("() => document.getElementById('try-status').replaceChildren()");
        await page.ClickAsync("#try-send");
        await page.WaitForSelectorAsync("#try-status .tag");
        return (await page.TextContentAsync("#try-body"))!;
    }
}
