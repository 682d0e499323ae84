using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Web;
using FhirFacade.Server.Tests.Pages;
using FhirFacade.Server.Tests.Rest;
using Microsoft.Playwright;

namespace FhirFacade.Server.Tests.Smart;

/// <summary>
/// The tests of SMART App Launch as certification describes them (discovery, standalone and EHR launch, limited and granular scopes,
/// backend services, refresh, introspection, revocation), with a person's part played in Chromium.
/// </summary>
public sealed class CertificationTests(Site site, Pages.Browser chromium) : IClassFixture<Site>
{
    private const string Category = "http://terminology.hl7.org/CodeSystem/observation-category|laboratory";

    [Fact]
    public async Task Discovery_names_every_endpoint_and_capability_and_each_of_them_is_there()
    {
        var smart = (await site.Server.GetAsync("fhir/.well-known/smart-configuration", token: null)).Json;
        string[] capabilities =
        [
            "launch-ehr", "launch-standalone", "client-public", "client-confidential-symmetric", "client-confidential-asymmetric", "sso-openid-connect", "context-banner", "context-style",
            "context-ehr-patient", "context-ehr-encounter", "context-standalone-patient", "permission-offline", "permission-patient", "permission-user", "permission-v1", "permission-v2", "authorize-post",
        ];
        Assert.Empty(capabilities.Except(Texts(smart, "capabilities")));
        Assert.Equal(["S256"], Texts(smart, "code_challenge_methods_supported"));
        foreach (var endpoint in new[] { "authorization_endpoint", "token_endpoint", "introspection_endpoint", "revocation_endpoint", "registration_endpoint", "jwks_uri" })
        {
            var answer = await site.Server.GetAsync(new Uri(smart.GetProperty(endpoint).GetString()!).PathAndQuery, token: null);
            Assert.NotEqual(HttpStatusCode.NotFound, answer.Status);
            Assert.NotEqual(HttpStatusCode.Unauthorized, answer.Status);
        }
        var openid = (await site.Server.GetAsync(".well-known/openid-configuration", token: null)).Json;
        Assert.Contains("RS256", Texts(openid, "id_token_signing_alg_values_supported"));
        Assert.Equal(smart.GetProperty("token_endpoint").GetString(), openid.GetProperty("token_endpoint").GetString());
    }

    [Fact]
    public async Task Standalone_launch_of_a_practitioner_with_patient_picker_consent_and_refresh()
    {
        using var launch = new Launch(site, site.SecretApp, "openid fhirUser launch/patient offline_access patient/*.rs");
        var (page, complaints) = await chromium.WatchAsync();
        await OpenAsync(page, launch);
        await SignInAsync(page, site.Doctor);
        await page.GetByRole(AriaRole.Heading, new() { Name = "Choose a patient" }).WaitForAsync();
        await page.WaitForLoadStateAsync();
        Assert.Equal("Choose a patient · FhirFacade", await page.TitleAsync());
        Assert.Empty(await Accessibility.FaultsAsync(page));
        await page.GetByLabel("Name", new() { Exact = true }).FillAsync("Family");
        await page.GetByRole(AriaRole.Button, new() { Name = "Search" }).ClickAsync();
        await page.GetByRole(AriaRole.Radio).First.CheckAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Continue" }).ClickAsync();
        await page.GetByRole(AriaRole.Heading, new() { Name = "Allow Secret app?" }).WaitForAsync();
        await page.WaitForLoadStateAsync();
        Assert.Empty(await Accessibility.FaultsAsync(page));
        var code = await AnswerAsync(page, launch, "Allow");
        var token = await launch.RedeemAsync(code);
        Assert.Equal(site.Mine, token.Json.GetProperty("patient").GetString());
        await ReadsAsync(token, ["Patient/" + site.Mine, "Observation?patient=" + site.Mine]);
        var refreshed = await launch.RefreshAsync(token.Json.GetProperty("refresh_token").GetString()!);
        await ReadsAsync(refreshed, ["Patient/" + site.Mine]);
        Assert.Empty(complaints);
    }

