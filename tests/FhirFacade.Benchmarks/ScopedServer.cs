using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using FhirFacade.Fhir.Access;
using FhirFacade.Server;
using FhirFacade.Server.Access;
using FhirFacade.Server.Configuration;
using FhirFacade.Server.Smart;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace FhirFacade.Benchmarks;

/// <summary>The whole server, asked by one client over one connection with tokens of every kind of grant that <see cref="ScopeBenchmark"/> compares.</summary>
internal sealed class ScopedServer : IAsyncDisposable
{
    private readonly WebApplication server;
    private readonly HttpClient client;
    private readonly string directory;
    private readonly Dictionary<string, AuthenticationHeaderValue[]> tokens;

    private ScopedServer(WebApplication server, string directory, Uri address, Dictionary<string, AuthenticationHeaderValue[]> tokens) =>
        (this.server, this.directory, client, this.tokens) = (server, directory, new HttpClient { BaseAddress = address }, tokens);

    /// <summary>Starts it over a database, with the settings that it is shipped with.</summary>
    /// <param name="database">Where the resources are.</param>
    /// <param name="keyReads">The same for what is planned once.</param>
    /// <param name="user">Who asks by <c>user/</c>.</param>
    /// <param name="label">What is excluded for the client that has a policy.</param>
    /// <param name="patients">The ids of those who are asked for.</param>
    public static async Task<ScopedServer> StartAsync(NpgsqlDataSource database, NpgsqlDataSource keyReads, string user, string label, IEnumerable<string> patients)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var address = $"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}";
        listener.Stop();
        var directory = Directory.CreateTempSubdirectory("fhirfacade-benchmark-").FullName;
        var server = Host.Build(
            new ServerOptions
            {
                Http = new HttpOptions { Url = address },
                Mllp = new MllpOptions { Port = -1 },
                Smart = new SmartOptions { UserAccess = UserRelation.CareTeam },
                Access = new AccessOptions { Policies = [new ClientPolicyOptions { Client = "labelled", ExcludedLabels = [label] }] },
                Demo = true,
                DataDirectory = directory,
            },
            database,
            keyReads);
        await server.StartAsync();
        var issuer = server.Services.GetRequiredService<AccessTokens>();
        var tokens = patients.Distinct().ToDictionary(patient => patient, patient => new[]
        {
            Bearer(issuer.Issue("benchmark", "benchmark", "system/*.rs", [], TimeSpan.FromHours(1))),
            Bearer(issuer.Issue("benchmark", "benchmark", "patient/*.rs", patient, TimeSpan.FromHours(1))),
            Bearer(issuer.Issue("benchmark", "benchmark", "user/*.rs", [new("fhirUser", user)], TimeSpan.FromHours(1))),
            Bearer(issuer.Issue("benchmark", "labelled", "system/*.rs", [], TimeSpan.FromHours(1))),
        });
        var scoped = new ScopedServer(server, directory, new Uri(address + "/fhir/"), tokens);

        // What a token costs when it is seen for the first time is not what is compared.
        foreach (var patient in tokens.Keys)
        {
            for (var grant = 0; grant < tokens[patient].Length; grant++)
            {
                await scoped.AskAsync("Patient/" + patient, patient, grant);
            }
        }

        return scoped;
    }

    /// <summary>Asks, and says how many resources came: those of a page, or the one that is read.</summary>
    /// <param name="path">Under the base.</param>
    /// <param name="patient">Whose token.</param>
    /// <param name="grant">Which of them.</param>
    public async Task<int> AskAsync(string path, string patient, int grant)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Authorization = tokens[patient][grant];
        using var answer = await client.SendAsync(request);
        var body = await answer.Content.ReadAsByteArrayAsync();
        return answer.StatusCode != HttpStatusCode.OK ? 0 : path.Contains('?', StringComparison.Ordinal) ? Entries(body) : 1;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        client.Dispose();
        await server.DisposeAsync();
        Directory.Delete(directory, recursive: true);
    }

    private static AuthenticationHeaderValue Bearer(string token) => new("Bearer", token);

    private static int Entries(ReadOnlySpan<byte> body) => Encoding.UTF8.GetString(body).Split("\"fullUrl\"").Length - 1;
}
