using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Web;
using FhirFacade.Server.Tests.Rest;
using Microsoft.IdentityModel.Tokens;

namespace FhirFacade.Server.Tests.Smart;

/// <summary>One launch of an app in a browser of its own: from the first request to the token.</summary>
public sealed class Launch : IDisposable
{
    private readonly Site site;

    public Launch(Site site, string? client = null, string scope = "openid fhirUser launch/patient offline_access patient/*.rs")
    {
        this.site = site;
        Client = client ?? site.PublicApp;
        Browser = new Browser(site.Server.Settings.PublicUrl);
        Parameters = new()
        {
            ["response_type"] = "code", ["client_id"] = Client, ["redirect_uri"] = site.RedirectUri, ["scope"] = scope, ["state"] = State,
            ["aud"] = site.Server.Settings.FhirBase, ["code_challenge"] = Base64UrlEncoder.Encode(SHA256.HashData(Encoding.ASCII.GetBytes(Verifier))), ["code_challenge_method"] = "S256",
        };
    }

    public string Client { get; }

    public Browser Browser { get; }

    public Dictionary<string, string> Parameters { get; }

    public string State { get; } = Guid.NewGuid().ToString("N");

    public string Verifier { get; } = Guid.NewGuid().ToString("N") + Guid.NewGuid().ToString("N");

    /// <summary>Where the app sends the browser.</summary>
    public string Address => $"{site.Server.Settings.AuthorizationEndpoint}?{string.Join('&', Parameters.Select(p => $"{p.Key}={Uri.EscapeDataString(p.Value)}"))}";

    public Task<Answer> StartAsync() => Browser.GetAsync(Address);

    public async Task<Answer> SignInAsync(string user) =>
        await Browser.SubmitAsync(await StartAsync(), "/oauth/sign-in", ("user", user), ("password", Site.Password));

    /// <summary>Signs in, picks the patient if asked, and stops at the consent page.</summary>
    public async Task<Answer> ToConsentAsync(string user, string? patient = null)
    {
        var page = await SignInAsync(user);
        return page.Text.Contains("Choose a patient", StringComparison.Ordinal) ? await Browser.SubmitAsync(page, "/oauth/patient", ("patient", patient ?? site.Mine)) : page;
    }

    public async Task<string> ToCodeAsync(string user, string? patient = null) => Code(await Browser.SubmitAsync(await ToConsentAsync(user, patient), "/oauth/consent", ("decision", "allow")));

    public Task<Answer> RedeemAsync(string code, params (string Name, string Value)[] changes)
    {
        var form = new Dictionary<string, string> { ["grant_type"] = "authorization_code", ["code"] = code, ["redirect_uri"] = site.RedirectUri, ["code_verifier"] = Verifier };
        foreach (var (name, value) in site.Proof(Client).Select(p => (p.Key, p.Value)).Concat(changes))
        {
            form[name] = value;
        }
        return site.TokenAsync(form.Where(f => f.Value.Length > 0));
    }

    public async Task<Answer> ToTokenAsync(string user, string? patient = null)
    {
        var answer = await RedeemAsync(await ToCodeAsync(user, patient));
        Assert.True(answer.Status == HttpStatusCode.OK, answer.Text);
        return answer;
    }

    public Task<Answer> RefreshAsync(string refreshToken, string? scope = null, string? client = null) =>
        site.TokenAsync([new("grant_type", "refresh_token"), new("refresh_token", refreshToken), .. site.Proof(client ?? Client), .. scope is null ? Array.Empty<KeyValuePair<string, string>>() : [new("scope", scope)]]);

    public string Code(Answer answer)
    {
        var back = Back(answer);
        Assert.True(back["code"] is not null, answer.Header("Location"));
        return back["code"]!;
    }

    /// <summary>What came back to the app; state and issuer have to be right whatever it is.</summary>
    public System.Collections.Specialized.NameValueCollection Back(Answer answer)
    {
        Assert.True(answer.Status == HttpStatusCode.SeeOther, answer.Text);
        var location = answer.Header("Location")!;
        Assert.StartsWith(site.RedirectUri + "?", location, StringComparison.Ordinal);
        var query = HttpUtility.ParseQueryString(new Uri(location).Query);
        Assert.Equal(Parameters.GetValueOrDefault("state"), query["state"]);
        Assert.Equal(site.Server.Settings.Issuer, query["iss"]);
        return query;
    }

    public void Dispose() => Browser.Dispose();
}
