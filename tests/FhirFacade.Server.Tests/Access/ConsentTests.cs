using System.Net;
using System.Text.Json.Nodes;
using FhirFacade.Fhir.Access;
using FhirFacade.Server.Tests.Rest;
using FhirFacade.TestSupport;
using static FhirFacade.TestSupport.ConsentJson;

namespace FhirFacade.Server.Tests.Access;

/// <summary>Who a consent speaks of, when it begins and ends to hold, and what it does to those who write.</summary>
public sealed class ConsentTests(ConsentWorld world) : IClassFixture<ConsentWorld>
{
    private static readonly (string, string) Later = ("Prefer", "respond-async");

    private static string NewId() => Guid.NewGuid().ToString();

    private RunningServer Server => world.Server;

    [Fact]
    public async Task A_denial_closes_the_next_page_of_a_search_that_is_open_and_its_end_opens_it_again()
    {
        var patient = await PatientAsync(6);
        foreach (var token in new[] { Server.Token("patient/*.rs", patient, "app"), Server.Token("system/*.rs", client: "app") })
        {
            var page = await Server.GetAsync($"fhir/Observation?patient={patient}&_count=2", token);
            Assert.Equal(2, page.Matches.Count);
            var next = page.Link("next")!;
            var consent = Of(NewId(), patient, Provision("deny"));
            await world.PutAsync(consent);
            Assert.Empty((await Server.GetAsync(next, token)).Entries);
            consent["status"] = "inactive";
            await world.PutAsync(consent);
            Assert.Equal(2, (await Server.GetAsync(next, token)).Matches.Count);
            consent["status"] = "active";
            await world.PutAsync(consent);
            Assert.Empty((await Server.GetAsync(next, token)).Entries);
            await world.DeleteAsync("Consent/" + consent["id"]);
            Assert.Equal(2, (await Server.GetAsync(next, token)).Matches.Count);
        }
    }

    [Fact]
    public async Task A_denial_is_felt_in_an_answer_that_was_made_before_and_is_fetched_after()
    {
        var patient = await PatientAsync(3);
        var token = Server.Token("system/*.rs", client: "app");
        var accepted = await Server.GetAsync("fhir/Observation?patient=" + patient, token, Later);
        var status = accepted.Header("Content-Location")!;
        Answer done;
        do
        {
            await Task.Delay(20, TestContext.Current.CancellationToken);
            done = await Server.GetAsync(status, token);
        }
        while (done.Status == HttpStatusCode.Accepted);
        var before = await Server.GetAsync(status + "/1", token);
        Assert.Equal(3, before.Matches.Count);
        await world.PutAsync(Of(NewId(), patient, Provision("permit", null, Provision("deny", Data("instance", before.Matches[0])))));
        var after = await Server.GetAsync(status + "/1", token);
        Assert.Equal(before.Matches.Skip(1), after.Matches);
        Assert.False(after.Json.TryGetProperty("total", out _));
    }

    [Fact]
    public async Task A_consent_holds_on_another_instance_at_the_next_request()
    {
        var patient = await PatientAsync(1);
        await using var second = await world.StartAsync(ConsentMode.OptOut);
        var token = second.Token("system/*.rs", client: "app");
        Assert.Equal(HttpStatusCode.OK, (await second.GetAsync("fhir/Patient/" + patient, token)).Status);
        await world.PutAsync(Of(NewId(), patient, Provision("deny")));
        Assert.Equal(HttpStatusCode.NotFound, (await second.GetAsync("fhir/Patient/" + patient, token)).Status);
    }

