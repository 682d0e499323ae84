using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using FhirFacade.Fhir.Validation;

namespace FhirFacade.Server.Tests.Rest;

public sealed class OperationTests(TwoPatients world) : IClassFixture<TwoPatients>
{
    private Task<Answer> AsX(string path) => world.Server.GetAsync("fhir/" + path, world.OfX);

    private Task<Answer> AsRoot(string path) => world.Server.GetAsync("fhir/" + path, world.Root);

    private Task<Answer> PostAsync(string path, JsonObject body, string? token = null) =>
        world.Server.SendAsync(HttpMethod.Post, "fhir/" + path, token ?? world.Root, body.ToJsonString());

    private static JsonObject Parameters(params JsonObject[] parts) => new() { ["resourceType"] = "Parameters", ["parameter"] = new JsonArray([.. parts]) };

    [Theory]
    [InlineData("Patient/y/$everything")]
    [InlineData("Encounter/y-encounter/$everything")]
    [InlineData("Observation/y-1/$meta")]
    [InlineData("Observation/y-1/$validate")]
    [InlineData("Composition/y-summary/$document")]
    public async Task Whatever_is_of_Y_is_not_found_by_an_operation_either(string path)
    {
        var hidden = await AsX(path);
        hidden.IsOutcome(HttpStatusCode.NotFound, "not-found");
        Assert.Equal((await AsX(path.Replace("/y", "/none", StringComparison.Ordinal))).Body, hidden.Body);
    }

    [Fact]
    public async Task An_operation_shows_nothing_of_Y_to_X()
    {
        foreach (var path in new[] { "Patient/x/$everything", "Encounter/x-encounter/$everything", "Observation/$lastn?patient=y", "Observation/$lastn?patient=x", "DocumentReference/$docref?patient=y", "Patient/x/$everything?_type=Observation,Appointment" })
        {
            var answer = await AsX(path);
            Assert.Equal(HttpStatusCode.OK, answer.Status);
            Assert.DoesNotContain(TwoPatients.Canary, answer.Text, StringComparison.Ordinal);
            Assert.DoesNotContain(answer.Entries, e => e.Reference.Contains("/y", StringComparison.Ordinal) || e.Reference.EndsWith("/both", StringComparison.Ordinal));
        }
        Assert.Equal(0, (await AsX("Observation/$lastn?patient=y")).Json.GetProperty("total").GetInt32());
        var labels = Parameters(new JsonObject { ["name"] = "meta", ["valueMeta"] = new JsonObject { ["tag"] = new JsonArray(new JsonObject { ["code"] = "mine" }) } });
        (await PostAsync("Observation/y-1/$meta-add", labels, world.Server.Token("patient/*.cruds", "x"))).IsOutcome(HttpStatusCode.NotFound, "not-found");
        (await PostAsync("Observation/x-1/$meta-add", labels, world.OfX)).IsOutcome(HttpStatusCode.Forbidden, "forbidden");
    }

    [Fact]
    public async Task Everything_of_a_patient_is_the_compartment_and_who_and_where_it_refers_to()
    {
        var answer = await AsRoot("Patient/x/$everything");
        Assert.Contains("Patient/x", answer.Matches);
        Assert.Equal("Patient/x", answer.Matches[0]);
        Assert.Contains("Encounter/x-encounter", answer.Matches);
        Assert.Contains("Condition/x-condition", answer.Matches);
        Assert.Contains("Observation/x-1", answer.Matches);
        Assert.DoesNotContain(answer.Matches, m => m.Contains("/y", StringComparison.Ordinal));
        Assert.Contains("Practitioner/doctor", answer.Included);
        Assert.Contains("Organization/clinic", answer.Included);
        Assert.Empty(StructureValidator.Validate(answer.Json).Where(i => i.IsError));
        Assert.Equal(answer.Matches, (await AsX("Patient/x/$everything")).Matches);

        Assert.All((await AsRoot("Patient/x/$everything?_type=Observation")).Matches, m => Assert.StartsWith("Observation/", m, StringComparison.Ordinal));
        Assert.DoesNotContain("Observation/x-1", (await AsRoot("Patient/x/$everything?start=2024-05-03")).Matches);
        Assert.Contains("Observation/x-1", (await AsRoot("Patient/x/$everything?end=2024-05-01")).Matches);
        Assert.Empty((await AsRoot("Patient/x/$everything?_since=2999-01-01")).Matches);
        foreach (var wrong in new[] { "_type=Nonsense", "start=soon", "_count=0", "_count=many", "_page=x" })
        {
            Assert.Equal(HttpStatusCode.BadRequest, (await AsRoot($"Patient/x/$everything?{wrong}")).Status);
        }
    }

