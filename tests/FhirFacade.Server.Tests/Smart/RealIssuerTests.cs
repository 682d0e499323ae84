using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
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
        server = await RunningServer.StartAsync(await database.DataSourceAsync(), new SmartOptions { Authority = authority });
    }

    [Fact]
    public async Task Its_tokens_for_this_server_open_what_they_say_and_those_for_another_nothing()
    {
        await NodeFolder.InstallAsync(Folder, "oidc-provider");
        issuer = NodeFolder.Start(Folder, "node", "issuer.mjs", new Uri(authority).Port.ToString(System.Globalization.CultureInfo.InvariantCulture), server!.Settings.FhirBase, patient);
        var line = await issuer.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken);
        Assert.True(line == "ready", line ?? await issuer.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken));

        var discovery = await server.GetAsync("fhir/.well-known/smart-configuration", token: null);
        Assert.Equal(authority, discovery.Json.GetProperty("issuer").GetString());
        var endpoint = discovery.Json.GetProperty("token_endpoint").GetString()!;

        Assert.Equal(HttpStatusCode.OK, (await ReadAsync(await TokenAsync(endpoint, "patient/Patient.rs", server.Settings.FhirBase))).Status);
        Assert.Equal(HttpStatusCode.OK, (await ReadAsync(await TokenAsync(endpoint, "system/Patient.rs", server.Settings.FhirBase))).Status);
        Assert.Equal(HttpStatusCode.OK, (await ReadAsync(await TokenAsync(endpoint, "user/Patient.rs", server.Settings.FhirBase))).Status);
        (await ReadAsync(await TokenAsync(endpoint, "patient/Observation.rs", server.Settings.FhirBase))).IsOutcome(HttpStatusCode.Forbidden, "forbidden");
        (await ReadAsync(await TokenAsync(endpoint, "system/Patient.rs", "https://elsewhere.example/fhir"))).IsOutcome(HttpStatusCode.Unauthorized, "login");
        (await ReadAsync(server.Token("system/*.cruds"))).IsOutcome(HttpStatusCode.Unauthorized, "login");
    }

    private Task<Answer> ReadAsync(string token) => server!.GetAsync("fhir/Patient/" + patient, token);

    private static async Task<string> TokenAsync(string endpoint, string scope, string audience)
    {
        using var http = new HttpClient();
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.ASCII.GetBytes("app:a-secret-of-the-test")));
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
