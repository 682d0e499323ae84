using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using FhirFacade.Server.Tests.Rest;
using Microsoft.Playwright;

namespace FhirFacade.Server.Tests.Smart;

/// <summary>Single steps of the certification of 45 CFR 170.315(g)(10), as its test procedure looks at them, beside the whole launches of <see cref="CertificationTests"/>.</summary>
public sealed class CertificationStepsTests(Site site, Pages.Browser chromium) : IClassFixture<Site>
{
    private const string Origin = "https://app.example";

    // The scopes that the procedure asks a standalone app to have.
    private const string Resources = "Medication AllergyIntolerance CarePlan CareTeam Condition Device DiagnosticReport DocumentReference Encounter Goal Immunization Location MedicationRequest Observation Organization Patient Practitioner Procedure Provenance PractitionerRole";

    [Fact]
    public async Task A_person_grants_parts_of_Condition_and_Observation_instead_of_the_whole()
    {
        using var launch = new Launch(site, site.KeyApp, "launch/patient openid fhirUser offline_access patient/Condition.rs patient/Observation.rs patient/Patient.rs");
        var page = await chromium.OpenAsync();
        await page.GotoAsync(launch.Address);
        await page.GetByLabel("User name").FillAsync(await site.NewPatientUserAsync());
        await page.GetByLabel("Password").FillAsync(Site.Password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        foreach (var part in new[] { "Diagnoses of visits", "The list of problems", "Health concerns", "Clinical tests", "Laboratory results", "Social history", "Living conditions", "Surveys", "Vital signs" })
        {
            Assert.False(await page.GetByLabel("Only: " + part).IsCheckedAsync(), part);
        }
        await page.Locator("input[value='patient/Observation.rs']").UncheckAsync();
        await page.Locator("input[value='patient/Condition.rs']").UncheckAsync();
        await page.GetByLabel("Only: Laboratory results").CheckAsync();
        await page.GetByLabel("Only: Health concerns").CheckAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Allow", Exact = true }).ClickAsync();
        await page.WaitForURLAsync(site.RedirectUri + "**");
        var token = (await launch.RedeemAsync(System.Web.HttpUtility.ParseQueryString(new Uri(page.Url).Query)["code"]!)).Json;
        Assert.Equal(
            [
                "launch/patient", "openid", "fhirUser", "offline_access", "patient/Condition.rs?category=http://hl7.org/fhir/us/core/CodeSystem/condition-category|health-concern",
                "patient/Observation.rs?category=http://terminology.hl7.org/CodeSystem/observation-category|laboratory", "patient/Patient.rs",
            ],
            token.GetProperty("scope").GetString()!.Split(' ').Select(Uri.UnescapeDataString));
        var access = token.GetProperty("access_token").GetString();
        Assert.Equal(["Observation/obs-" + site.Mine], (await site.Server.GetAsync($"fhir/Observation?patient={site.Mine}", access)).Matches);
        Assert.Empty((await site.Server.GetAsync($"fhir/Condition?patient={site.Mine}", access)).Matches);
    }

    [Fact]
    public async Task Parts_that_were_chosen_are_chosen_again_next_time_and_wildcards_have_them_too()
    {
        var user = await site.NewPatientUserAsync();
        using var first = new Launch(site);
        const string laboratory = "patient/Observation.rs?category=http://terminology.hl7.org/CodeSystem/observation-category|laboratory";
        var page = await first.ToConsentAsync(user);
        var back = await first.Browser.SubmitAsync(page, "/oauth/consent", fields =>
        {
            fields.RemoveAll(f => f.Value == "patient/Observation.rs");
            fields.Add(new("scope", laboratory));
            fields.Add(new("decision", "allow"));
        });
        var scope = (await first.RedeemAsync(first.Code(back))).Json.GetProperty("scope").GetString()!.Split(' ');
        Assert.Contains(laboratory, scope);
        Assert.DoesNotContain("patient/Observation.rs", scope);
        Assert.Contains("patient/Condition.rs", scope);
        using var again = new Launch(site);
        var ticked = PlainBrowser.Fields(await again.ToConsentAsync(user), "/oauth/consent").Select(f => f.Value).ToList();
        Assert.Contains(laboratory, ticked);
        Assert.DoesNotContain("patient/Observation.rs", ticked);
        // A part of what was not asked for is nothing.
        using var narrow = new Launch(site, scope: "launch/patient patient/Condition.rs");
        var refused = await narrow.Browser.SubmitAsync(await narrow.ToConsentAsync(user), "/oauth/consent", ("scope", laboratory), ("decision", "allow"));
        Assert.Equal("launch/patient patient/Condition.rs", (await narrow.RedeemAsync(narrow.Code(refused))).Json.GetProperty("scope").GetString());
    }

    [Fact]
    public async Task Every_EHR_launch_tells_banner_and_style_and_the_style_is_there()
    {
        var wish = new JsonObject { ["client_id"] = site.SecretApp, ["patient"] = site.Mine };
        var opened = await site.Server.SendAsync(HttpMethod.Post, "oauth/launch", await site.EhrTokenAsync(), wish.ToJsonString(), "application/json");
        using var launch = new Launch(site, site.SecretApp, "launch openid fhirUser offline_access " + Scopes("user", "rs"));
        launch.Parameters["launch"] = opened.Json.GetProperty("launch").GetString()!;
        // The procedure has EHR launches authorised by POST.
        var page = await launch.Browser.PostAsync("oauth/authorize", launch.Parameters);
        var consent = await launch.Browser.SubmitAsync(page, "/oauth/sign-in", ("user", site.Doctor), ("password", Site.Password));
        var token = (await launch.RedeemAsync(launch.Code(await launch.Browser.SubmitAsync(consent, "/oauth/consent", ("decision", "allow"))))).Json;
        Assert.True(token.GetProperty("need_patient_banner").GetBoolean());
        var style = await site.Server.GetAsync(new Uri(token.GetProperty("smart_style_url").GetString()!).PathAndQuery, token: null, ("Origin", Origin));
        Assert.Equal(HttpStatusCode.OK, style.Status);
        Assert.Equal(JsonValueKind.String, style.Json.GetProperty("color_background").ValueKind);
        Assert.Equal("*", style.Header("Access-Control-Allow-Origin"));
        Assert.Equal(launch.Parameters["scope"], token.GetProperty("scope").GetString());
    }

    [Theory]
    [InlineData("read")]
    [InlineData("rs")]
    public async Task A_standalone_app_gets_all_that_it_asks_for_with_the_headers_and_members_that_are_looked_at(string permission)
    {
        using var launch = new Launch(site, scope: "launch/patient openid fhirUser offline_access " + Scopes("patient", permission));
        var answer = await launch.ToTokenAsync(await site.NewPatientUserAsync());
        AssertTokenResponse(answer, launch.Parameters["scope"]);
        Assert.Equal(site.Mine, answer.Json.GetProperty("patient").GetString());
        var refresh = answer.Json.GetProperty("refresh_token").GetString()!;
        var refreshed = await launch.RefreshAsync(refresh);
        AssertTokenResponse(refreshed, launch.Parameters["scope"]);
        var narrowed = await launch.RefreshAsync(refreshed.Json.GetProperty("refresh_token").GetString()!, launch.Parameters["scope"]);
        AssertTokenResponse(narrowed, launch.Parameters["scope"]);
        Assert.Equal(HttpStatusCode.BadRequest, (await launch.RefreshAsync("not-a-token")).Status);
    }

    [Fact]
    public async Task Discovery_has_every_member_of_its_kind_and_names_its_issuer()
    {
        var smart = (await site.Server.GetAsync("fhir/.well-known/smart-configuration", null)).Json;
        foreach (var (name, kind) in new[]
        {
            ("authorization_endpoint", JsonValueKind.String), ("token_endpoint", JsonValueKind.String), ("issuer", JsonValueKind.String), ("jwks_uri", JsonValueKind.String),
            ("capabilities", JsonValueKind.Array), ("grant_types_supported", JsonValueKind.Array), ("code_challenge_methods_supported", JsonValueKind.Array), ("scopes_supported", JsonValueKind.Array),
        })
        {
            Assert.Equal(kind, smart.GetProperty(name).ValueKind);
        }
        Assert.Equal(["S256"], smart.GetProperty("code_challenge_methods_supported").EnumerateArray().Select(m => m.GetString()));
        var openid = (await site.Server.GetAsync(".well-known/openid-configuration", null)).Json;
        foreach (var name in new[] { "issuer", "authorization_endpoint", "token_endpoint", "jwks_uri", "response_types_supported", "subject_types_supported", "id_token_signing_alg_values_supported" })
        {
            Assert.True(openid.TryGetProperty(name, out _), name);
        }
    }

    [Fact]
    public async Task An_app_in_a_browser_may_read_discovery_tokens_and_data_from_its_origin()
    {
        foreach (var path in new[] { "fhir/.well-known/smart-configuration", "fhir/metadata", ".well-known/openid-configuration", "oauth/token", "fhir/Patient/" + site.Mine })
        {
            Assert.Equal("*", (await site.Server.GetAsync(path, null, ("Origin", Origin))).Header("Access-Control-Allow-Origin"));
        }
        using var launch = new Launch(site);
        var code = await launch.ToCodeAsync(site.PatientUser);
        var answer = await site.PostAsync("oauth/token", [new("grant_type", "authorization_code"), new("code", code), new("redirect_uri", site.RedirectUri), new("code_verifier", launch.Verifier), new("client_id", site.PublicApp)], ("Origin", Origin));
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal("*", answer.Header("Access-Control-Allow-Origin"));
    }

    [Fact]
    public async Task Introspection_says_the_same_as_the_token_response_and_the_id_token_and_nothing_of_what_is_not_active()
    {
        using var launch = new Launch(site, site.SecretApp);
        var token = (await launch.ToTokenAsync(site.PatientUser)).Json;
        var identity = Site.Claims(token.GetProperty("id_token").GetString()!);
        var said = (await site.PostAsync("oauth/introspect", [new("token", token.GetProperty("access_token").GetString()!), .. site.Proof(site.SecretApp)])).Json;
        Assert.True(said.GetProperty("active").GetBoolean());
        Assert.Equal(JsonValueKind.Number, said.GetProperty("exp").ValueKind);
        Assert.Equal(site.SecretApp, said.GetProperty("client_id").GetString());
        foreach (var name in new[] { "scope", "patient" })
        {
            Assert.Equal(token.GetProperty(name).GetString(), said.GetProperty(name).GetString());
        }
        foreach (var name in new[] { "iss", "sub", "fhirUser" })
        {
            Assert.Equal(identity.GetProperty(name).GetString(), said.GetProperty(name).GetString());
        }
        Assert.Equal("""{"active":false}""", (await site.PostAsync("oauth/introspect", [new("token", "invalid"), .. site.Proof(site.SecretApp)])).Text);
    }

    [Fact]
    public async Task Backend_services_are_told_what_is_wrong_by_the_status_that_is_looked_for()
    {
        KeyValuePair<string, string>[] right = [new("grant_type", "client_credentials"), new("scope", "system/Patient.rs"), .. site.Proof(site.KeyApp)];
        Assert.Equal(HttpStatusCode.BadRequest, (await site.TokenAsync(With(right, "grant_type", "not_a_grant_type"))).Status);
        right = [new("grant_type", "client_credentials"), new("scope", "system/Patient.rs"), .. site.Proof(site.KeyApp)];
        var type = await site.TokenAsync(With(right, "client_assertion_type", "not_an_assertion_type"));
        Assert.Equal(HttpStatusCode.BadRequest, type.Status);
        Assert.Equal("invalid_request", type.Json.GetProperty("error").GetString());
        Assert.Equal(HttpStatusCode.Unauthorized, (await site.TokenAsync(With(right, "client_assertion", "not_a_jwt"))).Status);
        var answer = await site.TokenAsync(right);
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Equal("bearer", answer.Json.GetProperty("token_type").GetString(), ignoreCase: true);
    }

    [Fact]
    public async Task A_code_is_not_redeemed_without_the_right_verifier_nor_for_another_client()
    {
        foreach (var verifier in new[] { "", new string('a', 43), null })
        {
            using var launch = new Launch(site);
            var code = await launch.ToCodeAsync(site.PatientUser);
            // The challenge itself, as a client of the method plain would send it, is none.
            var answer = await launch.RedeemAsync(code, ("code_verifier", verifier ?? launch.Parameters["code_challenge"]));
            Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        }
        using var other = new Launch(site);
        Assert.True((await other.RedeemAsync(await other.ToCodeAsync(site.PatientUser), ("client_id", "BAD_CLIENT_ID"))).Status is HttpStatusCode.BadRequest or HttpStatusCode.Unauthorized);
        using var wrong = new Launch(site);
        Assert.Equal(HttpStatusCode.BadRequest, (await wrong.RedeemAsync("BAD_CODE")).Status);
    }

    [Fact]
    public async Task A_launch_at_another_server_or_with_a_made_up_launch_gives_no_code()
    {
        using var aud = new Launch(site);
        aud.Parameters["aud"] = "https://other.example/fhir";
        Assert.Equal("invalid_request", aud.Back(await aud.StartAsync())["error"]);
        using var launch = new Launch(site, scope: "launch patient/*.rs");
        launch.Parameters["launch"] = "made-up";
        Assert.Equal("invalid_request", launch.Back(await launch.SignInAsync(site.Doctor))["error"]);
    }

    private static string Scopes(string context, string permission) => string.Join(' ', Resources.Split(' ').Select(type => $"{context}/{type}.{permission}"));

    private static IEnumerable<KeyValuePair<string, string>> With(IEnumerable<KeyValuePair<string, string>> form, string name, string value) => form.Select(f => f.Key == name ? new(name, value) : f);

    private static void AssertTokenResponse(Answer answer, string scope)
    {
        Assert.True(answer.Status == HttpStatusCode.OK, answer.Text);
        Assert.Contains("no-store", answer.Header("Cache-Control"), StringComparison.Ordinal);
        Assert.Contains("no-cache", answer.Header("Pragma"), StringComparison.Ordinal);
        Assert.Equal(JsonValueKind.String, answer.Json.GetProperty("access_token").ValueKind);
        Assert.Equal("bearer", answer.Json.GetProperty("token_type").GetString(), ignoreCase: true);
        Assert.Equal(JsonValueKind.Number, answer.Json.GetProperty("expires_in").ValueKind);
        Assert.Equal(scope, answer.Json.GetProperty("scope").GetString());
    }
}
