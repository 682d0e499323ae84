using System.Net;
using System.Text.Json.Nodes;
using static FhirFacade.Server.Tests.Rest.OwnSearchParameters;

namespace FhirFacade.Server.Tests.Rest;

/// <summary>A site's own search parameters: how they come, when they can be searched by, how they go.</summary>
[Collection(nameof(OwnSearchParameters))]
public sealed class SearchParameterTests(OwnSearchParameters site) : IClassFixture<OwnSearchParameters>
{
    [Fact]
    public async Task A_parameter_can_be_searched_by_once_all_resources_are_indexed_by_it()
    {
        await site.PutAsync(FhirServer.Patient("before", "Early"));
        await site.PutAsync(Parameter("kin", "kin", "Patient.contact.name.family", "string"));
        await site.PutAsync(FhirServer.Patient("between", "Later"));

        foreach (var handling in new[] { "strict", "lenient" })
        {
            (await site.Server.GetAsync("fhir/Patient?kin=Canary", site.Root, ("Prefer", $"handling={handling}"))).IsOutcome(HttpStatusCode.BadRequest, "not-supported");
        }

        Assert.DoesNotContain("\"kin\"", (await site.GetAsync("metadata")).Text, StringComparison.Ordinal);
        var job = await site.ReindexAsync();
        Assert.Contains("SearchParameter/kin", job.GetRawText(), StringComparison.Ordinal);
        await site.PutAsync(FhirServer.Patient("after", "Last"));

        var found = await site.GetAsync("Patient?kin=Canary&_id=after,before,between&_sort=kin,_id");
        Assert.Equal(["Patient/after", "Patient/before", "Patient/between"], found.Matches);
        Assert.Contains("\"kin\"", (await site.GetAsync("metadata")).Text, StringComparison.Ordinal);
        Assert.Equal("W/\"1\"", (await site.GetAsync("Patient/before")).Header("ETag"));
        var nothing = await site.PostAsync("SearchParameter/$reindex", site.Root);
        Assert.Equal(HttpStatusCode.OK, nothing.Status);
    }

    [Fact]
    public async Task A_changed_parameter_waits_again_and_a_retired_or_deleted_one_is_gone()
    {
        await site.PutAsync(FhirServer.Patient("of-change", "Change"));
        await site.PutAsync(Parameter("changing", "changing", "Patient.gender"));
        await site.ReindexAsync("SearchParameter/changing/$reindex");
        Assert.Contains("Patient/of-change", (await site.GetAsync("Patient?changing=female")).Matches);

        await site.PutAsync(Parameter("changing", "changing", "Patient.contact.gender"));
        (await site.GetAsync("Patient?changing=male")).IsOutcome(HttpStatusCode.BadRequest, "not-supported");
        await site.ReindexAsync();
        Assert.Contains("Patient/of-change", (await site.GetAsync("Patient?changing=male")).Matches);
        Assert.Empty((await site.GetAsync("Patient?changing=female")).Matches);

        var renamed = Parameter("changing", "changing", "Patient.contact.gender");
        renamed["description"] = "Said in other words";
        await site.PutAsync(renamed);
        Assert.Contains("Patient/of-change", (await site.GetAsync("Patient?changing=male")).Matches);

        var retired = Parameter("changing", "changing", "Patient.contact.gender");
        retired["status"] = "retired";
        await site.PutAsync(retired);
        (await site.Server.GetAsync("fhir/Patient?changing=male", site.Root, ("Prefer", "handling=strict"))).IsOutcome(HttpStatusCode.BadRequest, "not-supported");

        await site.PutAsync(Parameter("changing", "changing", "Patient.gender"));
        await site.ReindexAsync();
        Assert.Equal(HttpStatusCode.NoContent, (await site.Server.SendAsync(HttpMethod.Delete, "fhir/SearchParameter/changing", site.Root)).Status);
        (await site.Server.GetAsync("fhir/Patient?changing=female", site.Root, ("Prefer", "handling=strict"))).IsOutcome(HttpStatusCode.BadRequest, "not-supported");
    }

