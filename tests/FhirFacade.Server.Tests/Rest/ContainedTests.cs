using System.Net;
using System.Text.Json.Nodes;

namespace FhirFacade.Server.Tests.Rest;

/// <summary><c>_contained</c> and <c>_containedType</c> (R4 search.html, contained): what comes back, and what does not.</summary>
public sealed class ContainedTests(FhirServer api) : IClassFixture<FhirServer>, IAsyncLifetime
{
    private readonly string code = FhirServer.NewId();
    private readonly string request = FhirServer.NewId();
    private readonly string patient = FhirServer.NewId();

    public async ValueTask InitializeAsync()
    {
        await api.PutAsync(FhirServer.Patient(patient));
        await api.PutAsync(new JsonObject
        {
            ["resourceType"] = "MedicationRequest",
            ["id"] = request,
            ["contained"] = new JsonArray(Medication("m")),
            ["status"] = "active",
            ["intent"] = "order",
            ["medicationReference"] = new JsonObject { ["reference"] = "#m" },
            ["subject"] = new JsonObject { ["reference"] = $"Patient/{patient}" },
        });
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private JsonObject Medication(string id) => new()
    {
        ["resourceType"] = "Medication",
        ["id"] = id,
        ["code"] = new JsonObject { ["coding"] = new JsonArray(new JsonObject { ["system"] = "urn:rx", ["code"] = code }) },
    };

    [Fact]
    public async Task It_comes_as_its_container_or_by_itself_with_an_address_inside_the_container()
    {
        Assert.Empty((await api.GetAsync($"Medication?code={code}")).Matches);
        var container = await api.GetAsync($"Medication?code={code}&_contained=true");
        Assert.Equal([$"MedicationRequest/{request}"], container.Matches);
        Assert.Equal(1, container.Json.GetProperty("total").GetInt32());
        Assert.Contains("_contained=true", container.Link("self"));

        var contained = await api.GetAsync($"Medication?code={code}&_contained=true&_containedType=contained");
        Assert.Equal(["Medication/m"], contained.Matches);
        Assert.Equal($"{api.Server.Settings.FhirBase}/MedicationRequest/{request}#m", contained.Json.GetProperty("entry")[0].GetProperty("fullUrl").GetString());
        Assert.Empty(FhirFacade.Fhir.Validation.StructureValidator.Validate(contained.Json).Where(i => i.IsError));

        var count = await api.GetAsync($"Medication?code={code}&_contained=both&_summary=count");
        Assert.Equal(1, count.Json.GetProperty("total").GetInt32());
    }

    [Fact]
    public async Task Pages_of_resources_and_contained_ones_lead_over_every_match_once()
    {
        var alone = FhirServer.NewId();
        await api.PutAsync(Medication(alone));
        var page = await api.GetAsync($"?_type=Medication,Patient&_contained=both&_containedType=contained&code={code}&_count=1", ("Prefer", "handling=lenient"));
        Assert.Equal(HttpStatusCode.OK, page.Status);
        page = await api.GetAsync($"Medication?_contained=both&_containedType=contained&code={code}&_count=1&_sort=-_lastUpdated");
        Assert.Equal([$"Medication/{alone}"], page.Matches);
        page = await api.Server.GetAsync(new Uri(page.Link("next")!).PathAndQuery, api.Root);
        Assert.Equal(["Medication/m"], page.Matches);
        Assert.Null(page.Link("next"));
        page = await api.Server.GetAsync(new Uri(page.Link("previous")!).PathAndQuery, api.Root);
        Assert.Equal([$"Medication/{alone}"], page.Matches);
    }

    [Fact]
    public async Task A_client_finds_it_only_with_its_type_and_its_container_open()
    {
        var path = $"fhir/Medication?code={code}&_contained=true";
        (await api.Server.GetAsync(path, api.Server.Token("system/MedicationRequest.rs"))).IsOutcome(HttpStatusCode.Forbidden, "forbidden");
        Assert.Empty((await api.Server.GetAsync(path, api.Server.Token("system/Medication.rs"))).Matches);
        Assert.Single((await api.Server.GetAsync(path, api.Server.Token("system/Medication.rs system/MedicationRequest.rs"))).Matches);
        Assert.Single((await api.Server.GetAsync(path, api.Server.Token("system/Medication.rs patient/MedicationRequest.rs", patient))).Matches);
        Assert.Empty((await api.Server.GetAsync(path, api.Server.Token("system/Medication.rs patient/MedicationRequest.rs", "somebody-else"))).Matches);
    }

    [Theory]
    [InlineData("Medication?_contained=true&_sort=code")]
    [InlineData("Medication?_contained=true&_include=*")]
    [InlineData("Medication?_contained=maybe")]
    [InlineData("Patient/x/MedicationRequest?_contained=true")]
    public async Task What_cannot_be_meant_is_refused(string path) => Assert.Equal(HttpStatusCode.BadRequest, (await api.GetAsync(path)).Status);

    [Fact]
    public async Task A_condition_of_a_write_never_means_what_is_contained()
    {
        var answer = await api.Server.SendAsync(HttpMethod.Delete, $"fhir/Medication?code={code}&_contained=true", api.Root);
        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Equal(HttpStatusCode.OK, (await api.GetAsync($"MedicationRequest/{request}")).Status);
    }
}
