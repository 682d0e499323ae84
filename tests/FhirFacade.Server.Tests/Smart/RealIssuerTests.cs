using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using FhirFacade.Fhir.Access;
using FhirFacade.Server.Access;
using FhirFacade.Server.Access.BreakGlass;
using FhirFacade.Server.Smart;
using FhirFacade.Server.Tests.Rest;
using FhirFacade.TestSupport;

namespace FhirFacade.Server.Tests.Smart;

/// <summary>A real OpenID Connect issuer (npm <c>oidc-provider</c>) takes the place of the built-in one by configuration.</summary>
public sealed class RealIssuerTests(SharedDatabase database) : IAsyncLifetime
{
    private static readonly string Folder = Path.Combine(RepositoryFiles.Root, "tests", "clients", "issuer");

    private readonly string patient = FhirServer.NewId();
    private readonly string authority = $"http://127.0.0.1:{RunningServer.FreePort()}";
    private RunningServer? server;
    private Process? issuer;

    public async ValueTask InitializeAsync()
    {
        await using (var own = await RunningServer.StartAsync(await database.DataSourceAsync()))
        {
            var put = await own.SendAsync(HttpMethod.Put, "fhir/Patient/" + patient, own.Token("system/*.cruds"), FhirServer.Patient(patient).ToJsonString());
            Assert.Equal(HttpStatusCode.Created, put.Status);
        }
        server = await RunningServer.StartAsync(
            await database.DataSourceAsync(),
            new SmartOptions { Authority = authority, UserAccess = UserRelation.CareTeam },
            access: new AccessOptions { Policies = [new ClientPolicyOptions { Client = "app", PurposesOfUse = ["TREAT", "BTG"] }], BreakGlass = new BreakGlassOptions { Claim = "break_glass" } });
    }

