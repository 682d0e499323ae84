using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using FhirFacade.Attacks.Http;
using FhirFacade.Attacks.Tokens;

namespace FhirFacade.Attacks;

/// <summary>The server under attack, as its discovery describes it.</summary>
public sealed class Site : ILaunchSite, IDisposable
{
    private readonly HttpClient client;
    private readonly JsonElement configuration;

    private Site(Target target, HttpClient client, JsonElement configuration)
    {
        Target = target;
        this.client = client;
        this.configuration = configuration;
    }

    public Target Target { get; }

    public string ServerRoot => Target.FhirBase.GetLeftPart(UriPartial.Authority);

    public string FhirBase => Target.FhirBase.ToString().TrimEnd('/');

    public string AuthorizationEndpoint => Endpoint("authorization_endpoint");

    public string TokenEndpoint => Endpoint("token_endpoint");

    public string Issuer => Endpoint("issuer");

    public string KeysEndpoint => Endpoint("jwks_uri");

    public string LaunchedClient => Target.App ?? throw new InvalidOperationException("no app was lent");

    public string RedirectUri => Target.RedirectUri;

    public string UserPassword => Target.Password;

    public string PickedPatient { get; set; } = "";

    /// <exception cref="UnexpectedAnswerException">The server does not say where its endpoints are.</exception>
    public static async Task<Site> OpenAsync(Target target, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(target);
        var client = Requests.Client(target.FhirBase.GetLeftPart(UriPartial.Authority));
        var answer = await Requests.SendAsync(client, HttpMethod.Get, target.FhirBase.AbsolutePath.TrimEnd('/') + "/.well-known/smart-configuration", null, null, "", [], cancel);
        return answer.Status == HttpStatusCode.OK ? new Site(target, client, answer.Json) : throw new UnexpectedAnswerException("no smart-configuration", answer);
    }

    /// <summary>Sends a request to a path below the FHIR base.</summary>
    public Task<Answer> SendAsync(HttpMethod method, string path, string? token, string? body = null, string contentType = "application/fhir+json", params IEnumerable<(string Name, string Value)> headers) =>
        Requests.SendAsync(client, method, Target.FhirBase.AbsolutePath.TrimEnd('/') + "/" + path, token, body, contentType, headers, CancellationToken.None);

    /// <summary>Sends a request to any address of the server.</summary>
    public Task<Answer> GetAsync(string address) => Requests.SendAsync(client, HttpMethod.Get, address, null, null, "", [], CancellationToken.None);

    public async Task<Answer> TokenAsync(IEnumerable<KeyValuePair<string, string>> form)
    {
        using var body = new FormUrlEncodedContent(form);
        return await Requests.SendAsync(client, HttpMethod.Post, TokenEndpoint, null, await body.ReadAsStringAsync(), "application/x-www-form-urlencoded", [], CancellationToken.None);
    }

    /// <summary>A token of a back-end service.</summary>
    /// <exception cref="UnexpectedAnswerException">The server gives it none of that scope.</exception>
    public async Task<string> TokenAsync(ClientCredentials credentials, string scope)
    {
        var answer = await TokenAsync([new("grant_type", "client_credentials"), new("scope", scope), .. Proof(credentials)]);
        return answer.Status == HttpStatusCode.OK ? answer.Json.GetProperty("access_token").GetString()! : throw new UnexpectedAnswerException($"no token for {scope}", answer);
    }

    /// <summary>The app that was lent keeps no secret.</summary>
    IEnumerable<KeyValuePair<string, string>> ILaunchSite.Proof(string client) => [new("client_id", client)];

    public void Dispose() => client.Dispose();

    private IEnumerable<KeyValuePair<string, string>> Proof(ClientCredentials credentials)
    {
        if (credentials.Key is null)
        {
            return [new("client_id", credentials.ClientId), new("client_secret", credentials.Secret ?? "")];
        }
        var header = new JsonObject { ["alg"] = "ES384", ["typ"] = "JWT", ["kid"] = credentials.KeyId };
        var payload = new JsonObject
        {
            ["iss"] = credentials.ClientId, ["sub"] = credentials.ClientId, ["aud"] = TokenEndpoint, ["jti"] = Guid.NewGuid().ToString(), ["exp"] = Forge.In(TimeSpan.FromMinutes(4)),
        };
        return [new("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"), new("client_assertion", Forge.Jwt(header, payload, Forge.Es384(credentials.Key)))];
    }

    private string Endpoint(string name) => configuration.GetProperty(name).GetString()!;
}
