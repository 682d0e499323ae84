using System.Net;

namespace FhirFacade.Server.Tests.Rest;

/// <summary>Searches: match, chain, reverse chain, include, filter, compartment, and what they count.</summary>
public sealed class SearchReachTests(TwoPatients world) : OfTwoPatients(world)
{
    /// <summary>Each search, and exactly what a token of X may get by it; x is the patient, the rest are Observations unless a type is named.</summary>
    public static TheoryData<string, string> Searches => new()
    {
        // match
        { "Observation", "moved x-1 x-2 x-panel x-vital" },
        { "Observation?subject=Patient/y", "" },
        { "Observation?patient=y", "" },
        { "Observation?patient=x,y&code=718-7", "x-1 x-2" },
        { "Observation?_id=y-1,x-1", "x-1" },
        { "Observation?code=secret", "" },
        { "Observation?code=718-7", "x-1 x-2" },
        { "Observation?code:not=718-7", "moved x-panel x-vital" },
        { "Observation?subject:missing=true", "" },
        { "Observation?date=2024-05-02", "" },
        { "Observation?_lastUpdated=gt2000-01-01&code=718-7", "x-1 x-2" },
        { "Patient", "Patient/x" },
        { "Patient?name=Yvonne", "" },
        { "Patient?address-city=canary-of-y", "" },
        { "Patient?_id=y", "" },
        { "Encounter", "Encounter/x-encounter" },
        { "Appointment", "" },
        { "Appointment?patient=x", "" },
        { "DiagnosticReport?result=Observation/x-1", "" },
        // chain
        { "Observation?subject:Patient.name=Yvonne", "" },
        { "Observation?patient.name=Xavier&code=718-7", "x-1 x-2" },
        { "Observation?has-member.code=secret", "" },
        { "Observation?has-member.code=718-7", "x-panel" },
        { "Observation?has-member.subject:Patient.name=Yvonne", "" },
        { "Observation?encounter.class=AMB", "" },
        { "Condition?encounter.class=AMB", "Condition/x-condition" },
        // reverse chain
        { "Patient?_has:Observation:subject:code=secret", "" },
        { "Patient?_has:Observation:subject:code=718-7", "Patient/x" },
        { "Observation?_has:Observation:derived-from:code=secret", "" },
        { "Observation?_has:Observation:has-member:code=panel", "x-1" },
        { "Observation?_has:DiagnosticReport:result:status=final", "" },
        { "Practitioner?_has:Observation:performer:code=secret", "" },
        { "Practitioner?_has:Observation:performer:code=718-7", "Practitioner/doctor" },
        { "Organization?_has:Patient:organization:name=Yvonne", "" },
        { "Organization?_has:Patient:organization:_has:Observation:subject:code=secret", "" },
        { "Organization?_has:Patient:organization:name=Xavier", "Organization/clinic" },
        // include
        { "Observation?_id=x-panel&_include=Observation:has-member", "x-panel +x-1" },
        { "Observation?_id=x-panel&_include=*", "x-panel +x-1 +Patient/x +Practitioner/doctor" },
        { "Observation?_id=x-panel&_include=Observation:encounter", "x-panel" },
        { "Observation?_id=x-panel&_include=Observation:has-member&_include:iterate=Observation:subject", "x-panel +x-1 +Patient/x" },
        // reverse include
        { "Observation?_id=x-1&_revinclude=Observation:derived-from", "x-1" },
        { "Observation?_id=x-1&_revinclude=Observation:has-member", "x-1 +x-panel" },
        { "Observation?_id=x-1&_revinclude=DiagnosticReport:result", "x-1" },
        { "Practitioner?_id=doctor&_revinclude=Observation:performer", "Practitioner/doctor +moved +x-1 +x-2 +x-panel +x-vital" },
        { "Organization?_id=clinic&_revinclude=Patient:organization", "Organization/clinic +Patient/x" },
        { "Organization?_id=clinic&_revinclude=Patient:organization&_revinclude:iterate=Observation:subject", "Organization/clinic +Patient/x +moved +x-1 +x-2 +x-panel +x-vital" },
        { "Practitioner?_id=doctor&_revinclude=Patient:general-practitioner&_revinclude:iterate=Appointment:patient", "Practitioner/doctor +Patient/x" },
        { "Practitioner?_id=doctor&_revinclude=*", "Practitioner/doctor +Patient/x +moved +x-1 +x-2 +x-panel +x-vital" },
        // filters, texts, orders that have no index
        { "Observation?_filter=code eq secret", "" },
        { "Observation?_filter=not (code eq 718-7)", "moved x-panel x-vital" },
        { "Observation?_filter=subject:Patient.name sw \"Yvonne\"", "" },
        { "Observation?_filter=patient.name eq \"Xavier\" and code eq 718-7", "x-1 x-2" },
        { "Encounter?class:text=canary-of-y", "" },
        { "Condition?code:text=canary", "" },
        { "Condition?code:text=of x", "Condition/x-condition" },
        { "Patient?_content=canary", "" },
        { "Patient?_text=person", "Patient/x" },
        { "Observation?code:not-in=http://hl7.org/fhir/ValueSet/observation-status", "moved x-1 x-2 x-panel x-vital" },
        { "Observation?code-value-quantity=secret$gt1", "" },
        { "Observation?code-value-quantity=718-7$gt1", "x-1 x-2" },
        { "Observation?_sort=patient&code=718-7", "x-1 x-2" },
        { "Observation?_sort=-code,patient", "moved x-1 x-2 x-panel x-vital" },
        // compartments
        { "Patient/x/Observation", "moved x-1 x-2 x-panel x-vital" },
        { "Patient/x/Observation?code=secret", "" },
        { "Patient/x/Condition", "Condition/x-condition" },
        { "Patient/y/Observation", "" },
        { "Patient/y/Patient", "" },
        { "Patient/y/*", "" },
        { "Patient/x/*?_type=Condition,Encounter", "Condition/x-condition Encounter/x-encounter" },
        { "Patient/x/*", "Condition/x-condition Encounter/x-encounter moved x-1 x-2 x-panel x-vital Patient/x" },
        { "Encounter/y-encounter/Condition", "" },
        { "Encounter/y-encounter/Observation", "x-panel" },
        { "Encounter/x-encounter/Condition", "Condition/x-condition" },
        { "Practitioner/doctor/Observation", "moved x-1 x-2 x-panel x-vital" },
        { "Practitioner/doctor/Patient", "Patient/x" },
        // forms of the answer
        { "Observation?code=718-7&_summary=true", "x-1 x-2" },
        { "Observation?code=718-7&_elements=id", "x-1 x-2" },
        { "Observation?_count=0", "" },
        { "Observation?_summary=count", "" },
    };

