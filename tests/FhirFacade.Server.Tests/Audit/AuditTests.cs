using System.Net;
using System.Text;
using System.Text.Json;
using FhirFacade.Fhir.Validation;
using FhirFacade.Server.Tests.Rest;
using FhirFacade.Storage.Audit;
using FhirFacade.TestSupport;
using Npgsql;

namespace FhirFacade.Server.Tests.Audit;

/// <summary>What the trail tells of each request, to whom, and whether it can be changed.</summary>
public sealed class AuditTests(TwoPatients world) : IClassFixture<TwoPatients>
{
    private const string Auditor = "system/AuditEvent.rs";

    private RunningServer Server => world.Server;

    private static string NewClient() => "client-" + Guid.NewGuid().ToString("N");

    /// <summary>The events of a client, oldest first.</summary>
    private async Task<List<JsonElement>> EventsAsync(string client)
    {
        var answer = await Server.GetAsync($"fhir/AuditEvent?agent={client}&_count=500", Server.Token(Auditor, client: "auditor"));
        Assert.Equal(HttpStatusCode.OK, answer.Status);
        return answer.Json.TryGetProperty("entry", out var entries) ? [.. entries.EnumerateArray().Select(e => e.GetProperty("resource")).Reverse()] : [];
    }

    private static string? Text(JsonElement json, params string[] path) => path.Aggregate((JsonElement?)json, (at, name) =>
        at is { ValueKind: JsonValueKind.Object } o && o.TryGetProperty(name, out var inner) ? inner.ValueKind == JsonValueKind.Array ? inner[0] : inner : null)?.GetString();

    private static string[] References(JsonElement auditEvent) =>
        [.. auditEvent.GetProperty("entity").EnumerateArray().Select(e => Text(e, "what", "reference")).OfType<string>()];

    private static string Asked(JsonElement auditEvent) => Encoding.UTF8.GetString(Convert.FromBase64String(
        auditEvent.GetProperty("entity").EnumerateArray().Select(e => Text(e, "query")).OfType<string>().Single()));

    public static TheoryData<string, string, string, string> Readings => new()
    {
        { "Observation/x-1", "R", "read", "Patient/x Observation/x-1/_history/1" },
        { "Observation/x-1/_history/1", "R", "vread", "Patient/x Observation/x-1/_history/1" },
        { "Observation/x-1/_history", "R", "history-instance", "Patient/x Observation/x-1/_history/1" },
        { "Patient?_id=x", "E", "search-type", "Patient/x Patient/x/_history/1" },
        { "Patient?_id=x,y", "E", "search-type", "Patient/x Patient/y Patient/x/_history/1 Patient/y/_history/1" },
        { "Observation?_id=x-1&_include=Observation:subject", "E", "search-type", "Patient/x Observation/x-1/_history/1 Patient/x/_history/1" },
        { "Encounter?_id=x-encounter&_summary=true", "E", "search-type", "Patient/x Encounter/x-encounter/_history/1" },
        { "Patient/x/Encounter", "E", "search-type", "Patient/x Encounter/x-encounter/_history/1" },
        { "?_type=Encounter&_id=x-encounter", "E", "search-system", "Patient/x Encounter/x-encounter/_history/1" },
        { "Encounter/x-encounter/$everything?_type=Encounter", "E", "operation", "Patient/x Encounter/x-encounter/_history/1" },
        { "Observation/$lastn?patient=x&code=718-7", "E", "operation", "Patient/x Observation/x-2/_history/1" },
        { "Patient?name=nobody-of-that-name", "E", "search-type", "" },
        { "Observation/none", "R", "read", "" },
    };

    [Theory]
    [MemberData(nameof(Readings))]
    public async Task An_event_tells_what_was_shown_and_whose_it_is(string path, string action, string subtype, string references)
    {
        var client = NewClient();
        var answer = await Server.GetAsync("fhir/" + path, Server.Token("system/*.rs", client: client));

        var told = Assert.Single(await EventsAsync(client));

        Assert.Equal(action, Text(told, "action"));
        Assert.Equal(subtype, Text(told, "subtype", "code"));
        Assert.Equal($"{(int)answer.Status}", Text(told, "outcomeDesc"));
        Assert.Equal(references.Split(' ', StringSplitOptions.RemoveEmptyEntries), References(told));
        Assert.Empty(ResourceValidator.R4.Validate(told).Where(issue => issue.IsError));
    }

