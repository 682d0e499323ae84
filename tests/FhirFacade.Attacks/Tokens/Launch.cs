using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Web;
using FhirFacade.Attacks.Http;

namespace FhirFacade.Attacks.Tokens;

/// <summary>One launch of an app in a browser of its own: from the first request to the token.</summary>
public sealed class Launch : IDisposable
{
    private readonly ILaunchSite site;

    public Launch(ILaunchSite site, string? client = null, string scope = "openid fhirUser launch/patient offline_access patient/*.rs")
    {
        ArgumentNullException.ThrowIfNull(site);
        this.site = site;
        Client = client ?? site.LaunchedClient;
        Browser = new PlainBrowser(site.ServerRoot);
        Parameters = new()
        {
            ["response_type"] = "code", ["client_id"] = Client, ["redirect_uri"] = site.RedirectUri, ["scope"] = scope, ["state"] = State,
            ["aud"] = site.FhirBase, ["code_challenge"] = Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(Verifier))), ["code_challenge_method"] = "S256",
        };
    }

    public string Client { get; }

    public PlainBrowser Browser { get; }

    public Dictionary<string, string> Parameters { get; }

    /// <summary>What is said where a page asks why it cannot wait.</summary>
    public const string Reason = "an attack of the test suite";

    public string State { get; } = Guid.NewGuid().ToString("N");

    public string Verifier { get; } = Guid.NewGuid().ToString("N") + Guid.NewGuid().ToString("N");

    /// <summary>Where the app sends the browser.</summary>
    public string Address => $"{site.AuthorizationEndpoint}?{string.Join('&', Parameters.Select(p => $"{p.Key}={Uri.EscapeDataString(p.Value)}"))}";

    public Task<Answer> StartAsync() => Browser.GetAsync(Address);

    public async Task<Answer> SignInAsync(string user) =>
        await Browser.SubmitAsync(await StartAsync(), "/oauth/sign-in", ("user", user), ("password", site.UserPassword));

    /// <summary>Signs in, picks the patient if asked, and stops at the consent page.</summary>
    public async Task<Answer> ToConsentAsync(string user, string? patient = null)
    {
        var page = await SignInAsync(user);
        if (page.Text.Contains("action=\"/oauth/break-glass\"", StringComparison.Ordinal))
        {
            page = await Browser.SubmitAsync(page, "/oauth/break-glass", ("reason", Reason));
        }
        return page.Text.Contains("Choose a patient", StringComparison.Ordinal) ? await Browser.SubmitAsync(page, "/oauth/patient", ("patient", patient ?? site.PickedPatient)) : page;
    }

    public async Task<string> ToCodeAsync(string user, string? patient = null) => Code(await Browser.SubmitAsync(await ToConsentAsync(user, patient), "/oauth/consent", ("decision", "allow")));

    public Task<Answer> RedeemAsync(string code, params (string Name, string Value)[] changes)
    {
        ArgumentNullException.ThrowIfNull(changes);
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
        return answer.Status == HttpStatusCode.OK ? answer : throw new UnexpectedAnswerException("no token came back", answer);
    }

    public Task<Answer> RefreshAsync(string refreshToken, string? scope = null, string? client = null) =>
        site.TokenAsync([new("grant_type", "refresh_token"), new("refresh_token", refreshToken), .. site.Proof(client ?? Client), .. scope is null ? Array.Empty<KeyValuePair<string, string>>() : [new("scope", scope)]]);

    public string Code(Answer answer)
    {
        var back = Back(answer);
        return back["code"] ?? throw new UnexpectedAnswerException("no code came back", answer);
    }

    /// <summary>What came back to the app; state and issuer have to be right whatever it is.</summary>
    public System.Collections.Specialized.NameValueCollection Back(Answer answer)
    {
        ArgumentNullException.ThrowIfNull(answer);
        var location = answer.Header("Location");
        if (answer.Status != HttpStatusCode.SeeOther || location?.StartsWith(site.RedirectUri + "?", StringComparison.Ordinal) != true)
        {
            throw new UnexpectedAnswerException("nothing came back to the app", answer);
        }
        var query = HttpUtility.ParseQueryString(new Uri(location).Query);
        if (query["state"] != Parameters.GetValueOrDefault("state") || query["iss"] != site.Issuer)
        {
            throw new UnexpectedAnswerException("what came back has another state or issuer", answer);
        }
        return query;
    }

    public void Dispose() => Browser.Dispose();
}