    [Fact]
    public async Task Emergency_access_asks_for_a_reason_and_then_for_a_patient_of_anybodys()
    {
        await site.Service<Storage.Accounts.BreakGlassStore>().SetRightAsync((await site.Service<Storage.Accounts.AccountStore>().FindAsync(site.Doctor, TestContext.Current.CancellationToken))!.Id, true, TestContext.Current.CancellationToken);
        using var launch = new Launch(site, site.SecretApp, "launch/patient patient/*.rs");
        launch.Parameters["purpose_of_use"] = "BTG";
        var (page, complaints) = await chromium.WatchAsync();
        await OpenAsync(page, launch);
        await SignInAsync(page, site.Doctor);
        await page.GetByRole(AriaRole.Heading, new() { Name = "Emergency access" }).WaitForAsync();
        await page.WaitForLoadStateAsync();
        Assert.Empty(await Accessibility.FaultsAsync(page));
        await page.GetByLabel("Reason").FillAsync("too short");
        await page.Keyboard.PressAsync("Enter");
        await page.GetByText("Say it in 10 to 1000 characters.").WaitForAsync();
        Assert.Empty(await Accessibility.FaultsAsync(page));
        await page.GetByLabel("Reason").FillAsync("unconscious, no relatives here");
        await page.GetByRole(AriaRole.Button, new() { Name = "Continue" }).ClickAsync();
        await page.GetByRole(AriaRole.Heading, new() { Name = "Choose a patient" }).WaitForAsync();
        await page.Locator($"input[value='{site.Other}']").CheckAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Continue" }).ClickAsync();
        var token = await launch.RedeemAsync(await AnswerAsync(page, launch, "Allow"));
        Assert.Equal(site.Other, token.Json.GetProperty("patient").GetString());
        await ReadsAsync(token, ["Patient/" + site.Other, "Observation?patient=" + site.Other]);
        Assert.All(complaints, complaint => Assert.Contains("400", complaint, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_person_can_do_it_all_with_the_keyboard()
    {
        using var launch = new Launch(site);
        var page = await chromium.OpenAsync();
        await OpenAsync(page, launch);
        await page.GetByLabel("User name").FocusAsync();
        await page.Keyboard.TypeAsync(site.PatientUser);
        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.TypeAsync(Site.Password);
        await page.Keyboard.PressAsync("Enter");
        await page.GetByRole(AriaRole.Heading, new() { Name = "Allow Public app?" }).WaitForAsync();
        var back = WaitAsync(page);
        await page.GetByRole(AriaRole.Button, new() { Name = "Allow", Exact = true }).FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        Assert.NotNull(HttpUtility.ParseQueryString(new Uri(await back).Query)["code"]);
    }

    [Fact]
    public async Task Limited_scopes_a_patient_unticks_two_kinds_of_record_and_the_app_does_not_see_them()
    {
        using var launch = new Launch(site);
        var page = await chromium.OpenAsync();
        await OpenAsync(page, launch);
        await SignInAsync(page, await site.NewPatientUserAsync());
        await page.Locator("input[value='patient/Observation.rs']").UncheckAsync();
        await page.Locator("input[value='patient/Condition.rs']").UncheckAsync();
        var token = await launch.RedeemAsync(await AnswerAsync(page, launch, "Allow"));
        await ReadsAsync(token, ["Patient/" + site.Mine, "AllergyIntolerance?patient=" + site.Mine]);
        foreach (var closed in new[] { "Observation?patient=" + site.Mine, "Condition?patient=" + site.Mine })
        {
            (await site.Server.GetAsync("fhir/" + closed, token.Json.GetProperty("access_token").GetString())).IsOutcome(HttpStatusCode.Forbidden, "forbidden");
        }
    }

    [Fact]
    public async Task Granular_scopes_show_only_what_matches()
    {
        var vitals = FhirServer.Observation("vital-" + site.Mine, site.Mine);
        vitals["category"]![0]!["coding"]![0]!["code"] = "vital-signs";
        await site.PutAsync(vitals);
        using var launch = new Launch(site, scope: $"launch/patient patient/Patient.rs patient/Observation.rs?category={Category}");
        var page = await chromium.OpenAsync();
        await OpenAsync(page, launch);
        await SignInAsync(page, site.PatientUser);
        Assert.Contains("laboratory", await page.InnerTextAsync("main"), StringComparison.Ordinal);
        var token = await launch.RedeemAsync(await AnswerAsync(page, launch, "Allow"));
        var found = await site.Server.GetAsync($"fhir/Observation?patient={site.Mine}", token.Json.GetProperty("access_token").GetString());
        Assert.Equal(["Observation/obs-" + site.Mine], found.Matches);
    }

    [Fact]
    public async Task EHR_launch_with_user_scopes_and_introspection_and_revocation()
    {
        var wish = new JsonObject { ["client_id"] = site.SecretApp, ["patient"] = site.Mine, ["need_patient_banner"] = false, ["smart_style_url"] = "https://ehr.example/style.json" };
        var opened = await site.Server.SendAsync(HttpMethod.Post, "oauth/launch", await site.EhrTokenAsync(), wish.ToJsonString(), "application/json");
        using var launch = new Launch(site, site.SecretApp, "openid fhirUser launch online_access user/*.rs");
        launch.Parameters["launch"] = opened.Json.GetProperty("launch").GetString()!;
        var page = await chromium.OpenAsync();
        await OpenAsync(page, launch);
        await SignInAsync(page, site.Doctor);
        var token = await launch.RedeemAsync(await AnswerAsync(page, launch, "Allow"));
        var json = token.Json;
        Assert.Equal(site.Mine, json.GetProperty("patient").GetString());
        Assert.False(json.GetProperty("need_patient_banner").GetBoolean());
        Assert.Equal("https://ehr.example/style.json", json.GetProperty("smart_style_url").GetString());
        var user = Site.Claims(json.GetProperty("id_token").GetString()!).GetProperty("fhirUser").GetString()!;
        await ReadsAsync(token, [new Uri(user).AbsolutePath["/fhir/".Length..], "Patient/" + site.Mine]);
        var introspected = await site.PostAsync("oauth/introspect", [new("token", json.GetProperty("access_token").GetString()!), .. site.Proof(site.Ehr)]);
        Assert.True(introspected.Json.GetProperty("active").GetBoolean());
        Assert.Equal(json.GetProperty("scope").GetString(), introspected.Json.GetProperty("scope").GetString());
        await site.PostAsync("oauth/revoke", [new("token", json.GetProperty("refresh_token").GetString()!), .. site.Proof(site.SecretApp)]);
        (await site.Server.GetAsync("fhir/Patient/" + site.Mine, json.GetProperty("access_token").GetString())).IsOutcome(HttpStatusCode.Unauthorized, "login");
        Assert.Equal(HttpStatusCode.BadRequest, (await launch.RefreshAsync(json.GetProperty("refresh_token").GetString()!)).Status);
    }

    [Fact]
    public async Task Backend_services_get_a_token_by_their_key()
    {
        var token = await site.TokenAsync([new("grant_type", "client_credentials"), new("scope", "system/Patient.rs system/Observation.rs"), .. site.Proof(site.KeyApp)]);
        Assert.Equal("system/Patient.rs", token.Json.GetProperty("scope").GetString());
        Assert.InRange(token.Json.GetProperty("expires_in").GetInt32(), 1, 300);
        await ReadsAsync(token, ["Patient/" + site.Mine, "Patient/" + site.Other]);
    }

    [Fact]
    public async Task A_wrong_password_is_said_on_the_page_and_no_is_an_answer()
    {
        using var launch = new Launch(site);
        var page = await chromium.OpenAsync();
        await OpenAsync(page, launch);
        Assert.Empty(await Accessibility.FaultsAsync(page));
        await SignInAsync(page, site.PatientUser, "wrong");
        Assert.Contains("That did not work", await page.GetByRole(AriaRole.Alert).InnerTextAsync(), StringComparison.Ordinal);
        await SignInAsync(page, site.PatientUser);
        var back = WaitAsync(page);
        await page.GetByRole(AriaRole.Button, new() { Name = "Do not allow" }).ClickAsync();
        var query = HttpUtility.ParseQueryString(new Uri(await back).Query);
        Assert.Equal("access_denied", query["error"]);
        Assert.Equal(launch.State, query["state"]);
    }

    private static async Task OpenAsync(IPage page, Launch launch)
    {
        await page.GotoAsync(launch.Address);
        await page.GetByRole(AriaRole.Heading, new() { Name = "Sign in" }).WaitForAsync();
    }

    private static async Task SignInAsync(IPage page, string user, string password = Site.Password)
    {
        await page.GetByLabel("User name").FillAsync(user);
        await page.GetByLabel("Password").FillAsync(password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
    }

    private async Task<string> AnswerAsync(IPage page, Launch launch, string button)
    {
        var back = WaitAsync(page);
        await page.GetByRole(AriaRole.Button, new() { Name = button, Exact = true }).ClickAsync();
        var query = HttpUtility.ParseQueryString(new Uri(await back).Query);
        Assert.Equal(launch.State, query["state"]);
        return query["code"] ?? throw new InvalidOperationException("no code came back");
    }

    private async Task<string> WaitAsync(IPage page)
    {
        await page.WaitForURLAsync(site.RedirectUri + "**");
        return page.Url;
    }

    private async Task ReadsAsync(Answer token, string[] paths)
    {
        Assert.True(token.Status == HttpStatusCode.OK, token.Text);
        foreach (var path in paths)
        {
            var answer = await site.Server.GetAsync("fhir/" + path, token.Json.GetProperty("access_token").GetString());
            Assert.True(answer.Status == HttpStatusCode.OK, $"{path}: {answer.Text}");
        }
    }

    private static IEnumerable<string?> Texts(JsonElement json, string name) => json.GetProperty(name).EnumerateArray().Select(e => e.GetString());
}
