using System.Net;
using System.Text.Json.Nodes;

namespace FhirFacade.Server.Tests.Rest;

/// <summary>A token of patient X against the data of patient Y, along every path by which a row can be reached over HTTP.</summary>
public sealed class ReachabilityTests(TwoPatients world) : IClassFixture<TwoPatients>
{
    private const string LabOnly = "patient/Observation.rs?category=http://terminology.hl7.org/CodeSystem/observation-category|laboratory";

    private Task<Answer> AsX(string path, params (string, string)[] headers) => world.Server.GetAsync("fhir/" + path, world.OfX, headers);

    [Fact]
    public async Task The_canary_sings_for_those_who_may_hear_it()
    {
        Assert.Contains(TwoPatients.Canary, (await world.Server.GetAsync("fhir/Observation/y-1", world.OfY)).Text, StringComparison.Ordinal);
        Assert.Contains(TwoPatients.Canary, (await world.Server.GetAsync("fhir/Observation?code=secret", world.Root)).Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await AsX("Observation/x-1")).Status);
    }

    [Theory]
    [InlineData("Observation/y-1")]
    [InlineData("Observation/y-1/_history/1")]
    [InlineData("Observation/y-1/_history")]
    [InlineData("Observation/y-1?_summary=true")]
    [InlineData("Observation/y-1?_elements=id")]
    [InlineData("Observation/y-deleted")]
    [InlineData("Observation/y-deleted/_history")]
    [InlineData("Observation/y-deleted/_history/2")]
    [InlineData("Observation/nobodys")]
    [InlineData("Patient/y")]
    [InlineData("Patient/y/_history")]
    [InlineData("Encounter/y-encounter")]
    [InlineData("DiagnosticReport/y-report")]
    [InlineData("Appointment/both")]
    [InlineData("Appointment/both/_history")]
    public async Task Whatever_is_of_Y_looks_exactly_like_what_is_not_there(string path)
    {
        var hidden = await AsX(path);
        var type = path[..path.IndexOf('/', StringComparison.Ordinal)];
        var rest = path[type.Length..].Replace("y-1", "none", StringComparison.Ordinal).Replace("y-deleted", "none", StringComparison.Ordinal)
            .Replace("/y", "/none", StringComparison.Ordinal).Replace("both", "none", StringComparison.Ordinal).Replace("nobodys", "none", StringComparison.Ordinal);
        var absent = await AsX(type + rest);
        hidden.IsOutcome(HttpStatusCode.NotFound, "not-found");
        Assert.Equal(absent.Status, hidden.Status);
        Assert.Equal(absent.Body, hidden.Body);
        Assert.Equal(Comparable(absent), Comparable(hidden));
    }

    [Theory]
    [InlineData("If-None-Match", "W/\"1\"")]
    [InlineData("If-None-Match", "*")]
    [InlineData("If-Modified-Since", "Fri, 01 Jan 2100 00:00:00 GMT")]
    [InlineData("If-Match", "W/\"1\"")]
    public async Task Conditional_headers_do_not_tell_that_it_is_there(string header, string value)
    {
        (await AsX("Observation/y-1", (header, value))).IsOutcome(HttpStatusCode.NotFound, "not-found");
        (await AsX("Observation/y-1/_history/1", (header, value))).IsOutcome(HttpStatusCode.NotFound, "not-found");
        var head = await world.Server.SendAsync(HttpMethod.Head, "fhir/Observation/y-1", world.OfX, headers: (header, value));
        Assert.Equal(HttpStatusCode.NotFound, head.Status);
        Assert.Null(head.Header("ETag"));
    }

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
        Finds(await world.Server.SendAsync(HttpMethod.Post, $"fhir/{path}/_search", world.OfX, query, "application/x-www-form-urlencoded"), expected);
        Finds(await world.Server.SendAsync(HttpMethod.Post, $"fhir/{path}/_search?{query}", world.OfX, "", "application/x-www-form-urlencoded"), expected);
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
        Finds(await world.Server.SendAsync(HttpMethod.Post, "fhir/_search", world.OfX, query[1..], "application/x-www-form-urlencoded"), expected);
        var counted = await AsX(query + "&_summary=count");
        Assert.Equal(expected.Split(' ', StringSplitOptions.RemoveEmptyEntries).Count(r => r[0] != '+'), counted.Json.GetProperty("total").GetInt32());
    }

    [Fact]
    public async Task Pages_of_everything_show_nothing_of_Y_and_everything_of_X_once()
    {
        foreach (var order in new[] { "", "&_sort=_lastUpdated", "&_sort=-_id" })
        {
            List<string> seen = [];
            for (var path = "fhir?_count=3" + order; path is not null;)
            {
                var page = await world.Server.GetAsync(path, world.OfX);
                Assert.Equal(HttpStatusCode.OK, page.Status);
                Assert.DoesNotContain(TwoPatients.Canary, page.Text, StringComparison.Ordinal);
                seen.AddRange(page.Matches);
                path = page.Link("next") is { } next ? new Uri(next).PathAndQuery[1..] : null;
            }
            Assert.Equal(10, seen.Count);
            Assert.Equal(10, seen.Distinct().Count());
        }
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

    [Theory]
    [InlineData("_sort=date", "moved x-1 x-2 x-panel x-vital")]
    [InlineData("_sort=-date", "x-vital x-panel x-2 x-1 moved")]
    [InlineData("_sort=-_lastUpdated", null)]
    [InlineData("_sort=-date&_count=2", "x-vital x-panel x-2 x-1 moved")]
    [InlineData("_count=1&_sort=date", "moved x-1 x-2 x-panel x-vital")]
    public async Task Sorting_and_paging_show_nothing_of_Y(string parameters, string? expected)
    {
        List<string> seen = [];
        var path = $"fhir/Observation?{parameters}";
        while (path is not null)
        {
            var page = await world.Server.GetAsync(path, world.OfX);
            Assert.Equal(HttpStatusCode.OK, page.Status);
            Assert.DoesNotContain(TwoPatients.Canary, page.Text, StringComparison.Ordinal);
            seen.AddRange(page.Matches);
            path = page.Link("next") is { } next ? new Uri(next).PathAndQuery[1..] : null;
        }
        if (expected is null)
        {
            Assert.Equal(5, seen.Distinct().Count());
        }
        else
        {
            // "moved" and x-1 have the same date; either may come first.
            Assert.Equal(expected.Split(' ').Select(Full).Order(), seen.Order());
            Assert.Equal(expected.Split(' ').Select(Full).Where(r => !r.EndsWith("/moved", StringComparison.Ordinal) && r != "Observation/x-1"),
                seen.Where(r => !r.EndsWith("/moved", StringComparison.Ordinal) && r != "Observation/x-1"));
        }
    }

    [Fact]
    public async Task A_resource_that_moved_shows_each_side_only_its_own_versions()
    {
        Assert.Equal("W/\"2\"", (await AsX("Observation/moved")).Header("ETag"));
        (await AsX("Observation/moved/_history/1")).IsOutcome(HttpStatusCode.NotFound, "not-found");
        var history = await AsX("Observation/moved/_history");
        Assert.Equal(1, history.Json.GetProperty("entry").GetArrayLength());
        Assert.DoesNotContain(TwoPatients.Canary, history.Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await world.Server.GetAsync("fhir/Observation/moved/_history/1", world.OfY)).Status);
        (await world.Server.GetAsync("fhir/Observation/moved", world.OfY)).IsOutcome(HttpStatusCode.NotFound, "not-found");
        (await world.Server.GetAsync("fhir/Observation/moved/_history/2", world.OfY)).IsOutcome(HttpStatusCode.NotFound, "not-found");
    }

    [Fact]
    public async Task The_history_of_a_type_has_nothing_of_Y()
    {
        foreach (var type in new[] { "Observation", "Patient", "Encounter", "Appointment", "DiagnosticReport" })
        {
            var answer = await AsX($"{type}/_history?_count=1000");
            Assert.Equal(HttpStatusCode.OK, answer.Status);
            Assert.DoesNotContain(TwoPatients.Canary, answer.Text, StringComparison.Ordinal);
            Assert.DoesNotContain(answer.Entries, e => e.Reference.Contains("/y", StringComparison.Ordinal) || e.Reference.EndsWith("/both", StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task A_page_link_of_another_client_or_patient_is_refused()
    {
        var ofRoot = Next(await world.Server.GetAsync("fhir/Observation?_count=1", world.Root));
        var ofX = Next(await AsX("Observation?_count=1"));
        (await world.Server.GetAsync(ofRoot, world.OfX)).IsOutcome(HttpStatusCode.BadRequest, "invalid");
        (await world.Server.GetAsync(ofX, world.OfY)).IsOutcome(HttpStatusCode.BadRequest, "invalid");
        (await world.Server.GetAsync(ofX, world.Server.Token("patient/*.rs", "x", client: "another"))).IsOutcome(HttpStatusCode.BadRequest, "invalid");
        (await world.Server.GetAsync(ofX, world.Server.Token("patient/Observation.rs", "x"))).IsOutcome(HttpStatusCode.BadRequest, "invalid");
        Assert.Equal(HttpStatusCode.OK, (await world.Server.GetAsync(ofX, world.OfX)).Status);
        (await world.Server.GetAsync(ofX.Replace("Observation", "Patient", StringComparison.Ordinal), world.OfX)).IsOutcome(HttpStatusCode.BadRequest, "invalid");
    }

    [Fact]
    public async Task Page_links_have_nothing_readable_in_them()
    {
        var answer = await AsX("Observation?patient.name=Xavier&_count=1");
        var link = Next(answer);
        Assert.DoesNotContain("Xavier", link, StringComparison.OrdinalIgnoreCase);
        var state = link[(link.IndexOf("_page=", StringComparison.Ordinal) + 6)..].Replace('-', '+').Replace('_', '/');
        var bytes = Convert.FromBase64String(state.PadRight((state.Length + 3) / 4 * 4, '='));
        Assert.DoesNotContain("Xavier", System.Text.Encoding.Latin1.GetString(bytes), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Types_outside_of_the_compartment_and_grants_without_a_patient_are_closed()
    {
        (await AsX("Questionnaire/form")).IsOutcome(HttpStatusCode.Forbidden, "forbidden");
        (await AsX("Questionnaire")).IsOutcome(HttpStatusCode.Forbidden, "forbidden");
        (await AsX("Questionnaire/_history")).IsOutcome(HttpStatusCode.Forbidden, "forbidden");
        foreach (var scope in new[] { "patient/*.rs", "user/*.cruds", "launch/patient openid", "patient/Condition.rs", "patient/Observation.c" })
        {
            var token = world.Server.Token(scope, scope.StartsWith("patient/*", StringComparison.Ordinal) ? null : "x");
            (await world.Server.GetAsync("fhir/Observation/x-1", token)).IsOutcome(HttpStatusCode.Forbidden, "forbidden");
            (await world.Server.GetAsync("fhir/Observation?code=718-7", token)).IsOutcome(HttpStatusCode.Forbidden, "forbidden");
            (await world.Server.GetAsync("fhir/Observation/_history", token)).IsOutcome(HttpStatusCode.Forbidden, "forbidden");
        }
    }

    [Fact]
    public async Task A_scope_for_one_type_opens_no_other_by_chain_or_include()
    {
        var token = world.Server.Token("patient/Observation.rs", "x");
        Finds(await world.Server.GetAsync("fhir/Observation?code=718-7&_include=Observation:subject&_include=Observation:performer", token), "x-1 x-2");
        Finds(await world.Server.GetAsync("fhir/Observation?code=718-7&_revinclude=DiagnosticReport:result", token), "x-1 x-2");
        var chained = await world.Server.GetAsync("fhir/Observation?subject:Patient.name=Xavier", token);
        Assert.True(chained.Status == HttpStatusCode.Forbidden || chained.Matches.Count == 0);
        var reversed = await world.Server.GetAsync("fhir/Observation?_has:DiagnosticReport:result:status=final", token);
        Assert.True(reversed.Status == HttpStatusCode.Forbidden || reversed.Matches.Count == 0);
        (await world.Server.GetAsync("fhir/Patient/x", token)).IsOutcome(HttpStatusCode.Forbidden, "forbidden");
    }

    [Fact]
    public async Task Reading_does_not_open_searching_nor_the_reverse()
    {
        var reads = world.Server.Token("patient/Observation.r", "x");
        Assert.Equal(HttpStatusCode.OK, (await world.Server.GetAsync("fhir/Observation/x-1", reads)).Status);
        (await world.Server.GetAsync("fhir/Observation", reads)).IsOutcome(HttpStatusCode.Forbidden, "forbidden");
        (await world.Server.GetAsync("fhir/Observation/_history", reads)).IsOutcome(HttpStatusCode.Forbidden, "forbidden");
        var searches = world.Server.Token("patient/Observation.s", "x");
        Assert.Equal(HttpStatusCode.OK, (await world.Server.GetAsync("fhir/Observation", searches)).Status);
        (await world.Server.GetAsync("fhir/Observation/x-1", searches)).IsOutcome(HttpStatusCode.Forbidden, "forbidden");
        (await world.Server.GetAsync("fhir/Observation/x-1/_history", searches)).IsOutcome(HttpStatusCode.Forbidden, "forbidden");
    }

    [Fact]
    public async Task A_granular_scope_closes_the_rest_of_the_type_on_every_path()
    {
        var token = world.Server.Token(LabOnly, "x");
        Assert.Equal(HttpStatusCode.OK, (await world.Server.GetAsync("fhir/Observation/x-1", token)).Status);
        (await world.Server.GetAsync("fhir/Observation/x-vital", token)).IsOutcome(HttpStatusCode.NotFound, "not-found");
        (await world.Server.GetAsync("fhir/Observation/x-vital/_history", token)).IsOutcome(HttpStatusCode.NotFound, "not-found");
        (await world.Server.GetAsync("fhir/Observation/x-vital/_history/1", token)).IsOutcome(HttpStatusCode.NotFound, "not-found");
        Finds(await world.Server.GetAsync("fhir/Observation", token), "moved x-1 x-2 x-panel");
        Finds(await world.Server.GetAsync("fhir/Observation?category=vital-signs", token), "");
        Assert.Equal(4, (await world.Server.GetAsync("fhir/Observation?_total=accurate&_count=1", token)).Json.GetProperty("total").GetInt32());
    }

    [Fact]
    public async Task Writing_reaches_nothing_of_Y_and_moves_nothing_there()
    {
        var token = world.Server.Token("patient/*.cruds", "x");
        Task<Answer> Send(HttpMethod method, string path, JsonObject? body, params (string, string)[] headers) =>
            world.Server.SendAsync(method, "fhir/" + path, token, body?.ToJsonString(), headers: headers);

        (await Send(HttpMethod.Put, "Observation/y-1", TwoPatients.Observation("y-1", "y", "718-7", 9))).IsOutcome(HttpStatusCode.NotFound, "not-found");
        (await Send(HttpMethod.Put, "Observation/y-1", TwoPatients.Observation("y-1", "x", "718-7", 9))).IsOutcome(HttpStatusCode.NotFound, "not-found");
        (await Send(HttpMethod.Put, "Observation/not-taken", TwoPatients.Observation("not-taken", "x", "718-7", 9))).IsOutcome(HttpStatusCode.NotFound, "not-found");
        (await Send(HttpMethod.Put, "Observation/y-deleted", TwoPatients.Observation("y-deleted", "x", "718-7", 9))).IsOutcome(HttpStatusCode.NotFound, "not-found");
        (await Send(HttpMethod.Put, "Observation/y-1", TwoPatients.Observation("y-1", "x", "718-7", 9), ("If-Match", "W/\"1\""))).IsOutcome(HttpStatusCode.NotFound, "not-found");
        (await Send(HttpMethod.Put, "Observation/x-2", TwoPatients.Observation("x-2", "y", "718-7", 3))).IsOutcome(HttpStatusCode.Forbidden, "forbidden");
        (await Send(HttpMethod.Post, "Observation", TwoPatients.Observation("new", "y", "718-7", 9))).IsOutcome(HttpStatusCode.Forbidden, "forbidden");
        var without = TwoPatients.Observation("new", "x", "718-7", 9);
        without.Remove("subject");
        (await Send(HttpMethod.Post, "Observation", without)).IsOutcome(HttpStatusCode.Forbidden, "forbidden");
        (await Send(HttpMethod.Post, "Practitioner", new JsonObject { ["resourceType"] = "Practitioner" })).IsOutcome(HttpStatusCode.Forbidden, "forbidden");
        Assert.Equal(HttpStatusCode.NoContent, (await Send(HttpMethod.Delete, "Observation/y-1", null)).Status);
        Assert.Equal(HttpStatusCode.NoContent, (await Send(HttpMethod.Delete, "Observation/none", null)).Status);
        (await Send(HttpMethod.Delete, "Observation/y-1", null, ("If-Match", "W/\"1\""))).IsOutcome(HttpStatusCode.PreconditionFailed, "conflict");
        (await Send(HttpMethod.Delete, "Observation/none", null, ("If-Match", "W/\"1\""))).IsOutcome(HttpStatusCode.PreconditionFailed, "conflict");

        Assert.Equal("W/\"1\"", (await world.Server.GetAsync("fhir/Observation/y-1", world.Root)).Header("ETag"));
        Assert.Equal("W/\"1\"", (await world.Server.GetAsync("fhir/Observation/x-2", world.Root)).Header("ETag"));
        Assert.Equal(HttpStatusCode.NotFound, (await world.Server.GetAsync("fhir/Observation/not-taken", world.Root)).Status);
    }

    /// <summary>Asserts matches (by id, or by type and id) and, with a plus, what came along; order does not matter.</summary>
    private static void Finds(Answer answer, string expected)
    {
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        Assert.DoesNotContain(TwoPatients.Canary, Resources(answer), StringComparison.Ordinal);
        var words = expected.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(words.Where(w => w[0] != '+').Select(Full).Order(StringComparer.Ordinal), answer.Matches.Order(StringComparer.Ordinal));
        Assert.Equal(words.Where(w => w[0] == '+').Select(w => Full(w[1..])).Order(StringComparer.Ordinal), answer.Included.Order(StringComparer.Ordinal));
        Assert.DoesNotContain(answer.Entries, e => e.Mode == "outcome");
    }

    private static string Resources(Answer answer) => answer.Json.TryGetProperty("entry", out var entries) ? entries.GetRawText() : "";

    private static string Full(string id) => id.Contains('/', StringComparison.Ordinal) ? id : $"Observation/{id}";

    private static string Next(Answer answer) => new Uri(answer.Link("next")!).PathAndQuery[1..];

    private static IEnumerable<string> Comparable(Answer answer) => answer.Headers
        .Where(h => !h.Key.Equals("X-Request-Id", StringComparison.OrdinalIgnoreCase) && h.Key != "Date")
        .Select(h => $"{h.Key}: {string.Join(", ", h)}").Order(StringComparer.Ordinal);
}
