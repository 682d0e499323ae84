using System.Text.Json;
using FhirFacade.Fhir.Access;
using FhirFacade.Fhir.Outcomes;
using FhirFacade.Storage.Resources;
using FhirFacade.Storage.Schema;
using FhirFacade.Storage.Search.Execute;
using FhirFacade.Storage.Search.Parse;
using FhirFacade.Storage.Search.Plan;
using FhirFacade.Storage.Search.Reindex;
using FhirFacade.TestSupport;
using Xunit;

namespace FhirFacade.Storage.Tests.Search;

/// <summary>What is contained is found by <c>_contained</c> alone, and by nobody who may not see what contains it.</summary>
public sealed class ContainedSearchTests : IAsyncLifetime
{
    private const string Everything = "system/*.cruds";

    private TestDatabase? database;

    private TestDatabase Database => database ?? throw new InvalidOperationException("Not there yet.");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        database = await TestCluster.NewDatabaseAsync();
        await PutAsync("Patient", "x", """ "name": [{"family": "Zander"}] """);
        await PutAsync("Patient", "y", """ "name": [{"family": "Young"}] """);
        await PutAsync("Medication", "alone", """ "code": {"coding": [{"system": "urn:rx", "code": "abc"}]} """);
        await PutAsync("MedicationRequest", "x1", Request("x", "abc", "final"));
        await PutAsync("MedicationRequest", "y1", Request("y", "abc", "secret"));
        await PutAsync("DiagnosticReport", "x2", """
            "status": "final", "code": {"text": "r"}, "subject": {"reference": "Patient/x"},
            "meta": {"security": [{"system": "urn:label", "code": "R"}]},
            "contained": [
              {"resourceType": "Observation", "id": "o", "status": "final", "code": {"coding": [{"system": "urn:c", "code": "hiv"}]}, "valueQuantity": {"value": 7, "unit": "kg"}, "effectiveDateTime": "2024-02-03"},
              {"resourceType": "Patient", "id": "y", "identifier": [{"value": "77"}], "name": [{"family": "Mask"}]}]
            """);
    }

    public async ValueTask DisposeAsync()
    {
        if (database is not null)
        {
            await database.DisposeAsync();
        }
    }

    private static string Request(string patient, string code, string batch) => $$"""
        "status": "active", "intent": "order", "subject": {"reference": "Patient/{{patient}}"}, "medicationReference": {"reference": "#m"},
        "contained": [{"resourceType": "Medication", "id": "m", "code": {"coding": [{"system": "urn:rx", "code": "{{code}}"}]}, "batch": {"lotNumber": "{{batch}}"} }]
        """;

    [Theory]
    [InlineData("Medication", "code=abc", "Medication/alone")]
    [InlineData("Medication", "code=abc&_contained=false", "Medication/alone")]
    [InlineData("Medication", "code=abc&_contained=true", "MedicationRequest/x1 MedicationRequest/y1")]
    [InlineData("Medication", "code=urn:rx|abc&_contained=true&_containedType=contained", "MedicationRequest/x1#m MedicationRequest/y1#m")]
    [InlineData("Medication", "code=abc&_contained=both&_containedType=contained", "Medication/alone MedicationRequest/x1#m MedicationRequest/y1#m")]
    [InlineData("Medication", "code=abc&_contained=both&_sort=-_id", "MedicationRequest/y1 MedicationRequest/x1 Medication/alone")]
    [InlineData("Medication", "code=other&_contained=both", "")]
    [InlineData("Medication", "code:not=abc&_contained=true", "")]
    [InlineData("Medication", "code:missing=false&lot-number=secret&_contained=true", "MedicationRequest/y1")]
    [InlineData("Medication", "_id=m&_contained=true", "MedicationRequest/x1 MedicationRequest/y1")]
    [InlineData("Medication", "_has:MedicationRequest:medication:status=active&_contained=true", "")]
    [InlineData("Observation", "date=2024-02&value-quantity=gt5||kg&_contained=true&_containedType=contained", "DiagnosticReport/x2#o")]
    [InlineData("Observation", "date=2023&_contained=true", "")]
    [InlineData("Patient", "family:contains=as&_contained=true", "DiagnosticReport/x2")]
    [InlineData("Organization", "_contained=true", "")]
    public async Task It_is_found_where_it_is_asked_for(string type, string query, string found) => Assert.Equal(found, await FoundAsync(type, query, Grant(Everything)));

    [Fact]
    public async Task No_other_search_finds_it()
    {
        Assert.Equal("Patient/x Patient/y", await FoundAsync("Patient", "", Grant(Everything)));
        Assert.Equal("", await FoundAsync("Observation", "_id=o", Grant(Everything)));
        Assert.Equal("", await FoundAsync("MedicationRequest", "medication.code=other", Grant(Everything)));
        Assert.Equal("", await FoundAsync("Patient", "_has:Observation:patient:code=hiv", Grant(Everything)));
    }

    [Theory]
    // The type is not open, though its container is.
    [InlineData("patient/MedicationRequest.rs", "x", "Medication", "code=abc", null)]
    [InlineData("patient/MedicationRequest.rs patient/Medication.r", "x", "Medication", "code=abc", null)]
    // The container is not.
    [InlineData("system/Medication.rs", null, "Medication", "code=abc", "")]
    [InlineData("system/Medication.rs system/MedicationRequest.r", null, "Medication", "code=abc", "")]
    [InlineData("patient/*.rs", "x", "Medication", "code=abc", null)]
    [InlineData("patient/*.rs", "x", "Observation", "code=hiv", "DiagnosticReport/x2")]
    [InlineData("patient/*.rs", "y", "Observation", "code=hiv", "")]
    [InlineData("patient/*.rs", "nobody", "Observation", "code=hiv", "")]
    [InlineData("patient/Observation.rs system/DiagnosticReport.rs", "y", "Observation", "code=hiv", "")]
    [InlineData("patient/Observation.rs system/DiagnosticReport.rs", "x", "Observation", "code=hiv", "DiagnosticReport/x2")]
    [InlineData("patient/Observation.rs?status=preliminary patient/DiagnosticReport.rs", "x", "Observation", "code=hiv", "")]
    [InlineData("system/Medication.rs patient/MedicationRequest.rs", "y", "Medication", "code=abc", "MedicationRequest/y1")]
    [InlineData("system/Medication.rs system/MedicationRequest.rs?status=stopped", null, "Medication", "code=abc", "")]
    // A filter has to hold of what is contained.
    [InlineData("system/Medication.rs?code=other system/MedicationRequest.rs", null, "Medication", "", "")]
    [InlineData("system/Medication.rs?_id=m system/MedicationRequest.rs", null, "Medication", "", "")]
    [InlineData("user/*.rs", null, "Medication", "code=abc", null)]
    // The id of a contained Patient is nobody's.
    [InlineData("patient/*.rs", "y", "Patient", "family=mask", "")]
    [InlineData("patient/*.rs", "x", "Patient", "family=mask", "DiagnosticReport/x2")]
    public async Task Nobody_finds_it_who_may_not_find_its_container_and_its_type(string scopes, string? patient, string type, string query, string? found)
    {
        foreach (var shown in new[] { "container", "contained" })
        {
            var actual = await TryFindAsync(type, $"{query}&_contained=true&_containedType={shown}", SearchDatabase.Grant(scopes, patient));
            Assert.Equal(found, actual is null ? null : string.Join(' ', actual.Matches.Select(Name)).Replace("#m", "", StringComparison.Ordinal).Replace("#y", "", StringComparison.Ordinal).Replace("#o", "", StringComparison.Ordinal));
            Assert.True(actual is null || actual.Total == actual.Matches.Length);
        }
    }

    [Theory]
    [InlineData("Medication", null, "code=abc")]
    [InlineData("MedicationRequest", null, null)]
    [InlineData("MedicationRequest", "x", null)]
    [InlineData("Medication", "x", null)]
    [InlineData("*", "x", null)]
    [InlineData("Medication", null, "nothing=known")]
    public async Task A_denial_of_the_container_or_of_the_contained_closes_it(string type, string? patient, string? filter)
    {
        Assert.Equal("MedicationRequest/x1", await FoundAsync("Medication", "lot-number=final&_contained=true", Grant(Everything)));
        var denied = Grant(Everything) with { Denials = [new AccessDenial(type, Interactions.Search, patient, filter)] };
        Assert.Empty((await TryFindAsync("Medication", "lot-number=final&_contained=true", denied))?.Matches ?? []);
        Assert.Empty((await TryFindAsync("Medication", "lot-number=final&_contained=true&_containedType=contained", denied))?.Matches ?? []);
    }

    [Fact]
    public async Task A_label_of_the_container_hides_what_it_contains()
    {
        var grant = Grant(Everything) with { Denials = [new AccessDenial("*", Interactions.All, null, "_security=urn:label|R")] };
        Assert.Equal("DiagnosticReport/x2", await FoundAsync("Observation", "code=hiv&_contained=true", Grant(Everything)));
        Assert.Equal("", await FoundAsync("Observation", "code=hiv&_contained=true", grant));
        Assert.Equal("", await FoundAsync("Observation", "code=hiv&_contained=both&_containedType=contained", grant));
    }

    [Theory]
    [InlineData("Observation")]
    [InlineData("DiagnosticReport")]
    public async Task What_a_patient_denies_is_not_found_in_what_that_patient_leaves_open(string denied)
    {
        var grant = Grant(Everything) with { Consent = ConsentMode.OptOut };
        Assert.Equal("DiagnosticReport/x2", await FoundAsync("Observation", "code=hiv&_contained=true", grant));
        await PutAsync("Consent", "c", $$"""
            "status": "active", "scope": {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/consentscope", "code": "patient-privacy"}]},
            "category": [{"coding": [{"system": "http://loinc.org", "code": "59284-0"}]}], "patient": {"reference": "Patient/x"},
            "policyRule": {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": "OPTIN"}]},
            "provision": {"type": "permit", "provision": [{"type": "deny", "class": [{"system": "http://hl7.org/fhir/resource-types", "code": "{{denied}}"}]}]}
            """);
        Assert.Equal("", await FoundAsync("Observation", "code=hiv&_contained=true", grant));
        Assert.Equal("", await FoundAsync("Observation", "code=hiv&_contained=both&_containedType=contained", grant));
        Assert.Equal("DiagnosticReport/x2", await FoundAsync("Observation", "code=hiv&_contained=true", Grant(Everything)));
    }

    [Fact]
    public async Task What_is_masked_cannot_be_searched_in_what_is_contained_and_is_not_in_it()
    {
        var masked = Grant(Everything) with { Rules = [new AccessRule(AccessContext.System, AccessRule.AnyType, Interactions.All) { Masked = ElementMask.Of("Patient.identifier") }] };
        Assert.Equal("DiagnosticReport/x2", await FoundAsync("Patient", "identifier=77&_contained=true", Grant(Everything)));
        Assert.Null(await TryFindAsync("Patient", "identifier=77&_contained=true", masked));
        Assert.Null(await TryFindAsync("Patient", "identifier:missing=false&_contained=true&_containedType=contained", masked));
        var page = await TryFindAsync("Patient", "family=mask&_contained=true&_containedType=contained", masked);
        var shown = JsonElement.Parse(Assert.Single(page!.Matches).Doc.Span);
        Assert.False(shown.TryGetProperty("identifier", out _));
        Assert.Equal("Mask", shown.GetProperty("name")[0].GetProperty("family").GetString());
    }

    [Fact]
    public async Task Where_containers_hide_what_they_contain_it_is_not_found()
    {
        var masked = Grant(Everything) with { Rules = [new AccessRule(AccessContext.System, AccessRule.AnyType, Interactions.All) { Masked = ElementMask.Of("DiagnosticReport.contained") }] };
        Assert.Equal("", await FoundAsync("Observation", "code=hiv&_contained=true", masked));
        Assert.Equal("", await FoundAsync("Observation", "code=hiv&_contained=true&_containedType=contained", masked));
    }

    [Theory]
    [InlineData("_contained=true&_sort=code")]
    [InlineData("_contained=true&_include=Medication:manufacturer")]
    [InlineData("_contained=true&_revinclude=MedicationRequest:medication")]
    [InlineData("_contained=true&_content=abc")]
    [InlineData("_contained=some")]
    [InlineData("_contained=true&_containedType=either")]
    public void What_cannot_be_asked_is_refused_lenient_or_not(string query)
    {
        foreach (var lenient in new[] { true, false })
        {
            Assert.Null(QueryParser.Parse("Medication", SearchDatabase.Parameters(query), lenient).Query);
        }
    }

    [Fact]
    public void A_search_that_is_no_search_of_a_client_does_not_look_there() =>
        Assert.IsType<PlanOutcome.Refusal>(Planner.Plan(SearchDatabase.Query("Medication", "_contained=true"), Grant(Everything)));

    [Fact]
    public async Task It_follows_its_container_through_changes_and_deletion()
    {
        await PutAsync("MedicationRequest", "x1", Request("x", "changed", "final"));
        Assert.Equal("MedicationRequest/y1", await FoundAsync("Medication", "code=abc&_contained=true", Grant(Everything)));
        Assert.Equal("MedicationRequest/x1", await FoundAsync("Medication", "code=changed&_contained=true", Grant(Everything)));
        await PutAsync("MedicationRequest", "x1", """ "status": "active", "intent": "order", "subject": {"reference": "Patient/x"} """);
        Assert.Equal("", await FoundAsync("Medication", "code=changed&_contained=true", Grant(Everything)));
        await new ResourceWriter(Database.DataSource, SearchDatabase.Clock).DeleteAsync("MedicationRequest", "y1", null, Grant(Everything), Stop);
        await new ResourceWriter(Database.DataSource, SearchDatabase.Clock).DeleteAsync("DiagnosticReport", "x2", null, Grant(Everything), Stop);
        foreach (var table in new[] { "contained", "contained_range", "contained_text" })
        {
            Assert.Equal(0, await Database.ScalarAsync<long>($"select count(*) from {table}"));
        }
    }

    [Fact]
    public async Task Many_at_once_are_indexed_like_one_at_a_time()
    {
        var writes = Enumerable.Range(0, 60).Select(i => Json("MedicationRequest", $"many{i}", Request("x", i % 2 == 0 ? "even" : "odd", "many"))).ToList();
        var changes = writes.Select(r => new ResourceChange("MedicationRequest", r.GetProperty("id").GetString()!, System.Text.Json.Nodes.JsonNode.Parse(r.GetRawText())!.AsObject(), ChangeMode.Replace)).ToList();
        await using (var connection = await Database.DataSource.OpenConnectionAsync(Stop))
        {
            await using var transaction = await connection.BeginTransactionAsync(Stop);
            await FeedWriter.ApplyAsync(connection, transaction, 1, changes, SearchDatabase.Now, Stop);
            await transaction.CommitAsync(Stop);
        }

        Assert.Equal(30, (await TryFindAsync("Medication", "code=even&_contained=true", Grant(Everything)))!.Total);
        Assert.Equal(60, (await TryFindAsync("Medication", "lot-number=many&_contained=true&_containedType=contained&_count=0", Grant(Everything)))!.Total);
    }

    [Fact]
    public async Task A_database_from_before_is_indexed_by_the_next_job_and_what_is_right_is_left()
    {
        var jobs = new ReindexJobs(Database.DataSource);
        await Database.ExecuteAsync("delete from contained; delete from contained_range; delete from contained_text; delete from contained_in; update r.medicationrequest set present = '{}'");
        Assert.Equal("", await FoundAsync("Medication", "code=abc&_contained=true", Grant(Everything)));
        Assert.Equal(3, (await ReindexAsync(jobs)).Types.Sum(type => type.Changed));
        Assert.Equal("MedicationRequest/x1 MedicationRequest/y1", await FoundAsync("Medication", "code=abc&_contained=true", Grant(Everything)));
        Assert.Equal("DiagnosticReport/x2#o", await FoundAsync("Observation", "value-quantity=7||kg&_contained=true&_containedType=contained", Grant(Everything)));
        await Database.ExecuteAsync("update contained set content = 1 where type = 'Patient'");
        Assert.Equal(1, (await ReindexAsync(jobs)).Types.Sum(type => type.Changed));
        Assert.Equal(0, (await ReindexAsync(jobs)).Types.Sum(type => type.Changed));
    }

    private async Task<ReindexJob> ReindexAsync(ReindexJobs jobs)
    {
        var job = await jobs.StartAsync(ResourceTables.Types, "test", Stop);
        var worker = new Reindexer(Database.DataSource, 0);
        while (await jobs.FindAsync(job, Stop) is { HasEnded: false })
        {
            await worker.StepAsync(Stop);
        }

        return (await jobs.FindAsync(job, Stop))!;
    }

    private static AccessGrant Grant(string scopes) => SearchDatabase.Grant(scopes, null);

    private static string Name(StoredResource resource) => resource.Container is { } container ? $"{container.Type}/{container.Id}#{resource.Id}" : $"{resource.Type}/{resource.Id}";

    private async Task<string> FoundAsync(string type, string query, AccessGrant grant) => string.Join(' ', (await TryFindAsync(type, query, grant))!.Matches.Select(Name));

    private async Task<SearchPage?> TryFindAsync(string type, string query, AccessGrant grant)
    {
        var executor = new SearchExecutor(Database.DataSource, SearchDatabase.Clock);
        return Planner.Plan(new SystemQuery([SearchDatabase.Query(type, query)]), grant, null, await executor.ContainersAsync(Stop)) switch
        {
            SystemPlanOutcome.Planned(var plan) => await executor.ExecuteAsync(plan, Stop),
            SystemPlanOutcome.Refusal { Issue.Code: var code } when code == IssueType.Forbidden => null,
            var other => throw new InvalidOperationException(other.ToString()),
        };
    }

    private static JsonElement Json(string type, string id, string content) => JsonElement.Parse($$"""{"resourceType": "{{type}}", "id": "{{id}}", {{content}} }""");

    private async Task PutAsync(string type, string id, string content) =>
        Assert.False((await new ResourceWriter(Database.DataSource, SearchDatabase.Clock).UpdateAsync(type, id, Json(type, id, content), null, Grant(Everything), Stop)).IsFailure);
}
