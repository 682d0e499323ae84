using System.Net;
using System.Text.Json.Nodes;
using FhirFacade.Fhir.Sensitivity;
using FhirFacade.Server.Access;
using FhirFacade.Server.Configuration;
using FhirFacade.Server.Tests.Rest;

namespace FhirFacade.Server.Tests.Access;

/// <summary>Labels that the server makes: nobody gets rid of them by writing, and who is not entitled finds what carries them on no path.</summary>
public sealed class SensitiveCategoryTests(SensitiveWorld world) : IClassFixture<SensitiveWorld>
{
    private const string Json = "application/json-patch+json";

    [Theory]
    [InlineData("Condition/alcohol")]
    [InlineData("Condition/alcohol/_history")]
    [InlineData("Condition/alcohol/_history/1")]
    [InlineData("Condition/gone/_history/1")]
    [InlineData("Condition/_history")]
    [InlineData("_history")]
    [InlineData("Condition")]
    [InlineData("Condition?code=F10.20")]
    [InlineData("Condition?_id=alcohol")]
    [InlineData("Condition?_security=R")]
    [InlineData("Condition?_sort=code")]
    [InlineData("Condition?_filter=code eq F10.20")]
    [InlineData("Condition?code:text=canary")]
    [InlineData("Patient?_has:Condition:patient:code=F10.20&_revinclude=Condition:patient")]
    [InlineData("Patient?_id=p&_revinclude=*")]
    [InlineData("Observation?_id=panel&_include=*")]
    [InlineData("Observation?_id=panel&_include=Observation:has-member&_include:iterate=Observation:derived-from")]
    [InlineData("Observation?has-member.code=65750-2&_include=Observation:has-member")]
    [InlineData("Observation?_id=panel&_revinclude=Observation:derived-from")]
    [InlineData("Patient/p/$everything")]
    [InlineData("Patient/p/Condition")]
    [InlineData("Patient/p/*")]
    [InlineData("Observation/$lastn?patient=p")]
    [InlineData("?_type=Condition,Observation")]
    public async Task Who_is_not_entitled_finds_nothing_sensitive(string path)
    {
        foreach (var token in new[] { world.Study, world.StudyOfPatient })
        {
            var answer = await world.Server.GetAsync("fhir/" + path, token);
            Assert.True((int)answer.Status < 500, answer.Text);
            Assert.DoesNotContain(SensitiveWorld.Canary, answer.Text, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("Condition?code=F10.20")]
    [InlineData("Patient?_has:Condition:patient:code=F10.20")]
    [InlineData("Observation?has-member.code=65750-2")]
    [InlineData("Condition?_security=R")]
    public async Task Nor_is_it_counted_or_told_by_a_chain(string path)
    {
        Assert.Equal(0, (await world.Server.GetAsync($"fhir/{path}&_summary=count", world.Study)).Json.GetProperty("total").GetInt32());
        Assert.NotEqual(0, (await world.Server.GetAsync($"fhir/{path}&_summary=count", world.Root)).Json.GetProperty("total").GetInt32());
    }

    [Fact]
    public async Task Who_treats_sees_it_and_the_same_client_for_another_purpose_does_not()
    {
        Assert.Contains(SensitiveWorld.Canary, (await world.Server.GetAsync("fhir/Condition/alcohol", world.Root)).Text, StringComparison.Ordinal);
        (await world.Server.GetAsync("fhir/Condition/alcohol", world.Study)).IsOutcome(HttpStatusCode.NotFound, "not-found");
        Assert.Equal(HttpStatusCode.OK, (await world.Server.GetAsync("fhir/Condition/alcohol", world.Study, (PurposeOfUseHeader.Name, "TREAT"))).Status);
        Assert.Equal(HttpStatusCode.OK, (await world.Server.GetAsync("fhir/Condition/plain", world.Study)).Status);
    }

    [Fact]
    public async Task A_client_is_given_the_categories_that_its_policy_names_and_no_others()
    {
        Assert.Equal(HttpStatusCode.OK, (await world.Server.GetAsync("fhir/Condition/hiv", world.HivStudy)).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await world.Server.GetAsync("fhir/Condition/alcohol", world.HivStudy)).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await world.Server.GetAsync("fhir/Condition/hiv", world.Study)).Status);
    }

