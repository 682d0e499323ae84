using System.Net;
using System.Text.Json.Nodes;
using FhirFacade.Fhir.Sensitivity;
using FhirFacade.Server.Tests.Rest;
using FhirFacade.Storage.Resources;

namespace FhirFacade.Server.Tests.Access;

/// <summary>What shares the content of something sensitive is as closed as that, whichever of the two came first; and what was stored before there were labels gets them.</summary>
public sealed class SharedLabelTests(SensitiveWorld world) : IClassFixture<SensitiveWorld>
{
    [Fact]
    public async Task A_report_is_labelled_with_its_results_in_one_Bundle_and_after_them()
    {
        var observation = FhirServer.Observation("hiv-test", "p", "75622-1");
        await BundleAsync(Report("of-bundle", "hiv-test"), observation);
        Assert.Equal("R* HIV*", await world.LabelsAsync("DiagnosticReport/of-bundle"));
        var answer = await world.PutAsync(Report("afterwards", "hiv-test"));
        Assert.Contains(SecurityLabels.In(answer.Json), label => label.Code == "HIV");
        Assert.Equal("R* HIV*", await world.LabelsAsync("DiagnosticReport/afterwards"));
        Assert.Equal(HttpStatusCode.NotFound, (await world.Server.GetAsync("fhir/DiagnosticReport/afterwards", world.Study)).Status);
    }

    [Fact]
    public async Task A_report_that_was_there_before_comes_along_and_writing_it_back_changes_nothing()
    {
        await world.PutAsync(Report("early", "late-result"));
        Assert.Equal("", await world.LabelsAsync("DiagnosticReport/early"));
        await world.PutAsync(FhirServer.Observation("late-result", "p", "75622-1"));
        Assert.Equal("R* HIV*", await world.LabelsAsync("DiagnosticReport/early"));
        var version = (await world.Server.GetAsync("fhir/DiagnosticReport/early", world.Root)).Header("ETag");
        Assert.Equal(version, (await world.PutAsync(Report("early", "late-result"))).Header("ETag"));
        var list = await world.Server.GetAsync("fhir/DiagnosticReport?_security=HIV&_id=early", world.Root);
        Assert.Equal(["DiagnosticReport/early"], list.Matches);
    }

    [Theory]
    [InlineData("""{"resourceType":"MedicationRequest","id":"shared-rx","status":"active","intent":"order","subject":{"reference":"Patient/p"},"medicationReference":{"reference":"Medication/methadone"}}""")]
    [InlineData("""{"resourceType":"Encounter","id":"shared-stay","status":"finished","class":{"code":"AMB"},"subject":{"reference":"Patient/p"},"diagnosis":[{"condition":{"reference":"Condition/alcohol"}}]}""")]
    [InlineData("""{"resourceType":"Procedure","id":"shared-procedure","status":"completed","subject":{"reference":"Patient/p"},"reasonReference":[{"reference":"Condition/alcohol"}]}""")]
    [InlineData("""{"resourceType":"DocumentReference","id":"shared-note","status":"current","content":[{"attachment":{"title":"t"}}],"subject":{"reference":"Patient/p"},"context":{"related":[{"reference":"Condition/alcohol"}]}}""")]
    public async Task What_refers_to_something_sensitive_as_its_content_is_labelled(string json)
    {
        await world.PutAsync((JsonObject)JsonNode.Parse("""{"resourceType":"Medication","id":"methadone","code":{"coding":[{"system":"http://www.nlm.nih.gov/research/umls/rxnorm","code":"6813"}]}}""")!);
        var resource = (JsonObject)JsonNode.Parse(json)!;
        await world.PutAsync(resource);
        Assert.Equal("R* ETH* SUD*", await world.LabelsAsync($"{resource["resourceType"]}/{resource["id"]}"));
    }

    [Fact]
    public async Task A_kit_is_labelled_with_its_ingredient_and_so_is_who_prescribes_it()
    {
        await world.PutAsync((JsonObject)JsonNode.Parse("""{"resourceType":"MedicationRequest","id":"of-kit","status":"active","intent":"order","subject":{"reference":"Patient/p"},"medicationReference":{"reference":"Medication/kit"}}""")!);
        await world.PutAsync((JsonObject)JsonNode.Parse("""{"resourceType":"Medication","id":"kit","code":{"text":"kit"},"ingredient":[{"itemReference":{"reference":"Medication/of-brand"}}]}""")!);
        Assert.Equal("", await world.LabelsAsync("MedicationRequest/of-kit"));
        await world.PutAsync((JsonObject)JsonNode.Parse("""{"resourceType":"Medication","id":"of-brand","code":{"text":"Suboxone film"}}""")!);
        Assert.Equal("R* ETH* SUD*", await world.LabelsAsync("Medication/kit"));
        Assert.Equal("R* ETH* SUD*", await world.LabelsAsync("MedicationRequest/of-kit"));
        (await world.Server.GetAsync("fhir/MedicationRequest/of-kit", world.Study)).IsOutcome(HttpStatusCode.NotFound, "not-found");
    }

