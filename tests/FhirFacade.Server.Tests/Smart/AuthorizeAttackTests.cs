using System.Net;
using FhirFacade.Server.Tests.Rest;

namespace FhirFacade.Server.Tests.Smart;

/// <summary>The published failures of authorisation servers (RFC 6819, RFC 9700), each tried here.</summary>
public sealed class AuthorizeAttackTests(Site site) : IClassFixture<Site>
{
    public static TheoryData<string, string, string> WrongParameters => new()
    {
        { "code_challenge_method", "plain", "invalid_request" },
        { "code_challenge_method", "", "invalid_request" },
        { "code_challenge", "", "invalid_request" },
        { "code_challenge", "short", "invalid_request" },
        { "response_type", "token", "unsupported_response_type" },
        { "response_type", "code token", "unsupported_response_type" },
        { "response_type", "", "unsupported_response_type" },
        { "response_mode", "fragment", "invalid_request" },
        { "aud", "https://elsewhere.example/fhir", "invalid_request" },
        { "aud", "", "invalid_request" },
        { "request", "eyJhbGciOiJub25lIn0.e30.", "request_not_supported" },
        { "request_uri", "http://127.0.0.1:9/", "request_uri_not_supported" },
        { "scope", "system/*.cruds", "invalid_scope" },
        { "scope", "site/launch", "invalid_scope" },
        { "launch", "guessed", "invalid_scope" },
        { "prompt", "none login", "invalid_request" },
        { "prompt", "none", "login_required" },
    };

    [Theory]
    [MemberData(nameof(WrongParameters))]
    public async Task A_wrong_parameter_goes_back_to_the_app_as_an_error_before_anybody_signs_in(string name, string value, string error)
    {
        using var launch = new Launch(site);
        launch.Parameters[name] = value;
        Assert.Equal(error, launch.Back(await launch.StartAsync())["error"]);
    }

    [Fact]
    public async Task Without_state_there_is_no_code()
    {
        using var launch = new Launch(site);
        launch.Parameters.Remove("state");
        Assert.Equal("invalid_request", launch.Back(await launch.StartAsync())["error"]);
    }

    [Fact]
    public async Task A_parameter_that_comes_twice_is_refused()
    {
        using var launch = new Launch(site);
        launch.Parameters["scope&scope"] = "patient/*.rs";
        Assert.Equal("invalid_request", launch.Back(await launch.StartAsync())["error"]);
    }

