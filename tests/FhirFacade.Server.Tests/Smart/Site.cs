using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using FhirFacade.Server.Access;
using FhirFacade.Server.Smart;
using FhirFacade.Server.Smart.Accounts;
using FhirFacade.Server.Tests.Rest;
using FhirFacade.Storage.Clients;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.Tokens;

namespace FhirFacade.Server.Tests.Smart;

/// <summary>
/// A site without the demo switch: a practitioner who cares for one of two patients, that patient, and apps of each kind. Users and
/// clients have names of their own in every site, as the database is shared.
/// </summary>
public sealed class Site(SharedDatabase database) : IAsyncLifetime, ILaunchSite
{
    public const string Password = "a good long password";
    public const string AppScope = "openid fhirUser profile launch launch/patient launch/encounter online_access offline_access patient/*.rs user/*.cruds";

    /// <summary>A label that is closed to the app with a secret, through which alone people may break the glass.</summary>
    public const string Excluded = "CEL";

    private WebApplication app = null!;
    private readonly string mark = Guid.NewGuid().ToString("N")[..8];

    public RunningServer Server { get; private set; } = null!;

    public string Root { get; private set; } = null!;

    public string Doctor => "doctor-" + mark;

    public string PatientUser => "patient-" + mark;

    public string Mine => "mine-" + mark;

    public string Other => "other-" + mark;

    public string Practitioner => "pract-" + mark;

    public string PublicApp => "public-" + mark;

    public string SecretApp => "secret-" + mark;

    public string KeyApp => "key-" + mark;

    public string Ehr => "ehr-" + mark;

    public string ClientSecret { get; } = Secret.Create().Value;

    public ECDsa Key { get; } = ECDsa.Create(ECCurve.NamedCurves.nistP384);

    /// <summary>Where the app itself is: an empty page on a socket of its own.</summary>
    public string App { get; } = $"http://127.0.0.1:{RunningServer.FreePort()}";

    public string RedirectUri => App + "/callback-" + mark;

    string ILaunchSite.ServerRoot => Server.Settings.PublicUrl;

    string ILaunchSite.FhirBase => Server.Settings.FhirBase;

    string ILaunchSite.AuthorizationEndpoint => Server.Settings.AuthorizationEndpoint;

    string ILaunchSite.Issuer => Server.Settings.Issuer;

    string ILaunchSite.LaunchedClient => PublicApp;

    string ILaunchSite.UserPassword => Password;

    string ILaunchSite.PickedPatient => Mine;

    public Task<Npgsql.NpgsqlDataSource> DataSourceAsync() => database.DataSourceAsync();

