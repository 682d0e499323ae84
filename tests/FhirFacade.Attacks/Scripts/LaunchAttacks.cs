using System.Net;
using FhirFacade.Attacks.Http;
using FhirFacade.Attacks.Tokens;

namespace FhirFacade.Attacks.Scripts;

/// <summary>The published failures of authorisation servers (RFC 6819, RFC 9700): what comes back to the app, and what a code or a refresh token is good for.</summary>
public static class LaunchAttacks
{
    private static readonly (string Name, string Value, string Error)[] wrong =
    [
        ("code_challenge_method", "plain", "invalid_request"), ("code_challenge_method", "", "invalid_request"), ("code_challenge", "", "invalid_request"), ("code_challenge", "short", "invalid_request"),
        ("response_type", "token", "unsupported_response_type"), ("response_type", "code token", "unsupported_response_type"), ("response_type", "", "unsupported_response_type"), ("response_mode", "fragment", "invalid_request"),
        ("aud", "https://elsewhere.example/fhir", "invalid_request"), ("aud", "", "invalid_request"), ("request", "eyJhbGciOiJub25lIn0.e30.", "request_not_supported"),
        ("request_uri", "http://127.0.0.1:9/", "request_uri_not_supported"), ("scope", "system/*.cruds", "invalid_scope"), ("scope", "site/launch", "invalid_scope"), ("launch", "guessed", "invalid_scope"),
        ("prompt", "none login", "invalid_request"), ("prompt", "none", "login_required"), ("state", "", "invalid_request"), ("scope&scope", "patient/*.rs", "invalid_request"),
    ];

    private static readonly string[] redirects =
    [
        "{0}/", "{0}?x=1", "{0}#x", "{0}/../other", "{0}.evil.example", "http://127.0.0.1:9@evil.example/callback", "https://evil.example/callback", "//evil.example", "javascript:alert(1)", "data:text/html,x",
        "HTTP://127.0.0.1:9/callback", "http://127.0.0.1:10/callback", "",
    ];

    private static readonly (string Name, Func<Site, Task<string>> RunAsync)[] all =
    [
        .. wrong.Select(w => ($"launch: {w.Name.Replace('&', '+')} is {(w.Value.Length == 0 ? "nothing" : w.Value)}", (Func<Site, Task<string>>)(site => ParameterAsync(site, w.Name, w.Value, w.Error)))),
        .. redirects.Select(form => ($"launch: sent back to {form.Replace("{0}", "the address", StringComparison.Ordinal)}", (Func<Site, Task<string>>)(site => RedirectedAsync(site, form)))),
        .. new[] { "nobody", "", "<script>alert(1)</script>" }.Select(client => ($"launch: the client is {client}", (Func<Site, Task<string>>)(site => UnknownAsync(site, client)))),
        ("launch: a code is replayed", ReplayAsync),
        ("launch: a code is redeemed by many at once", RaceAsync),
        ("launch: a code is redeemed with another verifier", site => StolenAsync(site, "code_verifier", "0000000000000000000000000000000000000000000000000000")),
        ("launch: a code is redeemed for another address", site => StolenAsync(site, "redirect_uri", "https://evil.example/callback")),
        ("launch: a code is redeemed without its verifier", site => NotGivenAsync(site, _ => "")),
        ("launch: a code is redeemed with the challenge, as with the method plain", site => NotGivenAsync(site, launch => launch.Parameters["code_challenge"])),
        ("launch: a refresh token is used twice", RefreshedTwiceAsync),
        ("launch: a refresh token is used for more than was given", RefreshedForMoreAsync),
        ("launch: an identity token is used as an access token", IdentityAsync),
        ("launch: a session of the browser is used for the API", SessionAsync),
        ("launch: the answer names its issuer, against mix-up", IssuerAsync),
    ];

    /// <summary>What they are called.</summary>
    public static IReadOnlyList<string> Names { get; } = [.. all.Select(attack => attack.Name)];

    /// <summary>Tries them all; the patient that is picked has to be there.</summary>
    public static async Task<IReadOnlyList<Finding>> RunAsync(Site site)
    {
        ArgumentNullException.ThrowIfNull(site);
        var findings = new List<Finding>();
        foreach (var (name, run) in all)
        {
            findings.Add(site.Target.User is null || site.Target.App is null ? new Finding(name, "app", Verdict.NotApplicable, "no app and user were lent") : await TryAsync(site, name, run));
        }
        return findings;
    }

    private static async Task<Finding> TryAsync(Site site, string name, Func<Site, Task<string>> run)
    {
        try
        {
            var leaked = await run(site);
            return new Finding(name, "app", leaked.Length == 0 ? Verdict.Held : Verdict.Leaked, leaked);
        }
        catch (UnexpectedAnswerException unexpected)
        {
            return new Finding(name, "app", Verdict.Broken, unexpected.Message);
        }
    }

    private static async Task<string> ParameterAsync(Site site, string name, string value, string error)
    {
        using var launch = new Launch(site);
        launch.Parameters[name] = value;
        if (name == "state")
        {
            launch.Parameters.Remove(name);
        }
        var said = launch.Back(await launch.StartAsync())["error"];
        return said == error ? "" : said ?? "no error";
    }

