using System.Net;
using FhirFacade.Server.Tests.Rest;

namespace FhirFacade.Server.Tests.Smart;

/// <summary>Those of the published failures of authorisation servers (RFC 6819, RFC 9700) that it takes pages, sessions or several apps to try; the others are among the attacks.</summary>
public sealed class AuthorizeAttackTests(Site site) : IClassFixture<Site>
{
    [Fact]
    public async Task A_stolen_code_is_of_no_use_to_another_client_and_is_used_up_by_the_attempt()
    {
        using var launch = new Launch(site);
        var code = await launch.ToCodeAsync(site.PatientUser);
        Refused(await launch.RedeemAsync(code, ("client_id", site.SecretApp), ("client_secret", site.ClientSecret)));
        Refused(await launch.RedeemAsync(code));
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
        var fields = PlainBrowser.Fields(page, action).Concat(more.Select(m => KeyValuePair.Create(m.Item1, m.Item2))).ToList();
        // Without the token; with somebody else's; with all of the fields but none of the cookies, as from another site.
        await ComplainsAsync(launch.Browser.PostAsync(action, fields.Where(f => f.Key != "form_token")));
        using var attacker = new Launch(site);
        var theirs = PlainBrowser.Fields(action == "/oauth/consent" ? await attacker.ToConsentAsync(site.Doctor) : await attacker.StartAsync(), action).First(f => f.Key == "form_token");
        await ComplainsAsync(launch.Browser.PostAsync(action, [theirs, .. fields.Where(f => f.Key != "form_token")]));
        using var other = new PlainBrowser(site.Server.Settings.PublicUrl);
        await ComplainsAsync(other.PostAsync(action, fields));
        // The request cannot be changed on the way, nor exchanged for nothing.
        await ComplainsAsync(launch.Browser.PostAsync(action, [.. fields, new("name", "a\0b")]));
        await ComplainsAsync(launch.Browser.PostAsync(action, [.. fields.Where(f => f.Key != "request"), new("request", "AAAA")]));
        await ComplainsAsync(launch.Browser.PostAsync(action, fields.Where(f => f.Key != "request")));
    }

    [Fact]
    public async Task Consent_cannot_be_given_without_signing_in()
    {
        using var launch = new Launch(site);
        var fields = PlainBrowser.Fields(await launch.StartAsync(), "/oauth/sign-in");
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