    [Fact]
    public async Task No_write_of_a_client_takes_away_what_the_server_has_found()
    {
        var resource = SensitiveWorld.Condition("kept", "F10.20");
        await world.PutAsync(resource);
        Assert.Equal("R* ETH* SUD*", await world.LabelsAsync("Condition/kept"));
        resource["meta"] = new JsonObject { ["security"] = new JsonArray() };
        resource.Remove("meta");
        resource["recordedDate"] = "2024-01-01";
        await world.PutAsync(resource);
        Assert.Equal("R* ETH* SUD*", await world.LabelsAsync("Condition/kept"));
        var patched = await world.Server.SendAsync(HttpMethod.Patch, "fhir/Condition/kept", world.Root, """[{"op":"remove","path":"/meta/security"}]""", Json);
        Assert.Equal(HttpStatusCode.OK, patched.Status);
        Assert.Equal("R* ETH* SUD*", await world.LabelsAsync("Condition/kept"));
        await world.Server.SendAsync(HttpMethod.Put, "fhir/Condition?_id=kept", world.Root, SensitiveWorld.Condition("kept", "F10.20").ToJsonString());
        Assert.Equal("R* ETH* SUD*", await world.LabelsAsync("Condition/kept"));
        resource["recordedDate"] = "2024-01-02";
        await TransactAsync("PUT", "Condition/kept", resource);
        Assert.Equal("R* ETH* SUD*", await world.LabelsAsync("Condition/kept"));
        var delete = """{"resourceType":"Parameters","parameter":[{"name":"meta","valueMeta":{"security":[{"system":"http://terminology.hl7.org/CodeSystem/v3-ActCode","code":"ETH"}]}}]}""";
        Assert.Equal(HttpStatusCode.OK, (await world.Server.SendAsync(HttpMethod.Post, "fhir/Condition/kept/$meta-delete", world.Root, delete)).Status);
        Assert.Equal("R* ETH* SUD*", await world.LabelsAsync("Condition/kept"));
    }

    [Theory]
    [InlineData("POST", "Condition")]
    [InlineData("PUT", "Condition/by-transaction")]
    public async Task What_is_created_in_a_Bundle_is_labelled(string method, string url)
    {
        var location = await TransactAsync(method, url, SensitiveWorld.Condition("by-transaction", "B20"));
        Assert.Equal("R* HIV*", await world.LabelsAsync(location));
    }

    [Fact]
    public async Task What_somebody_gave_stays_when_the_server_adds_its_own_and_when_these_go()
    {
        var resource = SensitiveWorld.Condition("given", "F10.20");
        resource["meta"] = new JsonObject { ["security"] = new JsonArray(new JsonObject { ["system"] = SecurityLabel.ActCode, ["code"] = "CEL" }, new JsonObject { ["system"] = SecurityLabel.Confidentiality, ["code"] = "V" }) };
        await world.PutAsync(resource);
        Assert.Equal("CEL V ETH* SUD*", await world.LabelsAsync("Condition/given"));
        var read = (JsonObject)JsonNode.Parse((await world.Server.GetAsync("fhir/Condition/given", world.Root)).Body)!;
        read["code"] = SensitiveWorld.Condition("x", "I10")["code"]!.DeepClone();
        await world.PutAsync(read);
        Assert.Equal("CEL V", await world.LabelsAsync("Condition/given"));
    }