    [Fact]
    public async Task Changes_are_told_with_the_version_that_they_made()
    {
        var (client, id) = (NewClient(), FhirServer.NewId());
        var token = Server.Token(FhirServer.Everything, client: client);
        var body = FhirServer.Observation(id, "x").ToJsonString();
        await Server.SendAsync(HttpMethod.Put, $"fhir/Observation/{id}", token, body, headers: ("Prefer", "return=minimal"));
        await Server.SendAsync(HttpMethod.Patch, $"fhir/Observation/{id}", token, """[{"op":"replace","path":"/status","value":"amended"}]""", "application/json-patch+json");
        var entry = $$$"""{"resourceType":"Bundle","type":"transaction","entry":[{"request":{"method":"PUT","url":"Observation/{{{id}}}"},"resource":{{{body}}} } ] }""";
        await Server.SendAsync(HttpMethod.Post, "fhir/", token, entry);
        await Server.SendAsync(HttpMethod.Delete, $"fhir/Observation/{id}", token);

        var told = await EventsAsync(client);

        Assert.Equal(["update", "patch", "transaction", "delete"], told.Select(t => Text(t, "subtype", "code")));
        Assert.Equal(["Patient/x", $"Observation/{id}/_history/1"], References(told[0]));
        Assert.Equal(["Patient/x", $"Observation/{id}/_history/2"], References(told[1]));
        Assert.Equal(["Patient/x", $"Observation/{id}/_history/3"], References(told[2]));
        Assert.Equal(["Patient/x", $"Observation/{id}/_history/4"], References(told[3]));
    }

    [Fact]
    public async Task Each_entry_of_a_batch_has_its_own_event()
    {
        var client = NewClient();
        var batch = """{"resourceType":"Bundle","type":"batch","entry":[{"request":{"method":"GET","url":"Patient/x"}},{"request":{"method":"GET","url":"Patient/none"}}]}""";
        await Server.SendAsync(HttpMethod.Post, "fhir/", Server.Token("system/*.rs", client: client), batch);

        var told = await EventsAsync(client);

        Assert.Equal(3, told.Count);
        Assert.Single(told, t => References(t).SequenceEqual(["Patient/x", "Patient/x/_history/1"]));
        Assert.Single(told, t => Text(t, "outcomeDesc") == "404");
    }

    [Fact]
    public async Task Refusals_and_tokens_are_told()
    {
        var client = NewClient();
        await Server.GetAsync("fhir/Patient/x", Server.Token("system/Observation.rs", client: client));
        await Server.SendAsync(HttpMethod.Post, "oauth/token", null, $"grant_type=client_credentials&client_id={client}&client_secret=wrong", "application/x-www-form-urlencoded");
        var told = await EventsAsync(client);
        Assert.Equal("403 read", $"{Text(told[0], "outcomeDesc")} {Text(told[0], "subtype", "code")}");
        Assert.Equal("4", Text(told[0], "outcome"));
        Assert.Equal("4", Text(told[1], "outcome"));
        Assert.Equal("110122", Text(told[1], "subtype", "code"));

        await Server.GetAsync("fhir/Patient/x", null);
        var refused = await Server.GetAsync("fhir/AuditEvent?outcome=4&subtype=read&_count=100", Server.Token(Auditor));
        Assert.Contains(refused.Json.GetProperty("entry").EnumerateArray(), e => Text(e, "resource", "outcomeDesc") == "401");
    }

