using System.Net;
using System.Text.Json.Nodes;

namespace FhirFacade.Server.Tests.Rest;

/// <summary>A server for the tests of a class, and a token that may do everything.</summary>
public sealed class FhirServer(SharedDatabase database) : IAsyncLifetime
{
    public const string Everything = "system/*.cruds";

    public RunningServer Server { get; private set; } = null!;

    public string Root { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Server = await RunningServer.StartAsync(await database.DataSourceAsync());
        Root = Server.Token(Everything);
    }

    /// <summary>Stores the resource under its own id and returns the answer, which has to be a success.</summary>
    public async Task<Answer> PutAsync(JsonObject resource)
    {
        var answer = await Server.SendAsync(HttpMethod.Put, $"fhir/{resource["resourceType"]}/{resource["id"]}", Root, resource.ToJsonString());
        Assert.True(answer.Status is HttpStatusCode.OK or HttpStatusCode.Created, answer.Text);
        return answer;
    }

    public Task<Answer> GetAsync(string path, params (string Name, string Value)[] headers) => Server.GetAsync("fhir/" + path, Root, headers);

    public ValueTask DisposeAsync() => Server.DisposeAsync();

    public static string NewId() => Guid.NewGuid().ToString();

    public static JsonObject Patient(string id, string family = "Muster") => new()
    {
        ["resourceType"] = "Patient",
        ["id"] = id,
        ["text"] = new JsonObject { ["status"] = "generated", ["div"] = "<div xmlns=\"http://www.w3.org/1999/xhtml\">A person</div>" },
        ["name"] = new JsonArray(new JsonObject { ["family"] = family, ["given"] = new JsonArray("Änne", "O'Hara \"X\"") }),
        ["gender"] = "female",
        ["birthDate"] = "1950-03-04",
        ["contact"] = new JsonArray(new JsonObject { ["name"] = new JsonObject { ["family"] = "Canary" }, ["gender"] = "male" }),
    };

    public static JsonObject Observation(string id, string patient, string code = "718-7", string when = "2024-05-06T07:08:09Z") => new()
    {
        ["resourceType"] = "Observation",
        ["id"] = id,
        ["status"] = "final",
        ["category"] = new JsonArray(new JsonObject
        {
            ["coding"] = new JsonArray(new JsonObject { ["system"] = "http://terminology.hl7.org/CodeSystem/observation-category", ["code"] = "laboratory" }),
        }),
        ["code"] = new JsonObject { ["coding"] = new JsonArray(new JsonObject { ["system"] = "http://loinc.org", ["code"] = code }) },
        ["subject"] = new JsonObject { ["reference"] = $"Patient/{patient}" },
        ["effectiveDateTime"] = when,
        ["valueQuantity"] = new JsonObject { ["value"] = JsonNode.Parse("13.50"), ["unit"] = "g/dL" },
    };
}
