using System.Net;
using FhirFacade.Server.Access;
using FhirFacade.Server.Configuration;
using FhirFacade.Server.Tests.Rest;

namespace FhirFacade.Server.Tests.Access;

/// <summary>A client whose policy masks elements and excludes a label, along every path by which either can be reached.</summary>
public sealed class PolicyTests(PolicyWorld world) : IClassFixture<PolicyWorld>
{
    private const string Mail = "telecom=canary-masked";

    public static TheoryData<string, bool> Readings
    {
        get
        {
            string[] paths =
            [
                "Patient/p", "Patient/p/_history/1", "Patient/p/_history", "Patient/_history", "_history", "Observation/open", "Observation/panel", "Observation/once-closed",
                "Observation/once-closed/_history", "Observation/later-closed/_history", "Observation/later-closed-deleted/_history", "Observation/_history", "Condition/condition", "Patient", "Observation", "Condition", "Observation?_id=panel&_include=*",
                "Observation?_id=panel&_include=Observation:has-member", "Observation?_id=open&_revinclude=*", "Observation?_id=open&_revinclude=Observation:derived-from",
                "Observation?_id=panel&_include=Observation:subject&_revinclude=Observation:has-member&_include:iterate=Observation:has-member", "Patient?_has:Observation:subject:code=718-7",
                "Patient/p/$everything", "Encounter/e/$everything", "Observation/$lastn?patient=p", "Composition/document/$document", "Patient/p/Observation", "Patient/p/*", "?_type=Patient,Observation,Condition",
                "Patient?_summary=true", "Patient?_elements=telecom,address", "Patient?_summary=data", "Observation?_summary=text", "Patient/p/$meta", "Observation?code=closed-code",
                "Observation?_sort=-date", "Observation?_sort=code", "Observation?_total=accurate&_count=1", "Observation?_filter=status eq final", "Patient?_sort=birthdate", "Observation?_security=R",
                "Observation?_security:not=R", "Observation?_has:Observation:derived-from:code=closed-code", "Observation?has-member.code=closed-code", "Observation?_id=closed", "Observation?_list=none",
            ];
            var data = new TheoryData<string, bool>();
            foreach (var path in paths)
            {
                data.Add(path, false);
                data.Add(path, true);
            }
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Readings))]
    public async Task What_is_masked_or_closed_is_in_no_answer(string path, bool ofPatient)
    {
        foreach (var format in new[] { "application/fhir+json", "application/fhir+xml" })
        {
            var answer = await world.Server.GetAsync("fhir/" + path, ofPatient ? world.NarrowPatient : world.Narrow, ("Accept", format));
            Assert.True((int)answer.Status < 500, answer.Text);
            Assert.DoesNotContain(PolicyWorld.Hidden, answer.Text, StringComparison.Ordinal);
            Assert.DoesNotContain(PolicyWorld.Closed, answer.Text, StringComparison.Ordinal);
            Assert.DoesNotContain("closed-code", answer.Text.Replace("code=closed-code", "", StringComparison.Ordinal), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("Patient/p")]
    [InlineData("Observation/open")]
    [InlineData("Observation/_history")]
    [InlineData("Patient/p/$everything")]
    [InlineData("Composition/document/$document")]
    [InlineData("Observation?_id=panel&_include=Observation:has-member")]
    public async Task The_canaries_sing_for_those_who_may_hear_them(string path)
    {
        Assert.Contains(PolicyWorld.Hidden, (await world.Server.GetAsync("fhir/" + path, world.Root)).Text, StringComparison.Ordinal);
        var narrow = await world.Server.GetAsync("fhir/" + path, world.Narrow);
        Assert.Equal(HttpStatusCode.OK, narrow.Status);
        Assert.Contains("SUBSETTED", narrow.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Observation/closed")]
    [InlineData("Observation/closed/_history")]
    [InlineData("Observation/closed/_history/1")]
    [InlineData("Observation/closed-deleted")]
    [InlineData("Observation/closed-deleted/_history/2")]
    [InlineData("Observation/once-closed/_history/1")]
    [InlineData("Observation/later-closed")]
    [InlineData("Observation/later-closed/_history/1")]
    [InlineData("Observation/later-closed-deleted")]
    [InlineData("Observation/later-closed-deleted/_history/1")]
    [InlineData("Observation/later-closed-deleted/_history/2")]
    public async Task What_carries_an_excluded_label_looks_like_what_is_not_there(string path)
    {
        (await world.Server.GetAsync("fhir/" + path, world.Narrow)).IsOutcome(HttpStatusCode.NotFound, "not-found");
        Assert.NotEqual(HttpStatusCode.NotFound, (await world.Server.GetAsync("fhir/" + path, world.Root)).Status);
    }

    [Theory]
    [InlineData("Patient?" + Mail)]
    [InlineData("Patient?email=canary-masked")]
    [InlineData("Patient?email=other")]
    [InlineData("Patient?address-city=canary-masked")]
    [InlineData("Patient?address:missing=false")]
    [InlineData("Patient?_sort=address-city")]
    [InlineData("Patient?_filter=telecom eq canary-masked")]
    [InlineData("Patient?_filter=not (address-city co other)")]
    [InlineData("Patient?_text=canary")]
    [InlineData("Patient?_content=canary")]
    [InlineData("Observation?subject:Patient." + Mail)]
    [InlineData("Observation?patient.address-city=canary-masked")]
    [InlineData("Observation?performer=Practitioner/doctor")]
    [InlineData("Observation?_include=Observation:performer")]
    [InlineData("Observation?performer:Practitioner.name=Doctor")]
    [InlineData("Practitioner?_has:Observation:performer:code=718-7")]
    [InlineData("Practitioner?_revinclude=Observation:performer")]
    [InlineData("Patient?_has:Condition:patient:code=canary-masked")]
    [InlineData("Observation?has-member.performer=Practitioner/doctor")]
    [InlineData("Observation?_has:Observation:has-member:performer=Practitioner/doctor")]
    [InlineData("Condition?code=canary-masked")]
    [InlineData("Condition?code:text=canary")]
    [InlineData("Condition?_sort=code")]
    public async Task A_search_that_would_tell_of_a_masked_element_is_refused_whatever_is_stored(string path)
    {
        var answer = await world.Server.GetAsync("fhir/" + path, world.Narrow);
        answer.IsOutcome(HttpStatusCode.Forbidden, "forbidden");
        Assert.DoesNotContain("canary", answer.Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await world.Server.GetAsync("fhir/" + path, world.Root)).Status);
    }

    [Theory]
    [InlineData("Practitioner?_id=doctor&_revinclude=*")]
    [InlineData("Practitioner?_id=doctor&_revinclude=Observation:*")]
    [InlineData("Observation?_id=open&_include=*")]
    [InlineData("Observation?_id=open&_include=Observation:*")]
    public async Task A_wildcard_does_not_follow_a_masked_reference(string path)
    {
        var root = await world.Server.GetAsync("fhir/" + path, world.Root);
        var narrow = await world.Server.GetAsync("fhir/" + path, world.Narrow);
        var other = path.StartsWith("Practitioner", StringComparison.Ordinal) ? "Observation/open" : "Practitioner/doctor";
        Assert.Contains(other, root.Included);
        Assert.DoesNotContain(other, narrow.Included);
    }

    [Fact]
    public async Task A_count_tells_of_nothing_that_is_closed()
    {
        var narrow = await world.Server.GetAsync("fhir/Observation?code=closed-code&_summary=count", world.Narrow);
        Assert.Equal(0, narrow.Json.GetProperty("total").GetInt32());
        Assert.Equal(2, (await world.Server.GetAsync("fhir/Observation?code=closed-code&_summary=count", world.Root)).Json.GetProperty("total").GetInt32());
    }

    [Fact]
    public async Task A_client_that_sees_only_part_of_a_resource_can_neither_replace_change_nor_delete_it()
    {
        var body = FhirServer.Patient("p").ToJsonString();
        var patch = """[{"op":"test","path":"/telecom/0/value","value":"canary-masked"}]""";
        foreach (var token in new[] { world.Narrow, world.NarrowPatient })
        {
            (await world.Server.SendAsync(HttpMethod.Put, "fhir/Patient/p", token, body)).IsOutcome(HttpStatusCode.Forbidden, "forbidden");
            (await world.Server.SendAsync(HttpMethod.Put, "fhir/Patient?_id=p", token, body)).IsOutcome(HttpStatusCode.Forbidden, "forbidden");
            (await world.Server.SendAsync(HttpMethod.Patch, "fhir/Patient/p", token, patch, "application/json-patch+json")).IsOutcome(HttpStatusCode.Forbidden, "forbidden");
            (await world.Server.SendAsync(HttpMethod.Delete, "fhir/Patient/p", token)).IsOutcome(HttpStatusCode.Forbidden, "forbidden");
        }
        Assert.Contains(PolicyWorld.Hidden, (await world.Server.GetAsync("fhir/Patient/p", world.Root)).Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("telecom=canary-masked")]
    [InlineData("address-city=other")]
    public async Task A_condition_of_a_write_on_a_masked_element_is_refused(string condition)
    {
        var body = FhirServer.Patient("new").ToJsonString();
        (await world.Server.SendAsync(HttpMethod.Post, "fhir/Patient", world.Narrow, body, headers: ("If-None-Exist", condition))).IsOutcome(HttpStatusCode.Forbidden, "forbidden");
        var bundle = $$$"""
            {"resourceType":"Bundle","type":"transaction","entry":[{"request":{"method":"POST","url":"Encounter"},"resource":{"resourceType":"Encounter","status":"finished",
            "class":{"code":"AMB"},"subject":{"reference":"Patient?{{{condition}}}"} } } ] }
            """;
        (await world.Server.SendAsync(HttpMethod.Post, "fhir/", world.Narrow, bundle)).IsOutcome(HttpStatusCode.Forbidden, "forbidden");
    }

    [Theory]
    [InlineData("batch")]
    [InlineData("transaction")]
    public async Task The_entries_of_a_Bundle_show_no_more(string kind)
    {
        var bundle = $$$"""
            {"resourceType":"Bundle","type":"{{{kind}}}","entry":[{"request":{"method":"GET","url":"Patient/p"}},{"request":{"method":"GET","url":"Observation?status=final"} } ] }
            """;
        var answer = await world.Server.SendAsync(HttpMethod.Post, "fhir/", world.Narrow, bundle);
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.Contains("Pauer", answer.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(PolicyWorld.Hidden, answer.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(PolicyWorld.Closed, answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_writes_what_carries_a_label_that_is_closed_to_them()
    {
        var resource = FhirServer.Observation("x", "p");
        resource["meta"] = new System.Text.Json.Nodes.JsonObject { ["security"] = new System.Text.Json.Nodes.JsonArray(new System.Text.Json.Nodes.JsonObject { ["system"] = PolicyWorld.Confidentiality, ["code"] = "R" }) };
        (await world.Server.SendAsync(HttpMethod.Post, "fhir/Observation", world.Narrow, resource.ToJsonString())).IsOutcome(HttpStatusCode.Forbidden, "forbidden");
        resource.Remove("meta");
        Assert.Equal(HttpStatusCode.Created, (await world.Server.SendAsync(HttpMethod.Post, "fhir/Observation", world.Narrow, resource.ToJsonString())).Status);
    }

    [Fact]
    public async Task Types_that_a_policy_does_not_name_are_closed_whatever_the_scope_says()
    {
        (await world.Server.GetAsync("fhir/Observation", world.TwoTypes)).IsOutcome(HttpStatusCode.Forbidden, "forbidden");
        Assert.Equal(HttpStatusCode.OK, (await world.Server.GetAsync("fhir/Patient", world.TwoTypes)).Status);
        Assert.Equal(["Patient/p"], (await world.Server.GetAsync("fhir/Patient?_has:Encounter:patient:class=AMB", world.TwoTypes)).Matches);
        Assert.Empty((await world.Server.GetAsync("fhir/Patient?_has:Observation:patient:code=718-7", world.TwoTypes)).Matches);
        Assert.DoesNotContain("Observation", (await world.Server.GetAsync("fhir/Patient/p/$everything", world.TwoTypes)).Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "Patient.telecom", "Patient", "needs a Client")]
    [InlineData("c", "Patient.colour", "Patient", "Patient.colour")]
    [InlineData("c", "Patient.id", "Patient", "Patient.id")]
    [InlineData("c", "Patient.telecom", "Person2", "Person2")]
    public void A_policy_that_cannot_be_carried_out_stops_the_server(string client, string masked, string type, string says)
    {
        var options = new AccessOptions { Policies = [new ClientPolicyOptions { Client = client, Masked = [masked], Types = [type] }] };
        Assert.Contains(says, Assert.Throws<StartupException>(() => ClientPolicies.From(options)).Message, StringComparison.Ordinal);
    }
}