    [Theory]
    [InlineData("code", "birthdate", "duplicate")]
    [InlineData("expression", "Patient.nothing.there", "invalid")]
    [InlineData("expression", "Patient.name.where(", "invalid")]
    [InlineData("expression", "Patient.name", "value")]
    [InlineData("base", "Nonsense", "code-invalid")]
    public async Task What_cannot_be_indexed_is_refused(string element, string value, string code)
    {
        var id = FhirServer.NewId();
        var parameter = Parameter(id, "refused", "Patient.gender");
        parameter[element] = element == "base" ? new JsonArray(value) : value;
        var answer = await site.Server.SendAsync(HttpMethod.Put, $"fhir/SearchParameter/{id}", site.Root, parameter.ToJsonString());
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.Status);
        Assert.True(answer.Json.GetProperty("issue").EnumerateArray().Any(i => i.GetProperty("code").GetString() is { } found && (found == code || element == "base")), answer.Text);
        Assert.Equal(HttpStatusCode.NotFound, (await site.GetAsync($"SearchParameter/{id}")).Status);

        parameter["status"] = "draft";
        if (element != "base")
        {
            await site.PutAsync(parameter);
            await site.Server.SendAsync(HttpMethod.Delete, $"fhir/SearchParameter/{id}", site.Root);
        }
    }

    [Fact]
    public async Task A_definition_that_is_built_in_may_be_stored_and_changes_nothing()
    {
        var built = Parameter("individual-birthdate", "birthdate", "Patient.deceased", "date");
        built["url"] = "http://hl7.org/fhir/SearchParameter/individual-birthdate";
        await site.PutAsync(built);
        await site.PutAsync(FhirServer.Patient("born"));

        Assert.Contains("Patient/born", (await site.GetAsync("Patient?birthdate=1950-03-04")).Matches);
        Assert.Equal(HttpStatusCode.NoContent, (await site.Server.SendAsync(HttpMethod.Delete, "fhir/SearchParameter/individual-birthdate", site.Root)).Status);
    }

    [Fact]
    public async Task A_parameter_and_what_it_finds_may_come_in_one_transaction()
    {
        var bundle = new JsonObject
        {
            ["resourceType"] = "Bundle",
            ["type"] = "transaction",
            ["entry"] = new JsonArray(Entry(FhirServer.Patient("together", "Both")), Entry(Parameter("marital", "marital", "Patient.contact.gender"))),
        };
        var answer = await site.Server.SendAsync(HttpMethod.Post, "fhir", site.Root, bundle.ToJsonString());
        Assert.True(answer.Status == HttpStatusCode.OK, answer.Text);
        await site.ReindexAsync();
        Assert.Contains("Patient/together", (await site.GetAsync("Patient?marital=male")).Matches);

        static JsonObject Entry(JsonObject resource) => new()
        {
            ["resource"] = resource,
            ["request"] = new JsonObject { ["method"] = "PUT", ["url"] = $"{resource["resourceType"]}/{resource["id"]}" },
        };
    }

    [Fact]
    public async Task Every_kind_of_parameter_can_be_the_sites_own()
    {
        await site.PutAsync(FhirServer.Patient("kinds", "Kinds"));
        await site.PutAsync(FhirServer.Observation("kind-1", "kinds"));
        await site.PutAsync(Parameter("own-date", "own-date", "Observation.effective", "date", "", "Observation"));
        await site.PutAsync(Parameter("own-quantity", "own-quantity", "Observation.value.ofType(Quantity)", "quantity", "", "Observation"));
        await site.PutAsync(Parameter("own-reference", "own-reference", "Observation.subject", "reference", "Patient", "Observation"));
        await site.PutAsync(Parameter("own-string", "own-string", "Patient.name.given", "string"));
        await site.ReindexAsync();

        foreach (var query in new[]
        {
            "Observation?own-date=2024-05-06", "Observation?own-quantity=gt13", "Observation?own-reference=Patient/kinds", "Observation?own-reference.family=Kinds",
            "Observation?own-date:missing=false&_sort=own-date", "Observation?own-reference:Patient.own-string=Anne",
        })
        {
            var found = await site.GetAsync(query);
            Assert.True(found.Status == HttpStatusCode.OK && found.Matches.Contains("Observation/kind-1"), query + found.Text);
        }

        Assert.Equal(["Patient/kinds"], (await site.GetAsync("Observation?own-date=2024-05-06&_include=Observation:own-reference")).Included);
        Assert.Equal(["Patient/kinds"], (await site.GetAsync("Patient?_has:Observation:own-reference:own-date=2024-05-06")).Matches);
    }
}