    [Theory]
    [InlineData("Patient/x/$everything")]
    [InlineData("Encounter/x-encounter/$everything")]
    public async Task Its_pages_have_everything_once(string path)
    {
        var whole = (await AsRoot(path)).Matches;
        foreach (var count in new[] { 1, 2, 3 })
        {
            List<string> seen = [];
            var next = $"fhir/{path}?_count={count}";
            while (next is not null)
            {
                var page = await world.Server.GetAsync(next, world.Root);
                Assert.Equal(HttpStatusCode.OK, page.Status);
                Assert.True(page.Matches.Count <= count);
                seen.AddRange(page.Matches);
                next = page.Link("next") is { } link ? new Uri(link).PathAndQuery[1..] : null;
            }
            Assert.Equal(whole, seen);
        }
        var ofRoot = new Uri((await AsRoot(path + "?_count=1")).Link("next")!).PathAndQuery[1..];
        Assert.Equal(HttpStatusCode.BadRequest, (await world.Server.GetAsync(ofRoot, world.OfX)).Status);
    }

    [Fact]
    public async Task LastN_has_the_newest_of_each_code()
    {
        var one = await AsRoot("Observation/$lastn?patient=x&category=laboratory");
        Assert.Contains("Observation/x-2", one.Matches);
        Assert.DoesNotContain("Observation/x-1", one.Matches);
        var two = await AsRoot("Observation/$lastn?patient=x&code=718-7&max=2");
        Assert.Equal(["Observation/x-2", "Observation/x-1"], two.Matches);
        (await AsRoot("Observation/$lastn?code=718-7")).IsOutcome(HttpStatusCode.BadRequest, "required");
        (await AsRoot("Observation/$lastn?patient=x&max=0")).IsOutcome(HttpStatusCode.BadRequest, "value");
    }

    [Fact]
    public async Task A_document_has_the_composition_first_and_leaves_out_what_the_grant_does_not_open()
    {
        await world.PutAsync(new JsonObject
        {
            ["resourceType"] = "Composition", ["id"] = "x-summary", ["status"] = "final", ["type"] = new JsonObject { ["text"] = "summary" }, ["subject"] = new JsonObject { ["reference"] = "Patient/x" },
            ["date"] = "2024-05-06", ["title"] = "Summary", ["author"] = new JsonArray(new JsonObject { ["reference"] = "Practitioner/doctor" }),
            ["section"] = new JsonArray(new JsonObject { ["title"] = "Labs", ["entry"] = new JsonArray(new JsonObject { ["reference"] = "Observation/x-1" }, new JsonObject { ["reference"] = "Observation/y-1" }) }),
        });
        var answer = await AsX("Composition/x-summary/$document");
        Assert.Equal("document", answer.Json.GetProperty("type").GetString());
        Assert.Equal(["Composition/x-summary", "Patient/x", "Practitioner/doctor", "Observation/x-1"], answer.Entries.Select(e => e.Reference));
        Assert.DoesNotContain(TwoPatients.Canary, answer.Text, StringComparison.Ordinal);
        Assert.Empty(ResourceValidator.R4.Validate(answer.Json).Where(i => i.IsError));
        Assert.Contains("Observation/y-1", (await AsRoot("Composition/x-summary/$document")).Entries.Select(e => e.Reference));
    }

    [Fact]
    public async Task Tags_come_and_go_and_each_change_is_a_version()
    {
        var id = FhirServer.NewId();
        await world.PutAsync(FhirServer.Patient(id));
        var tag = new JsonObject { ["name"] = "meta", ["valueMeta"] = new JsonObject { ["tag"] = new JsonArray(new JsonObject { ["system"] = "urn:t", ["code"] = "one" }) } };
        var added = await PostAsync($"Patient/{id}/$meta-add", Parameters(tag));
        Assert.Equal("one", added.Json.GetProperty("parameter")[0].GetProperty("valueMeta").GetProperty("tag")[0].GetProperty("code").GetString());
        await PostAsync($"Patient/{id}/$meta-add", Parameters((JsonObject)tag.DeepClone()));
        Assert.Equal("2", (await AsRoot($"Patient/{id}/$meta")).Json.GetProperty("parameter")[0].GetProperty("valueMeta").GetProperty("versionId").GetString());
        var removed = await PostAsync($"Patient/{id}/$meta-delete", Parameters((JsonObject)tag.DeepClone()));
        Assert.False(removed.Json.GetProperty("parameter")[0].GetProperty("valueMeta").TryGetProperty("tag", out _));
        (await PostAsync($"Patient/{id}/$meta-add", Parameters())).IsOutcome(HttpStatusCode.BadRequest, "required");
    }

