using FhirFacade.Fhir.Access;
using FhirFacade.Fhir.Outcomes;
using FhirFacade.Storage.Resources;
using FhirFacade.Storage.Search.Execute;
using FhirFacade.Storage.Search.Plan;
using Xunit;

namespace FhirFacade.Storage.Tests.Search;

/// <summary>
/// Every path by which a row can be reached, each with grants that do not open it. Under a grant that opens everything the same
/// search does reach the row, so that a test cannot pass by searching for nothing.
/// </summary>
public sealed class ReachabilityTests(SearchDatabase database) : IClassFixture<SearchDatabase>
{
    private const string Everything = "system/*.cruds";

    /// <summary>All that belongs to patient x, and the directory.</summary>
    private const string PatientX = "patient/*.rs";

    /// <summary>Granular: two observations of x, and nobody else's.</summary>
    private const string Granular = "system/Observation.rs?_id=x-hb,x-glu system/Patient.rs?_id=x system/Practitioner.rs system/DiagnosticReport.rs?status=cancelled";

    /// <summary>Granular within the patient: vital signs only.</summary>
    private const string VitalSigns = "patient/Observation.rs?category=http://terminology.hl7.org/CodeSystem/observation-category|vital-signs patient/Practitioner.rs patient/Encounter.rs";