    [Fact]
    public async Task No_value_that_was_searched_for_is_in_an_event()
    {
        var client = NewClient();
        var token = Server.Token("system/*.rs", client: client);
        await Server.GetAsync("fhir/Patient?name=Secretname&birthdate=1950-01-02&canary=Secretname", token);
        await Server.GetAsync("fhir/Secretname/Secret%20name", token);
        await Server.GetAsync("fhir/Patient/Secret%20name/$Secret%20name", token);

        var told = await EventsAsync(client);

        Assert.Equal(3, told.Count);
        Assert.Equal("Patient?birthdate&canary&name", Asked(told[0]));
        Assert.All(told, t => Assert.DoesNotContain("Secret", t.GetRawText() + Asked(t), StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("system/*.cruds", null, HttpStatusCode.Forbidden)]
    [InlineData("patient/*.rs", "x", HttpStatusCode.Forbidden)]
    [InlineData("system/AuditEvent.c", null, HttpStatusCode.Forbidden)]
    [InlineData("system/AuditEvent.rs?action=R", null, HttpStatusCode.Forbidden)]
    [InlineData("system/AuditEvent.rs", null, HttpStatusCode.OK)]
    [InlineData("patient/AuditEvent.rs", "x", HttpStatusCode.OK)]
    [InlineData("patient/AuditEvent.rs", null, HttpStatusCode.Forbidden)]
    public async Task Only_a_scope_that_names_the_trail_opens_it(string scope, string? patient, HttpStatusCode status)
    {
        await Server.GetAsync("fhir/Patient/x", world.Root);
        await Server.GetAsync("fhir/Patient/y", world.Root);
        var answer = await Server.GetAsync("fhir/AuditEvent?_count=200", Server.Token(scope, patient));
        Assert.Equal(status, answer.Status);
        if (patient == "x" && status == HttpStatusCode.OK)
        {
            Assert.NotEmpty(answer.Matches);
            Assert.All(answer.Json.GetProperty("entry").EnumerateArray(), e => Assert.Contains("Patient/x", References(e.GetProperty("resource"))));
            Assert.All(answer.Json.GetProperty("entry").EnumerateArray(), e => Assert.DoesNotContain(References(e.GetProperty("resource")), r => r.StartsWith("Patient/y", StringComparison.Ordinal)));
            var ofY = (await Server.GetAsync("fhir/AuditEvent?patient=y&_count=50", Server.Token(Auditor))).Json.GetProperty("entry").EnumerateArray().Select(e => e.GetProperty("resource"))
                .First(e => !References(e).Contains("Patient/x"));
            (await Server.GetAsync("fhir/AuditEvent/" + Text(ofY, "id"), Server.Token(scope, patient))).IsOutcome(HttpStatusCode.NotFound, "not-found");
        }
    }

    [Theory]
    [InlineData("patient=y")]
    [InlineData("patient=Patient/y")]
    [InlineData("entity=Observation/y-1")]
    [InlineData("entity=Patient/y")]
    public async Task What_was_shown_beside_a_patients_own_is_not_found_by_whose_it_is(string query)
    {
        var client = NewClient();
        await Server.GetAsync("fhir/Observation?_id=x-1,y-1&_include=Observation:subject", Server.Token("system/*.rs", client: client));
        var own = Server.Token("patient/AuditEvent.rs patient/Patient.r", "x");
        Assert.Single((await Server.GetAsync($"fhir/AuditEvent?agent={client}", own)).Matches);
        Assert.Empty((await Server.GetAsync($"fhir/AuditEvent?agent={client}&{query}", own)).Matches);
        Assert.Empty((await Server.GetAsync($"fhir/Patient/x/$disclosures?agent={client}&{query}", own)).Matches);
        Assert.Single((await Server.GetAsync($"fhir/AuditEvent?agent={client}&entity=Patient/x", own)).Matches);
        Assert.Single((await Server.GetAsync($"fhir/AuditEvent?agent={client}&{query}", Server.Token(Auditor))).Matches);
    }

    [Fact]
    public async Task Nobody_writes_into_the_trail()
    {
        var token = Server.Token("system/AuditEvent.cruds");
        Assert.Equal(HttpStatusCode.MethodNotAllowed, (await Server.SendAsync(HttpMethod.Post, "fhir/AuditEvent", token, "{}")).Status);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, (await Server.SendAsync(HttpMethod.Put, "fhir/AuditEvent/1-1", token, "{}")).Status);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, (await Server.SendAsync(HttpMethod.Delete, "fhir/AuditEvent/1-1", token)).Status);
    }

    [Fact]
    public async Task A_patient_is_told_who_has_seen_the_record_and_nobody_else_is()
    {
        var client = NewClient();
        await Server.GetAsync("fhir/Observation?_id=x-1,y-1", Server.Token("system/*.rs", client: client));

        var own = await Server.GetAsync("fhir/Patient/x/$disclosures?agent=" + client, world.OfX);

        var told = Assert.Single(own.Json.GetProperty("entry").EnumerateArray()).GetProperty("resource");
        Assert.Contains(client, told.GetRawText(), StringComparison.Ordinal);
        Assert.Equal(["Patient/x"], References(told));      // what else was on the page, and whose, is not the patient's to know
        (await Server.GetAsync("fhir/Patient/y/$disclosures", world.OfX)).IsOutcome(HttpStatusCode.NotFound, "not-found");
        (await Server.GetAsync("fhir/Patient/x/$disclosures", Server.Token("system/*.rs"))).IsOutcome(HttpStatusCode.Forbidden, "forbidden");
        Assert.Equal(HttpStatusCode.OK, (await Server.GetAsync("fhir/Patient/x/$disclosures", Server.Token("system/Patient.r system/AuditEvent.s"))).Status);
    }

    [Fact]
    public async Task A_page_follows_the_other_without_gap_or_repetition()
    {
        var client = NewClient();
        var token = Server.Token("system/*.rs", client: client);
        await Task.WhenAll(Enumerable.Range(0, 25).Select(_ => Server.GetAsync("fhir/Patient/x", token)));
        var auditor = Server.Token(Auditor);
        var seen = new List<string>();
        for (var next = $"fhir/AuditEvent?agent={client}&_count=10"; next is not null;)
        {
            var page = await Server.GetAsync(next, auditor);
            seen.AddRange(page.Matches);
            next = page.Link("next");
        }

        Assert.Equal(25, seen.Count);
        Assert.Equal(25, seen.Distinct().Count());
    }
}