    private async Task<string> StartIssuerAsync()
    {
        await NodeFolder.InstallAsync(Folder, "oidc-provider");
        issuer = NodeFolder.Start(Folder, "node", "issuer.mjs", new Uri(authority).Port.ToString(System.Globalization.CultureInfo.InvariantCulture), server!.Settings.FhirBase, patient);
        var line = await issuer.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken);
        Assert.True(line == "ready", line ?? await issuer.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken));
        var discovery = await server.GetAsync("fhir/.well-known/smart-configuration", token: null);
        Assert.Equal(authority, discovery.Json.GetProperty("issuer").GetString());
        return discovery.Json.GetProperty("token_endpoint").GetString()!;
    }

    [Fact]
    public async Task Its_tokens_for_this_server_open_what_they_say_and_those_for_another_nothing()
    {
        var endpoint = await StartIssuerAsync();
        Assert.Equal(HttpStatusCode.OK, (await ReadAsync(await TokenAsync(endpoint, "patient/Patient.rs", server!.Settings.FhirBase))).Status);
        Assert.Equal(HttpStatusCode.OK, (await ReadAsync(await TokenAsync(endpoint, "system/Patient.rs", server.Settings.FhirBase))).Status);
        Assert.Equal(HttpStatusCode.OK, (await ReadAsync(await TokenAsync(endpoint, "user/Patient.rs", server.Settings.FhirBase))).Status);
        (await ReadAsync(await TokenAsync(endpoint, "patient/Observation.rs", server.Settings.FhirBase))).IsOutcome(HttpStatusCode.Forbidden, "forbidden");
        (await ReadAsync(await TokenAsync(endpoint, "system/Patient.rs", "https://elsewhere.example/fhir"))).IsOutcome(HttpStatusCode.Unauthorized, "login");
        (await ReadAsync(server.Token("system/*.cruds"))).IsOutcome(HttpStatusCode.Unauthorized, "login");
    }

    [Fact]
    public async Task Emergency_access_of_its_people_takes_the_claim_the_client_and_a_reason_and_is_on_the_list()
    {
        var endpoint = await StartIssuerAsync();
        const string doctor = "user/Patient.rs user/Observation.rs";
        const string reason = "canary patient collapsed in the hall";
        (string, string) emergency = ("X-Purpose-Of-Use", "BTG");
        var plain = await TokenAsync(endpoint, doctor, server!.Settings.FhirBase);
        var entitled = await TokenAsync(endpoint, doctor + " emergency", server.Settings.FhirBase);
        var other = await TokenAsync(endpoint, doctor + " emergency", server.Settings.FhirBase, "other");

        (await ReadAsync(entitled)).IsOutcome(HttpStatusCode.NotFound, "not-found");
        (await ReadAsync(entitled, emergency)).IsOutcome(HttpStatusCode.Forbidden, "forbidden");
        (await ReadAsync(plain, emergency, ("X-Break-Glass-Reason", reason))).IsOutcome(HttpStatusCode.Forbidden, "forbidden");
        (await ReadAsync(other, emergency, ("X-Break-Glass-Reason", reason))).IsOutcome(HttpStatusCode.Forbidden, "forbidden");
        Assert.Equal(HttpStatusCode.OK, (await ReadAsync(entitled, emergency, ("X-Break-Glass-Reason", reason))).Status);
        Assert.Equal(HttpStatusCode.OK, (await ReadAsync(entitled, emergency)).Status);
        (await ReadAsync(entitled)).IsOutcome(HttpStatusCode.NotFound, "not-found");
        (await ReadAsync(plain, emergency)).IsOutcome(HttpStatusCode.Forbidden, "forbidden");
        (await ReadAsync(other, emergency)).IsOutcome(HttpStatusCode.Forbidden, "forbidden");
        (await server.SendAsync(HttpMethod.Delete, "fhir/Patient/" + patient, entitled, null, "application/fhir+json", emergency)).IsOutcome(HttpStatusCode.Forbidden, "forbidden");

        var review = await TokenAsync(endpoint, "site/review", server.Settings.FhirBase);
        var listed = await server.GetAsync("site/break-glass", review);
        Assert.True(listed.Status == HttpStatusCode.OK, listed.Text);
        var list = listed.Json.GetProperty("events").EnumerateArray().Where(e => e.GetProperty("reason").GetString() == reason).ToList();
        var one = Assert.Single(list);
        Assert.Equal(("app", "app", server.Settings.FhirBase + "/Practitioner/foreign"), (one.GetProperty("user").GetString(), one.GetProperty("client").GetString(), one.GetProperty("fhirUser").GetString()));
        (await server.GetAsync("site/break-glass", entitled)).IsOutcome(HttpStatusCode.Forbidden, "forbidden");
        Assert.Equal(HttpStatusCode.NoContent, (await server.SendAsync(HttpMethod.Post, $"site/break-glass/{one.GetProperty("id").GetString()}/reviewed", review, """{"note":"seen"}""", "application/json")).Status);

        await using (var end = (await database.DataSourceAsync()).CreateCommand("update break_glass set expires_at = now() where subject = 'app'"))
        {
            await end.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }
        (await ReadAsync(entitled, emergency)).IsOutcome(HttpStatusCode.Forbidden, "forbidden");
        Assert.Equal(HttpStatusCode.OK, (await ReadAsync(await TokenAsync(endpoint, doctor + " emergency reasoned", server.Settings.FhirBase), emergency)).Status);
    }

    private Task<Answer> ReadAsync(string token, params (string, string)[] headers) => server!.GetAsync("fhir/Patient/" + patient, token, headers);

    private static async Task<string> TokenAsync(string endpoint, string scope, string audience, string client = "app")
    {
        using var http = new HttpClient();
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.ASCII.GetBytes(client + ":a-secret-of-the-test")));
        using var form = new FormUrlEncodedContent([new("grant_type", "client_credentials"), new("scope", scope), new("resource", audience)]);
        using var answer = await http.PostAsync(endpoint, form, TestContext.Current.CancellationToken);
        using var json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        return json.RootElement.GetProperty("access_token").GetString()!;
    }

    public async ValueTask DisposeAsync()
    {
        if (server is not null)
        {
            await server.DisposeAsync();
        }
        if (issuer is not null)
        {
            issuer.Kill();
            await issuer.WaitForExitAsync();
            issuer.Dispose();
        }
    }
}
