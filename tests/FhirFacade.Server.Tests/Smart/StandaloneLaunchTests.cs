using System.Net;
using System.Text.Json;
using FhirFacade.Server.Tests.Rest;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace FhirFacade.Server.Tests.Smart;

/// <summary>The whole way of an app that opens itself: sign in, pick, consent, code, token, refresh, end.</summary>
public sealed class StandaloneLaunchTests(Site site) : IClassFixture<Site>
{
    [Theory]
    [InlineData("public")]
    [InlineData("secret")]
    [InlineData("key")]
    public async Task An_app_of_each_kind_gets_a_token_for_the_patient_who_signed_in(string kind)
    {
        using var launch = new Launch(site, kind switch { "public" => site.PublicApp, "secret" => site.SecretApp, _ => site.KeyApp });
        var answer = await launch.ToTokenAsync(site.PatientUser);
        Assert.Equal("no-store", answer.Header("Cache-Control"));
        Assert.Equal("Bearer", Text(answer, "token_type"));
        Assert.Equal(site.Mine, Text(answer, "patient"));
        Assert.Equal("openid fhirUser launch/patient offline_access patient/*.rs", Text(answer, "scope"));
        var token = Text(answer, "access_token");
        Assert.Equal(HttpStatusCode.OK, (await site.Server.GetAsync("fhir/Patient/" + site.Mine, token)).Status);
        Assert.Equal(HttpStatusCode.OK, (await site.Server.GetAsync("fhir/Observation/obs-" + site.Mine, token)).Status);
        (await site.Server.GetAsync("fhir/Patient/" + site.Other, token)).IsOutcome(HttpStatusCode.NotFound, "not-found");
        (await site.Server.GetAsync("fhir/Observation/obs-" + site.Other, token)).IsOutcome(HttpStatusCode.NotFound, "not-found");
    }

    [Fact]
    public async Task The_id_token_is_for_the_app_says_who_signed_in_and_verifies_against_the_published_keys()
    {
        using var launch = new Launch(site);
        launch.Parameters["nonce"] = "n-0S6_WzA2Mj";
        var answer = await launch.ToTokenAsync(site.PatientUser);
        var openid = await site.Server.GetAsync(".well-known/openid-configuration", token: null);
        var keys = await site.Server.GetAsync(new Uri(openid.Json.GetProperty("jwks_uri").GetString()!).PathAndQuery, token: null);
        var result = await new JsonWebTokenHandler().ValidateTokenAsync(Text(answer, "id_token"), new TokenValidationParameters
        {
            ValidIssuer = openid.Json.GetProperty("issuer").GetString(), ValidAudience = site.PublicApp, IssuerSigningKeys = new JsonWebKeySet(keys.Text).Keys, ValidAlgorithms = ["RS256"],
        });
        Assert.True(result.IsValid, result.Exception?.Message);
        Assert.Equal($"{site.Server.Settings.FhirBase}/Patient/{site.Mine}", result.Claims["fhirUser"]);
        Assert.Equal("n-0S6_WzA2Mj", result.Claims["nonce"]);
        // It is no access token.
        (await site.Server.GetAsync("fhir/Patient/" + site.Mine, Text(answer, "id_token"))).IsOutcome(HttpStatusCode.Unauthorized, "login");
    }

