using System.Net;
using FhirFacade.Server.Tests.Rest;
using FhirFacade.TestSupport;
using static FhirFacade.TestSupport.ConsentJson;

namespace FhirFacade.Server.Tests.Access;

/// <summary>What a patient's consent closes to an app, along every path by which a row can be reached; and what it leaves open to others.</summary>
public sealed class ConsentReachTests(ConsentWorld world) : IClassFixture<ConsentWorld>
{
    private static readonly string[] Denied = ["closed", "closed-derived"];

    [Theory]
    [MemberData(nameof(PolicyTests.Readings), MemberType = typeof(PolicyTests))]
    public async Task What_a_patient_denies_is_in_no_answer(string path, bool ofPatient)
    {
        foreach (var format in new[] { "application/fhir+json", "application/fhir+xml" })
        {
            var answer = await world.Server.GetAsync("fhir/" + path, ofPatient ? world.NarrowPatient : world.Narrow, ("Accept", format));
            Assert.True((int)answer.Status < 500, answer.Text);
            Assert.DoesNotContain(PolicyWorld.Closed, answer.Text, StringComparison.Ordinal);
            Assert.DoesNotContain("closed-code", answer.Text.Replace("code=closed-code", "", StringComparison.Ordinal), StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(PolicyTests.Readings), MemberType = typeof(PolicyTests))]
    public async Task Others_see_what_is_denied_to_one(string path, bool ofPatient)
    {
        var scope = ofPatient ? "patient/*.rs" : FhirServer.Everything;
        var root = await world.Server.GetAsync("fhir/" + path, world.Server.Token(scope, ofPatient ? "p" : null));
        var other = await world.Server.GetAsync("fhir/" + path, world.Server.Token(scope, ofPatient ? "p" : null, "other"));
        Assert.Equal(root.Status, other.Status);
        Assert.Equal(root.Text.Split(PolicyWorld.Closed).Length, other.Text.Split(PolicyWorld.Closed).Length);
    }

    [Theory]
    [InlineData("Observation/closed")]
    [InlineData("Observation/closed/_history")]
    [InlineData("Observation/closed/_history/1")]
    [InlineData("Observation/closed-deleted")]
    [InlineData("Observation/closed-deleted/_history/2")]
    [InlineData("Observation/once-closed/_history/1")]
    public async Task What_is_denied_looks_like_what_is_not_there(string path)
    {
        var absent = await world.Server.GetAsync("fhir/" + path.Replace("closed", "absent", StringComparison.Ordinal), world.Narrow);
        var denied = await world.Server.GetAsync("fhir/" + path, world.Narrow, ("If-None-Match", "W/\"1\""));
        denied.IsOutcome(HttpStatusCode.NotFound, "not-found");
        Assert.Equal(absent.Text, denied.Text);
        Assert.Null(denied.Header("ETag"));
        Assert.NotEqual(HttpStatusCode.NotFound, (await world.Server.GetAsync("fhir/" + path, world.Other)).Status);
    }

    [Fact]
    public async Task Totals_and_counts_know_nothing_of_what_is_denied()
    {
        foreach (var query in new[] { "code=closed-code&_summary=count", "code=closed-code&_count=0", "code=closed-code&_total=accurate&_count=1", "_security=R&_total=accurate" })
        {
            Assert.Equal(0, (await world.Server.GetAsync("fhir/Observation?" + query, world.Narrow)).Json.GetProperty("total").GetInt32());
            Assert.Equal(2, (await world.Server.GetAsync("fhir/Observation?" + query, world.Other)).Json.GetProperty("total").GetInt32());
        }
    }

    [Theory]
    [InlineData("batch")]
    [InlineData("transaction")]
    public async Task The_entries_of_a_Bundle_show_no_more(string kind)
    {
        var bundle = $$$"""
            {"resourceType":"Bundle","type":"{{{kind}}}","entry":[{"request":{"method":"GET","url":"Patient/p"}},{"request":{"method":"GET","url":"Observation?status=final"} } ] }
            """;
        Assert.DoesNotContain(PolicyWorld.Closed, (await world.Server.SendAsync(HttpMethod.Post, "fhir/", world.Narrow, bundle)).Text, StringComparison.Ordinal);
        Assert.Contains(PolicyWorld.Closed, (await world.Server.SendAsync(HttpMethod.Post, "fhir/", world.Other, bundle)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_changes_patches_or_deletes_what_is_denied_to_them_nor_finds_it_by_a_condition()
    {
        foreach (var id in Denied)
        {
            var body = PolicyWorld.Observation(id).ToJsonString();
            (await world.Server.SendAsync(HttpMethod.Put, "fhir/Observation/" + id, world.Narrow, body)).IsOutcome(HttpStatusCode.NotFound, "not-found");
            (await world.Server.SendAsync(HttpMethod.Patch, "fhir/Observation/" + id, world.Narrow, """[{"op":"test","path":"/status","value":"final"}]""", "application/json-patch+json"))
                .IsOutcome(HttpStatusCode.NotFound, "not-found");
            await world.Server.SendAsync(HttpMethod.Delete, "fhir/Observation/" + id, world.Narrow);
            Assert.Equal(HttpStatusCode.OK, (await world.Server.GetAsync("fhir/Observation/" + id, world.Other)).Status);
        }
        var bundle = """
            {"resourceType":"Bundle","type":"transaction","entry":[{"request":{"method":"POST","url":"Observation"},"resource":{"resourceType":"Observation","status":"final",
            "code":{"text":"x"},"subject":{"reference":"Patient/q"},"derivedFrom":[{"reference":"Observation?code=closed-code&_id=closed"}]}}]}
            """;
        Assert.Equal(HttpStatusCode.PreconditionFailed, (await world.Server.SendAsync(HttpMethod.Post, "fhir/", world.Narrow, bundle)).Status);
    }

    [Fact]
    public async Task A_resource_of_two_patients_is_closed_by_either()
    {
        await world.PutAsync(ConsentJson.Of("of-q", "q", Provision("deny", Actor("Device/of-neither").And(Class("Appointment")))));
        var token = world.Server.Token(FhirServer.Everything, client: "of-neither");
        (await world.Server.GetAsync("fhir/Appointment/shared", token)).IsOutcome(HttpStatusCode.NotFound, "not-found");
        Assert.Empty((await world.Server.GetAsync("fhir/Appointment?_total=accurate", token)).Matches);
        Assert.Empty((await world.Server.GetAsync("fhir/Patient?_id=p&_revinclude=Appointment:patient", token)).Included);
        Assert.Equal(["Appointment/shared"], (await world.Server.GetAsync("fhir/Appointment", world.Narrow)).Matches);
        await world.DeleteAsync("Consent/of-q");
        Assert.Equal(["Appointment/shared"], (await world.Server.GetAsync("fhir/Appointment", token)).Matches);
    }
}
