using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using FhirFacade.Storage.Search.Reindex;
using FhirFacade.TestSupport;

namespace FhirFacade.Server.Tests.Rest;

/// <summary>Tests that change what the process searches by; nothing else runs meanwhile.</summary>
[CollectionDefinition(nameof(OwnSearchParameters), DisableParallelization = true)]
public sealed class OwnSearchParametersCollection;

/// <summary>A server over a database of its own, whose search parameters the test may change.</summary>
public sealed class OwnSearchParameters : IAsyncLifetime
{
    internal const string Administrator = "system/SearchParameter.cruds system/*.rs";

    internal TestDatabase Database { get; private set; } = null!;

    internal RunningServer Server { get; private set; } = null!;

    internal string Root { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Database = await TestCluster.NewDatabaseAsync();
        Server = await RunningServer.StartAsync(Database.DataSource);
        Root = Server.Token(FhirServer.Everything);
    }

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        await Database.DisposeAsync();
        SiteParameters.Forget();
    }

    /// <summary>A search parameter of the site.</summary>
    internal static JsonObject Parameter(string id, string code, string expression, string type = "token", string target = "", params string[] bases)
    {
        var parameter = new JsonObject
        {
            ["resourceType"] = "SearchParameter",
            ["id"] = id,
            ["url"] = "http://hospital.example/SearchParameter/" + id,
            ["name"] = "OfTheSite",
            ["status"] = "active",
            ["description"] = "One of the site's own",
            ["code"] = code,
            ["base"] = new JsonArray([.. (bases.Length == 0 ? ["Patient"] : bases).Select(name => (JsonNode)name)]),
            ["type"] = type,
            ["expression"] = expression,
        };
        if (target.Length > 0)
        {
            parameter["target"] = new JsonArray(target);
        }
        return parameter;
    }

    internal async Task PutAsync(JsonObject resource)
    {
        var answer = await Server.SendAsync(HttpMethod.Put, $"fhir/{resource["resourceType"]}/{resource["id"]}", Root, resource.ToJsonString());
        Assert.True(answer.Status is HttpStatusCode.OK or HttpStatusCode.Created, answer.Text);
    }

    internal Task<Answer> GetAsync(string path) => Server.GetAsync("fhir/" + path, Root);

    internal Task<Answer> PostAsync(string path, string token) => Server.SendAsync(HttpMethod.Post, "fhir/" + path, token);

    /// <summary>Asks for the index of everything that waits, and waits for it.</summary>
    internal async Task<JsonElement> ReindexAsync(string path = "SearchParameter/$reindex")
    {
        var started = await PostAsync(path, Root);
        Assert.True(started.Status == HttpStatusCode.Accepted, started.Text);
        return await CompletedAsync(Server, started.Header("Content-Location")!, Root);
    }

    /// <summary>Waits for the job at the address.</summary>
    internal static async Task<JsonElement> CompletedAsync(RunningServer server, string address, string token)
    {
        while (true)
        {
            var status = await server.GetAsync(new Uri(address).PathAndQuery[1..], token);
            if (status.Status == HttpStatusCode.OK)
            {
                return status.Json;
            }
            Assert.True(status.Status == HttpStatusCode.Accepted, status.Text);
            Assert.Contains("%", status.Header("X-Progress"), StringComparison.Ordinal);
            await Task.Delay(30, TestContext.Current.CancellationToken);
        }
    }
}