    [Fact]
    public async Task A_practitioner_picks_a_patient_of_theirs_and_is_offered_no_other()
    {
        using var launch = new Launch(site);
        var page = await launch.SignInAsync(site.Doctor);
        Assert.Contains($"value=\"{site.Mine}\"", page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(site.Other, page.Text, StringComparison.Ordinal);
        var found = await launch.Browser.SubmitAsync(page, "/oauth/patients", ("name", "Family"));
        Assert.Contains($"value=\"{site.Mine}\"", found.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(site.Other, found.Text, StringComparison.Ordinal);
        Assert.Contains("No patient was found", (await launch.Browser.SubmitAsync(page, "/oauth/patients", ("name", "Nobodyhere"))).Text, StringComparison.Ordinal);
        var consent = await launch.Browser.SubmitAsync(found, "/oauth/patient", ("patient", site.Mine));
        var token = await launch.RedeemAsync(launch.Code(await launch.Browser.SubmitAsync(consent, "/oauth/consent", ("decision", "allow"))));
        Assert.Equal(site.Mine, Text(token, "patient"));
    }

    [Fact]
    public async Task A_patient_whom_the_person_may_not_see_cannot_be_picked_by_hand()
    {
        using var launch = new Launch(site);
        var page = await launch.SignInAsync(site.Doctor);
        Assert.Equal("access_denied", launch.Back(await launch.Browser.SubmitAsync(page, "/oauth/patient", ("patient", site.Other)))["error"]);
        Assert.Equal("access_denied", launch.Back(await launch.Browser.SubmitAsync(page, "/oauth/patient", ("patient", "nobody")))["error"]);
        Assert.Contains("Choose a patient", (await launch.Browser.SubmitAsync(page, "/oauth/patient", ("patient", ""))).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_unticked_is_not_granted_and_everything_else_is_named()
    {
        var user = await site.NewPatientUserAsync();
        using var launch = new Launch(site);
        var consent = await launch.ToConsentAsync(user);
        var back = await launch.Browser.SubmitAsync(consent, "/oauth/consent", fields =>
        {
            fields.RemoveAll(f => f.Value is "patient/Observation.rs" or "offline_access");
            fields.Add(new("decision", "allow"));
        });
        var answer = await launch.RedeemAsync(launch.Code(back));
        var scope = Text(answer, "scope").Split(' ');
        Assert.DoesNotContain("patient/*.rs", scope);
        Assert.DoesNotContain("patient/Observation.rs", scope);
        Assert.DoesNotContain("offline_access", scope);
        Assert.Contains("patient/Condition.rs", scope);
        Assert.Contains("patient/BodyStructure.rs", scope);
        Assert.False(answer.Json.TryGetProperty("refresh_token", out _));
        Assert.Equal(HttpStatusCode.OK, (await site.Server.GetAsync("fhir/Patient/" + site.Mine, Text(answer, "access_token"))).Status);
        (await site.Server.GetAsync("fhir/Observation/obs-" + site.Mine, Text(answer, "access_token"))).IsOutcome(HttpStatusCode.Forbidden, "forbidden");
        // The next time the same box is not ticked.
        using var again = new Launch(site);
        var ticked = PlainBrowser.Fields(await again.ToConsentAsync(user), "/oauth/consent").Select(f => f.Value).ToList();
        Assert.DoesNotContain("patient/Observation.rs", ticked);
        Assert.Contains("patient/Condition.rs", ticked);
        // What was never asked before is.
        using var more = new Launch(site, scope: "launch/patient patient/*.rs user/*.rs");
        Assert.Contains("user/Observation.rs", PlainBrowser.Fields(await more.ToConsentAsync(user), "/oauth/consent").Select(f => f.Value));
    }

    [Fact]
    public async Task Ticks_for_what_was_not_offered_bring_nothing()
    {
        using var launch = new Launch(site, scope: "launch/patient patient/Condition.r");
        var back = await launch.Browser.SubmitAsync(await launch.ToConsentAsync(site.PatientUser), "/oauth/consent",
            ("scope", "patient/*.cruds"), ("scope", "other patient/*.cruds"), ("scope", "user/*.cruds"), ("scope", "system/*.cruds"), ("scope", "offline_access"), ("scope", "patient/Condition.cruds"), ("decision", "allow"));
        Assert.Equal("launch/patient patient/Condition.r", Text(await launch.RedeemAsync(launch.Code(back)), "scope"));
    }

    [Fact]
    public async Task Granular_scopes_of_both_versions_pass_through_and_cut_what_is_seen()
    {
        using var launch = new Launch(site, scope: "launch/patient patient/Patient.read patient/Observation.rs?category=http://terminology.hl7.org/CodeSystem/observation-category|vital-signs");
        var answer = await launch.ToTokenAsync(site.PatientUser);
        Assert.Equal(launch.Parameters["scope"], Text(answer, "scope"));
        Assert.Equal(HttpStatusCode.OK, (await site.Server.GetAsync("fhir/Patient/" + site.Mine, Text(answer, "access_token"))).Status);
        (await site.Server.GetAsync("fhir/Observation/obs-" + site.Mine, Text(answer, "access_token"))).IsOutcome(HttpStatusCode.NotFound, "not-found");
    }

    [Fact]
    public async Task A_refused_consent_and_a_cancelled_sign_in_go_back_as_errors()
    {
        using var launch = new Launch(site);
        var page = await launch.StartAsync();
        Assert.Equal("access_denied", launch.Back(await launch.Browser.SubmitAsync(page, "/oauth/sign-in", ("cancel", "1")))["error"]);
        Assert.Equal("access_denied", launch.Back(await launch.Browser.SubmitAsync(await launch.ToConsentAsync(site.PatientUser), "/oauth/consent", ("decision", "deny")))["error"]);
        Assert.Equal("access_denied", launch.Back(await launch.Browser.SubmitAsync(await launch.StartAsync(), "/oauth/consent", f => { f.RemoveAll(x => x.Key == "scope"); f.Add(new("decision", "allow")); }))["error"]);
    }

    [Fact]
    public async Task Refresh_tokens_rotate_and_bring_the_same_or_less()
    {
        using var launch = new Launch(site);
        var first = await launch.ToTokenAsync(site.PatientUser);
        var second = await launch.RefreshAsync(Text(first, "refresh_token"));
        Assert.Equal(HttpStatusCode.OK, second.Status);
        Assert.Equal(site.Mine, Text(second, "patient"));
        Assert.NotEqual(Text(first, "refresh_token"), Text(second, "refresh_token"));
        var less = await launch.RefreshAsync(Text(second, "refresh_token"), "launch/patient patient/Condition.rs");
        Assert.Equal("launch/patient patient/Condition.rs", Text(less, "scope"));
        (await site.Server.GetAsync("fhir/Observation/obs-" + site.Mine, Text(less, "access_token"))).IsOutcome(HttpStatusCode.Forbidden, "forbidden");
        // Asking for more does not use the token up; the next one still stands for all.
        Assert.Equal("invalid_scope", Text(await launch.RefreshAsync(Text(less, "refresh_token"), "system/*.cruds"), "error"));
        Assert.Equal("invalid_scope", Text(await launch.RefreshAsync(Text(less, "refresh_token"), "patient/*.cruds"), "error"));
        Assert.Equal(Text(first, "scope"), Text(await launch.RefreshAsync(Text(less, "refresh_token")), "scope"));
    }

    [Fact]
    public async Task A_refresh_token_that_comes_again_ends_the_whole_family_and_its_access_tokens_at_once()
    {
        using var launch = new Launch(site);
        var first = await launch.ToTokenAsync(site.PatientUser);
        var second = await launch.RefreshAsync(Text(first, "refresh_token"));
        Assert.Equal(HttpStatusCode.OK, (await site.Server.GetAsync("fhir/Patient/" + site.Mine, Text(second, "access_token"))).Status);
        Assert.Equal("invalid_grant", Text(await launch.RefreshAsync(Text(first, "refresh_token")), "error"));
        Assert.Equal("invalid_grant", Text(await launch.RefreshAsync(Text(second, "refresh_token")), "error"));
        (await site.Server.GetAsync("fhir/Patient/" + site.Mine, Text(second, "access_token"))).IsOutcome(HttpStatusCode.Unauthorized, "login");
        (await site.Server.GetAsync("fhir/Patient/" + site.Mine, Text(first, "access_token"))).IsOutcome(HttpStatusCode.Unauthorized, "login");
    }

    [Fact]
    public async Task Of_many_who_refresh_at_once_with_one_token_at_most_one_gets_anything()
    {
        using var launch = new Launch(site);
        var first = await launch.ToTokenAsync(site.PatientUser);
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => launch.RefreshAsync(Text(first, "refresh_token"))));
        Assert.Single(answers, a => a.Status == HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_refresh_token_of_another_client_ends_it()
    {
        using var launch = new Launch(site);
        var token = Text(await launch.ToTokenAsync(site.PatientUser), "refresh_token");
        Assert.Equal("invalid_grant", Text(await launch.RefreshAsync(token, client: site.SecretApp), "error"));
        Assert.Equal("invalid_grant", Text(await launch.RefreshAsync(token), "error"));
    }

    [Fact]
    public async Task Online_access_ends_with_the_session()
    {
        using var launch = new Launch(site, scope: "launch/patient online_access patient/*.rs");
        var first = await launch.ToTokenAsync(site.PatientUser);
        var second = await launch.RefreshAsync(Text(first, "refresh_token"));
        Assert.Equal(HttpStatusCode.OK, second.Status);
        // Somebody signs in anew with the same browser: the session before it is over.
        launch.Parameters["prompt"] = "login";
        Assert.Contains("Allow Public app", (await launch.SignInAsync(site.PatientUser)).Text, StringComparison.Ordinal);
        Assert.Equal("invalid_grant", Text(await launch.RefreshAsync(Text(second, "refresh_token")), "error"));
    }

    [Fact]
    public async Task A_revoked_token_is_refused_at_the_next_request_here_and_at_other_instances()
    {
        await using var other = await RunningServer.StartAsync(await site.DataSourceAsync(), demo: false);
        using var launch = new Launch(site);
        var answer = await launch.ToTokenAsync(site.PatientUser);
        var (access, refresh) = (Text(answer, "access_token"), Text(answer, "refresh_token"));
        Assert.Equal(HttpStatusCode.OK, (await site.Server.GetAsync("fhir/Patient/" + site.Mine, access)).Status);
        // Another client's word counts for nothing, and it is not told so.
        Assert.Equal(HttpStatusCode.OK, (await site.PostAsync("oauth/revoke", [new("token", access), .. site.Proof(site.SecretApp)])).Status);
        Assert.Equal(HttpStatusCode.OK, (await site.Server.GetAsync("fhir/Patient/" + site.Mine, access)).Status);
        Assert.Equal(HttpStatusCode.OK, (await site.PostAsync("oauth/revoke", [new("token", access), .. site.Proof(site.PublicApp)])).Status);
        var refused = await site.Server.GetAsync("fhir/Patient/" + site.Mine, access);
        refused.IsOutcome(HttpStatusCode.Unauthorized, "login");
        Assert.Contains("invalid_token", refused.Header("WWW-Authenticate"), StringComparison.Ordinal);
        // The refresh token is still good; given back, it takes with it what came from it.
        var next = await launch.RefreshAsync(refresh);
        Assert.Equal(HttpStatusCode.OK, (await site.PostAsync("oauth/revoke", [new("token", Text(next, "refresh_token")), .. site.Proof(site.PublicApp)])).Status);
        (await site.Server.GetAsync("fhir/Patient/" + site.Mine, Text(next, "access_token"))).IsOutcome(HttpStatusCode.Unauthorized, "login");
        Assert.Equal("invalid_grant", Text(await launch.RefreshAsync(Text(next, "refresh_token")), "error"));
        var revoked = other.Services.GetService(typeof(FhirFacade.Server.Smart.RevokedTokens)) as FhirFacade.Server.Smart.RevokedTokens;
        var caller = new System.Security.Claims.ClaimsPrincipal(new System.Security.Claims.ClaimsIdentity([new("jti", Site.Claims(access).GetProperty("jti").GetString()!)]));
        for (var i = 0; i < 100 && !revoked!.IsRevoked(caller); i++)
        {
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }
        Assert.True(revoked!.IsRevoked(caller));
    }

    [Fact]
    public async Task Introspection_tells_clients_of_their_own_tokens_and_trusted_systems_of_all()
    {
        using var launch = new Launch(site, site.SecretApp);
        var answer = await launch.ToTokenAsync(site.PatientUser);
        var own = await IntrospectAsync(Text(answer, "access_token"), site.SecretApp);
        Assert.True(own.GetProperty("active").GetBoolean());
        Assert.Equal(site.Mine, own.GetProperty("patient").GetString());
        Assert.Equal(Text(answer, "scope"), own.GetProperty("scope").GetString());
        Assert.Equal(site.SecretApp, own.GetProperty("client_id").GetString());
        Assert.EndsWith("/fhir/Patient/" + site.Mine, own.GetProperty("fhirUser").GetString(), StringComparison.Ordinal);
        Assert.True(own.GetProperty("exp").GetInt64() > Forge.In(TimeSpan.Zero));
        Assert.True((await IntrospectAsync(Text(answer, "access_token"), site.Ehr)).GetProperty("active").GetBoolean());
        Assert.True((await IntrospectAsync(Text(answer, "refresh_token"), site.SecretApp)).GetProperty("active").GetBoolean());
        foreach (var (token, client) in new[] { (Text(answer, "access_token"), site.KeyApp), (Text(answer, "refresh_token"), site.KeyApp), (Text(answer, "id_token"), site.SecretApp), ("nonsense", site.SecretApp), ("", site.SecretApp) })
        {
            Assert.Equal("""{"active":false}""", (await IntrospectAsync(token, client)).GetRawText());
        }
        Assert.Equal(HttpStatusCode.Unauthorized, (await site.PostAsync("oauth/introspect", [new("token", "x"), new("client_id", site.PublicApp)])).Status);
        await site.PostAsync("oauth/revoke", [new("token", Text(answer, "refresh_token")), .. site.Proof(site.SecretApp)]);
        Assert.False((await IntrospectAsync(Text(answer, "access_token"), site.Ehr)).GetProperty("active").GetBoolean());
    }

    private async Task<JsonElement> IntrospectAsync(string token, string client) => (await site.PostAsync("oauth/introspect", [new("token", token), .. site.Proof(client)])).Json;

    private static string Text(Answer answer, string name) =>
        answer.Json.TryGetProperty(name, out var value) ? value.GetString()! : throw new InvalidOperationException($"no {name} in {answer.Text}");
}