    [Fact]
    public async Task A_panel_and_its_report_are_labelled_over_two_steps()
    {
        var panel = FhirServer.Observation("two-panel", "p");
        panel["hasMember"] = new JsonArray(TwoPatients.Reference("Observation/two-member"));
        await BundleAsync(Report("two-report", "two-panel"), panel, FhirServer.Observation("two-member", "p", "65750-2"));
        Assert.Equal("R* ETH* SUD*", await world.LabelsAsync("Observation/two-panel"));
        Assert.Equal("R* ETH* SUD*", await world.LabelsAsync("DiagnosticReport/two-report"));
    }

    [Fact]
    public async Task What_was_stored_before_there_were_labels_gets_them_and_so_do_its_earlier_versions()
    {
        await world.PutAsync(SensitiveWorld.Condition("old", "F10.20"));
        var changed = SensitiveWorld.Condition("old", "F10.20");
        changed["recordedDate"] = "2024-01-01";
        await world.PutAsync(changed);
        await world.PutAsync(Report("old-report", "old-result"));
        await world.PutAsync(FhirServer.Observation("old-result", "p", "75622-1"));
        var relabelling = new Relabelling(world.Database, TimeProvider.System);
        while (await relabelling.StepAsync(TestContext.Current.CancellationToken))
        {
            // What the server began when it started, nobody is at any more.
        }
        await world.UnlabelAsync();
        foreach (var path in new[] { "Condition/old", "Condition/old/_history/1", "DiagnosticReport/old-report", "Condition/gone/_history/1" })
        {
            Assert.Equal(HttpStatusCode.OK, (await world.Server.GetAsync("fhir/" + path, world.Study)).Status);
        }

        while (await relabelling.StepAsync(TestContext.Current.CancellationToken))
        {
            // Step by step, until there is none left.
        }
        Assert.Equal("R* ETH* SUD*", await world.LabelsAsync("Condition/old"));
        Assert.Equal("R* HIV*", await world.LabelsAsync("DiagnosticReport/old-report"));
        Assert.Equal("", await world.LabelsAsync("Condition/plain"));
        foreach (var path in new[] { "Condition/old", "Condition/old/_history/1", "Condition/old/_history/2", "DiagnosticReport/old-report", "DiagnosticReport/old-report/_history/2", "Condition/gone/_history/1", "Condition/gone/_history/2" })
        {
            (await world.Server.GetAsync("fhir/" + path, world.Study)).IsOutcome(HttpStatusCode.NotFound, "not-found");
        }
        var version = (await world.Server.GetAsync("fhir/Condition/old", world.Root)).Header("ETag");
        Assert.False(await relabelling.StepAsync(TestContext.Current.CancellationToken));
        Assert.Equal(version, (await world.PutAsync(changed)).Header("ETag"));
    }

    private static JsonObject Report(string id, string result) => new()
    {
        ["resourceType"] = "DiagnosticReport", ["id"] = id, ["status"] = "final", ["code"] = new JsonObject { ["text"] = "panel" }, ["subject"] = TwoPatients.Reference("Patient/p"),
        ["result"] = new JsonArray(TwoPatients.Reference("Observation/" + result)),
    };

    private async Task BundleAsync(params JsonObject[] resources)
    {
        var bundle = new JsonObject
        {
            ["resourceType"] = "Bundle", ["type"] = "transaction",
            ["entry"] = new JsonArray([.. resources.Select(resource => (JsonNode)new JsonObject { ["resource"] = resource, ["request"] = new JsonObject { ["method"] = "PUT", ["url"] = $"{resource["resourceType"]}/{resource["id"]}" } })]),
        };
        var answer = await world.Server.SendAsync(HttpMethod.Post, "fhir/", world.Root, bundle.ToJsonString());
        Assert.True(answer.Status == HttpStatusCode.OK, answer.Text);
    }
}