    [Fact]
    public async Task A_provision_ends_with_its_period()
    {
        var patient = await PatientAsync(1);
        var token = Server.Token("system/*.rs", client: "app");
        var end = DateTimeOffset.UtcNow.AddSeconds(3);
        await world.PutAsync(Of(NewId(), patient, Provision("deny", Period("2020", end.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture)))));
        await world.PutAsync(Of(NewId(), patient, Provision("deny", Period("2019", "2020-03"))));
        Assert.Equal(HttpStatusCode.NotFound, (await Server.GetAsync("fhir/Patient/" + patient, token)).Status);
        while (DateTimeOffset.UtcNow < end.AddSeconds(1))
        {
            await Task.Delay(100, TestContext.Current.CancellationToken);
        }
        Assert.Equal(HttpStatusCode.OK, (await Server.GetAsync("fhir/Patient/" + patient, token)).Status);
        await world.PutAsync(Of(NewId(), patient, Provision("deny", Period(DateTimeOffset.UtcNow.AddDays(1).ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture), null))));
        Assert.Equal(HttpStatusCode.OK, (await Server.GetAsync("fhir/Patient/" + patient, token)).Status);
    }

    [Fact]
    public async Task Patients_see_their_own_record_whatever_they_deny_to_others()
    {
        var patient = await PatientAsync(2);
        await world.PutAsync(Of("own-" + patient, patient, Provision("deny")));
        foreach (var own in new[] { ConsentWorld.TokenOf(Server, "Patient/" + patient, "patient/*.rs", patient), ConsentWorld.TokenOf(Server, Server.Settings.FhirBase + "/Patient/" + patient, "user/*.rs") })
        {
            Assert.Equal(HttpStatusCode.OK, (await Server.GetAsync("fhir/Patient/" + patient, own)).Status);
            Assert.Equal(2, (await Server.GetAsync("fhir/Observation", own)).Matches.Count);
            Assert.Equal(["Consent/own-" + patient], (await Server.GetAsync("fhir/Consent", own)).Matches);
            Assert.Equal(4, (await Server.GetAsync($"fhir/Patient/{patient}/$everything", own)).Matches.Count);
        }
        foreach (var another in new[]
        {
            ConsentWorld.TokenOf(Server, "Practitioner/doctor", "patient/*.rs", patient), ConsentWorld.TokenOf(Server, "Practitioner/doctor", "user/*.rs"), ConsentWorld.TokenOf(Server, "Patient/q", "patient/*.rs", patient),
            ConsentWorld.TokenOf(Server, "Practitioner/doctor", "patient/*.rs", patient, "test"), Server.Token("patient/*.rs", patient, "app"), Server.Token("system/*.rs", client: "app"),
        })
        {
            Assert.Equal(HttpStatusCode.NotFound, (await Server.GetAsync("fhir/Patient/" + patient, another)).Status);
            Assert.Empty((await Server.GetAsync("fhir/Observation?patient=" + patient, another)).Entries);
        }
        Assert.Equal(HttpStatusCode.OK, (await Server.GetAsync("fhir/Patient/" + patient, world.Root)).Status);
    }

    [Theory]
    [InlineData("Practitioner/doctor")]
    [InlineData("PractitionerRole/role")]
    [InlineData("Organization/department")]
    [InlineData("Organization/hospital")]
    [InlineData("CareTeam/team")]
    [InlineData("Group/group")]
    [InlineData("Device/app")]
    [InlineData("Device/registered")]
    public async Task A_consent_means_who_it_names_and_all_who_stand_for_it(string actor)
    {
        foreach (var resource in Staff())
        {
            await world.PutAsync(resource);
        }
        var (patient, other) = (await PatientAsync(1), await PatientAsync(1));
        await world.PutAsync(Of(NewId(), patient, Provision("permit", null, Provision("deny", Actor(actor)))));
        var token = ConsentWorld.TokenOf(Server, "Practitioner/doctor", "system/*.rs");
        Assert.Equal(HttpStatusCode.NotFound, (await Server.GetAsync("fhir/Patient/" + patient, token)).Status);
        Assert.Equal(HttpStatusCode.OK, (await Server.GetAsync("fhir/Patient/" + other, token)).Status);
        var stranger = ConsentWorld.TokenOf(Server, "Practitioner/stranger", "system/*.rs", client: "another");
        Assert.Equal(HttpStatusCode.OK, (await Server.GetAsync("fhir/Patient/" + patient, stranger)).Status);
    }

    [Fact]
    public async Task A_purpose_of_use_covers_the_kinds_of_it()
    {
        var patient = await PatientAsync(1);
        await world.PutAsync(Of(NewId(), patient, Provision("deny", null, Provision("permit", Purpose("TREAT")))));
        await using var server = await RunningServer.StartAsync(world.DataSource, access: new Server.Access.AccessOptions { PurposesOfUse = ["HRESCH", "TREAT", "ETREAT", "HPAYMT"] });
        var token = server.Token("system/*.rs", client: "app");
        foreach (var (purpose, status) in new[] { ("TREAT", HttpStatusCode.OK), ("ETREAT", HttpStatusCode.OK), ("HPAYMT", HttpStatusCode.NotFound), ("HRESCH", HttpStatusCode.NotFound) })
        {
            Assert.Equal(status, (await server.GetAsync("fhir/Patient/" + patient, token, ("X-Purpose-Of-Use", purpose))).Status);
        }
        Assert.Equal(HttpStatusCode.NotFound, (await server.GetAsync("fhir/Patient/" + patient, token)).Status);
    }

    [Fact]
    public async Task Where_a_site_asks_for_a_consent_nothing_is_read_without_one_and_everybody_may_add()
    {
        var (patient, other) = (await PatientAsync(2), await PatientAsync(2));
        await using var strict = await world.StartAsync(ConsentMode.OptIn);
        var token = strict.Token(FhirServer.Everything, client: "app");
        Assert.Equal(HttpStatusCode.NotFound, (await strict.GetAsync("fhir/Patient/" + patient, token)).Status);
        Assert.Empty((await strict.GetAsync($"fhir/Observation?patient={patient},{other}", token)).Entries);
        await world.PutAsync(Of(NewId(), patient, Provision("permit", Class("Observation", "Patient"))));
        Assert.Equal(HttpStatusCode.OK, (await strict.GetAsync("fhir/Patient/" + patient, token)).Status);
        Assert.Equal(2, (await strict.GetAsync($"fhir/Observation?patient={patient},{other}", token)).Matches.Count);
        Assert.Empty((await strict.GetAsync($"fhir/Encounter?patient={patient}", token)).Entries);
        Assert.Equal(HttpStatusCode.OK, (await strict.GetAsync("fhir/Practitioner/doctor", token)).Status);
        await world.PutAsync(ConsentWorld.Shared("two-" + patient, patient, other));
        Assert.Equal(HttpStatusCode.NotFound, (await strict.GetAsync("fhir/Appointment/two-" + patient, token)).Status);
        Assert.Equal(HttpStatusCode.Created, (await strict.SendAsync(HttpMethod.Post, "fhir/Observation", token, FhirServer.Observation("x", other).ToJsonString())).Status);
        Assert.Equal(HttpStatusCode.OK, (await strict.GetAsync("fhir/Patient/" + other, ConsentWorld.TokenOf(strict, "Patient/" + other, "patient/*.rs", other))).Status);
        Assert.Equal(HttpStatusCode.OK, (await strict.GetAsync("fhir/Patient/" + other, strict.Token("system/*.rs"))).Status);
    }

    [Fact]
    public async Task What_a_patient_denies_to_be_collected_or_corrected_is_not_written()
    {
        var patient = await PatientAsync(1);
        var token = Server.Token(FhirServer.Everything, client: "app");
        await world.PutAsync(Of(NewId(), patient, Provision("permit", null, Provision("deny", ConsentJson.Action("collect", "correct").And(Class("Observation"))))));
        var found = (await Server.GetAsync("fhir/Observation?patient=" + patient, token)).Matches[0];
        (await Server.SendAsync(HttpMethod.Post, "fhir/Observation", token, FhirServer.Observation("x", patient).ToJsonString())).IsOutcome(HttpStatusCode.Forbidden, "forbidden");
        var changed = FhirServer.Observation(found.Split('/')[1], patient, "new");
        Assert.Equal(HttpStatusCode.NotFound, (await Server.SendAsync(HttpMethod.Put, "fhir/" + found, token, changed.ToJsonString())).Status);
        Assert.Equal(HttpStatusCode.Created, (await Server.SendAsync(HttpMethod.Post, "fhir/Condition", token, new JsonObject { ["resourceType"] = "Condition", ["subject"] = Reference("Patient/" + patient) }.ToJsonString())).Status);
    }

    [Fact]
    public async Task Who_may_write_a_Consent_may_write_one_that_closes_everything_to_them()
    {
        var patient = await PatientAsync(1);
        var token = Server.Token(FhirServer.Everything, client: "app");
        var consent = Of(NewId(), patient, Provision("deny"));
        Assert.Equal(HttpStatusCode.Created, (await Server.SendAsync(HttpMethod.Put, "fhir/Consent/" + consent["id"], token, consent.ToJsonString())).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await Server.GetAsync("fhir/Patient/" + patient, token)).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await Server.GetAsync("fhir/Consent/" + consent["id"], token)).Status);
        (await Server.SendAsync(HttpMethod.Post, "fhir/Consent", Server.Token("system/*.rs"), consent.ToJsonString())).IsOutcome(HttpStatusCode.Forbidden, "forbidden");
    }

    [Theory]
    [InlineData("""{"type":"deny","actor":[{"role":{"coding":[{"code":"PRCP"}]},"reference":{"identifier":{"value":"who"}}}]}""", "Consent.provision.actor", true)]
    [InlineData("""{"type":"permit","modifierExtension":[{"url":"urn:x","valueBoolean":true}]}""", "Consent.provision", true)]
    [InlineData("""{"type":"permit","provision":[{"type":"deny","class":[{"system":"urn:own","code":"x"}]}]}""", "Consent.provision.provision[0].class", true)]
    [InlineData("""{"type":"deny","provision":[{"type":"permit","purpose":[{"system":"urn:own","code":"x"}]}]}""", "Consent.provision.provision[0].purpose", true)]
    [InlineData("""{"purpose":[{"system":"http://terminology.hl7.org/CodeSystem/v3-ActReason","code":"HRESCH"}]}""", "Consent.provision.type", false)]
    public async Task What_is_not_understood_closes_what_it_may_mean_and_the_writer_is_told_where(string provision, string place, bool isClosed)
    {
        var patient = await PatientAsync(1);
        var consent = Of(NewId(), patient, JsonNode.Parse(provision)!.AsObject());
        var answer = await Server.SendAsync(HttpMethod.Put, "fhir/Consent/" + consent["id"], world.Root, consent.ToJsonString(), headers: ("Prefer", "return=OperationOutcome"));
        answer.IsOutcome(HttpStatusCode.Created, "not-supported");
        Assert.Contains(place, answer.Json.GetProperty("issue").EnumerateArray().Where(i => i.TryGetProperty("expression", out _)).Select(i => i.GetProperty("expression")[0].GetString()));
        Assert.DoesNotContain("urn:", answer.Text, StringComparison.Ordinal);
        Assert.Equal(isClosed ? HttpStatusCode.NotFound : HttpStatusCode.OK, (await Server.GetAsync("fhir/Patient/" + patient, Server.Token("system/*.rs", client: "app"))).Status);
        Assert.Equal(HttpStatusCode.OK, (await Server.GetAsync("fhir/Patient/" + patient, world.Root)).Status);
    }

    private async Task<string> PatientAsync(int observations)
    {
        var id = NewId();
        await world.PutAsync(FhirServer.Patient(id));
        for (var i = 0; i < observations; i++)
        {
            await world.PutAsync(FhirServer.Observation(NewId(), id));
        }
        return id;
    }

    private static IEnumerable<JsonObject> Staff()
    {
        yield return new JsonObject { ["resourceType"] = "Organization", ["id"] = "hospital", ["name"] = "Hospital" };
        yield return new JsonObject { ["resourceType"] = "Organization", ["id"] = "department", ["name"] = "Department", ["partOf"] = Reference("Organization/hospital") };
        yield return new JsonObject { ["resourceType"] = "PractitionerRole", ["id"] = "role", ["practitioner"] = Reference("Practitioner/doctor"), ["organization"] = Reference("Organization/department") };
        yield return new JsonObject { ["resourceType"] = "CareTeam", ["id"] = "team", ["status"] = "active", ["participant"] = new JsonArray(new JsonObject { ["member"] = Reference("Practitioner/doctor") }) };
        yield return new JsonObject
        {
            ["resourceType"] = "Group", ["id"] = "group", ["type"] = "practitioner", ["actual"] = true, ["member"] = new JsonArray(new JsonObject { ["entity"] = Reference("Practitioner/doctor") }),
        };
        yield return new JsonObject { ["resourceType"] = "Device", ["id"] = "registered", ["identifier"] = new JsonArray(new JsonObject { ["value"] = "app" }) };
    }
}
