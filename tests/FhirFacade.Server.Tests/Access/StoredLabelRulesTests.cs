using System.Net;
using System.Text.Json.Nodes;
using FhirFacade.Fhir.Sensitivity;
using FhirFacade.Server.Access;
using FhirFacade.Server.Tests.Rest;

namespace FhirFacade.Server.Tests.Access;

/// <summary>A site's value sets of sensitive categories take effect while the server runs: stored by a client, or put into a directory.</summary>
[Collection(nameof(OwnSearchParameters))]
public sealed class StoredLabelRulesTests : IAsyncLifetime
{
    private const string Local = "http://example.org/local";
    private readonly string directory = Directory.CreateTempSubdirectory("fhirfacade-labels-").FullName;
    private TestDatabase database = null!;
    private RunningServer server = null!;
    private string root = null!;

    public async ValueTask InitializeAsync()
    {
        database = await TestCluster.NewDatabaseAsync();
        server = await RunningServer.StartAsync(database.DataSource, access: new AccessOptions { SensitiveValueSets = [directory], PurposesOfUse = ["TREAT", "HRESCH"] });
        root = server.Token(FhirServer.Everything);
        await PutAsync(FhirServer.Patient("p"));
    }

    [Fact]
    public async Task A_value_set_that_is_stored_labels_what_is_there_and_what_comes_and_goes_again()
    {
        await PutAsync(Condition("before", "stored"));
        Assert.Equal(HttpStatusCode.OK, (await server.GetAsync("fhir/Condition/before", root, ("X-Purpose-Of-Use", "HRESCH"))).Status);
        await PutAsync(Set("of-site", "stored", "CEL"));
        await UntilAsync("before", "CEL");
        await PutAsync(Condition("after", "stored"));
        Assert.Equal("CEL", await LabelsAsync("after"));
        (await server.GetAsync("fhir/Condition/before", root, ("X-Purpose-Of-Use", "HRESCH"))).IsOutcome(HttpStatusCode.NotFound, "not-found");
        // Earlier versions come last.
        while ((await server.GetAsync("fhir/Condition/before/_history/1", root, ("X-Purpose-Of-Use", "HRESCH"))).Status != HttpStatusCode.NotFound)
        {
            await Task.Delay(100, TestContext.Current.CancellationToken);
        }

        await server.SendAsync(HttpMethod.Delete, "fhir/ValueSet/of-site", root);
        await UntilAsync("before", "");
        await UntilAsync("after", "");
    }

    [Fact]
    public async Task A_file_that_is_put_into_the_directory_counts_and_so_does_its_change()
    {
        await PutAsync(Condition("of-file", "filed"));
        var file = Path.Combine(directory, "own.json");
        await File.WriteAllTextAsync(file, Set("own", "filed", "VIO").ToJsonString(), TestContext.Current.CancellationToken);
        await UntilAsync("of-file", "VIO");
        await File.WriteAllTextAsync(file, "{ this is none", TestContext.Current.CancellationToken);
        await Task.Delay(1500, TestContext.Current.CancellationToken);
        await PutAsync(Condition("of-file-2", "filed"));
        Assert.Equal("VIO", await LabelsAsync("of-file-2"));
        await File.WriteAllTextAsync(file, Set("own", "other", "VIO").ToJsonString(), TestContext.Current.CancellationToken);
        await UntilAsync("of-file", "");
    }

    [Fact]
    public async Task What_is_stored_takes_no_categorys_place_and_what_cannot_be_used_is_refused()
    {
        await PutAsync(Set("hiv", "nothing", "CEL", "hiv"));
        await PutAsync(Condition("marker", "nothing"));
        await UntilAsync("marker", "CEL");
        var hiv = SensitiveWorld.Condition("still", "B20");
        await PutAsync(hiv);
        Assert.Equal("R HIV", await LabelsAsync("still"));

        var nameless = Set("nameless", "x", "CEL");
        nameless.Remove("name");
        var answer = await server.SendAsync(HttpMethod.Put, "fhir/ValueSet/nameless", root, nameless.ToJsonString());
        Assert.True((int)answer.Status is 400 or 422, answer.Text);
        nameless["status"] = "draft";
        await PutAsync(nameless);
    }

    private async Task UntilAsync(string id, string labels)
    {
        while (await LabelsAsync(id) != labels)
        {
            await Task.Delay(100, TestContext.Current.CancellationToken);
        }
    }

    private async Task<string> LabelsAsync(string id) => string.Join(' ', SecurityLabels.In((await server.GetAsync("fhir/Condition/" + id, root)).Json).Select(label => label.Code));

    private async Task PutAsync(JsonObject resource)
    {
        var answer = await server.SendAsync(HttpMethod.Put, $"fhir/{resource["resourceType"]}/{resource["id"]}", root, resource.ToJsonString());
        Assert.True((int)answer.Status is 200 or 201, answer.Text);
    }

    private static JsonObject Condition(string id, string code)
    {
        var condition = SensitiveWorld.Condition(id, "I10");
        condition["code"] = new JsonObject { ["coding"] = new JsonArray(new JsonObject { ["system"] = Local, ["code"] = code }) };
        return condition;
    }

    private static JsonObject Set(string id, string code, string label, string? name = null) => new()
    {
        ["resourceType"] = "ValueSet", ["id"] = id, ["url"] = "http://example.org/ValueSet/" + id, ["name"] = name ?? "Own" + id, ["status"] = "active",
        ["useContext"] = new JsonArray(new JsonObject
        {
            ["code"] = new JsonObject { ["system"] = "http://terminology.hl7.org/CodeSystem/usage-context-type", ["code"] = "focus" },
            ["valueCodeableConcept"] = new JsonObject { ["coding"] = new JsonArray(new JsonObject { ["system"] = SecurityLabel.ActCode, ["code"] = label }) },
        }),
        ["compose"] = new JsonObject { ["include"] = new JsonArray(new JsonObject { ["system"] = Local, ["concept"] = new JsonArray(new JsonObject { ["code"] = code }) }) },
    };

    public async ValueTask DisposeAsync()
    {
        await server.DisposeAsync();
        await database.DisposeAsync();
        SensitivityRules.Serve(SensitivityRules.BuiltIn);
        Directory.Delete(directory, recursive: true);
    }
}