    public static TheoryData<string, string, string, string, string> Paths => new()
    {
        // path, type, query, the row that is found under everything and not under the grant, grant
        { "match", "Observation", "code=718-7", "Observation/y-hb", PatientX },
        { "match", "Observation", "code=718-7", "Observation/y-hb", Granular },
        { "match", "Observation", "code=718-7", "Observation/x-hb", VitalSigns },
        { "match", "Observation", "patient=y", "Observation/y-hb", PatientX },
        { "match", "Observation", "", "Observation/n-both", PatientX },
        { "match", "Observation", "", "Observation/n-elsewhere", PatientX },
        { "match", "Patient", "", "Patient/y", PatientX },
        { "match", "Patient", "", "Patient/z", PatientX },
        { "match", "Observation", "code:not=nothing", "Observation/y-hb", PatientX },
        { "match", "Observation", "code:missing=false", "Observation/y-hb", PatientX },
        { "match", "Condition", "", "Condition/x-cond", VitalSigns },
        { "match", "MessageHeader", "", "MessageHeader/n-msg", PatientX },
        { "match", "Observation", "", "Observation/x-hb", "user/*.rs" },
        { "match", "Observation", "", "Observation/x-hb", "" },
        { "match", "Observation", "", "Observation/x-hb", "system/Observation.r" },
        { "match", "Observation", "", "Observation/x-hb", "system/Observation.s?colour=green" },
        { "match", "Observation", "", "Observation/x-hb", "system/Observation.s?patient.name=anna" },
        { "match", "Observation", "", "Observation/x-hb", "system/Observation.s?_count=10" },
        { "id", "Observation", "_id=y-hb", "Observation/y-hb", PatientX },
        { "id", "Observation", "_id=y-hb,x-hb", "Observation/y-hb", Granular },
        { "id", "Observation", "_id=x-hb", "Observation/x-hb", VitalSigns },
        { "id", "Patient", "_id=y", "Patient/y", PatientX },
        { "chain", "Observation", "_id=x-glu&derived-from:Observation.code=718-7", "Observation/x-glu", PatientX },
        { "chain", "Observation", "_id=x-glu&derived-from:Observation.code=718-7", "Observation/x-glu", Granular },
        { "chain", "Encounter", "_id=x-enc&subject:Patient.name=anna", "Encounter/x-enc", VitalSigns },
        { "chain", "Encounter", "_id=y-enc&subject.name=bernd", "Encounter/y-enc", "system/Encounter.rs" },
        { "chain", "Encounter", "subject.name:missing=false", "Encounter/y-enc", "system/Encounter.rs patient/Patient.rs" },
        { "nested chain", "Observation", "_id=x-glu&derived-from:Observation.patient.name=bernd", "Observation/x-glu", PatientX },
        { "nested chain", "Observation", "_id=x-glu&derived-from:Observation.patient.name=bernd", "Observation/x-glu", "system/Observation.rs system/Patient.rs?_id=x" },
        { "nested chain", "Observation", "_id=x-hr&encounter.participant:Practitioner.family=house", "Observation/x-hr", "system/Observation.rs system/Practitioner.rs" },
        { "_has", "Observation", "_id=x-hb&_has:Observation:has-member:status=amended", "Observation/x-hb", PatientX },
        { "_has", "Observation", "_id=x-hb&_has:Observation:has-member:status=amended", "Observation/x-hb", Granular },
        { "_has", "Practitioner", "_id=n-grey&_has:Encounter:participant:status=in-progress", "Practitioner/n-grey", PatientX },
        { "_has", "Practitioner", "_id=n-house&_has:Observation:performer:code=718-7", "Practitioner/n-house", VitalSigns },
        { "_has", "Patient", "_has:Condition:patient:code=86406008", "Patient/y", "system/Patient.rs" },
        { "_has", "Patient", "_has:Condition:patient:code=86406008", "Patient/y", "system/Patient.rs system/Condition.r" },
        { "nested _has", "Practitioner", "_id=n-house&_has:Observation:performer:_has:DiagnosticReport:result:issued=2024-02-03", "Practitioner/n-house", PatientX },
        { "nested _has", "Practitioner", "_id=n-house&_has:Observation:performer:_has:DiagnosticReport:result:issued=2024-02-03", "Practitioner/n-house", Granular },
        { "nested _has", "Practitioner", "_id=n-house&_has:Observation:performer:_has:DiagnosticReport:result:issued=2024-02-03", "Practitioner/n-house", "system/Practitioner.rs system/Observation.rs" },
        { "chain to _has", "Encounter", "_id=x-enc&participant:Practitioner._has:Observation:performer:patient=y", "Encounter/x-enc", PatientX },
        { "_has over a chain", "Practitioner", "_has:Encounter:participant:patient.name=bernd", "Practitioner/n-grey", PatientX },
        { "_has over a chain", "Practitioner", "_has:Encounter:participant:patient.name=bernd", "Practitioner/n-grey", "system/Practitioner.rs system/Encounter.rs" },
        { "include", "Observation", "_id=x-glu&_include=Observation:derived-from", "Observation/y-hb", PatientX },
        { "include", "Observation", "_id=x-glu&_include=Observation:derived-from", "Observation/y-hb", Granular },
        { "include", "Observation", "_id=x-glu&_include=*", "Observation/y-hb", PatientX },
        { "include", "Observation", "_id=x-glu&_include=Observation:*", "Observation/y-hb", PatientX },
        { "include", "Encounter", "_id=x-enc&_include=Encounter:subject", "Patient/x", VitalSigns },
        { "include", "Encounter", "_id=x-enc&_include=Encounter:subject", "Patient/x", "system/Encounter.rs system/Patient.s" },
        { "include iterate", "Observation", "_id=x-glu&_include=Observation:derived-from&_include:iterate=Observation:patient", "Patient/y", PatientX },
        { "include iterate", "Observation", "_id=x-glu&_include=Observation:derived-from&_include:iterate=Observation:patient", "Patient/y", "system/Observation.rs?_id=x-glu system/Patient.rs" },
        { "revinclude", "Observation", "_id=x-hb&_revinclude=Observation:has-member", "Observation/y-hr", PatientX },
        { "revinclude", "Observation", "_id=x-hb&_revinclude=Observation:has-member", "Observation/y-hr", Granular },
        { "revinclude", "Practitioner", "_id=n-house&_revinclude=Observation:performer", "Observation/y-hb", PatientX },
        { "revinclude", "Practitioner", "_id=n-house&_revinclude=Observation:performer", "Observation/x-hb", VitalSigns },
        { "revinclude", "Practitioner", "_id=n-house&_revinclude=Observation:*", "Observation/y-hb", PatientX },
        { "revinclude", "Patient", "_id=y&_revinclude=Condition:patient", "Condition/y-cond", "system/Patient.rs" },
        { "revinclude iterate", "Practitioner", "_id=n-house&_revinclude=Observation:performer&_revinclude:iterate=DiagnosticReport:result", "DiagnosticReport/y-report", PatientX },
        { "revinclude", "Practitioner", "_id=n-house&_revinclude=*", "Observation/y-hb", PatientX },
        { "revinclude", "Patient", "_id=y&_revinclude=*", "Condition/y-cond", "system/Patient.rs" },
        { "text", "Observation", "code:text=free", "Observation/n-logical", PatientX },
        { "of-type", "Patient", "identifier:of-type=http://terminology.hl7.org/CodeSystem/v2-0203|SS|111", "Patient/x", "system/Patient.rs?gender=male" },
        { "value set", "Observation", "status:in=http://hl7.org/fhir/ValueSet/observation-status", "Observation/y-hb", PatientX },
        { "value set", "Observation", "status:not-in=http://hl7.org/fhir/ValueSet/encounter-status", "Observation/y-hb", PatientX },
        { "branch", "Encounter", "class:below=http://terminology.hl7.org/CodeSystem/v3-ActCode|_ActEncounterCode", "Encounter/y-enc", PatientX },
        { "branch", "Encounter", "class:above=http://terminology.hl7.org/CodeSystem/v3-ActCode|ACUTE", "Encounter/x-enc", "system/Encounter.rs?status=planned" },
        { "uri", "Patient", "_profile:below=http://example.org", "Patient/x", "system/Patient.rs?gender=male" },
        { "composite", "Observation", "code-value-quantity=718-7$gt14", "Observation/y-hb", PatientX },
        { "composite", "Observation", "component-code-value-quantity=8480-6$gt100", "Observation/z-bp", PatientX },
        { "base units", "Observation", "value-quantity=gt140|http://unitsofmeasure.org|g/L", "Observation/y-hb", PatientX },
        { "hierarchy", "Location", "organization:below=Organization/n-org1", "Location/n-ward", "system/Location.rs" },
        { "hierarchy", "Location", "organization:below=Organization/n-org1", "Location/n-ward", "system/Location.rs system/Organization.rs?_id=n-org1" },
        { "hierarchy", "Patient", "organization:above=Organization/n-org2", "Patient/x", "system/Patient.rs" },
        { "hierarchy", "Patient", "organization:above=Organization/n-org2", "Patient/x", "system/Patient.rs system/Organization.rs?_id=n-org1" },
        { "near", "Location", "near=47.07|15.44|5|km", "Location/n-ward", "system/Location.rs?status=suspended" },
        { "narrative", "Patient", "_text=bone", "Patient/z", PatientX },
        { "narrative", "Patient", "_text=not bone", "Patient/y", PatientX },
        { "content", "Patient", "_content=graz", "Patient/x", "system/Patient.rs?gender=male" },
        { "content over a chain", "Encounter", "subject:Patient._content=Großgmain", "Encounter/y-enc", "system/Encounter.rs" },
        { "list", "Patient", "_list=n-list", "Patient/z", PatientX },
        { "list", "Patient", "_list=n-list", "Patient/z", "system/Patient.rs" },
        { "list over a chain", "Condition", "patient._list=n-list", "Condition/x-cond", "system/Condition.rs system/Patient.rs" },
        { "filter", "Patient", "_filter=gender eq male", "Patient/y", PatientX },
        { "filter", "Patient", "_filter=not (gender eq female)", "Patient/y", PatientX },
        { "filter over a chain", "Encounter", "_filter=subject:Patient.name eq \"Bernd\"", "Encounter/y-enc", "system/Encounter.rs" },
        { "filter over a chain", "Encounter", "_filter=not (subject:Patient.name eq \"Anna\")", "Encounter/y-enc", "system/Encounter.rs?_id=x-enc" },
        { "filter in brackets", "Patient", "_filter=general-practitioner[gender eq male].family sw h", "Patient/x", "system/Patient.rs" },
        { "sort", "Observation", "_sort=patient", "Observation/y-hb", PatientX },
        { "sort", "Patient", "_sort=-gender", "Patient/y", PatientX },
        { "sort", "Observation", "_sort=date",  "Observation/y-hb", PatientX },
        { "sort", "Observation", "_sort=-value-quantity", "Observation/y-hr", Granular },
        { "sort", "Patient", "_sort=family,-birthdate", "Patient/y", PatientX },
        { "total", "Observation", "code=718-7&_total=accurate", "Observation/y-hb", PatientX },
        { "total", "Observation", "code=718-7&_total=estimate", "Observation/y-hb", Granular },
    };