    [Theory]
    [InlineData("{0}/")]
    [InlineData("{0}?x=1")]
    [InlineData("{0}#x")]
    [InlineData("{0}/../other")]
    [InlineData("{0}.evil.example")]
    [InlineData("http://127.0.0.1:9@evil.example/callback")]
    [InlineData("https://evil.example/callback")]
    [InlineData("//evil.example")]
    [InlineData("javascript:alert(1)")]
    [InlineData("data:text/html,x")]
    [InlineData("HTTP://127.0.0.1:9/callback")]
    [InlineData("http://127.0.0.1:10/callback")]
    [InlineData("")]
    public async Task Nothing_is_sent_to_an_address_that_is_not_exactly_registered(string form)
    {
        using var launch = new Launch(site);
        launch.Parameters["redirect_uri"] = form.Replace("{0}", site.RedirectUri, StringComparison.Ordinal);
        var answer = await launch.StartAsync();
        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Null(answer.Header("Location"));
        Assert.DoesNotContain("evil.example", answer.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("evil.example", answer.Header("Content-Security-Policy"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nobody")]
    [InlineData("")]
    [InlineData("<script>alert(1)</script>")]
    public async Task An_unknown_client_gets_a_page_and_no_redirect(string client)
    {
        using var launch = new Launch(site);
        launch.Parameters["client_id"] = client;
        var answer = await launch.StartAsync();
        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Null(answer.Header("Location"));
        Assert.DoesNotContain("<script>alert", answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_code_is_good_once_and_its_replay_ends_what_it_gave()
    {
        using var launch = new Launch(site);
        var code = await launch.ToCodeAsync(site.PatientUser);
        var first = await launch.RedeemAsync(code);
        var access = first.Json.GetProperty("access_token").GetString();
        Assert.Equal(HttpStatusCode.OK, (await site.Server.GetAsync("fhir/Patient/" + site.Mine, access)).Status);
        Refused(await launch.RedeemAsync(code));
        (await site.Server.GetAsync("fhir/Patient/" + site.Mine, access)).IsOutcome(HttpStatusCode.Unauthorized, "login");
        Refused(await launch.RefreshAsync(first.Json.GetProperty("refresh_token").GetString()!));
    }

    [Fact]
    public async Task Of_many_who_redeem_a_code_at_once_at_most_one_gets_anything()
    {
        using var launch = new Launch(site);
        var code = await launch.ToCodeAsync(site.PatientUser);
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => launch.RedeemAsync(code)));
        Assert.Single(answers, a => a.Status == HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("code_verifier", "0000000000000000000000000000000000000000000000000000")]
    [InlineData("redirect_uri", "https://evil.example/callback")]
    [InlineData("client_id", "{secret}")]
    public async Task A_stolen_code_is_of_no_use_and_is_used_up_by_the_attempt(string name, string value)
    {
        using var launch = new Launch(site);
        var code = await launch.ToCodeAsync(site.PatientUser);
        (string, string)[] changes = value == "{secret}" ? [("client_id", site.SecretApp), ("client_secret", site.ClientSecret)] : [(name, value)];
        Refused(await launch.RedeemAsync(code, changes));
        Refused(await launch.RedeemAsync(code));
    }

    [Theory]
    [InlineData("")]
    [InlineData("short")]
    public async Task A_code_without_its_verifier_is_refused_so_that_PKCE_cannot_be_left_out(string verifier)
    {
        using var launch = new Launch(site);
        var answer = await launch.RedeemAsync(await launch.ToCodeAsync(site.PatientUser), ("code_verifier", verifier));
        Assert.Equal("invalid_request", answer.Json.GetProperty("error").GetString());
        // The challenge itself, as with the method plain.
        using var plain = new Launch(site);
        Refused(await plain.RedeemAsync(await plain.ToCodeAsync(site.PatientUser), ("code_verifier", plain.Parameters["code_challenge"])));
    }

    [Fact]
    public async Task A_confidential_client_cannot_redeem_without_its_secret()
    {
        using var launch = new Launch(site, site.SecretApp);
        var code = await launch.ToCodeAsync(site.PatientUser);
        foreach (var secret in new[] { "", "wrong", site.ClientSecret + "x", site.ClientSecret[..^1] })
        {
            var answer = await launch.RedeemAsync(code, ("client_secret", secret));
            Assert.Equal(HttpStatusCode.Unauthorized, answer.Status);
            Assert.Equal("invalid_client", answer.Json.GetProperty("error").GetString());
        }
        Assert.Equal(HttpStatusCode.OK, (await launch.RedeemAsync(code)).Status);
    }

    [Theory]
    [InlineData("/oauth/sign-in")]
    [InlineData("/oauth/consent")]
    public async Task A_form_that_another_site_sends_is_refused(string action)
    {
        using var launch = new Launch(site);
        var page = action == "/oauth/consent" ? await launch.ToConsentAsync(site.PatientUser) : await launch.StartAsync();
        (string, string)[] more = action == "/oauth/consent" ? [("decision", "allow")] : [("user", site.PatientUser), ("password", Site.Password)];
        var fields = Browser.Fields(page, action).Concat(more.Select(m => KeyValuePair.Create(m.Item1, m.Item2))).ToList();
        // Without the token; with somebody else's; with all of the fields but none of the cookies, as from another site.
        await ComplainsAsync(launch.Browser.PostAsync(action, fields.Where(f => f.Key != "form_token")));
        using var attacker = new Launch(site);
        var theirs = Browser.Fields(action == "/oauth/consent" ? await attacker.ToConsentAsync(site.Doctor) : await attacker.StartAsync(), action).First(f => f.Key == "form_token");
        await ComplainsAsync(launch.Browser.PostAsync(action, [theirs, .. fields.Where(f => f.Key != "form_token")]));
        using var other = new Browser(site.Server.Settings.PublicUrl);
        await ComplainsAsync(other.PostAsync(action, fields));
        // The request cannot be changed on the way, nor exchanged for nothing.
        await ComplainsAsync(launch.Browser.PostAsync(action, [.. fields.Where(f => f.Key != "request"), new("request", "AAAA")]));
        await ComplainsAsync(launch.Browser.PostAsync(action, fields.Where(f => f.Key != "request")));
    }

    [Fact]
    public async Task Consent_cannot_be_given_without_signing_in()
    {
        using var launch = new Launch(site);
        var fields = Browser.Fields(await launch.StartAsync(), "/oauth/sign-in");
        var answer = await launch.Browser.PostAsync("/oauth/consent", [.. fields, new("decision", "allow"), new("scope", "patient/*.rs")]);
        Assert.Contains("<h1>Sign in</h1>", answer.Text, StringComparison.Ordinal);
        Assert.Null(answer.Header("Location"));
    }

    [Fact]
    public async Task Pages_cannot_be_framed_or_kept_or_run_scripts_and_cookies_are_out_of_reach()
    {
        using var launch = new Launch(site);
        var page = await launch.ToConsentAsync(site.PatientUser);
        var policy = page.Header("Content-Security-Policy")!;
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
        Assert.Contains("default-src 'none'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.EndsWith("form-action 'self' " + site.App, policy, StringComparison.Ordinal);
        Assert.Equal("DENY", page.Header("X-Frame-Options"));
        Assert.Equal("no-store", page.Header("Cache-Control"));
        Assert.Equal("no-referrer", page.Header("Referrer-Policy"));
        using var raw = new Launch(site);
        var signedIn = await raw.SignInAsync(site.PatientUser);
        Assert.All(signedIn.Headers["Set-Cookie"], cookie =>
        {
            Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
            Assert.Contains("samesite=lax", cookie, StringComparison.OrdinalIgnoreCase);
        });
    }

    [Fact]
    public async Task A_session_is_no_way_into_the_API()
    {
        using var launch = new Launch(site);
        await launch.ToConsentAsync(site.PatientUser);
        (await launch.Browser.GetAsync("fhir/Patient/" + site.Mine)).IsOutcome(HttpStatusCode.Unauthorized, "login");
    }

    [Fact]
    public async Task Signing_in_starts_a_session_of_its_own_whatever_cookie_was_there_before()
    {
        using var launch = new Launch(site);
        var first = await SessionAsync();
        launch.Parameters["prompt"] = "login";
        var second = await SessionAsync();
        Assert.NotEqual(first, second);

        async Task<string> SessionAsync()
        {
            await launch.SignInAsync(site.PatientUser);
            return launch.Browser.Cookies["fhirfacade-session"]!.Value;
        }
    }

    [Fact]
    public async Task A_text_with_markup_in_it_stays_a_text()
    {
        using var launch = new Launch(site);
        launch.Parameters["state"] = "\"><script>alert(1)</script>";
        var page = await launch.SignInAsync(site.Doctor);
        var found = await launch.Browser.SubmitAsync(page, "/oauth/patients", ("name", "\"><script>alert(1)</script>"));
        Assert.DoesNotContain("<script>", found.Text, StringComparison.Ordinal);
        Assert.Equal("access_denied", launch.Back(await launch.Browser.SubmitAsync(found, "/oauth/patient", ("cancel", "1")))["error"]);
    }

    private static async Task ComplainsAsync(Task<Answer> answering)
    {
        var answer = await answering;
        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Null(answer.Header("Location"));
        Assert.Contains("This does not work", answer.Text, StringComparison.Ordinal);
    }

    private static void Refused(Answer answer)
    {
        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Equal("invalid_grant", answer.Json.GetProperty("error").GetString());
    }
}
