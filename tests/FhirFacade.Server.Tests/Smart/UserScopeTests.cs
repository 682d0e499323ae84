using System.Net;
using System.Text.Json.Nodes;
using FhirFacade.Fhir.Access;
using FhirFacade.Server.Smart;
using FhirFacade.Server.Tests.Rest;

namespace FhirFacade.Server.Tests.Smart;

/// <summary><c>user/</c> scopes: the patients in the user's reach, by every path, and nobody else.</summary>
public sealed class UserScopeTests(Site site) : IClassFixture<Site>
{
    [Fact]
    public async Task A_practitioner_reaches_the_patients_of_their_care_teams_and_nobody_else_by_any_path()
    {
        var token = Token("Practitioner/" + site.Practitioner);
        Assert.Equal(HttpStatusCode.OK, (await GetAsync("Patient/" + site.Mine, token)).Status);
        Assert.Equal(HttpStatusCode.OK, (await GetAsync("Observation/obs-" + site.Mine, token)).Status);
        Assert.Equal(HttpStatusCode.OK, (await GetAsync($"Patient/{site.Mine}/_history/1", token)).Status);
        Assert.Contains("Observation/obs-" + site.Mine, (await GetAsync($"Patient/{site.Mine}/$everything", token)).Entries.Select(e => e.Reference));
        foreach (var path in new[]
        {
            "Patient/" + site.Other, "Observation/obs-" + site.Other, $"Patient/{site.Other}/_history/1", $"Patient/{site.Other}/_history", $"Observation/obs-{site.Other}/_history/1", $"Patient/{site.Other}/$everything",
        })
        {
            (await GetAsync(path, token)).IsOutcome(HttpStatusCode.NotFound, "not-found");
        }
        foreach (var path in new[]
        {
            $"Patient?_id={site.Other}", $"Patient?_has:Observation:patient:_id=obs-{site.Other}", $"Observation?_id=obs-{site.Other}", $"Observation?patient={site.Other}", $"Observation?subject:Patient._id={site.Other}",
            $"Observation?patient={site.Other}&_include=Observation:patient", $"Patient?_id={site.Other}&_revinclude=Observation:patient", $"?_type=Patient,Observation&_id={site.Other}", $"Patient/{site.Other}/Observation",
        })
        {
            var answer = await GetAsync(path, token);
            Assert.True(answer.Status is HttpStatusCode.OK or HttpStatusCode.NotFound or HttpStatusCode.Forbidden, answer.Text);
            Assert.DoesNotContain(site.Other, answer.Text.Replace(Uri.EscapeDataString(path), "", StringComparison.Ordinal).Replace(path, "", StringComparison.Ordinal).Replace($"_id={site.Other}", "", StringComparison.Ordinal).Replace($"patient={site.Other}", "", StringComparison.Ordinal).Replace($"_id=obs-{site.Other}", "", StringComparison.Ordinal), StringComparison.Ordinal);
            Assert.Empty(answer.Status == HttpStatusCode.OK ? answer.Entries : []);
        }
        Assert.Equal(1, (await GetAsync($"Patient?family=Family&_summary=count&_id={site.Mine},{site.Other}", token)).Json.GetProperty("total").GetInt32());
    }

    [Fact]
    public async Task Who_leaves_a_care_team_sees_nothing_from_the_next_request_on()
    {
        var token = Token("Practitioner/" + site.Practitioner);
        Assert.Equal(HttpStatusCode.OK, (await GetAsync("Patient/" + site.Mine, token)).Status);
        try
        {
            await site.PutAsync(site.Team(site.Mine, "inactive"));
            Assert.Equal(HttpStatusCode.NotFound, (await GetAsync("Patient/" + site.Mine, token)).Status);
            await site.PutAsync(site.Team(site.Other));
            Assert.Equal(HttpStatusCode.NotFound, (await GetAsync("Patient/" + site.Mine, token)).Status);
            Assert.Equal(HttpStatusCode.OK, (await GetAsync("Patient/" + site.Other, token)).Status);
        }
        finally
        {
            await site.PutAsync(site.Team(site.Mine));
        }
    }