    [Theory]
    [MemberData(nameof(Paths))]
    public async Task A_row_that_the_grant_does_not_open_is_not_reached(string path, string type, string query, string row, string scopes)
    {
        var open = await database.PageAsync(type, query, SearchDatabase.Grant(Everything, null));
        var closed = await database.PageAsync(type, query, SearchDatabase.Grant(scopes, "x"));

        Assert.True(Rows(open!).Contains(row), $"{path}: the test itself reaches nothing");
        Assert.True(closed is null || !Rows(closed).Contains(row), path);
        Assert.True(closed is null || closed.Total is null || closed.Total == closed.Matches.Length, path);
    }

    [Theory]
    [InlineData("Observation", "code=718-7", PatientX, 1)]
    [InlineData("Observation", "code=718-7", Granular, 1)]
    [InlineData("Observation", "", VitalSigns, 1)]
    [InlineData("Observation", "", PatientX, 4)]
    [InlineData("Observation", "patient.name=bernd", PatientX, 0)]
    [InlineData("Practitioner", "_has:Observation:performer:patient=y", PatientX, 0)]
    public async Task Only_what_is_open_is_counted(string type, string query, string scopes, int count)
    {
        foreach (var how in new[] { "_count=0", "_summary=count", "_count=1&_total=accurate", "_count=1&_total=estimate" })
        {
            var page = await database.PageAsync(type, query + "&" + how, SearchDatabase.Grant(scopes, "x"));

            Assert.Equal(count, page!.Total);
        }
    }

