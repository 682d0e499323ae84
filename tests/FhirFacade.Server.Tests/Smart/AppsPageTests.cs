using System.Net;
using FhirFacade.Server.Tests.Pages;
using FhirFacade.Server.Tests.Rest;
using Microsoft.Playwright;

namespace FhirFacade.Server.Tests.Smart;

/// <summary>The page on which people see which apps they have allowed what, and take it back.</summary>
public sealed class AppsPageTests(Site site, Pages.Browser chromium) : IClassFixture<Site>
{
    [Fact]
    public async Task A_person_sees_an_app_and_ends_its_access_with_the_keyboard_and_its_tokens_end()
    {
        var user = await site.NewPatientUserAsync();
        using var launch = new Launch(site);
        var token = await launch.ToTokenAsync(user);
        var (access, refresh) = (token.Json.GetProperty("access_token").GetString()!, token.Json.GetProperty("refresh_token").GetString()!);
        Assert.Equal(HttpStatusCode.OK, (await site.Server.GetAsync("fhir/Patient/" + site.Mine, access)).Status);

        var (page, complaints) = await chromium.WatchAsync();
        await page.GotoAsync(site.Server.Settings.PublicUrl + "/account/apps");
        Assert.Equal("Sign in · FhirFacade", await page.TitleAsync());
        Assert.Empty(await Accessibility.FaultsAsync(page));
        await page.GetByLabel("User name").FocusAsync();
        await page.Keyboard.TypeAsync(user);
        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.TypeAsync(Site.Password);
        await page.Keyboard.PressAsync("Enter");
        await page.GetByRole(AriaRole.Heading, new() { Name = "Your apps" }).WaitForAsync();
        await page.WaitForLoadStateAsync();
        Assert.Empty(await Accessibility.FaultsAsync(page));
        var main = await page.InnerTextAsync("main");
        Assert.Contains("Public app", main, StringComparison.Ordinal);
        Assert.Contains("see: All records", main, StringComparison.Ordinal);
        Assert.Contains("Know who you are", main, StringComparison.Ordinal);
        Assert.Contains("Keep this access for up to", main, StringComparison.Ordinal);

        var order = await Accessibility.FocusOrderAsync(page);
        Assert.Contains("End access", order);
        Assert.Equal("Sign out", order[^1]);
        await page.GetByRole(AriaRole.Button, new() { Name = "End the access of Public app" }).FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await page.GetByText("No app has access now.").WaitForAsync();
        Assert.Equal("The access of Public app has ended.", await page.GetByRole(AriaRole.Status).InnerTextAsync());
        Assert.Empty(await Accessibility.FaultsAsync(page));
        (await site.Server.GetAsync("fhir/Patient/" + site.Mine, access)).IsOutcome(HttpStatusCode.Unauthorized, "login");
        Assert.Equal(HttpStatusCode.BadRequest, (await launch.RefreshAsync(refresh)).Status);

        await page.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).ClickAsync();
        await page.GetByRole(AriaRole.Heading, new() { Name = "Sign in" }).WaitForAsync();
        Assert.Empty(complaints);
    }

    [Fact]
    public async Task Nobody_ends_what_another_person_allowed_and_no_other_site_sends_the_form()
    {
        var (mine, theirs) = (await site.NewPatientUserAsync(), await site.NewPatientUserAsync());
        using var launch = new Launch(site);
        var token = (await launch.ToTokenAsync(theirs)).Json.GetProperty("access_token").GetString();
        using var browser = new PlainBrowser(site.Server.Settings.PublicUrl);
        var signedIn = await browser.SubmitAsync(await browser.GetAsync("account/apps"), "/account/sign-in", ("user", mine), ("password", Site.Password));
        Assert.Equal(HttpStatusCode.SeeOther, signedIn.Status);
        var page = await browser.GetAsync("account/apps");
        Assert.DoesNotContain("Public app", page.Text, StringComparison.Ordinal);
        // The token of the sign-out form is this person's own: it names an app, but only their own access ends.
        var form = PlainBrowser.Fields(page, "/account/sign-out");
        Assert.Contains("nothing to end", (await browser.PostAsync("account/apps/end", [.. form, new("client", site.PublicApp)])).Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await site.Server.GetAsync("fhir/Patient/" + site.Mine, token)).Status);

        // Without the form's token, or with that of somebody else, nothing happens.
        var own = PlainBrowser.Fields(await launch.Browser.GetAsync("account/apps"), "/account/apps/end");
        Assert.Equal(HttpStatusCode.SeeOther, (await launch.Browser.PostAsync("account/apps/end", own.Where(f => f.Key == "client"))).Status);
        Assert.Equal(HttpStatusCode.SeeOther, (await launch.Browser.PostAsync("account/apps/end", [.. form, new("client", site.PublicApp)])).Status);
        using var stranger = new PlainBrowser(site.Server.Settings.PublicUrl);
        Assert.Equal(HttpStatusCode.SeeOther, (await stranger.PostAsync("account/apps/end", own)).Status);
        Assert.Equal(HttpStatusCode.OK, (await site.Server.GetAsync("fhir/Patient/" + site.Mine, token)).Status);
        Assert.Contains("has ended", (await launch.Browser.PostAsync("account/apps/end", own)).Text, StringComparison.Ordinal);
        (await site.Server.GetAsync("fhir/Patient/" + site.Mine, token)).IsOutcome(HttpStatusCode.Unauthorized, "login");
    }

    [Fact]
    public async Task A_wrong_password_is_refused_as_everywhere()
    {
        using var browser = new PlainBrowser(site.Server.Settings.PublicUrl);
        var page = await browser.GetAsync("account/apps");
        var answer = await browser.SubmitAsync(page, "/account/sign-in", ("user", site.PatientUser), ("password", "wrong"));
        Assert.Equal(HttpStatusCode.Forbidden, answer.Status);
        Assert.Contains("That did not work", answer.Text, StringComparison.Ordinal);
        // A form of another site signs nobody in.
        var forged = await browser.PostAsync("account/sign-in", [new("user", site.PatientUser), new("password", Site.Password)]);
        Assert.Equal(HttpStatusCode.OK, forged.Status);
        Assert.Contains("<h1>Sign in</h1>", forged.Text, StringComparison.Ordinal);
    }
}
