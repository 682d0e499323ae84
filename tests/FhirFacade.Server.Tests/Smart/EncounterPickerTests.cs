using System.Net;
using System.Text.Json.Nodes;
using FhirFacade.Server.Tests.Pages;
using FhirFacade.Server.Tests.Rest;
using Microsoft.Playwright;

namespace FhirFacade.Server.Tests.Smart;

/// <summary>An app that asks for a visit (<c>launch/encounter</c>) when a person opens it.</summary>
public sealed class EncounterPickerTests(Site site, Pages.Browser chromium) : IClassFixture<Site>
{
    private const string Scope = "openid launch/patient launch/encounter offline_access patient/*.rs";

    [Fact]
    public async Task A_person_picks_a_visit_in_the_browser_and_the_app_is_told()
    {
        var (older, newer) = (await VisitAsync(site.Mine, "2024-02-01"), await VisitAsync(site.Mine, "2025-03-04"));
        using var launch = new Launch(site, scope: Scope);
        var (page, complaints) = await chromium.WatchAsync();
        await page.GotoAsync(launch.Address);
        await page.GetByLabel("User name").FillAsync(await site.NewPatientUserAsync());
        await page.GetByLabel("Password").FillAsync(Site.Password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await page.GetByRole(AriaRole.Heading, new() { Name = "Choose a visit" }).WaitForAsync();
        await page.WaitForLoadStateAsync();
        Assert.Empty(await Accessibility.FaultsAsync(page));
        var text = await page.InnerTextAsync("main");
        Assert.True(text.IndexOf("2025-03-04", StringComparison.Ordinal) is >= 0 and var at && at < text.IndexOf("2024-02-01", StringComparison.Ordinal), text);
        await page.GetByRole(AriaRole.Radio).First.FocusAsync();
        await page.Keyboard.PressAsync("Space");
        await page.Keyboard.PressAsync("Enter");
        await page.GetByRole(AriaRole.Heading, new() { Name = "Allow Public app?" }).WaitForAsync();
        Assert.Contains("2025-03-04", await page.InnerTextAsync("main"), StringComparison.Ordinal);
        await page.GetByRole(AriaRole.Button, new() { Name = "Allow", Exact = true }).ClickAsync();
        await page.WaitForURLAsync(site.RedirectUri + "**");
        var code = System.Web.HttpUtility.ParseQueryString(new Uri(page.Url).Query)["code"]!;
        var token = (await launch.RedeemAsync(code)).Json;
        Assert.Equal(newer, token.GetProperty("encounter").GetString());
        Assert.Equal(site.Mine, token.GetProperty("patient").GetString());
        Assert.Contains("launch/encounter", token.GetProperty("scope").GetString(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await site.Server.GetAsync("fhir/Encounter/" + newer, token.GetProperty("access_token").GetString())).Status);
        Assert.NotEqual(older, newer);
        Assert.Empty(complaints);
    }

    [Fact]
    public async Task None_is_an_answer_too_and_nobody_picks_a_visit_of_another_patient()
    {
        await VisitAsync(site.Mine, "2024-02-01");
        var foreign = await VisitAsync(site.Other, "2024-02-02");
        using var launch = new Launch(site, scope: Scope);
        var page = await launch.SignInAsync(await site.NewPatientUserAsync());
        Assert.Contains("Choose a visit", page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(foreign, page.Text, StringComparison.Ordinal);
        foreach (var other in new[] { foreign, "nobody" })
        {
            Assert.Equal("access_denied", launch.Back(await launch.Browser.SubmitAsync(page, "/oauth/encounter", ("encounter", other)))["error"]);
        }
        Assert.Contains("Choose a visit", (await launch.Browser.SubmitAsync(page, "/oauth/encounter")).Text, StringComparison.Ordinal);
        var consent = await launch.Browser.SubmitAsync(page, "/oauth/encounter", ("encounter", ""));
        var token = (await launch.RedeemAsync(launch.Code(await launch.Browser.SubmitAsync(consent, "/oauth/consent", ("decision", "allow"))))).Json;
        Assert.False(token.TryGetProperty("encounter", out _));
        Assert.DoesNotContain("launch/encounter", token.GetProperty("scope").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_pages_it_is_said_that_one_has_to_be_picked()
    {
        await VisitAsync(site.Mine, "2024-02-01");
        using var launch = new Launch(site, scope: Scope);
        await launch.SignInAsync(site.PatientUser);
        launch.Parameters["prompt"] = "none";
        Assert.Equal("interaction_required", launch.Back(await launch.StartAsync())["error"]);
    }

    private async Task<string> VisitAsync(string patient, string day)
    {
        var id = "enc-" + Guid.NewGuid().ToString("N")[..12];
        await site.PutAsync(new JsonObject
        {
            ["resourceType"] = "Encounter", ["id"] = id, ["status"] = "finished",
            ["class"] = new JsonObject { ["system"] = "http://terminology.hl7.org/CodeSystem/v3-ActCode", ["code"] = "AMB", ["display"] = "ambulatory" },
            ["subject"] = new JsonObject { ["reference"] = "Patient/" + patient },
            ["period"] = new JsonObject { ["start"] = day + "T09:00:00Z", ["end"] = day + "T10:00:00Z" },
        });
        return id;
    }
}