    [Fact]
    public async Task What_is_open_is_reached_on_every_path()
    {
        var grant = SearchDatabase.Grant(PatientX, "x");
        var page = await database.PageAsync("Observation", "_include=*&_revinclude=DiagnosticReport:result&_revinclude=Provenance:target&_sort=-date&_total=accurate", grant);

        Assert.Equal(["x-glu", "x-hr", "x-hb", "x-smoke"], page!.Matches.Select(r => r.Id));
        Assert.Equal(
            ["DiagnosticReport/x-report", "Encounter/x-enc", "Patient/x", "Practitioner/n-house", "Provenance/x-prov"],
            page.Included.Select(r => r.Type + "/" + r.Id).Order(StringComparer.Ordinal));
        Assert.Equal(["x-hb"], (await database.PageAsync("Observation", "_has:DiagnosticReport:result:status=final", grant))!.Matches.Select(r => r.Id));
        Assert.Equal(["x-hb", "x-hr"], (await database.PageAsync("Observation", "encounter.participant:Practitioner.name=house", grant))!.Matches.Select(r => r.Id));
    }

    [Fact]
    public async Task The_page_link_of_one_grant_or_search_is_worth_nothing_to_another()
    {
        var query = SearchDatabase.Query("Observation", "_count=1&_sort=date");
        var mine = SearchDatabase.Grant(PatientX, "x");
        var cursor = (await database.PageAsync(query, mine))!.Next!;

        Assert.NotNull(await database.PageAsync(query, mine, cursor));
        AccessGrant[] others =
        [
            SearchDatabase.Grant(PatientX, "y"),
            SearchDatabase.Grant(Everything, null),
            mine with { ClientId = "other" },
            mine with { Subject = "other" },
            mine with { Rules = [.. mine.Rules, .. mine.Rules] },
        ];
        Assert.All(others, grant => Refused(Planner.Plan(query, grant, cursor)));
        Refused(Planner.Plan(SearchDatabase.Query("Observation", "_count=1&_sort=-date"), mine, cursor));
        Refused(Planner.Plan(SearchDatabase.Query("Condition", "_count=1&_sort=onset-date"), mine, cursor));
        Refused(Planner.Plan(query, mine, cursor with { Keys = [] }));
        Refused(Planner.Plan(query, mine, cursor with { Keys = default }));

        static void Refused(PlanOutcome outcome) => Assert.Equal(IssueType.Value, Assert.IsType<PlanOutcome.Refusal>(outcome).Issue.Code);
    }

    [Fact]
    public async Task Each_version_in_history_is_judged_by_its_own_patient_and_filter()
    {
        var writer = new ResourceWriter(database.Database.DataSource, SearchDatabase.Clock);
        var history = new HistoryReader(database.Database.DataSource);
        var everything = SearchDatabase.Grant(Everything, null);
        string[] versions = [Version("y", "final"), Version("x", "final"), Version("x", "amended")];
        foreach (var version in versions)
        {
            await writer.UpdateAsync("Observation", "n-moved", System.Text.Json.JsonDocument.Parse(version).RootElement, null, everything, CancellationToken.None);
        }

        await writer.DeleteAsync("Observation", "n-moved", null, everything, CancellationToken.None);

        Assert.Equal([4, 3, 2, 1], await VersionsAsync(everything));
        Assert.Equal([4, 3, 2], await VersionsAsync(SearchDatabase.Grant(PatientX, "x")));
        Assert.Equal([1], await VersionsAsync(SearchDatabase.Grant(PatientX, "y")));
        Assert.Equal([2], await VersionsAsync(SearchDatabase.Grant("patient/Observation.rs?status=final", "x")));
        Assert.Empty(await VersionsAsync(SearchDatabase.Grant(PatientX, "z")));
        Assert.Empty(await VersionsAsync(SearchDatabase.Grant("patient/Patient.rs", "x")));
        // Judging an old version by its date would need the date of that version, which history does not keep.
        Assert.Empty(await VersionsAsync(SearchDatabase.Grant("system/Observation.rs?date=gt2000", null)));

        async Task<IEnumerable<int>> VersionsAsync(AccessGrant grant)
        {
            var instance = await history.InstanceAsync("Observation", "n-moved", grant, HistoryRange.All, 100, null, CancellationToken.None);
            var type = await history.TypeAsync("Observation", grant, HistoryRange.All, 100, null, CancellationToken.None);
            Assert.Equal(instance.Entries.Select(e => e.Version), type.Entries.Where(e => e.Id == "n-moved").Select(e => e.Version));
            return instance.Entries.Select(e => e.Version);
        }

        static string Version(string patient, string status) =>
            $$"""{"resourceType":"Observation","id":"n-moved","status":"{{status}}","code":{"text":"t"},"subject":{"reference":"Patient/{{patient}}"},"effectiveDateTime":"2024"}""";
    }

    private static string[] Rows(SearchPage page) => [.. page.Matches.Concat(page.Included).Select(r => r.Type + "/" + r.Id)];
}