    private static async Task<string> RedirectedAsync(Site site, string form)
    {
        using var launch = new Launch(site);
        launch.Parameters["redirect_uri"] = form.Replace("{0}", site.RedirectUri, StringComparison.Ordinal);
        var answer = await launch.StartAsync();
        return answer.Status != HttpStatusCode.BadRequest || answer.Header("Location") is not null ? $"{(int)answer.Status} {answer.Header("Location")}"
            : (answer.Text + answer.Header("Content-Security-Policy")).Contains("evil.example", StringComparison.Ordinal) ? "the page says the address"
            : "";
    }

    private static async Task<string> UnknownAsync(Site site, string client)
    {
        using var launch = new Launch(site);
        launch.Parameters["client_id"] = client;
        var answer = await launch.StartAsync();
        return answer.Status == HttpStatusCode.BadRequest && answer.Header("Location") is null && !answer.Text.Contains("<script>alert", StringComparison.Ordinal) ? "" : $"{(int)answer.Status}";
    }

    private static async Task<string> ReplayAsync(Site site)
    {
        using var launch = new Launch(site);
        var code = await launch.ToCodeAsync(site.Target.User!);
        var first = await launch.RedeemAsync(code);
        var access = Text(first, "access_token");
        if (await StatusAsync(site, access) != HttpStatusCode.OK)
        {
            throw new UnexpectedAnswerException("the token opens nothing", first);
        }
        var again = await launch.RedeemAsync(code);
        return again.Status != HttpStatusCode.BadRequest ? $"{(int)again.Status}"
            : await StatusAsync(site, access) != HttpStatusCode.Unauthorized ? "what the code had given is still good"
            : Refused(await launch.RefreshAsync(Text(first, "refresh_token")));
    }

    private static async Task<string> RaceAsync(Site site)
    {
        using var launch = new Launch(site);
        var code = await launch.ToCodeAsync(site.Target.User!);
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => launch.RedeemAsync(code)));
        var given = answers.Count(answer => answer.Status == HttpStatusCode.OK);
        return given <= 1 ? "" : $"{given} got a token";
    }

    private static async Task<string> StolenAsync(Site site, string name, string value)
    {
        using var launch = new Launch(site);
        var code = await launch.ToCodeAsync(site.Target.User!);
        return Refused(await launch.RedeemAsync(code, (name, value))) is { Length: > 0 } leaked ? leaked : Refused(await launch.RedeemAsync(code));
    }

    private static async Task<string> NotGivenAsync(Site site, Func<Launch, string> verifier)
    {
        using var launch = new Launch(site);
        var answer = await launch.RedeemAsync(await launch.ToCodeAsync(site.Target.User!), ("code_verifier", verifier(launch)));
        return answer.Status == HttpStatusCode.BadRequest ? "" : $"{(int)answer.Status}";
    }

    private static async Task<string> RefreshedTwiceAsync(Site site)
    {
        using var launch = new Launch(site);
        var first = await launch.ToTokenAsync(site.Target.User!);
        var second = await launch.RefreshAsync(Text(first, "refresh_token"));
        var access = Text(second, "access_token");
        return Refused(await launch.RefreshAsync(Text(first, "refresh_token"))) is { Length: > 0 } leaked ? leaked
            : Refused(await launch.RefreshAsync(Text(second, "refresh_token"))) is { Length: > 0 } still ? "the other of the family is still good: " + still
            : await StatusAsync(site, access) == HttpStatusCode.Unauthorized ? "" : "what the family had given is still good";
    }

    private static async Task<string> RefreshedForMoreAsync(Site site)
    {
        using var launch = new Launch(site, scope: "launch/patient offline_access patient/Patient.rs");
        var first = await launch.ToTokenAsync(site.Target.User!);
        var more = await launch.RefreshAsync(Text(first, "refresh_token"), "patient/Patient.rs patient/Observation.rs");
        return more.Status == HttpStatusCode.BadRequest || !Text(more, "scope").Contains("Observation", StringComparison.Ordinal) ? "" : Text(more, "scope");
    }

    private static async Task<string> IdentityAsync(Site site)
    {
        using var launch = new Launch(site);
        var token = await launch.ToTokenAsync(site.Target.User!);
        var status = await StatusAsync(site, Text(token, "id_token"));
        return status == HttpStatusCode.Unauthorized ? "" : $"{(int)status}";
    }

    private static async Task<string> SessionAsync(Site site)
    {
        using var launch = new Launch(site);
        await launch.ToConsentAsync(site.Target.User!);
        var answer = await launch.Browser.GetAsync($"{site.FhirBase}/Patient/{site.PickedPatient}");
        return answer.Status == HttpStatusCode.Unauthorized ? "" : $"{(int)answer.Status}";
    }

    // Launch.Back looks at it.
    private static async Task<string> IssuerAsync(Site site)
    {
        using var launch = new Launch(site);
        await launch.ToCodeAsync(site.Target.User!);
        return "";
    }

    private static async Task<HttpStatusCode> StatusAsync(Site site, string token) => (await site.SendAsync(HttpMethod.Get, "Patient/" + site.PickedPatient, token)).Status;

    private static string Refused(Answer answer) =>
        answer.Status == HttpStatusCode.BadRequest && Text(answer, "error") == "invalid_grant" ? "" : $"{(int)answer.Status}";

    private static string Text(Answer answer, string name) =>
        answer.Json.TryGetProperty(name, out var value) ? value.GetString()! : throw new UnexpectedAnswerException($"no {name}", answer);
}
