using System.Net;

namespace FhirFacade.Server.Tests.Rest;

/// <summary>Scopes that open one type, one interaction or a part of a type.</summary>
public sealed class ScopeReachTests(TwoPatients world) : OfTwoPatients(world)
{
    private const string LabOnly = "patient/Observation.rs?category=http://terminology.hl7.org/CodeSystem/observation-category|laboratory";

    [Fact]
    public async Task Types_outside_of_the_compartment_and_grants_without_a_patient_are_closed()
    {
        (await AsX("Questionnaire/form")).IsOutcome(HttpStatusCode.Forbidden, "forbidden");
        (await AsX("Questionnaire")).IsOutcome(HttpStatusCode.Forbidden, "forbidden");
        (await AsX("Questionnaire/_history")).IsOutcome(HttpStatusCode.Forbidden, "forbidden");
        foreach (var scope in new[] { "patient/*.rs", "user/*.cruds", "launch/patient openid", "patient/Condition.rs", "patient/Observation.c" })
        {
            var token = World.Server.Token(scope, scope.StartsWith("patient/*", StringComparison.Ordinal) ? null : "x");
            (await World.Server.GetAsync("fhir/Observation/x-1", token)).IsOutcome(HttpStatusCode.Forbidden, "forbidden");
            (await World.Server.GetAsync("fhir/Observation?code=718-7", token)).IsOutcome(HttpStatusCode.Forbidden, "forbidden");
            (await World.Server.GetAsync("fhir/Observation/_history", token)).IsOutcome(HttpStatusCode.Forbidden, "forbidden");
        }
    }

    [Fact]
    public async Task A_scope_for_one_type_opens_no_other_by_chain_or_include()
    {
        var token = World.Server.Token("patient/Observation.rs", "x");
        Finds(await World.Server.GetAsync("fhir/Observation?code=718-7&_include=Observation:subject&_include=Observation:performer", token), "x-1 x-2");
        Finds(await World.Server.GetAsync("fhir/Observation?code=718-7&_revinclude=DiagnosticReport:result", token), "x-1 x-2");
        var chained = await World.Server.GetAsync("fhir/Observation?subject:Patient.name=Xavier", token);
        Assert.True(chained.Status == HttpStatusCode.Forbidden || chained.Matches.Count == 0);
        var reversed = await World.Server.GetAsync("fhir/Observation?_has:DiagnosticReport:result:status=final", token);
        Assert.True(reversed.Status == HttpStatusCode.Forbidden || reversed.Matches.Count == 0);
        (await World.Server.GetAsync("fhir/Patient/x", token)).IsOutcome(HttpStatusCode.Forbidden, "forbidden");
    }

    [Fact]
    public async Task Reading_does_not_open_searching_nor_the_reverse()
    {
        var reads = World.Server.Token("patient/Observation.r", "x");
        Assert.Equal(HttpStatusCode.OK, (await World.Server.GetAsync("fhir/Observation/x-1", reads)).Status);
        (await World.Server.GetAsync("fhir/Observation", reads)).IsOutcome(HttpStatusCode.Forbidden, "forbidden");
        (await World.Server.GetAsync("fhir/Observation/_history", reads)).IsOutcome(HttpStatusCode.Forbidden, "forbidden");
        var searches = World.Server.Token("patient/Observation.s", "x");
        Assert.Equal(HttpStatusCode.OK, (await World.Server.GetAsync("fhir/Observation", searches)).Status);
        (await World.Server.GetAsync("fhir/Observation/x-1", searches)).IsOutcome(HttpStatusCode.Forbidden, "forbidden");
        (await World.Server.GetAsync("fhir/Observation/x-1/_history", searches)).IsOutcome(HttpStatusCode.Forbidden, "forbidden");
    }

    [Fact]
    public async Task A_granular_scope_closes_the_rest_of_the_type_on_every_path()
    {
        var token = World.Server.Token(LabOnly, "x");
        Assert.Equal(HttpStatusCode.OK, (await World.Server.GetAsync("fhir/Observation/x-1", token)).Status);
        (await World.Server.GetAsync("fhir/Observation/x-vital", token)).IsOutcome(HttpStatusCode.NotFound, "not-found");
        (await World.Server.GetAsync("fhir/Observation/x-vital/_history", token)).IsOutcome(HttpStatusCode.NotFound, "not-found");
        (await World.Server.GetAsync("fhir/Observation/x-vital/_history/1", token)).IsOutcome(HttpStatusCode.NotFound, "not-found");
        Finds(await World.Server.GetAsync("fhir/Observation", token), "moved x-1 x-2 x-panel");
        Finds(await World.Server.GetAsync("fhir/Observation?category=vital-signs", token), "");
        Assert.Equal(4, (await World.Server.GetAsync("fhir/Observation?_total=accurate&_count=1", token)).Json.GetProperty("total").GetInt32());
    }
}