    [Fact]
    public async Task Validate_tells_what_is_wrong_with_a_place_and_never_a_value()
    {
        var good = await PostAsync("Patient/$validate", FhirServer.Patient("a"));
        Assert.Equal(HttpStatusCode.OK, good.Status);
        Assert.DoesNotContain(good.Json.GetProperty("issue").EnumerateArray(), i => i.GetProperty("severity").GetString() is "error" or "fatal");
        var patient = FhirServer.Patient("a");
        patient["gender"] = "canary-gender";
        patient["contact"] = new JsonArray(new JsonObject { ["gender"] = "male" });
        var bad = await PostAsync("Patient/$validate", Parameters(new JsonObject { ["name"] = "resource", ["resource"] = patient }));
        Assert.Equal(HttpStatusCode.OK, bad.Status);
        Assert.Contains(bad.Json.GetProperty("issue").EnumerateArray(), i => i.TryGetProperty("expression", out var e) && e[0].GetString() == "Patient.gender");
        Assert.Contains("pat-1", bad.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("canary", bad.Text, StringComparison.Ordinal);
        var profiled = await PostAsync("Observation/$validate?profile=http://hl7.org/fhir/us/core/StructureDefinition/us-core-patient", FhirServer.Observation("a", "x"));
        Assert.Contains(profiled.Json.GetProperty("issue").EnumerateArray(), i => i.GetProperty("severity").GetString() == "error");
        (await PostAsync("Patient/$validate?profile=urn:unknown", FhirServer.Patient("a"))).IsOutcome(HttpStatusCode.BadRequest, "not-supported");
        Assert.Contains((await PostAsync("Patient/$validate", FhirServer.Observation("a", "x"))).Json.GetProperty("issue").EnumerateArray(), i => i.GetProperty("code").GetString() == "invalid");
        Assert.Equal(HttpStatusCode.OK, (await AsX("Patient/x/$validate")).Status);
    }

    [Fact]
    public async Task Terminology_answers_from_what_is_built_in()
    {
        static JsonElement Part(Answer answer, string name) => answer.Json.GetProperty("parameter").EnumerateArray().First(p => p.GetProperty("name").GetString() == name);
        const string Gender = "http://hl7.org/fhir/ValueSet/administrative-gender";
        const string Codes = "http://hl7.org/fhir/administrative-gender";
        var expanded = (await AsX($"ValueSet/$expand?url={Gender}")).Json.GetProperty("expansion");
        Assert.Equal(4, expanded.GetProperty("total").GetInt32());
        Assert.Single((await AsX($"ValueSet/$expand?url={Gender}&filter=fem")).Json.GetProperty("expansion").GetProperty("contains").EnumerateArray());
        (await AsX("ValueSet/$expand?url=urn:none")).IsOutcome(HttpStatusCode.NotFound, "not-found");
        Assert.True(Part(await AsX($"ValueSet/$validate-code?url={Gender}&system={Codes}&code=male"), "result").GetProperty("valueBoolean").GetBoolean());
        Assert.False(Part(await AsX($"ValueSet/$validate-code?url={Gender}&system={Codes}&code=blue"), "result").GetProperty("valueBoolean").GetBoolean());
        Assert.True(Part(await AsX($"CodeSystem/$validate-code?url={Codes}&code=male"), "result").GetProperty("valueBoolean").GetBoolean());
        Assert.Equal("Male", Part(await AsX($"CodeSystem/$lookup?system={Codes}&code=male"), "display").GetProperty("valueString").GetString());
        (await AsX($"CodeSystem/$lookup?system={Codes}&code=blue")).IsOutcome(HttpStatusCode.NotFound, "not-found");
        Assert.Equal("equivalent", Part(await AsX($"CodeSystem/$subsumes?system={Codes}&codeA=male&codeB=male"), "outcome").GetProperty("valueCode").GetString());
        var inline = new JsonObject { ["resourceType"] = "ValueSet", ["status"] = "active", ["compose"] = new JsonObject { ["include"] = new JsonArray(new JsonObject { ["system"] = Codes, ["concept"] = new JsonArray(new JsonObject { ["code"] = "male" }) }) } };
        var given = await PostAsync("ValueSet/$expand", Parameters(new JsonObject { ["name"] = "valueSet", ["resource"] = inline }), world.OfX);
        Assert.True(given.Status is HttpStatusCode.OK or HttpStatusCode.BadRequest, given.Text);
        (await AsX("ValueSet/any/$expand")).IsOutcome(HttpStatusCode.Forbidden, "forbidden");
        Assert.Equal(HttpStatusCode.Unauthorized, (await world.Server.GetAsync($"fhir/ValueSet/$expand?url={Gender}", null)).Status);
    }
}