    [Fact]
    public async Task Writing_needs_the_patient_in_reach_before_and_after()
    {
        var token = Token("Practitioner/" + site.Practitioner);
        var mine = FhirServer.Observation("obs-" + site.Mine, site.Mine, when: "2025-01-01");
        Assert.Equal(HttpStatusCode.OK, (await PutAsync(mine, token)).Status);
        Assert.NotEqual(HttpStatusCode.OK, (await PutAsync(FhirServer.Observation("obs-" + site.Mine, site.Other), token)).Status);
        Assert.NotEqual(HttpStatusCode.OK, (await PutAsync(FhirServer.Observation("obs-" + site.Other, site.Mine), token)).Status);
        Assert.NotEqual(HttpStatusCode.Created, (await site.Server.SendAsync(HttpMethod.Post, "fhir/Observation", token, FhirServer.Observation("x", site.Other).Without("id").ToJsonString())).Status);
        Assert.Equal(HttpStatusCode.Created, (await site.Server.SendAsync(HttpMethod.Post, "fhir/Observation", token, FhirServer.Observation("x", site.Mine).Without("id").ToJsonString())).Status);
        // No way to let oneself in: by a team, an encounter, as general practitioner, or by two of them at once.
        var team = site.Team(site.Other);
        var encounter = new JsonObject
        {
            ["resourceType"] = "Encounter", ["status"] = "in-progress", ["class"] = new JsonObject { ["code"] = "AMB" }, ["subject"] = Reference("Patient/" + site.Other),
            ["participant"] = new JsonArray(new JsonObject { ["individual"] = Reference("Practitioner/" + site.Practitioner) }),
        };
        Assert.Equal(HttpStatusCode.Forbidden, (await PutAsync(team, token)).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await site.Server.SendAsync(HttpMethod.Post, "fhir/Encounter", token, encounter.ToJsonString())).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await PutAsync(FhirServer.Patient(site.Other).With("generalPractitioner", new JsonArray(Reference("Practitioner/" + site.Practitioner))), token)).Status);
        var both = new JsonObject
        {
            ["resourceType"] = "Bundle", ["type"] = "transaction",
            ["entry"] = new JsonArray(
                new JsonObject { ["resource"] = team.Without("id"), ["request"] = new JsonObject { ["method"] = "POST", ["url"] = "CareTeam" } },
                new JsonObject { ["resource"] = encounter, ["request"] = new JsonObject { ["method"] = "POST", ["url"] = "Encounter" } }),
        };
        Assert.NotEqual(HttpStatusCode.OK, (await site.Server.SendAsync(HttpMethod.Post, "fhir", token, both.ToJsonString())).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await GetAsync("Patient/" + site.Other, token)).Status);
    }

    [Fact]
    public async Task General_practitioners_and_those_of_an_encounter_reach_the_patient()
    {
        var (id, practitioner) = (FhirServer.NewId(), FhirServer.NewId());
        await site.PutAsync(new JsonObject { ["resourceType"] = "Practitioner", ["id"] = practitioner });
        await site.PutAsync(FhirServer.Patient(id).With("generalPractitioner", new JsonArray(Reference("Practitioner/" + practitioner))));
        Assert.Equal(HttpStatusCode.OK, (await GetAsync("Patient/" + id, Token("Practitioner/" + practitioner))).Status);
        await site.PutAsync(FhirServer.Patient(id));
        Assert.Equal(HttpStatusCode.NotFound, (await GetAsync("Patient/" + id, Token("Practitioner/" + practitioner))).Status);
        await site.PutAsync(new JsonObject
        {
            ["resourceType"] = "Encounter", ["id"] = FhirServer.NewId(), ["status"] = "finished", ["class"] = new JsonObject { ["code"] = "AMB" }, ["subject"] = Reference("Patient/" + id),
            ["participant"] = new JsonArray(new JsonObject { ["individual"] = Reference("Practitioner/" + practitioner) }),
        });
        Assert.Equal(HttpStatusCode.OK, (await GetAsync("Patient/" + id, Token("Practitioner/" + practitioner))).Status);
    }

    [Fact]
    public async Task A_patient_reaches_themselves_and_a_relative_the_patient_they_belong_to()
    {
        var relative = FhirServer.NewId();
        await site.PutAsync(new JsonObject { ["resourceType"] = "RelatedPerson", ["id"] = relative, ["patient"] = Reference("Patient/" + site.Mine) });
        foreach (var user in new[] { "Patient/" + site.Mine, "RelatedPerson/" + relative })
        {
            Assert.Equal(HttpStatusCode.OK, (await GetAsync("Observation/obs-" + site.Mine, Token(user))).Status);
            Assert.Equal(HttpStatusCode.NotFound, (await GetAsync("Observation/obs-" + site.Other, Token(user))).Status);
        }
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("Person/1")]
    [InlineData("Practitioner/nobody")]
    [InlineData("Practitioner/")]
    [InlineData("https://elsewhere.example/fhir/Practitioner/{0}")]
    [InlineData("Practitioner/{0}/_history/1")]
    public async Task A_user_of_no_known_kind_reaches_nobody(string? user)
    {
        var answer = await GetAsync("Patient/" + site.Mine, Token(user?.Replace("{0}", site.Practitioner, StringComparison.Ordinal)));
        Assert.True(answer.Status is HttpStatusCode.NotFound or HttpStatusCode.Forbidden, answer.Text);
    }

    [Fact]
    public async Task Two_users_in_one_token_are_nobody()
    {
        var token = site.Service<AccessTokens>().Issue("u", "c", "user/*.rs", [new("fhirUser", new[] { "Practitioner/" + site.Practitioner, "Patient/" + site.Mine })]);
        Assert.Equal(HttpStatusCode.Forbidden, (await GetAsync("Patient/" + site.Mine, token)).Status);
    }

    [Fact]
    public async Task The_relation_of_the_site_decides_how_far_a_practitioner_reaches()
    {
        var organization = "org-" + site.Practitioner;
        await site.PutAsync(new JsonObject { ["resourceType"] = "Organization", ["id"] = organization, ["name"] = "Ward" });
        await site.PutAsync(new JsonObject { ["resourceType"] = "PractitionerRole", ["id"] = FhirServer.NewId(), ["practitioner"] = Reference("Practitioner/" + site.Practitioner), ["organization"] = Reference("Organization/" + organization) });
        var (inside, outside) = (FhirServer.NewId(), FhirServer.NewId());
        await site.PutAsync(FhirServer.Patient(inside).With("managingOrganization", Reference("Organization/" + organization)));
        await site.PutAsync(FhirServer.Patient(outside));
        foreach (var (relation, sees) in new[] { (UserRelation.Nobody, ""), (UserRelation.CareTeam, "m"), (UserRelation.Organization, "mi"), (UserRelation.Everyone, "mio") })
        {
            await using var server = await RunningServer.StartAsync(await site.DataSourceAsync(), new SmartOptions { UserAccess = relation }, demo: false);
            var token = server.Services.GetService(typeof(AccessTokens)) is AccessTokens tokens ? tokens.Issue("u", "c", "user/*.rs", [new("fhirUser", "Practitioner/" + site.Practitioner)]) : null;
            foreach (var (mark, id) in new[] { ('m', site.Mine), ('i', inside), ('o', outside) })
            {
                Assert.True(sees.Contains(mark, StringComparison.Ordinal) == ((await server.GetAsync("fhir/Patient/" + id, token)).Status == HttpStatusCode.OK), $"{relation} {mark}");
            }
        }
    }

    private string Token(string? user) => site.Service<AccessTokens>().Issue("u", "c", "user/*.cruds", user is null ? [] : [new("fhirUser", user)]);

    private Task<Answer> GetAsync(string path, string token) => site.Server.GetAsync("fhir/" + path, token);

    private Task<Answer> PutAsync(JsonObject resource, string token) => site.Server.SendAsync(HttpMethod.Put, $"fhir/{resource["resourceType"]}/{resource["id"]}", token, resource.ToJsonString());

    private static JsonObject Reference(string to) => new() { ["reference"] = to };
}