    public T Service<T>() where T : notnull => Server.Services.GetRequiredService<T>();

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        app = builder.Build();
        app.Urls.Add(App);
        app.MapGet("/{**path}", () => Results.Content("the app", "text/html"));
        await app.StartAsync();
        Server = await RunningServer.StartAsync(await database.DataSourceAsync(), new SmartOptions { Registration = true }, demo: false, access: new AccessOptions
        {
            Policies = [new ClientPolicyOptions { Client = SecretApp, PurposesOfUse = ["TREAT", "BTG"], ExcludedLabels = [Excluded] }],
        });
        Root = Server.Token("system/*.cruds");
        var store = Service<ClientStore>();
        var secret = SmartClient.Hash(ClientSecret);
        await store.AddAsync(new RegisteredClient(PublicApp, "Public app", ClientKind.Public, AppScope) { RedirectUris = [RedirectUri], LaunchUrl = App + "/launch" }, default);
        await store.AddAsync(new RegisteredClient(SecretApp, "Secret app", ClientKind.Symmetric, AppScope) { RedirectUris = [RedirectUri], SecretHash = secret }, default);
        await store.AddAsync(new RegisteredClient(KeyApp, "Key app", ClientKind.Asymmetric, AppScope + " system/Patient.rs") { RedirectUris = [RedirectUri], Jwks = Forge.Jwks(Forge.Jwk(Key, "k")) }, default);
        await store.AddAsync(new RegisteredClient(Ehr, "The EHR", ClientKind.Symmetric, "system/*.rs site/launch site/introspect") { SecretHash = secret }, default);
        var people = Service<People>();
        await people.AddAsync(Doctor, "Dr Test", Password, "Practitioner/" + Practitioner, demo: false, default);
        await people.AddAsync(PatientUser, "Mine Test", Password, "Patient/" + Mine, demo: false, default);
        await PutAsync(new JsonObject { ["resourceType"] = "Practitioner", ["id"] = Practitioner });
        foreach (var patient in new[] { Mine, Other })
        {
            await PutAsync(FhirServer.Patient(patient, "Family" + mark));
            await PutAsync(FhirServer.Observation("obs-" + patient, patient));
        }
        await PutAsync(Team(Mine));
    }

    /// <summary>Another account of the same patient, who has never been asked anything.</summary>
    public async Task<string> NewPatientUserAsync()
    {
        var user = "user-" + Guid.NewGuid().ToString("N");
        await Service<People>().AddAsync(user, "Mine Test", Password, "Patient/" + Mine, demo: false, default);
        return user;
    }

    public JsonObject Team(string patient, string status = "active") => new()
    {
        ["resourceType"] = "CareTeam",
        ["id"] = "team-" + mark,
        ["status"] = status,
        ["subject"] = new JsonObject { ["reference"] = "Patient/" + patient },
        ["participant"] = new JsonArray(new JsonObject { ["member"] = new JsonObject { ["reference"] = "Practitioner/" + Practitioner } }),
    };

    public async Task PutAsync(JsonObject resource)
    {
        var answer = await Server.SendAsync(HttpMethod.Put, $"fhir/{resource["resourceType"]}/{resource["id"]}", Root, resource.ToJsonString());
        Assert.True((int)answer.Status is 200 or 201, answer.Text);
    }

    /// <summary>Another token of the EHR, which may open apps.</summary>
    public async Task<string> EhrTokenAsync() =>
        (await TokenAsync([new("grant_type", "client_credentials"), new("scope", "site/launch system/*.rs"), new("client_id", Ehr), new("client_secret", ClientSecret)])).Json.GetProperty("access_token").GetString()!;

    public Task<Answer> TokenAsync(IEnumerable<KeyValuePair<string, string>> form) => PostAsync("oauth/token", form);

    public async Task<Answer> PostAsync(string path, IEnumerable<KeyValuePair<string, string>> form, params (string Name, string Value)[] headers)
    {
        using var body = new FormUrlEncodedContent(form);
        return await Server.SendAsync(HttpMethod.Post, path, null, await body.ReadAsStringAsync(), "application/x-www-form-urlencoded", headers);
    }

    /// <summary>How a client proves who it is.</summary>
    public IEnumerable<KeyValuePair<string, string>> Proof(string client) => client == PublicApp ? [new("client_id", client)]
        : client == KeyApp ? [new("client_assertion_type", ClientAssertion.Type), new("client_assertion", Assertion(client))]
        : [new("client_id", client), new("client_secret", ClientSecret)];

    private string Assertion(string client) => Forge.Jwt(
        new JsonObject { ["alg"] = "ES384", ["typ"] = "JWT", ["kid"] = "k" },
        new JsonObject { ["iss"] = client, ["sub"] = client, ["aud"] = Server.Settings.TokenEndpoint, ["jti"] = Guid.NewGuid().ToString(), ["exp"] = Forge.In(TimeSpan.FromMinutes(4)) },
        Forge.Es384(Key));

    public static JsonElement Claims(string jwt) => JsonElement.Parse(Base64UrlEncoder.DecodeBytes(jwt.Split('.')[1]));

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        await app.DisposeAsync();
        Key.Dispose();
    }
}