    [Fact]
    public async Task Reading_and_writing_back_makes_no_new_version()
    {
        var read = await world.Server.GetAsync("fhir/Condition/hiv", world.Root);
        Assert.Equal(read.Header("ETag"), (await world.PutAsync((JsonObject)JsonNode.Parse(read.Body)!)).Header("ETag"));
        Assert.Equal(read.Header("ETag"), (await world.PutAsync(SensitiveWorld.Condition("hiv", "B20"))).Header("ETag"));
    }

    [Fact]
    public async Task Who_is_not_entitled_cannot_write_change_or_find_by_writing_what_is_sensitive()
    {
        (await world.Server.SendAsync(HttpMethod.Post, "fhir/Condition", world.Study, SensitiveWorld.Condition("x", "F10.20").ToJsonString())).IsOutcome(HttpStatusCode.Forbidden, "forbidden");
        var plain = SensitiveWorld.Condition("alcohol", "I10").ToJsonString();
        (await world.Server.SendAsync(HttpMethod.Put, "fhir/Condition/alcohol", world.Study, plain)).IsOutcome(HttpStatusCode.NotFound, "not-found");
        (await world.Server.SendAsync(HttpMethod.Patch, "fhir/Condition/alcohol", world.Study, """[{"op":"test","path":"/code/text","value":"x"}]""", Json)).IsOutcome(HttpStatusCode.NotFound, "not-found");
        Assert.Equal("R* ETH* SUD*", await world.LabelsAsync("Condition/alcohol"));
    }

    [Theory]
    [InlineData(SensitiveAccess.Treatment, "TREAT", false)]
    [InlineData(SensitiveAccess.Treatment, "ETREAT", false)]
    [InlineData(SensitiveAccess.Treatment, "HPAYMT", true)]
    [InlineData(SensitiveAccess.Named, "TREAT", true)]
    [InlineData(SensitiveAccess.Open, "HRESCH", false)]
    public void The_setting_says_for_which_purposes_categories_are_closed(SensitiveAccess access, string purpose, bool isClosed)
    {
        var policies = ClientPolicies.From(new AccessOptions { SensitiveCategories = access, PurposesOfUse = [purpose] });
        var grant = policies.Apply(new("s", "c", null, [new(FhirFacade.Fhir.Access.AccessContext.System, "*", FhirFacade.Fhir.Access.Interactions.All)]));
        Assert.Equal(isClosed, !grant.Denials.IsEmpty);
        Assert.Empty(policies.Apply(grant with { Denials = [], User = new("Patient", "1", FhirFacade.Fhir.Access.UserRelation.Nobody) }).Denials);
    }

    [Fact]
    public void A_category_that_is_none_and_a_file_that_is_none_stop_the_server()
    {
        Assert.Contains("cancer", Assert.Throws<StartupException>(() => ClientPolicies.From(new AccessOptions { Policies = [new ClientPolicyOptions { Client = "c", SensitiveCategories = ["cancer"] }] })).Message, StringComparison.Ordinal);
        Assert.Contains("SensitiveValueSets", Assert.Throws<StartupException>(() => ClientPolicies.From(new AccessOptions { SensitiveValueSets = ["nowhere.json"] })).Message, StringComparison.Ordinal);
    }

    private async Task<string> TransactAsync(string method, string url, JsonObject resource)
    {
        var bundle = new JsonObject { ["resourceType"] = "Bundle", ["type"] = "transaction", ["entry"] = new JsonArray(new JsonObject { ["resource"] = resource.DeepClone(), ["request"] = new JsonObject { ["method"] = method, ["url"] = url } }) };
        var answer = await world.Server.SendAsync(HttpMethod.Post, "fhir/", world.Root, bundle.ToJsonString());
        Assert.True(answer.Status == HttpStatusCode.OK, answer.Text);
        var parts = answer.Json.GetProperty("entry")[0].GetProperty("response").GetProperty("location").GetString()!.Split('/');
        return $"{parts[^4]}/{parts[^3]}";
    }
}