    [Theory]
    [MemberData(nameof(Searches))]
    public async Task A_search_finds_nothing_of_Y(string search, string expected)
    {
        var got = await AsX(search);
        Finds(got, expected);
        var (path, query) = search.Split('?') is [var p, var q] ? (p, q) : (search, "");
        Finds(await World.Server.SendAsync(HttpMethod.Post, $"fhir/{path}/_search", World.OfX, query, "application/x-www-form-urlencoded"), expected);
        Finds(await World.Server.SendAsync(HttpMethod.Post, $"fhir/{path}/_search?{query}", World.OfX, "", "application/x-www-form-urlencoded"), expected);
    }

    [Theory]
    [InlineData("?_type=Patient,Observation", "moved x-1 x-2 x-panel x-vital Patient/x")]
    [InlineData("?_type=Patient,Observation,DiagnosticReport,Questionnaire&_sort=-_lastUpdated", "moved x-1 x-2 x-panel x-vital Patient/x")]
    [InlineData("?_id=y-1,x-1,y,both,form,nobodys", "x-1")]
    [InlineData("?_lastUpdated=gt2000", "Condition/x-condition Encounter/x-encounter moved x-1 x-2 x-panel x-vital Organization/clinic Patient/x Practitioner/doctor")]
    [InlineData("?_content=canary", "")]
    [InlineData("?_type=Patient&_revinclude=Observation:subject", "Patient/x +moved +x-1 +x-2 +x-panel +x-vital")]
    public async Task A_search_of_everything_finds_nothing_of_Y(string query, string expected)
    {
        Finds(await AsX(query), expected);
        Finds(await World.Server.SendAsync(HttpMethod.Post, "fhir/_search", World.OfX, query[1..], "application/x-www-form-urlencoded"), expected);
        var counted = await AsX(query + "&_summary=count");
        Assert.Equal(expected.Split(' ', StringSplitOptions.RemoveEmptyEntries).Count(r => r[0] != '+'), counted.Json.GetProperty("total").GetInt32());
    }

    [Theory]
    [InlineData("?_type=MessageHeader,Questionnaire")]
    [InlineData("Patient/x/Questionnaire")]
    [InlineData("Device/d/Questionnaire")]
    [InlineData("Observation/x-1/Patient")]
    [InlineData("Patient/x/Nonsense")]
    public async Task What_is_no_compartment_or_not_open_is_refused(string path)
    {
        Assert.Contains((await AsX(path)).Status, new[] { HttpStatusCode.NotFound, HttpStatusCode.Forbidden });
    }

    [Theory]
    [InlineData("Observation?_total=accurate", 5)]
    [InlineData("Observation?_total=accurate&_count=1", 5)]
    [InlineData("Observation?_total=estimate&_count=1", 5)]
    [InlineData("Observation?_summary=count", 5)]
    [InlineData("Observation?_count=0", 5)]
    [InlineData("Observation?code=secret&_summary=count", 0)]
    [InlineData("Patient?_has:Observation:subject:code=secret&_count=0", 0)]
    [InlineData("Patient?_total=accurate", 1)]
    [InlineData("Appointment?_total=accurate", 0)]
    public async Task A_total_counts_nothing_of_Y(string search, int total)
    {
        Assert.Equal(total, (await AsX(search)).Json.GetProperty("total").GetInt32());
    }
}
